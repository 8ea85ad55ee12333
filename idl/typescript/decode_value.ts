/**
 * Writes the statements that decode one value, whatever it is part of.
 *
 * @module
 */
import {
  checkLength,
  checkRange,
  checkText,
  isBounded,
  rangeText,
} from "./bounds_text.ts";
import { type CodecPlace, depthName, parameterName } from "./codec_place.ts";
import { handleWord, itemName, numberMethod } from "./encode_value.ts";
import { minItemBits, numbersKind } from "./layout.ts";
import { indented } from "./lines.ts";
import type { ArrayType, Field, MapType, Type, Value } from "../meaning/model.ts";
import { typeText } from "./type_text.ts";

/** How a value is had: statements that come first, and the expression that it is then. */
export interface Reading {
  readonly lines: readonly string[];
  readonly value: string;
}

/**
 * Reads what lies in the fixed part. When statements are needed, they declare the variable `name`; `label`
 * is an expression, and so is `at`, for a number that was gone past.
 */
export function decodeFixed(
  type: Type,
  name: string,
  label: string,
  place: CodecPlace,
  at?: string,
): Reading {
  const r = place.scope.name("r");
  if (type.kind === "stream") return decodeStream(type.item, name, label, place);
  if (type.kind === "handle" || type.kind === "pending") {
    const read = place.imports.value(`read${handleWord(type)}`);
    const of = type.kind === "pending" ? `<${place.codecs.typeName(type.target)}>` : "";
    return { lines: [], value: `${read}${of}(${r}, ${label})` };
  }
  if (type.kind === "defined") {
    return {
      lines: [],
      value: `${place.codecs.read(type.definition)}(${r}, ${label})`,
    };
  }
  const method = numberMethod(type), isWhere = at === undefined ? [] : [at];
  const terms = [...isWhere, ...(method.endsWith("53") ? [label] : [])].join(", ");
  const read = `${r}.${method}${at === undefined ? "" : "At"}(${terms})`;
  return checked(read, name, checkRange(r, type, name, label));
}

/** A value that statements look at before it is used. */
function checked(read: string, name: string, checks: readonly string[]): Reading {
  if (checks.length === 0) return { lines: [], value: read };
  return { lines: [`const ${name} = ${read};`, ...checks], value: name };
}

function decodeStream(
  item: Value,
  name: string,
  label: string,
  place: CodecPlace,
): Reading {
  const r = place.scope.name("r"), read = place.imports.value("readStream");
  const value = place.scope.name("item"), itemLabel = place.scope.name("label");
  const reading = decodeAsItem(item, value, itemLabel, place);
  const body = [...reading.lines, `return ${reading.value};`];
  const parameters = [r, parameterName(itemLabel, body)].join(", ");
  return {
    lines: [
      `const ${name} = ${read}(${r}, ${label}, (${parameters}) => {`,
      ...indented(body),
      "});",
    ],
    value: name,
  };
}

/** Reads what lies in the variable part. As {@linkcode decodeFixed}. */
export function decodeVariable(
  type: Type,
  name: string,
  label: string,
  depth: number,
  place: CodecPlace,
): Reading {
  const r = place.scope.name("r");
  switch (type.kind) {
    case "string":
      return checked(`${r}.text(${label})`, name, checkText(r, type, name, label));
    case "bytes": {
      const checks = checkLength(r, type, `${name}.length`, label);
      return checked(`${r}.byteString(${label})`, name, checks);
    }
    case "array":
      return decodeArray(type, name, label, depth, place);
    case "map":
      return decodeMap(type, name, label, depth, place);
    default:
      return decodeFixed(type, name, label, place);
  }
}

/** Reads the body of a string whose head is in a variable. */
export function decodeBody(
  { type }: Field,
  head: string,
  name: string,
  label: string,
  place: CodecPlace,
): Reading {
  const r = place.scope.name("r");
  return checked(
    `${r}.stringBody(${head}, ${label})`,
    name,
    isBounded(type) ? checkText(r, type, name, label) : [],
  );
}

/** Reads what was written alone, as the only item of an array would be. */
export function decodeAsItem(
  { type, optional }: Value,
  name: string,
  label: string,
  place: CodecPlace,
): Reading {
  const r = place.scope.name("r");
  if (type.kind === "bool" && !optional) {
    return { lines: [], value: `${r}.flags(1) === 1` };
  }
  if (!optional) return decodeVariable(type, name, label, 0, place);
  const isThere = place.scope.name("isThere");
  const lines = [`const ${isThere} = ${r}.flags(1) === 1;`];
  if (type.kind === "bool") {
    // An absent value has no bit.
    const bit = place.scope.name("bit");
    lines.push(`const ${bit} = ${r}.flags(${isThere} ? 1 : 0) === 1;`);
    return { lines, value: `${isThere} ? ${bit} : undefined` };
  }
  const inner = place.scope.name("present");
  const reading = decodeVariable(type, inner, label, 0, place);
  if (reading.lines.length === 0) {
    return { lines, value: `${isThere} ? ${reading.value} : undefined` };
  }
  const text = typeText({ type, optional: true }, place, "owned");
  lines.push(
    `let ${name}: ${text};`,
    `if (${isThere}) {`,
    ...indented([...reading.lines, `${name} = ${reading.value};`]),
    "}",
  );
  return { lines, value: name };
}

// ------------------------------------------------------------------ arrays and maps

/** Reads an array into a variable `name`. `depth` keeps the names of nested loops apart. */
function decodeArray(
  type: ArrayType,
  name: string,
  label: string,
  depth: number,
  place: CodecPlace,
): Reading {
  if (numbersKind(type) !== undefined) return decodeNumbers(type, name, label, place);
  const r = place.scope.name("r"), bits = minItemBits(type.item);
  const count = place.scope.name(`${name}Count`);
  const i = place.scope.name(depthName("i", depth));
  const open = type.size === undefined
    ? `${r}.openArray(${bits}, ${label})`
    : `${r}.openFixedArray(${type.size}, ${bits}, ${label})`;
  const text = typeText({ type, optional: false }, place, "owned");
  return {
    lines: [
      `const ${count} = ${open};`,
      // The path leads to the array already.
      ...checkLength(r, type, count, '""'),
      `const ${name}: ${text} = new Array(${count});`,
      ...decodeItems(
        type.item,
        name,
        count,
        depth,
        place,
        (item) => `${name}[${i}] = ${item};`,
      ),
      `${r}.leave();`,
    ],
    value: name,
  };
}

function decodeNumbers(
  type: ArrayType,
  name: string,
  label: string,
  place: CodecPlace,
): Reading {
  const r = place.scope.name("r"), kind = JSON.stringify(numbersKind(type));
  const size = type.size === undefined ? "" : `, ${type.size}`;
  const read = `${r}.numbers(${kind}, ${label}${size})`;
  const checks = checkLength(r, type, `${name}.length`, label);
  const range = rangeText(type.item.type);
  if (range !== undefined) checks.push(`${r}.ranges(${name}, ${range}, ${label});`);
  if (checks.length === 0) return { lines: [], value: read };
  return { lines: [`const ${name} = ${read};`, ...checks], value: name };
}

/** Reads a map into a variable `name`. */
function decodeMap(
  type: MapType,
  name: string,
  label: string,
  depth: number,
  place: CodecPlace,
): Reading {
  const r = place.scope.name("r");
  const bits = minItemBits(type.key) + minItemBits(type.value);
  const count = place.scope.name(`${name}Count`);
  const keys = place.scope.name(`${name}Keys`);
  const key = typeText(type.key, place, "owned");
  const value = typeText(type.value, place, "owned");
  const i = place.scope.name(depthName("i", depth));
  return {
    lines: [
      `const ${count} = ${r}.openMap(${bits}, ${label});`,
      ...checkLength(r, type, count, '""'),
      `const ${keys}: ${key.includes(" ") ? `(${key})` : key}[] = new Array(${count});`,
      ...decodeItems(
        type.key,
        keys,
        count,
        depth,
        place,
        (item) => `${keys}[${i}] = ${item};`,
      ),
      `const ${name} = new Map<${key}, ${value}>();`,
      ...decodeItems(
        type.value,
        name,
        count,
        depth,
        place,
        (item) => `${name}.set(${keys}[${i}]!, ${item});`,
      ),
      // A key that came twice would be one entry less.
      `if (${name}.size !== ${count}) ${r}.fail("map-key");`,
      `${r}.leave();`,
    ],
    value: name,
  };
}

function decodeItems(
  item: Value,
  name: string,
  count: string,
  depth: number,
  place: CodecPlace,
  add: (item: string) => string,
): string[] {
  const r = place.scope.name("r");
  const i = place.scope.name(depthName("i", depth));
  const loop = `for (let ${i} = 0; ${i} < ${count}; ${i}++)`;
  const { type, optional } = item;
  const presence = place.scope.name(`${name}Presence`);
  const lines = optional ? [`const ${presence} = ${r}.bits(${count});`] : [];
  const isThere = `${r}.isSet(${presence}, ${i})`;
  if (type.kind === "bool") {
    const bits = place.scope.name(`${name}Bits`), bit = `${r}.isSet(${bits}, ${i})`;
    lines.push(`const ${bits} = ${r}.bits(${count});`);
    if (!optional) return [...lines, `${loop} ${add(bit)}`];
    return [
      ...lines,
      `${loop} {`,
      // An absent item has no bit.
      `  if (!${isThere} && ${bit}) ${r}.fail("flags", ${i});`,
      `  ${add(`${isThere} ? ${bit} : undefined`)}`,
      "}",
    ];
  }
  const reading = decodeVariable(type, itemName(depth, place), i, depth + 1, place);
  if (reading.lines.length === 0) {
    const value = optional ? `${isThere} ? ${reading.value} : undefined` : reading.value;
    return [...lines, `${loop} ${add(value)}`];
  }
  const skip = [`if (!${isThere}) {`, `  ${add("undefined")}`, "  continue;", "}"];
  return [
    ...lines,
    `${loop} {`,
    ...indented([...(optional ? skip : []), ...reading.lines, add(reading.value)]),
    "}",
  ];
}
