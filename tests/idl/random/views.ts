/**
 * One value, as others see it: whoever has another version of its schema, and whoever has other words
 * for it.
 *
 * @module
 */
import type { Random } from "../../sim/random.ts";
import { type Member, resolve, type Slot } from "./schema.ts";
import { kindName, missing, tsName } from "./values.ts";

type Fields = Record<string, unknown>;

/** What a reader whose schema says `reader` sees of a value of `writer`. */
export function seen(value: unknown, writer: Slot, reader: Slot): unknown {
  if (value === undefined) return undefined;
  const from = resolve(writer).shape, to = resolve(reader).shape;
  if (to.kind === "array" && from.kind === "array") {
    return Array.isArray(value)
      ? value.map((item) => seen(item, from.item, to.item))
      : value;
  }
  if (to.kind === "map" && from.kind === "map") {
    return new Map(
      Array.from(value as Map<unknown, unknown>, ([key, item]) => [
        key,
        seen(item, from.value, to.value),
      ]),
    );
  }
  if (to.kind !== "defined" || from.kind !== "defined") return value;
  if (to.to.kind === "struct" && from.to.kind === "struct") {
    return seenMembers(value as Fields, from.to.fields, to.to.fields);
  }
  if (to.to.kind !== "union" || from.to.kind !== "union") return value;
  const { kind, value: inner } = value as { kind: string; value: unknown };
  const member = to.to.members.find((member) => kindName(member) === kind);
  if (member !== undefined) {
    const sent = from.to.members.find((member) => kindName(member) === kind)!;
    return { kind, value: seen(inner, sent, member) };
  }
  const { members, fallback } = to.to;
  const standard = members.find(({ name }) => name === fallback)!;
  return { kind: kindName(standard), value: missing(standard) };
}

/** As {@linkcode seen}, for fields, parameters and the values of a reply. */
export function seenMembers(
  value: Fields,
  writer: readonly Member[],
  reader: readonly Member[],
): Fields {
  return Object.fromEntries(reader.map((member) => {
    const name = tsName(member),
      sent = writer.find((other) => other.name === member.name);
    return [name, sent ? seen(value[name], sent, member) : missing(member)];
  }));
}

/**
 * The same value as somebody else might say it: arrays for typed ones, `null` for what is missing,
 * nothing for what is as it would be anyway.
 */
export function loosen(value: unknown, slot: Slot, random: Random): unknown {
  if (value === undefined) return random.oneIn(2) ? null : undefined;
  const { shape } = resolve(slot);
  switch (shape.kind) {
    case "array": {
      const items = [...value as Iterable<unknown>];
      // An array of bytes is what a `Uint8Array` is for.
      const isBytes = value instanceof Uint8Array;
      return isBytes ? value : items.map((item) => loosen(item, shape.item, random));
    }
    case "map":
      return new Map(
        Array.from(value as Map<unknown, unknown>, ([key, item]) => [
          key,
          loosen(item, shape.value, random),
        ]),
      );
    case "defined":
      if (shape.to.kind === "struct") {
        return loosenMembers(value as Fields, shape.to.fields, random);
      }
      if (shape.to.kind === "union") {
        const { kind, value: inner } = value as { kind: string; value: unknown };
        const member = shape.to.members.find((member) => kindName(member) === kind)!;
        return { value: loosen(inner, member, random), kind };
      }
  }
  return value;
}

/** As {@linkcode loosen}, for the fields of a struct. */
export function loosenMembers(
  value: Fields,
  members: readonly Member[],
  random: Random,
): Fields {
  const fields: Fields = {};
  // The order of properties means nothing either.
  for (const member of members.toReversed()) {
    const name = tsName(member), of = value[name];
    const isDefault = member.default !== undefined && Object.is(of, member.default.value);
    if ((isDefault || of === undefined) && random.oneIn(2)) continue;
    fields[name] = loosen(of, member, random);
  }
  return fields;
}
