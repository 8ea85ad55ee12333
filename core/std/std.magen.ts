// Generated from std.magen by magen. Do not edit: change the source and generate again.
// deno-fmt-ignore-file
import {
  type Decoder,
  type Encoder,
  type SharedBuffer,
  readBuffer,
  writeBuffer,
} from "@mage/ipc/generated-v1";
import { BigInteger } from "./big_int.ts";
import { Instant } from "./time.ts";
import { Duration } from "./time_delta.ts";
import { UrlObject } from "./url.ts";
import { UuidText } from "./uuid.ts";
import { JsonValue } from "./value.ts";

/** The struct `Time` as it is sent. {@linkcode Time} stands for it. */
export interface Time_Wire {
  /** Since 1970-01-01T00:00Z; before that, negative. */
  nanoseconds: bigint;
}

/**
 * A moment, whatever the calendar and the time zone: `Temporal.Instant` in TypeScript. From 1677 to 2262.
 */
export type Time = Instant;

/**
 * Reads {@linkcode Time}.
 *
 * @internal
 */
export function $readTime(r: Decoder, label: string | number): Time {
  const at = r.openInner(label, 8);
  const nanoseconds = r.i64At(at);
  r.closeInner();
  const wire: Time_Wire = { nanoseconds };
  return r.convert(Instant, wire, label);
}

/**
 * Writes {@linkcode Time}.
 *
 * @internal
 */
export function $writeTime(w: Encoder, value: Time, label: string | number): void {
  const wire: Time_Wire = w.convert(Instant, value, label);
  w.object(wire, "Time", label);
  const { nanoseconds } = wire;
  const at = w.openInner(label, 8);
  w.i64At(at, nanoseconds, "nanoseconds");
  w.closeInner(at);
}

/** The struct `TimeDelta` as it is sent. {@linkcode TimeDelta} stands for it. */
export interface TimeDelta_Wire {
  /** May be negative. */
  nanoseconds: bigint;
}

/**
 * A length of time: `Temporal.Duration` in TypeScript. A day is 24 hours; weeks, months and years, whose
 * length depends on the calendar, cannot be sent.
 */
export type TimeDelta = Duration;

/**
 * Reads {@linkcode TimeDelta}.
 *
 * @internal
 */
export function $readTimeDelta(r: Decoder, label: string | number): TimeDelta {
  const at = r.openInner(label, 8);
  const nanoseconds = r.i64At(at);
  r.closeInner();
  const wire: TimeDelta_Wire = { nanoseconds };
  return r.convert(Duration, wire, label);
}

/**
 * Writes {@linkcode TimeDelta}.
 *
 * @internal
 */
export function $writeTimeDelta(w: Encoder, value: TimeDelta, label: string | number): void {
  const wire: TimeDelta_Wire = w.convert(Duration, value, label);
  w.object(wire, "TimeDelta", label);
  const { nanoseconds } = wire;
  const at = w.openInner(label, 8);
  w.i64At(at, nanoseconds, "nanoseconds");
  w.closeInner(at);
}

/** The struct `Uuid` as it is sent. {@linkcode Uuid} stands for it. */
export interface Uuid_Wire {
  /** In the order they are written in. */
  bytes: Uint8Array;
}

/** A UUID: a string in TypeScript, as `crypto.randomUUID()` gives it. */
export type Uuid = UuidText;

/**
 * Reads {@linkcode Uuid}.
 *
 * @internal
 */
export function $readUuid(r: Decoder, label: string | number): Uuid {
  r.openInner(label);
  const bytes = r.numbers("u8", "bytes", 16);
  r.closeInner();
  const wire: Uuid_Wire = { bytes };
  return r.convert(UuidText, wire, label);
}

/**
 * Writes {@linkcode Uuid}.
 *
 * @internal
 */
export function $writeUuid(w: Encoder, value: Uuid, label: string | number): void {
  const wire: Uuid_Wire = w.convert(UuidText, value, label);
  w.object(wire, "Uuid", label);
  const { bytes } = wire;
  const at = w.openInner(label, 0);
  w.numbers("u8", bytes, "bytes", 16);
  w.closeInner(at);
}

/** The struct `Url` as it is sent. {@linkcode Url} stands for it. */
export interface Url_Wire {
  /** In the one form that the URL standard gives it. */
  href: string;
}

/** A URL: `URL` in TypeScript. */
export type Url = UrlObject;

/**
 * Reads {@linkcode Url}.
 *
 * @internal
 */
export function $readUrl(r: Decoder, label: string | number): Url {
  const at = r.openInner(label, 4);
  const hrefHead = r.u32At(at);
  const href = r.stringBody(hrefHead, "href");
  r.length(href.length, 0, 2097152, "href");
  r.closeInner();
  const wire: Url_Wire = { href };
  return r.convert(UrlObject, wire, label);
}

/**
 * Writes {@linkcode Url}.
 *
 * @internal
 */
export function $writeUrl(w: Encoder, value: Url, label: string | number): void {
  const wire: Url_Wire = w.convert(UrlObject, value, label);
  w.object(wire, "Url", label);
  const { href } = wire;
  const at = w.openInner(label, 4);
  w.stringHeadAt(at, href, "href");
  w.length(href.length, 0, 2097152, "characters", "href");
  w.stringBody(at, href, "href");
  w.closeInner(at);
}

/**
 * The union `Value` as it is sent. {@linkcode Value} stands for it.
 *
 * - `nothing`: The value `null`. There is nothing more to say: always missing.
 * - `boolean`: `true` or `false`.
 * - `number`: Neither an infinity nor NaN, which JSON does not have.
 * - `text`: Text.
 * - `list`: Values in their order.
 * - `object`: Values by name.
 */
export type Value_Wire =
  | { readonly kind: "nothing"; readonly value?: boolean | undefined }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "list"; readonly value: Value[] }
  | { readonly kind: "object"; readonly value: Map<string, Value> };

/**
 * What JSON can say: null, booleans, numbers, strings, arrays and objects of these, as such in TypeScript.
 */
export type Value = JsonValue;

/**
 * Reads {@linkcode Value}.
 *
 * @internal
 */
export function $readValue(r: Decoder, label: string | number): Value {
  const u = r.openUnion(label);
  let value: Value_Wire;
  switch (r.tag) {
    case 0: {
      const isThere = r.flags(1) === 1;
      const bit = r.flags(isThere ? 1 : 0) === 1;
      value = { kind: "nothing", value: isThere ? bit : undefined };
      break;
    }
    case 1: {
      value = { kind: "boolean", value: r.flags(1) === 1 };
      break;
    }
    case 2: {
      value = { kind: "number", value: r.f64() };
      break;
    }
    case 3: {
      value = { kind: "text", value: r.text("text") };
      break;
    }
    case 4: {
      const memberCount = r.openArray(64, "list");
      const member: Value[] = new Array(memberCount);
      for (let i = 0; i < memberCount; i++) member[i] = $readValue(r, i);
      r.leave();
      value = { kind: "list", value: member };
      break;
    }
    case 5: {
      const memberCount = r.openMap(96, "object");
      const memberKeys: string[] = new Array(memberCount);
      for (let i = 0; i < memberCount; i++) memberKeys[i] = r.text(i);
      const member = new Map<string, Value>();
      for (let i = 0; i < memberCount; i++) member.set(memberKeys[i]!, $readValue(r, i));
      if (member.size !== memberCount) r.fail("map-key");
      r.leave();
      value = { kind: "object", value: member };
      break;
    }
    default:
      return r.fail("union-tag");
  }
  r.closeUnion(u);
  return r.convert(JsonValue, value, label);
}

/**
 * Writes {@linkcode Value}.
 *
 * @internal
 */
export function $writeValue(w: Encoder, value: Value, label: string | number): void {
  const wire: Value_Wire = w.convert(JsonValue, value, label);
  w.object(wire, "Value", label);
  const { kind, value: member } = wire;
  switch (kind) {
    case "nothing": {
      const u = w.openUnion(0, label);
      w.flags(member == null ? 0 : 1);
      w.flags(member == null ? 0 : w.bit(member, "nothing"));
      w.closeUnion(u);
      break;
    }
    case "boolean": {
      const u = w.openUnion(1, label);
      w.flags(w.bit(member, "boolean"));
      w.closeUnion(u);
      break;
    }
    case "number": {
      const u = w.openUnion(2, label);
      w.f64(member, "number");
      w.closeUnion(u);
      break;
    }
    case "text": {
      const u = w.openUnion(3, label);
      w.text(member, "text");
      w.closeUnion(u);
      break;
    }
    case "list": {
      const u = w.openUnion(4, label);
      const memberCount = w.openArray(member, "list");
      for (let i = 0; i < memberCount; i++) $writeValue(w, member[i]!, i);
      w.leave();
      w.closeUnion(u);
      break;
    }
    case "object": {
      const u = w.openUnion(5, label);
      const [memberKeys, memberValues] = w.openMap(member, "object");
      for (let i = 0; i < memberKeys.length; i++) w.text(memberKeys[i]!, i);
      for (let i = 0; i < memberKeys.length; i++) $writeValue(w, memberValues[i]!, i);
      w.leave();
      w.closeUnion(u);
      break;
    }
    default:
      throw w.unknown("the kinds of Value", kind, label);
  }
}

/** The struct `BigInt` as it is sent. {@linkcode BigInt} stands for it. */
export interface BigInt_Wire {
  /** Whether it is below zero. */
  negative: boolean;
  /**
   * How far from zero it is: the lowest byte comes first, and the last one is not zero. Zero has no bytes.
   */
  magnitude: Uint8Array;
}

/** An integer of any size: `bigint` in TypeScript. Up to 65,536 bits. */
export type BigInt = BigInteger;

/**
 * Reads {@linkcode BigInt}.
 *
 * @internal
 */
export function $readBigInt(r: Decoder, label: string | number): BigInt {
  const at = r.openInner(label, 1);
  const flags0 = r.flagsAt(at, 0b1);
  const negative = (flags0 & 1) !== 0;
  const magnitude = r.byteString("magnitude");
  r.length(magnitude.length, 0, 8192, "magnitude");
  r.closeInner();
  const wire: BigInt_Wire = { negative, magnitude };
  return r.convert(BigInteger, wire, label);
}

/**
 * Writes {@linkcode BigInt}.
 *
 * @internal
 */
export function $writeBigInt(w: Encoder, value: BigInt, label: string | number): void {
  const wire: BigInt_Wire = w.convert(BigInteger, value, label);
  w.object(wire, "BigInt", label);
  const { negative, magnitude } = wire;
  const at = w.openInner(label, 1);
  w.flagsAt(at, w.bit(negative, "negative"));
  w.length(w.byteString(magnitude, "magnitude"), 0, 8192, "bytes", "magnitude");
  w.closeInner(at);
}

/**
 * Bytes that come with the message, or in a shared buffer when they are too many for that. `takeBytes`
 * gets them either way.
 *
 * - `bytes`: The bytes.
 * - `shared`: A buffer, all of which is the bytes.
 */
export type BigBuffer =
  | { readonly kind: "bytes"; readonly value: Uint8Array }
  | { readonly kind: "shared"; readonly value: SharedBuffer };

/**
 * Reads {@linkcode BigBuffer}.
 *
 * @internal
 */
export function $readBigBuffer(r: Decoder, label: string | number): BigBuffer {
  const u = r.openUnion(label);
  let value: BigBuffer;
  switch (r.tag) {
    case 0: {
      value = { kind: "bytes", value: r.byteString("bytes") };
      break;
    }
    case 1: {
      value = { kind: "shared", value: readBuffer(r, "shared") };
      break;
    }
    default:
      return r.fail("union-tag");
  }
  r.closeUnion(u);
  return value;
}

/**
 * Writes {@linkcode BigBuffer}.
 *
 * @internal
 */
export function $writeBigBuffer(w: Encoder, value: BigBuffer, label: string | number): void {
  w.object(value, "BigBuffer", label);
  const { kind, value: member } = value;
  switch (kind) {
    case "bytes": {
      const u = w.openUnion(0, label);
      w.byteString(member, "bytes");
      w.closeUnion(u);
      break;
    }
    case "shared": {
      const u = w.openUnion(1, label);
      writeBuffer(w, member, "shared");
      w.closeUnion(u);
      break;
    }
    default:
      throw w.unknown("the kinds of BigBuffer", kind, label);
  }
}
