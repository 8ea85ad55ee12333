/**
 * What generated files of schemas have for themselves.
 *
 * @module
 */
import type { Base } from "./zod_value.ts";

/** The schemas that a file has for itself. */
export const BASES: Readonly<Record<Base, readonly string[]>> = {
  text: [
    "/** Text without half surrogate pairs, which cannot be sent. */",
    "const $text: z.ZodString = z.string().refine(",
    "  (text) => text.isWellFormed(),",
    '  "Must not have half of a surrogate pair",',
    ");",
  ],
  float: [
    "/** Any number, even an infinity or NaN, which can be sent. */",
    "const $float: z.ZodType<number, number> = z.custom<number>(",
    '  (value) => typeof value === "number",',
    '  "Must be a number",',
    ");",
  ],
};

/** What stands for another type is right when what would be sent for it is. */
export const MAPPED: readonly string[] = [
  "/** Checks a value that stands for another one, by looking at what would be sent for it. */",
  "function $mapped<T, Wire>(",
  "  map: { readonly toWire: (value: T) => Wire },",
  "  wire: () => z.ZodType<Wire, Wire>,",
  "): z.ZodType<T, T> {",
  "  return z.custom<T>().check((context) => {",
  "    const { value: input, issues } = context;",
  "    try {",
  "      const { error } = wire().safeParse(map.toWire(input));",
  "      for (const { message, path } of error?.issues ?? []) {",
  '        issues.push({ code: "custom", message, path, input });',
  "      }",
  "    } catch (error) {",
  "      const message = error instanceof Error ? error.message : String(error);",
  '      issues.push({ code: "custom", message, input });',
  "    }",
  "  });",
  "}",
];

/** Whether two types are the same, `readonly` aside. */
export const SAME: readonly string[] = [
  "type $Plain<T> = T extends readonly (infer I)[]",
  '  ? number extends T["length"] ? $Plain<I>[] : { -readonly [K in keyof T]: $Plain<T[K]> }',
  "  : T extends ReadonlyMap<infer K, infer V> ? Map<K, $Plain<V>>",
  "  : T;",
  "type $Fields<T> = T extends readonly unknown[] | ReadonlyMap<unknown, unknown> ? $Plain<T>",
  "  : T extends object ? { -readonly [K in keyof T]: $Plain<T[K]> }",
  "  : T;",
  "type $Identical<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2",
  "  ? true",
  "  : false;",
  "type $Same<Schema, Type> = $Identical<$Fields<Schema>, $Fields<Type>> extends true ? true",
  "  : { readonly schema: Schema; readonly type: Type };",
];
