/**
 * Holds a message of wire 1 while it is written: its head, the bundle of its strings, its handles, and the
 * path to the value that is being written, which errors name.
 *
 * @module
 */
import { outOfRange, wrongType } from "./argument_error.ts";
import { isAsciiWritten } from "./ascii.ts";
import {
  LONG_STRING_BIT,
  LONG_STRING_UNITS,
  MESSAGE_HEAD_BYTES,
  WIRE_VERSION,
} from "./message_layout.ts";
import { OutputBuffer } from "./output_buffer.ts";
import { type Label, MAX_DEPTH, pathText } from "./path.ts";

/** Up to this, a loop writes a text faster than a call of the platform. */
const LOOP_UNITS = 64;
const utf8 = new TextEncoder();

/** Writes messages, apart from their values. */
export class MessageBuffer extends OutputBuffer {
  /** Who is encoding, for the functions that attach handles. */
  owner: object | null = null;
  /** The short strings so far. */
  #strings = "";
  #body = 0;
  /** What is open around the value that is being written. */
  readonly #path: Label[] = new Array(MAX_DEPTH).fill("");
  #depth = 1;

  /** Opens a frame and leaves `headBytes` for its head. */
  override begin(headBytes: number): void {
    super.begin(headBytes);
    this.#strings = "";
    // The struct that holds all of it counts as a level, and has no name.
    this.#depth = 1;
  }

  /** Rolls the open message back, whatever state it is in. Returns `error`, to be thrown. */
  override cancel(error: unknown): unknown {
    this.#strings = "";
    return super.cancel(error);
  }

  /** Opens a message of wire 1 behind a frame head of `headBytes`. */
  beginMessage(headBytes: number, method: number, flags: number): void {
    this.begin(headBytes + MESSAGE_HEAD_BYTES);
    const at = this.#body = this.at - MESSAGE_HEAD_BYTES;
    const view = this.view;
    view.setUint32(at, WIRE_VERSION | flags << 8, true);
    view.setUint32(at + 4, method, true);
  }

  /**
   * Completes a message of wire 1: its request number, its count of handles, its string bundle.
   *
   * @throws {TypeError} A string holds half of a surrogate pair: it would arrive as another one
   */
  finishMessage(request: number): void {
    const body = this.#body;
    this.view.setUint16(body + 2, this.handles.length, true);
    this.view.setUint32(body + 8, request, true);
    this.view.setUint32(body + 12, this.at - body, true);
    const strings = this.#strings;
    if (strings !== "") {
      this.#text(strings);
      this.#strings = "";
    }
  }

  #text(text: string): void {
    const length = text.length;
    if (length <= LOOP_UNITS) {
      this.need(length);
      if (isAsciiWritten(text, this.bytes, this.view, this.at)) {
        this.at += length;
        return;
      }
    }
    // Once for all strings of the message: it takes as long for one as for the bundle.
    if (!text.isWellFormed()) throw halfPair("message: a string in it", text);
    this.#utf8(text);
  }

  #utf8(text: string): void {
    this.need(text.length * 3);
    this.at += utf8.encodeInto(text, this.bytes.subarray(this.at)).written;
  }

  // ------------------------------------------------------------------ where the value is

  /** Notes that what is written next is part of `label`. */
  enter(label: Label): void {
    const depth = this.#depth;
    if (depth === MAX_DEPTH) this.#tooDeep(label);
    this.#path[depth] = label;
    this.#depth = depth + 1;
  }

  #tooDeep(label: Label): never {
    throw new RangeError(
      `Cannot send argument '${
        this.pathTo(label)
      }': it may be nested ${MAX_DEPTH} levels deep at most`,
    );
  }

  /** Ends what `enter` began. */
  leave(): void {
    this.#depth--;
  }

  /** What errors call `label`, a part of what is being written. */
  pathTo(label: Label): string {
    return pathText(this.#path, this.#depth, label);
  }

  /** An error: the value is of another type. */
  wrongType(expected: string, value: unknown, label: Label): TypeError {
    return wrongType(this.pathTo(label), expected, value);
  }

  /** An error: the value breaks a rule, which reads as "it must be", "it may have". */
  outOfRange(rule: string, value: unknown, label: Label): RangeError {
    return outOfRange(this.pathTo(label), rule, value);
  }

  // ------------------------------------------------------------------ what a type asks for

  /** Checks that a struct or union is an object, before its properties are read. */
  object(value: unknown, type: string, label: Label): void {
    if (typeof value === "object" && value !== null) return;
    throw this.wrongType(`an object, ${type}`, value, label);
  }

  /** An error: the value is none of `type`, an enum or the kinds of a union. */
  unknown(type: string, value: unknown, label: Label): RangeError {
    return this.outOfRange(`it must be one of ${type}`, value, label);
  }

  /** Checks a length against bounds of the type, for `noun` of which there may be so many. */
  length(length: number, min: number, max: number, noun: string, label: Label): void {
    if (length < min) {
      throw this.outOfRange(`it must have ${min} ${noun} at least`, length, label);
    }
    if (length > max) {
      throw this.outOfRange(`it may have ${max} ${noun} at most`, length, label);
    }
  }

  /** Checks a number against bounds of the type. */
  range<N extends number | bigint>(value: N, min: N, max: N, label: Label): void {
    if (value < min) throw this.outOfRange(`it must be ${min} at least`, value, label);
    if (value > max) throw this.outOfRange(`it may be ${max} at most`, value, label);
    if (value !== value) throw this.outOfRange("it must be a number", value, label);
  }

  /** Checks a string against the pattern of the type. */
  pattern(value: string, pattern: RegExp, label: Label): void {
    if (pattern.test(value)) return;
    throw this.outOfRange(`it must match ${pattern.source}`, value, label);
  }

  /** Converts a value of the program to what is sent for it. */
  convert<T, W>(map: { toWire(value: T): W }, value: T, label: Label): W {
    try {
      return map.toWire(value);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new TypeError(
        `Cannot send argument '${this.pathTo(label)}': it cannot be converted: ${why}`,
        { cause },
      );
    }
  }

  // ------------------------------------------------------------------ strings and handles

  /** Appends the length word of a string and returns its place for {@linkcode stringBody}. */
  stringHead(value: string, label: Label): number {
    const at = this.at;
    this.stringHeadAt(at, value, label);
    this.at = at + 4;
    return at;
  }

  /** Writes the length word of a string. */
  stringHeadAt(at: number, value: string, label: Label): void {
    if (typeof value !== "string") throw this.wrongType("a string", value, label);
    // Behind a string that ends with the first half it would make a pair, and pass for well-formed.
    if ((value.charCodeAt(0) & 0xfc00) === 0xdc00) throw this.#half(value, label);
    this.view.setUint32(at, value.length, true);
  }

  /** Adds a short string to the bundle, or appends a long one here. */
  stringBody(head: number, value: string, label: Label = ""): void {
    if (value.length <= LONG_STRING_UNITS) {
      this.#strings += value;
      return;
    }
    if (!value.isWellFormed()) throw this.#half(value, label);
    const from = this.at;
    this.#utf8(value);
    this.view.setUint32(head, LONG_STRING_BIT | (this.at - from), true);
  }

  #half(value: string, label: Label): TypeError {
    return halfPair(`argument '${this.pathTo(label)}': it`, value);
  }

  /** Appends a string whose body follows its head. */
  text(value: string, label: Label): void {
    this.need(4);
    this.stringBody(this.stringHead(value, label), value, label);
  }

  /** Attaches `handle` and appends its index. */
  handle(handle: object): void {
    this.view.setUint32(this.at, this.handles.length, true);
    this.at += 4;
    this.handles.push(handle);
  }

  /** Appends the head of what a reader may have to skip: its size, its strings, its handles. */
  protected openSkippable(at: number): void {
    // What there was before; to be taken off what there will be then.
    this.view.setUint32(at + 4, this.#strings.length, true);
    this.view.setUint32(at + 8, this.handles.length, true);
    this.at = at + 12;
  }

  /** Completes the head at `at`. */
  protected closeSkippable(at: number): void {
    const view = this.view;
    view.setUint32(at, this.at - at - 4, true);
    view.setUint32(at + 4, this.#strings.length - view.getUint32(at + 4, true), true);
    view.setUint32(at + 8, this.handles.length - view.getUint32(at + 8, true), true);
  }
}

function halfPair(what: string, text: string): TypeError {
  const from = Math.max(0, text.search(/\p{Surrogate}/u) - 10);
  const shown = JSON.stringify(text.slice(from, from + 40));
  return new TypeError(
    `Cannot send ${what} holds half of a surrogate pair: received ${shown}`,
  );
}
