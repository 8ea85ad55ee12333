/**
 * Emits methods: how they are declared, called and taken.
 *
 * @module
 */
import { decodeStruct } from "./decode.ts";
import { methodDocs } from "./emit_docs.ts";
import { readerName, replyText, writerName } from "./emit_reply.ts";
import type { EmittedFunction } from "./emitted.ts";
import { encodeStruct } from "./encode.ts";
import type { FileNames } from "./file_names.ts";
import { calling, indented, oneLine } from "./lines.ts";
import { quoted } from "./literal.ts";
import { idText } from "../meaning/method_id.ts";
import type { Field, Interface, Method } from "../meaning/model.ts";
import type { CodecPlace } from "./codec_place.ts";
import type { NameScope } from "./name_scope.ts";
import { requiredText, typedArrayOf } from "./type_text.ts";

/** The parameters of a method or an event, as it is declared. */
export function parameterTexts(fields: readonly Field[], names: FileNames): string[] {
  // Only the last ones can be left out of a call.
  const lastRequired = fields.findLastIndex((field) =>
    !field.optional && field.default === undefined
  );
  return fields.map((field, i) => {
    const type = `${requiredText(field, names, "lent")}${orPlain(field)}`;
    const isLast = i > lastRequired;
    const maybe = field.optional || isLast ? " | undefined" : "";
    return `${field.tsName}${isLast ? "?" : ""}: ${type}${maybe}`;
  });
}

/** What may be sent instead of a typed array. */
function orPlain({ type }: Field): string {
  const typed = type.kind === "array" ? typedArrayOf(type.item) : undefined;
  if (typed === undefined) return "";
  return ` | readonly ${typed.startsWith("Big") ? "bigint" : "number"}[]`;
}

/** A method of the class that calls the interface. Without its body, it is how the method is declared. */
export function remoteMethod(
  node: Interface,
  method: Method,
  names: FileNames,
): EmittedFunction {
  const scope = names.inner(method.parameters), options = scope.name("options");
  const parameters = parameterTexts(method.parameters, names);
  const { reply } = method;
  if (reply !== undefined && reply.kind !== "stream") {
    parameters.push(`${options}?: ${names.imports.type("CallOptions")}`);
  }
  return {
    name: method.tsName,
    docs: methodDocs(method),
    parameters,
    returnType: replyText(node, method, names),
    body: reply?.kind === "stream"
      ? streamCall(node, method, names, scope)
      : plainCall(node, method, names, scope, options),
  };
}

function plainCall(
  node: Interface,
  method: Method,
  names: FileNames,
  scope: NameScope,
  options: string,
): string[] {
  const w = scope.name("w"), id = idText(method.id);
  const { timeoutMs, maxMessageBytes: max } = method;
  const isTwoWay = method.reply !== undefined;
  const lines = guarded(
    `this.$begin(${id}, ${isTwoWay})`,
    encodeStruct(method.parameters, names.place(scope)),
    scope,
  );
  if (!isTwoWay) return [...lines, sending(w, max)];
  const how = timeoutMs === undefined
    ? options
    : `this.$timeout(${timeoutMs}, ${options})`;
  const values = [w, id, readerName(node, method, names), how, ...asList(max)];
  return [...lines, ...oneLine(callLines("return this.$call(", values))];
}

function streamCall(
  node: Interface,
  method: Method,
  names: FileNames,
  scope: NameScope,
): string[] {
  const w = scope.name("w"), id = idText(method.id), { maxMessageBytes: max } = method;
  const stream = scope.name("stream"), end = scope.name("end");
  const place: CodecPlace = names.place(scope);
  const [begin, ...rest] = guarded(
    `this.$begin(${id}, false)`,
    encodeStruct(withStreamEnd(method, end), place),
    scope,
  );
  const values = [
    stream,
    readerName(node, method, names),
    quoted(`${node.fullName}.${method.name}`),
  ];
  const receive = names.imports.value("receiveStream");
  return [
    begin!,
    `const [${stream}, ${end}] = this.$openStream();`,
    ...rest,
    sending(w, max),
    ...oneLine(callLines(`return ${receive}(`, values)),
  ];
}

/** What goes with a call that a stream answers: the end of its pipe, behind what was always there. */
function withStreamEnd({ parameters }: Method, end: string): Field[] {
  const field: Field = {
    name: "stream",
    tsName: end,
    docs: "",
    type: { kind: "handle", of: "message_pipe" },
    optional: false,
    minVersion: 0,
  };
  const isFirst = ({ minVersion }: Field) => minVersion === 0;
  return [
    ...parameters.filter(isFirst),
    field,
    ...parameters.filter((each) => !isFirst(each)),
  ];
}

/** Statements that encode a message, which is given up when they throw. */
export function guarded(
  begin: string,
  encoding: readonly string[],
  scope: NameScope,
): string[] {
  const w = scope.name("w"), error = scope.name("error");
  return [
    `const ${w} = ${begin};`,
    "try {",
    ...indented(encoding),
    `} catch (${error}) {`,
    `  throw ${w}.cancel(${error});`,
    "}",
  ];
}

/** Sends a message without a reply. */
export function sending(w: string, max: number | undefined): string {
  return `this.$send(${[w, ...asList(max)].join(", ")});`;
}

function asList(max: number | undefined): string[] {
  return max === undefined ? [] : [`${max}`];
}

function callLines(open: string, values: readonly string[]): string[] {
  return [open, ...values.map((value) => `  ${value},`), ");"];
}

/** The case of a method in what takes calls. */
export function dispatchCase(
  node: Interface,
  method: Method,
  names: FileNames,
  scope: NameScope,
): string[] {
  const call = scope.name("call"), impl = scope.name("impl");
  const { reply, parameters, maxMessageBytes: max } = method;
  const values = parameters.map(({ tsName }) => tsName);
  const result = calling(`${impl}.${method.tsName}`, values);
  const end = scope.name("end");
  const fields = reply?.kind === "stream" ? withStreamEnd(method, end) : parameters;
  return [
    `case ${idText(method.id)}: {`,
    ...indented([
      ...(max === undefined ? [] : [`${call}.limit(${max});`]),
      ...decodeStruct(fields, names.place(scope)),
      `${call}.accept(${reply !== undefined && reply.kind !== "stream"});`,
      ...oneLine(answer(node, method, names, { call, end, result })),
      "return;",
    ]),
    "}",
  ];
}

function answer(
  node: Interface,
  method: Method,
  names: FileNames,
  { call, end, result }: { call: string; end: string; result: string[] },
): string[] {
  const { reply } = method;
  if (reply === undefined) return [`${call}.done(`, ...indented(result), ");"];
  const write = `  ${writerName(node, method, names)},`;
  const later = indented([`() => ${result[0]}`, ...result.slice(1)]);
  switch (reply.kind) {
    case "values":
      return [`${call}.reply(`, ...indented(result), write, ");"];
    case "result":
      return [`${call}.result(`, ...later, write, ");"];
    case "stream":
      return [
        `${names.imports.value("sendStream")}(`,
        `  ${call},`,
        `  ${end},`,
        ...later,
        write,
        ");",
      ];
  }
}
