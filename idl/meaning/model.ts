/**
 * What a file means: names resolved, ids given, TypeScript names chosen, constants computed. Generators
 * read this and nothing else.
 *
 * @module
 */
import type { BuiltinKind } from "../builtin.ts";

/** What a value may be at most, from attributes. Checked by whoever sends and by whoever receives. */
export interface Bounds {
  /** `[Min]`: the smallest number. A `bigint` for 64-bit integers. */
  readonly min?: number | bigint | undefined;
  /** `[Max]`: the largest number. */
  readonly max?: number | bigint | undefined;
  /** `[MinLength]`: UTF-16 units of a string, bytes, items of an array, entries of a map. */
  readonly minLength?: number | undefined;
  /** `[MaxLength]`: as `minLength`. */
  readonly maxLength?: number | undefined;
  /** `[Pattern]`: what the whole of a string has to match, a regular expression with the flag `u`. */
  readonly pattern?: string | undefined;
}

/** A type that attributes can narrow. */
export interface Bounded {
  /** What they say; missing when nothing. */
  readonly bounds?: Bounds | undefined;
}

/** A type that is not made of others. */
export interface BuiltinType extends Bounded {
  /** Which one it is. */
  readonly kind: BuiltinKind;
  /** `[JsNumber]`: a 64-bit integer that is a `number` in TypeScript, exact up to 2^53 - 1. */
  readonly jsNumber?: boolean | undefined;
}

/** An array. `array<uint8>` is the built-in type `bytes`, except with a size. */
export interface ArrayType extends Bounded {
  /** Tells it from other types. */
  readonly kind: "array";
  /** What it is an array of. */
  readonly item: Value;
  /** How many items it always has; undefined when any number will do. */
  readonly size: number | undefined;
}

/** A map. */
export interface MapType extends Bounded {
  /** Tells it from other types. */
  readonly kind: "map";
  /** Never optional: an integer, a bool, a string, or an enum. */
  readonly key: Value;
  /** What a key leads to. */
  readonly value: Value;
}

/** Values that come one after the other, over a pipe of their own. */
export interface StreamType {
  /** Tells it from other types. */
  readonly kind: "stream";
  /** What comes. */
  readonly item: Value;
}

/** What a handle leads to; `any` for the type `handle` without one. */
export type HandleKind =
  | "any"
  | "message_pipe"
  | "data_pipe_producer"
  | "data_pipe_consumer"
  | "shared_buffer"
  | "platform"
  | "file"
  | "conn"
  | "listener";

/** A handle. `MessagePipe` is `handle<message_pipe>`. */
export interface HandleType {
  /** Tells it from other types. */
  readonly kind: "handle";
  /** What it leads to. */
  readonly of: HandleKind;
}

/** One end of an interface, to be sent. */
export interface PendingType {
  /** Tells it from other types. */
  readonly kind: "pending";
  /** Which end, and whether it shares the pipe it is sent over. */
  readonly pending: "remote" | "receiver" | "associated_remote" | "associated_receiver";
  /** The interface. */
  readonly target: Interface;
}

/** A type that has a definition. */
export interface DefinedType {
  /** Tells it from other types. */
  readonly kind: "defined";
  /** What it is. Recursive types lead back to themselves. */
  readonly definition: Struct | Union | Enum | Bits;
}

/** A type. Aliases are resolved. */
export type Type =
  | BuiltinType
  | ArrayType
  | MapType
  | StreamType
  | HandleType
  | PendingType
  | DefinedType;

/** A type and whether a value may be missing. */
export interface Value {
  /** The type of the value, when it is there. */
  readonly type: Type;
  /** Whether it may be missing. */
  readonly optional: boolean;
  /** The alias that the source wrote, which then is a name in TypeScript too. */
  readonly alias?: Alias | undefined;
}

/** A value that a source spells out. */
export type Constant =
  | { readonly kind: "bool"; readonly value: boolean }
  /** Any number that TypeScript has as `number`; may be an infinity or NaN for floats. */
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "bigint"; readonly value: bigint }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "enum"; readonly definition: Enum; readonly value: number }
  | { readonly kind: "bits"; readonly definition: Bits; readonly value: number | bigint }
  /** `default` of a struct all of whose fields are optional or have a default. */
  | { readonly kind: "struct"; readonly definition: Struct };

/** A named value: a field of a struct, a member of a union, a parameter, a part of a reply. */
export interface Field extends Value {
  /** As the source calls it. */
  readonly name: string;
  /** As TypeScript calls it. */
  readonly tsName: string;
  /** What the source says about it; empty when nothing. */
  readonly docs: string;
  /** `[Deprecated]`: what to use instead, which may be empty. */
  readonly deprecated?: string | undefined;
  /** `[MinVersion]`: the version that it came with; 0 when it was always there. */
  readonly minVersion: number;
  /** What it is when whoever sends it leaves it out. */
  readonly default?: Constant | undefined;
}

/** What a method answers: values by name. */
export interface ValuesReply {
  /** Tells it from other replies. */
  readonly kind: "values";
  /** None for a reply that only says that it is done. */
  readonly fields: readonly Field[];
}

/** What a method answers: one thing or the other. */
export interface ResultReply {
  /** Tells it from other replies. */
  readonly kind: "result";
  /** One value, or values by name; none for `()`. */
  readonly ok: Value | readonly Field[];
  /** What went wrong. */
  readonly error: Value;
}

/** What a method answers: values that come one after the other. */
export interface StreamReply {
  /** Tells it from other replies. */
  readonly kind: "stream";
  /** What comes. */
  readonly item: Value;
}

/** What a method answers. */
export type Reply = ValuesReply | ResultReply | StreamReply;

/** An event of an interface. */
export interface Event {
  /** As the source calls it. */
  readonly name: string;
  /** As TypeScript calls it. */
  readonly tsName: string;
  /** Its number on the wire. */
  readonly id: number;
  /** What the source says about it; empty when nothing. */
  readonly docs: string;
  /** `[Deprecated]`: what to use instead, which may be empty. */
  readonly deprecated?: string | undefined;
  /** `[MinVersion]`. */
  readonly minVersion: number;
  /** `[MaxMessageSize]`: bytes of a message, head included. */
  readonly maxMessageBytes?: number | undefined;
  /** What is sent, in the order of ordinals: first those of the lowest `minVersion`. */
  readonly parameters: readonly Field[];
}

/** A method. */
export interface Method extends Event {
  /** `[Timeout]`: milliseconds after which a call rejects. */
  readonly timeoutMs?: number | undefined;
  /** Undefined for a method without a reply. */
  readonly reply: Reply | undefined;
}

/** The file that a definition is in. */
export interface Origin {
  /** The path of the source, as the compiler was given it or made it of an import. */
  readonly path: string;
  /** Where its generated code is imported from, when that is not beside the source: the library's own. */
  readonly specifier: string | undefined;
}

/** What every definition has. */
export interface Named {
  /** Where it is defined. */
  readonly origin: Origin;
  /** As the source calls it, without module: `NetError`, `Header.Kind`. */
  readonly name: string;
  /** With the module before it; for interfaces, the name on the wire. */
  readonly fullName: string;
  /** As TypeScript calls it: `NetError`, `Header_Kind`. */
  readonly tsName: string;
  /** What the source says about it; empty when nothing. */
  readonly docs: string;
  /** `[Deprecated]`: what to use instead, which may be empty. */
  readonly deprecated?: string | undefined;
  /** `[Stable]`. */
  readonly isStable: boolean;
}

/** An interface. */
export interface Interface extends Named {
  /** Tells it from other definitions. */
  readonly kind: "interface";
  /** The largest `minVersion` of anything in it. */
  readonly version: number;
  /** `[Extensible]`: unknown methods are answered or ignored, and do not close the pipe. */
  readonly isExtensible: boolean;
  /** Its methods, in the order of the source. */
  readonly methods: readonly Method[];
  /** Its events, in the order of the source. */
  readonly events: readonly Event[];
}

/** `[TypeMap]`: what stands for a struct or union in TypeScript. */
export interface TypeMap {
  /** The module, as written: relative to the source, or bare. */
  readonly specifier: string;
  /** What it exports: a type, and a value of the same name with `toWire` and `fromWire`. */
  readonly name: string;
}

/** A struct. */
export interface Struct extends Named {
  /** Tells it from other definitions. */
  readonly kind: "struct";
  /** The largest `minVersion` of its fields. */
  readonly version: number;
  /** In the order of ordinals, which is also that of `minVersion`. */
  readonly fields: readonly Field[];
  /** What stands for it in TypeScript. */
  readonly typeMap?: TypeMap | undefined;
}

/** A union. */
export interface Union extends Named {
  /** Tells it from other definitions. */
  readonly kind: "union";
  /** In the order of ordinals: the place is the tag on the wire. */
  readonly members: readonly Field[];
  /** `[Extensible]`: the member with `[Default]`, which unknown ones become; optional or an integer. */
  readonly defaultMember?: Field | undefined;
  /** What stands for it in TypeScript. */
  readonly typeMap?: TypeMap | undefined;
}

/** A value of an enum, or of bits. */
export interface EnumValue<N = number> {
  /** As the source calls it. */
  readonly name: string;
  /** As TypeScript calls it. */
  readonly tsName: string;
  /** What the source says about it; empty when nothing. */
  readonly docs: string;
  /** `[Deprecated]`: what to use instead, which may be empty. */
  readonly deprecated?: string | undefined;
  /** Its number. */
  readonly value: N;
}

/** An enum: one of some values. */
export interface Enum extends Named {
  /** Tells it from other definitions. */
  readonly kind: "enum";
  /** In the order of the source. Two may have the same number. */
  readonly values: readonly EnumValue[];
  /** `[Extensible]`: the value that stands for unknown ones. */
  readonly defaultValue?: EnumValue | undefined;
}

/** Bits: any of some values, put together. */
export interface Bits extends Named {
  /** Tells it from other definitions. */
  readonly kind: "bits";
  /** The integer they are in; `u64` is a `bigint` in TypeScript. */
  readonly base: "u8" | "u16" | "u32" | "u64";
  /** `[Extensible]`: bits without a name are let through. */
  readonly isExtensible: boolean;
  /** In the order of the source. */
  readonly values: readonly EnumValue<number | bigint>[];
}

/** A constant. */
export interface Const extends Named {
  /** Tells it from other definitions. */
  readonly kind: "const";
  /** Its type: a built-in one, an enum or bits. */
  readonly type: Type;
  /** What it is. */
  readonly value: Constant;
}

/** A named set of constants. */
export interface Feature extends Named {
  /** Tells it from other definitions. */
  readonly kind: "feature";
  /** What is in it. */
  readonly constants: readonly {
    readonly tsName: string;
    readonly docs: string;
    readonly value: Constant;
  }[];
}

/** Another name for a type. */
export interface Alias extends Named {
  /** Tells it from other definitions. */
  readonly kind: "alias";
  /** What it stands for. */
  readonly value: Value;
}

/** A definition. Enums and constants inside others stand behind them, as definitions of their own. */
export type Definition =
  | Interface
  | Struct
  | Union
  | Enum
  | Bits
  | Const
  | Feature
  | Alias;

/** A file. */
export interface Module extends Origin {
  /** The name of the file, without folders. */
  readonly fileName: string;
  /** What `module` says; empty without it. */
  readonly name: string;
  /** What it defines, in the order of the source. */
  readonly definitions: readonly Definition[];
}
