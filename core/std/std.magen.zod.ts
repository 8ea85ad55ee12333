// Generated from std.magen by magen. Do not edit: change the source and generate again.
// deno-fmt-ignore-file
import { z } from "zod";
import type * as types from "./std.magen.ts";
import { SharedBuffer } from "@mage/ipc/generated-v1";
import { BigInteger as $BigInteger } from "./big_int.ts";
import { Instant as $Instant } from "./time.ts";
import { Duration as $Duration } from "./time_delta.ts";
import { UrlObject as $UrlObject } from "./url.ts";
import { UuidText as $UuidText } from "./uuid.ts";
import { JsonValue as $JsonValue } from "./value.ts";

/** Any number, even an infinity or NaN, which can be sent. */
const $float: z.ZodType<number, number> = z.custom<number>(
  (value) => typeof value === "number",
  "Must be a number",
);

/** Text without half surrogate pairs, which cannot be sent. */
const $text: z.ZodString = z.string().refine(
  (text) => text.isWellFormed(),
  "Must not have half of a surrogate pair",
);

/** Checks a value that stands for another one, by looking at what would be sent for it. */
function $mapped<T, Wire>(
  map: { readonly toWire: (value: T) => Wire },
  wire: () => z.ZodType<Wire, Wire>,
): z.ZodType<T, T> {
  return z.custom<T>().check((context) => {
    const { value: input, issues } = context;
    try {
      const { error } = wire().safeParse(map.toWire(input));
      for (const { message, path } of error?.issues ?? []) {
        issues.push({ code: "custom", message, path, input });
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      issues.push({ code: "custom", message, input });
    }
  });
}

/** Checks values of `Time`. */
export const TimeSchema: z.ZodType<types.Time, types.Time> = $mapped<types.Time, types.Time_Wire>(
  $Instant,
  () => Time_WireSchema,
);

/** The fields of {@linkcode Time_WireSchema}. */
export type Time_WireShape = {
  nanoseconds: z.ZodBigInt;
};

/** Checks what is sent for a `Time`. */
export const Time_WireSchema: z.ZodObject<Time_WireShape> = z.object<Time_WireShape>({
  nanoseconds: z.bigint().min(-9223372036854775808n).max(9223372036854775807n),
});

/** Checks values of `TimeDelta`. */
export const TimeDeltaSchema: z.ZodType<types.TimeDelta, types.TimeDelta> = $mapped<types.TimeDelta, types.TimeDelta_Wire>(
  $Duration,
  () => TimeDelta_WireSchema,
);

/** The fields of {@linkcode TimeDelta_WireSchema}. */
export type TimeDelta_WireShape = {
  nanoseconds: z.ZodBigInt;
};

/** Checks what is sent for a `TimeDelta`. */
export const TimeDelta_WireSchema: z.ZodObject<TimeDelta_WireShape> = z.object<TimeDelta_WireShape>({
  nanoseconds: z.bigint().min(-9223372036854775808n).max(9223372036854775807n),
});

/** Checks values of `Uuid`. */
export const UuidSchema: z.ZodType<types.Uuid, types.Uuid> = $mapped<types.Uuid, types.Uuid_Wire>(
  $UuidText,
  () => Uuid_WireSchema,
);

/** The fields of {@linkcode Uuid_WireSchema}. */
export type Uuid_WireShape = {
  bytes: z.ZodType<Uint8Array, Uint8Array>;
};

/** Checks what is sent for a `Uuid`. */
export const Uuid_WireSchema: z.ZodObject<Uuid_WireShape> = z.object<Uuid_WireShape>({
  bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array, "Must be an instance of Uint8Array").refine(({ length }) => length === 16, "Must have 16 items"),
});

/** Checks values of `Url`. */
export const UrlSchema: z.ZodType<types.Url, types.Url> = $mapped<types.Url, types.Url_Wire>(
  $UrlObject,
  () => Url_WireSchema,
);

/** The fields of {@linkcode Url_WireSchema}. */
export type Url_WireShape = {
  href: z.ZodString;
};

/** Checks what is sent for a `Url`. */
export const Url_WireSchema: z.ZodObject<Url_WireShape> = z.object<Url_WireShape>({
  href: $text.refine(({ length }) => length <= 2097152, { error: "Must have at most 2097152 UTF-16 units", abort: true }),
});

/** Checks values of `Value`. */
export const ValueSchema: z.ZodType<types.Value, types.Value> = $mapped<types.Value, types.Value_Wire>(
  $JsonValue,
  () => Value_WireSchema,
);

/** Checks what is sent for a `Value`. */
export const Value_WireSchema: z.ZodDiscriminatedUnion<[
  z.ZodObject<{ kind: z.ZodLiteral<"nothing">; value: z.ZodOptional<z.ZodBoolean> }>,
  z.ZodObject<{ kind: z.ZodLiteral<"boolean">; value: z.ZodBoolean }>,
  z.ZodObject<{ kind: z.ZodLiteral<"number">; value: z.ZodType<number, number> }>,
  z.ZodObject<{ kind: z.ZodLiteral<"text">; value: z.ZodString }>,
  z.ZodObject<{ kind: z.ZodLiteral<"list">; value: z.ZodArray<z.ZodType<types.Value, types.Value>> }>,
  z.ZodObject<{ kind: z.ZodLiteral<"object">; value: z.ZodMap<z.ZodString, z.ZodType<types.Value, types.Value>> }>,
], "kind"> = z.discriminatedUnion("kind", [
  z.object<{ kind: z.ZodLiteral<"nothing">; value: z.ZodOptional<z.ZodBoolean> }>({ kind: z.literal("nothing"), value: z.boolean().optional() }),
  z.object<{ kind: z.ZodLiteral<"boolean">; value: z.ZodBoolean }>({ kind: z.literal("boolean"), value: z.boolean() }),
  z.object<{ kind: z.ZodLiteral<"number">; value: z.ZodType<number, number> }>({ kind: z.literal("number"), value: $float }),
  z.object<{ kind: z.ZodLiteral<"text">; value: z.ZodString }>({ kind: z.literal("text"), value: $text }),
  z.object<{ kind: z.ZodLiteral<"list">; value: z.ZodArray<z.ZodType<types.Value, types.Value>> }>({ kind: z.literal("list"), value: z.array(ValueSchema) }),
  z.object<{ kind: z.ZodLiteral<"object">; value: z.ZodMap<z.ZodString, z.ZodType<types.Value, types.Value>> }>({ kind: z.literal("object"), value: z.map($text, ValueSchema) }),
]);

/** Checks values of `BigInt`. */
export const BigIntSchema: z.ZodType<types.BigInt, types.BigInt> = $mapped<types.BigInt, types.BigInt_Wire>(
  $BigInteger,
  () => BigInt_WireSchema,
);

/** The fields of {@linkcode BigInt_WireSchema}. */
export type BigInt_WireShape = {
  negative: z.ZodBoolean;
  magnitude: z.ZodType<Uint8Array, Uint8Array>;
};

/** Checks what is sent for a `BigInt`. */
export const BigInt_WireSchema: z.ZodObject<BigInt_WireShape> = z.object<BigInt_WireShape>({
  negative: z.boolean(),
  magnitude: z.custom<Uint8Array>((value) => value instanceof Uint8Array, "Must be an instance of Uint8Array").refine(({ length }) => length <= 8192, "Must have at most 8192 bytes"),
});

/** Checks values of `BigBuffer`. */
export const BigBufferSchema: z.ZodDiscriminatedUnion<[
  z.ZodObject<{ kind: z.ZodLiteral<"bytes">; value: z.ZodType<Uint8Array, Uint8Array> }>,
  z.ZodObject<{ kind: z.ZodLiteral<"shared">; value: z.ZodType<SharedBuffer, SharedBuffer> }>,
], "kind"> = z.discriminatedUnion("kind", [
  z.object<{ kind: z.ZodLiteral<"bytes">; value: z.ZodType<Uint8Array, Uint8Array> }>({ kind: z.literal("bytes"), value: z.custom<Uint8Array>((value) => value instanceof Uint8Array, "Must be an instance of Uint8Array") }),
  z.object<{ kind: z.ZodLiteral<"shared">; value: z.ZodType<SharedBuffer, SharedBuffer> }>({ kind: z.literal("shared"), value: z.custom<SharedBuffer>((value) => value instanceof SharedBuffer, "Must be an instance of SharedBuffer") }),
]);

type $Plain<T> = T extends readonly (infer I)[]
  ? number extends T["length"] ? $Plain<I>[] : { -readonly [K in keyof T]: $Plain<T[K]> }
  : T extends ReadonlyMap<infer K, infer V> ? Map<K, $Plain<V>>
  : T;
type $Fields<T> = T extends readonly unknown[] | ReadonlyMap<unknown, unknown> ? $Plain<T>
  : T extends object ? { -readonly [K in keyof T]: $Plain<T[K]> }
  : T;
type $Identical<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2
  ? true
  : false;
type $Same<Schema, Type> = $Identical<$Fields<Schema>, $Fields<Type>> extends true ? true
  : { readonly schema: Schema; readonly type: Type };

// Does not compile when a schema and its type are not the same.
true satisfies $Same<z.output<typeof Time_WireSchema>, types.Time_Wire>;
true satisfies $Same<z.output<typeof TimeDelta_WireSchema>, types.TimeDelta_Wire>;
true satisfies $Same<z.output<typeof Uuid_WireSchema>, types.Uuid_Wire>;
true satisfies $Same<z.output<typeof Url_WireSchema>, types.Url_Wire>;
true satisfies $Same<z.output<typeof Value_WireSchema>, types.Value_Wire>;
true satisfies $Same<z.output<typeof BigInt_WireSchema>, types.BigInt_Wire>;
true satisfies $Same<z.output<typeof BigBufferSchema>, types.BigBuffer>;
