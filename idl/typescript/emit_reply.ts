/**
 * Emits what methods answer: its type, and the functions that read and write it.
 *
 * @module
 */
import { resultCodec } from "./codec_result.ts";
import { decodeStruct, decodeValue } from "./decode.ts";
import { properties } from "./emit_struct.ts";
import type { EmittedFunction, Statement } from "./emitted.ts";
import { encodeStruct, encodeValue } from "./encode.ts";
import { type FileNames, replyFields } from "./file_names.ts";
import { listed } from "./lines.ts";
import type { Interface, Method, StreamReply, Value } from "../meaning/model.ts";
import { replyTypeName } from "../meaning/naming.ts";
import { typeText } from "./type_text.ts";

/** What a method returns, as its caller sees it. */
export function replyText(node: Interface, method: Method, names: FileNames): string {
  const { reply } = method;
  switch (reply?.kind) {
    case undefined:
      return "void";
    case "stream":
      return `ReadableStream<${typeText(reply.item, names, "owned")}>`;
    case "values":
      return `Promise<${valuesText(node, method)}>`;
    case "result":
      return `Promise<${resultText(node, method, names)}>`;
  }
}

/** The type of the values that a method answers with. */
function valuesText(node: Interface, method: Method): string {
  return replyFields(method).length === 0
    ? "void"
    : replyTypeName(node.tsName, method.name);
}

function resultText(node: Interface, method: Method, names: FileNames): string {
  const reply = method.reply!;
  if (reply.kind !== "result") return "never";
  const error = typeText(reply.error, names, "owned");
  return `${names.imports.type("Result")}<${okText(node, method, names)}, ${error}>`;
}

function okText(node: Interface, method: Method, names: FileNames): string {
  const { reply } = method;
  return reply?.kind === "result" && !Array.isArray(reply.ok)
    ? typeText(reply.ok as Value, names, "owned")
    : valuesText(node, method);
}

/** The function that reads a reply, or an item of the stream that a method answers with. */
export function readerName(node: Interface, method: Method, names: FileNames): string {
  return names.own("reader", codecName(node, method), `read${codecName(node, method)}`);
}

/** The function that writes it. */
export function writerName(node: Interface, method: Method, names: FileNames): string {
  return names.own("writer", codecName(node, method), `write${codecName(node, method)}`);
}

function codecName(node: Interface, method: Method): string {
  const { reply } = method;
  if (reply!.kind === "stream") return `${node.tsName}_${method.name}_Item`;
  return reply!.kind === "values" && reply!.fields.length === 0
    ? "EmptyReply"
    : replyTypeName(node.tsName, method.name);
}

/** The types of the replies of an interface. */
export function replyTypes(node: Interface, names: FileNames): Statement[] {
  return node.methods.filter((method) => replyFields(method).length > 0).map((method) => {
    const well = method.reply!.kind === "result" ? ", when it goes well" : "";
    return {
      kind: "interface",
      name: replyTypeName(node.tsName, method.name),
      docs: `What {@linkcode ${node.tsName}.${method.tsName}} resolves to${well}.`,
      methods: [],
      properties: properties(replyFields(method), names),
    };
  });
}

/** The functions that read and write the replies of an interface. Those that say nothing are all the same. */
export function replyCodecs(node: Interface, names: FileNames): EmittedFunction[] {
  return node.methods.flatMap((method) =>
    method.reply === undefined ? [] : replyCodec(node, method, names)
  );
}

function replyCodec(
  node: Interface,
  method: Method,
  names: FileNames,
): EmittedFunction[] {
  const reply = method.reply!;
  const read = readerName(node, method, names), write = writerName(node, method, names);
  switch (reply.kind) {
    case "stream":
      return itemCodec(reply, read, write, names);
    case "result":
      return resultCodec(
        reply,
        { read, write, okType: okText(node, method, names) },
        names,
      );
    case "values":
      return [
        valuesReader(node, method, read, names),
        valuesWriter(node, method, write, names),
      ];
  }
}

function valuesReader(
  node: Interface,
  method: Method,
  name: string,
  names: FileNames,
): EmittedFunction {
  const fields = replyFields(method), scope = names.inner(fields);
  return {
    name,
    docs: "",
    parameters: [`${scope.name("r")}: ${names.imports.type("Decoder")}`],
    returnType: valuesText(node, method),
    body: [
      ...decodeStruct(fields, names.place(scope)),
      ...(fields.length === 0
        ? []
        : listed("return {", fields.map(({ tsName }) => tsName), "};")),
    ],
  };
}

function valuesWriter(
  node: Interface,
  method: Method,
  name: string,
  names: FileNames,
): EmittedFunction {
  const fields = replyFields(method), scope = names.inner(fields);
  const w = `${scope.name("w")}: ${names.imports.type("Encoder")}`;
  const body = encodeStruct(fields, names.place(scope));
  if (fields.length === 0) {
    return { name, docs: "", parameters: [w], returnType: "void", body };
  }
  const value = scope.name("value");
  return {
    name,
    docs: "",
    parameters: [w, `${value}: ${valuesText(node, method)}`],
    returnType: "void",
    body: [
      `if (typeof ${value} !== "object" || ${value} === null) {`,
      "  throw new TypeError(",
      `    \`The reply of ${node.name}.${method.name} must be an object: received \${String(${value})}\`,`,
      "  );",
      "}",
      // Each property is read once: a getter must not answer twice.
      ...listed("const {", fields.map(({ tsName }) => tsName), `} = ${value};`),
      ...body,
    ],
  };
}

/** The functions that read and write an item of a stream. */
function itemCodec(
  { item }: StreamReply,
  read: string,
  write: string,
  names: FileNames,
): EmittedFunction[] {
  const text = typeText(item, names, "owned");
  const reading = names.inner([]), writing = names.inner([]);
  const value = writing.name("item", "argument");
  const target = reading.name("item", "argument");
  return [{
    name: read,
    docs: "",
    parameters: [`${reading.name("r")}: ${names.imports.type("Decoder")}`],
    returnType: text,
    body: [
      ...decodeValue(item, target, "item", names.place(reading)),
      `return ${target};`,
    ],
  }, {
    name: write,
    docs: "",
    parameters: [
      `${writing.name("w")}: ${names.imports.type("Encoder")}`,
      `${value}: ${text}`,
    ],
    returnType: "void",
    body: encodeValue(item, value, "item", names.place(writing)),
  }];
}
