/**
 * Writes the statements that encode one value, whatever it is part of.
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
import { fixedBytes, numbersKind } from "./layout.ts";
import { indented } from "./lines.ts";
import type {
  ArrayType,
  DefinedType,
  HandleKind,
  MapType,
  PendingType,
  Type,
  Value,
} from "../meaning/model.ts";

/** What the functions for handles of one kind are called, behind `read` and `write`. */
const HANDLE_WORDS: Readonly<Record<HandleKind, string>> = {
  any: "Handle",
  message_pipe: "Pipe",
  data_pipe_producer: "Producer",
  data_pipe_consumer: "Consumer",
  shared_buffer: "Buffer",
  platform: "Platform",
  file: "File",
  conn: "Conn",
  listener: "Listener",
};

const PENDING_WORDS: Readonly<Record<PendingType["pending"], string>> = {
  remote: "PendingRemote",
  receiver: "PendingReceiver",
  associated_remote: "AssociatedRemote",
  associated_receiver: "AssociatedReceiver",
};

/** What the runtime's functions for a handle are called, behind `read` and `write`. */
export function handleWord(type: Type): string | undefined {
  if (type.kind === "handle") return HANDLE_WORDS[type.of];
  if (type.kind === "pending") return PENDING_WORDS[type.pending];
  return type.kind === "stream" ? "Stream" : undefined;
}

/** Whether the type has a place in the fixed part other than the length of a string. */
export function isFixed(type: Type): boolean {
  return fixedBytes(type) > 0 && type.kind !== "string";
}

/**
 * Statements that write what goes into the fixed part, which there is room for. `value` is an expression;
 * a variable when the type has bounds. `label` is an expression too, and so is `at`, for a number that does
 * not go behind what was written last.
 */
export function encodeFixed(
  type: Type,
  value: string,
  label: string,
  place: CodecPlace,
  at?: string,
): string[] {
  const w = place.scope.name("w");
  const word = handleWord(type);
  if (type.kind === "stream") return encodeStream(type.item, value, label, place);
  if (word !== undefined) {
    return [`${place.imports.value(`write${word}`)}(${w}, ${value}, ${label});`];
  }
  if (type.kind === "defined") return [callWriter(type, value, label, place)];
  const write = at === undefined
    ? `${w}.${numberMethod(type)}(`
    : `${w}.${numberMethod(type)}At(${at}, `;
  return [`${write}${value}, ${label});`, ...checkRange(w, type, value, label)];
}

/** The method of the encoder and of the decoder for a number. */
export function numberMethod(type: Type): string {
  if (!("jsNumber" in type && type.jsNumber)) return type.kind;
  return type.kind === "u64" ? "uint53" : "int53";
}

function callWriter(
  { definition }: DefinedType,
  value: string,
  label: string,
  { scope, codecs }: CodecPlace,
): string {
  return `${codecs.write(definition)}(${scope.name("w")}, ${value}, ${label});`;
}

function encodeStream(
  item: Value,
  value: string,
  label: string,
  place: CodecPlace,
): string[] {
  const w = place.scope.name("w"), write = place.imports.value("writeStream");
  const name = place.scope.name("item"), itemLabel = place.scope.name("label");
  const body = encodeAlone(item, name, itemLabel, place);
  const parameters = [w, name, parameterName(itemLabel, body)].join(", ");
  return [
    `${write}(${w}, ${value}, ${label}, (${parameters}) => {`,
    ...indented(body),
    "});",
  ];
}

/** Statements that write what goes into the variable part, where a string's length went before. */
export function encodeVariable(
  type: Type,
  value: string,
  label: string,
  depth: number,
  place: CodecPlace,
): string[] {
  const w = place.scope.name("w");
  switch (type.kind) {
    case "string":
      return [
        `${w}.text(${value}, ${label});`,
        ...checkText(w, type, value, label, "characters"),
      ];
    case "bytes": {
      const write = `${w}.byteString(${value}, ${label})`;
      const check = checkLength(w, type, write, label, "bytes");
      return check.length > 0 ? check : [`${write};`];
    }
    case "array":
      return encodeArray(type, value, label, depth, place);
    case "map":
      return encodeMap(type, value, label, depth, place);
    case "defined":
      return [callWriter(type, value, label, place)];
    default:
      return encodeFixed(type, value, label, place);
  }
}

/**
 * Statements that write a value as the only item of an array would be, for members of unions and items of
 * streams. There is room for nine bytes.
 */
export function encodeAsItem(
  { type, optional }: Value,
  value: string,
  label: string,
  place: CodecPlace,
): string[] {
  const w = place.scope.name("w");
  const isThere = `${value} == null ? 0 : `;
  if (type.kind === "bool") {
    const bit = `${w}.bit(${value}, ${label})`;
    if (!optional) return [`${w}.flags(${bit});`];
    return [`${w}.flags(${isThere}1);`, `${w}.flags(${isThere}${bit});`];
  }
  const write = encodeVariable(type, value, label, 0, place);
  if (!optional) return write;
  return [
    `${w}.flags(${isThere}1);`,
    `if (${value} != null) {`,
    ...indented(write),
    "}",
  ];
}

/** Statements that write a value as `encodeAsItem` does, where no room was made. */
export function encodeAlone(
  value: Value,
  expression: string,
  label: string,
  place: CodecPlace,
): string[] {
  const w = place.scope.name("w");
  return [`${w}.need(9);`, ...encodeAsItem(value, expression, label, place)];
}

/** A variable for an item of an array, in a loop of some depth. */
export function itemName(depth: number, { scope }: CodecPlace): string {
  return scope.name(depthName("item", depth));
}

// ------------------------------------------------------------------ arrays and maps

/** Statements that write an array. `depth` keeps the names of nested loops apart. */
function encodeArray(
  type: ArrayType,
  array: string,
  label: string,
  depth: number,
  place: CodecPlace,
): string[] {
  if (numbersKind(type) !== undefined) return encodeNumbers(type, array, label, place);
  const w = place.scope.name("w");
  const count = place.scope.name(`${array}Count`);
  const open = type.size === undefined
    ? `${w}.openArray(${array}, ${label})`
    : `${w}.openFixedArray(${array}, ${type.size}, ${label})`;
  return [
    `const ${count} = ${open};`,
    // The path leads to the array already.
    ...checkLength(w, type, count, '""', "items"),
    ...encodeItems(type.item, array, count, depth, place),
    `${w}.leave();`,
  ];
}

function encodeNumbers(
  type: ArrayType,
  array: string,
  label: string,
  place: CodecPlace,
): string[] {
  const w = place.scope.name("w"), kind = JSON.stringify(numbersKind(type));
  const size = type.size === undefined ? "" : `, ${type.size}`;
  const write = `${w}.numbers(${kind}, ${array}, ${label}${size})`;
  const check = checkLength(w, type, write, label, "items");
  const range = rangeText(type.item.type);
  if (range === undefined) return check.length > 0 ? check : [`${write};`];
  const count = place.scope.name(`${array}Count`);
  return [
    `const ${count} = ${write};`,
    ...checkLength(w, type, count, label, "items"),
    `${w}.ranges(${kind}, ${count}, ${range}, ${label});`,
  ];
}

/** Statements that write a map. */
function encodeMap(
  type: MapType,
  map: string,
  label: string,
  depth: number,
  place: CodecPlace,
): string[] {
  const w = place.scope.name("w");
  const keys = place.scope.name(`${map}Keys`);
  const values = place.scope.name(`${map}Values`);
  return [
    `const [${keys}, ${values}] = ${w}.openMap(${map}, ${label});`,
    ...checkLength(w, type, `${keys}.length`, '""', "entries"),
    ...encodeItems(type.key, keys, `${keys}.length`, depth, place),
    ...encodeItems(type.value, values, `${keys}.length`, depth, place),
    `${w}.leave();`,
  ];
}

function encodeItems(
  item: Value,
  array: string,
  count: string,
  depth: number,
  place: CodecPlace,
): string[] {
  const w = place.scope.name("w");
  const i = place.scope.name(depthName("i", depth));
  const loop = `for (let ${i} = 0; ${i} < ${count}; ${i}++)`;
  const { type, optional } = item;
  if (type.kind === "bool") return encodeBools(item, array, count, depth, place);
  const room = isFixed(type) ? [`${w}.need(${times(count, fixedBytes(type))});`] : [];
  const write = (value: string) =>
    isFixed(type)
      ? encodeFixed(type, value, i, place)
      : encodeVariable(type, value, i, depth + 1, place);
  const name = itemName(depth, place);
  if (!optional) {
    const isSimple = type.kind !== "array" && type.kind !== "map" &&
      type.kind !== "stream" && !isBounded(type);
    if (isSimple) return [...room, `${loop} ${write(`${array}[${i}]!`).join(" ")}`];
    return [
      ...room,
      `${loop} {`,
      `  const ${name} = ${array}[${i}]!;`,
      ...indented(write(name)),
      "}",
    ];
  }
  const presence = place.scope.name(`${array}Presence`);
  return [
    `const ${presence} = ${w}.openBits(${count});`,
    ...room,
    `${loop} {`,
    `  const ${name} = ${array}[${i}];`,
    `  if (${name} == null) continue;`,
    `  ${w}.setBit(${presence}, ${i});`,
    ...indented(write(name)),
    "}",
  ];
}

function encodeBools(
  { optional }: Value,
  array: string,
  count: string,
  depth: number,
  place: CodecPlace,
): string[] {
  const w = place.scope.name("w");
  const i = place.scope.name(depthName("i", depth));
  const bits = place.scope.name(`${array}Bits`);
  const loop = `for (let ${i} = 0; ${i} < ${count}; ${i}++)`;
  const open = `${w}.openBits(${count})`;
  if (!optional) {
    const bit = `${w}.bit(${array}[${i}]!, ${i})`;
    return [
      `const ${bits} = ${open};`,
      `${loop} if (${bit} === 1) ${w}.setBit(${bits}, ${i});`,
    ];
  }
  const item = itemName(depth, place);
  const presence = place.scope.name(`${array}Presence`);
  return [
    `const ${presence} = ${open};`,
    `const ${bits} = ${open};`,
    `${loop} {`,
    `  const ${item} = ${array}[${i}];`,
    `  if (${item} == null) continue;`,
    `  ${w}.setBit(${presence}, ${i});`,
    `  if (${w}.bit(${item}, ${i}) === 1) ${w}.setBit(${bits}, ${i});`,
    "}",
  ];
}

function times(count: string, bytes: number): string {
  return bytes === 1 ? count : `${count} * ${bytes}`;
}
