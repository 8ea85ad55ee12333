/**
 * What a file means: names resolved, ids given, TypeScript names chosen. Generators read this and
 * nothing else.
 *
 * @module
 */
import type { BuiltinKind } from "./builtin.ts";

/** A type. */
export type Type = BuiltinType | ArrayType;

/** A type that is not made of others. */
export interface BuiltinType {
  /** Which one it is. */
  readonly kind: BuiltinKind;
}

/** An array. */
export interface ArrayType {
  /** Tells it from a built-in type. */
  readonly kind: "array";
  /** What it is an array of. */
  readonly item: Value;
}

/** A type and whether a value may be missing. */
export interface Value {
  /** The type of the value, when it is there. */
  readonly type: Type;
  /** Whether it may be missing. */
  readonly optional: boolean;
}

/** A named value: a parameter or a part of a reply. */
export interface Field extends Value {
  /** As the source calls it. */
  readonly name: string;
  /** As TypeScript calls it. */
  readonly tsName: string;
  /** What the source says about it; empty when nothing. */
  readonly docs: string;
}

/** A method. */
export interface Method {
  /** As the source calls it. */
  readonly name: string;
  /** As TypeScript calls it. */
  readonly tsName: string;
  /** Its number on the wire. */
  readonly id: number;
  /** What the source says about it; empty when nothing. */
  readonly docs: string;
  /** What is sent, in order. */
  readonly parameters: readonly Field[];
  /** Undefined for a method without a reply. */
  readonly reply: readonly Field[] | undefined;
}

/** An interface. */
export interface Interface {
  /** Tells it from other definitions. */
  readonly kind: "interface";
  /** As the source calls it, and its name on the wire. */
  readonly name: string;
  /** As TypeScript calls it. */
  readonly tsName: string;
  /** What the source says about it; empty when nothing. */
  readonly docs: string;
  /** Its methods, in the order of the source. */
  readonly methods: readonly Method[];
}

/** A definition; more kinds will come. */
export type Definition = Interface;

/** A file. */
export interface Module {
  /** The name of the file, without folders. */
  readonly fileName: string;
  /** What it defines, in the order of the source. */
  readonly definitions: readonly Definition[];
}
