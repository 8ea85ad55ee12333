/**
 * Emits interfaces: the type, the class that calls it, what takes calls, and the value that holds them.
 *
 * @module
 */
import { definitionDocs } from "./emit_docs.ts";
import {
  emitterClass,
  eventsName,
  eventsType,
  eventTable,
  hearFunction,
} from "./emit_event.ts";
import { dispatchCase, remoteMethod } from "./emit_method.ts";
import { replyCodecs, replyTypes } from "./emit_reply.ts";
import type { EmittedFunction, Statement } from "./emitted.ts";
import type { FileNames } from "./file_names.ts";
import { indented } from "./lines.ts";
import { quoted } from "./literal.ts";
import { idText } from "../meaning/method_id.ts";
import type { Interface } from "../meaning/model.ts";

/** An interface. */
export function emitInterface(node: Interface, names: FileNames): Statement[] {
  const { tsName } = node, { imports } = names;
  const methods = node.methods.map((method) => remoteMethod(node, method, names));
  const remote = names.own("remote", tsName, `${tsName}Remote`),
    dispatch = names.own("dispatch", tsName, `dispatch${tsName}`);
  const made = names.inner([]);
  const own = (emitted: EmittedFunction): Statement => ({
    kind: "function",
    isExported: false,
    emitted,
  });
  const events = node.events.length === 0 ? "" : eventsName(node, names);
  return [
    {
      kind: "interface",
      name: tsName,
      docs: definitionDocs(node, "interface"),
      methods,
      properties: [],
    },
    ...eventsType(node, names),
    ...replyTypes(node, names),
    {
      kind: "class",
      name: remote,
      base: events === ""
        ? imports.value("RemoteBase")
        : `${imports.value("RemoteBase")}<${events}>`,
      implemented: tsName,
      construct: {
        first: tsName,
        parameters: [
          { name: made.name("pipe"), type: imports.type("MessagePipe"), optional: false },
          {
            name: made.name("options"),
            type: imports.type("RemoteOptions"),
            optional: true,
          },
        ],
      },
      methods,
    },
    ...emitterClass(node, names),
    ...replyCodecs(node, names).map(own),
    own(dispatchFunction(node, dispatch, names)),
    ...hearFunction(node, names),
    {
      kind: "const",
      name: tsName,
      docs:
        `{@linkcode ${tsName}} as a value, for \`new Remote(${tsName}, pipe)\` and the like.`,
      type: `${imports.type("Interface")}<${tsName}${
        events === "" ? "" : `, ${events}`
      }>`,
      value: [
        "{",
        ...indented([
          `name: ${quoted(node.fullName)},`,
          ...methodTable(node),
          ...eventTable(node, names),
          ...(node.isExtensible ? ["isExtensible: true,"] : []),
          `Remote: ${remote},`,
          `dispatch: ${dispatch},`,
        ]),
        "}",
      ],
    },
  ];
}

function methodTable({ methods }: Interface): string[] {
  if (methods.length === 0) return ["methods: [],"];
  const rows = methods.map(({ id, name }) => `[${idText(id)}, ${quoted(name)}],`);
  return ["methods: [", ...indented(rows), "],"];
}

function dispatchFunction(
  node: Interface,
  name: string,
  names: FileNames,
): EmittedFunction {
  const scope = names.inner(node.methods.flatMap(({ parameters }) => parameters));
  const impl = scope.name("impl"), call = scope.name("call");
  const type = names.imports.type("Implementation");
  const unknown = `${call}.unknownMethod();`, reads = node.methods.length > 0;
  return {
    name,
    docs: "",
    parameters: [
      `${reads ? impl : `_${impl}`}: ${type}<${node.tsName}>`,
      `${call}: ${names.imports.type("Incoming")}`,
    ],
    returnType: "void",
    body: !reads ? [unknown] : [
      `const ${scope.name("r")} = ${call}.decoder;`,
      `switch (${call}.method) {`,
      ...node.methods.flatMap((method) =>
        indented(dispatchCase(node, method, names, scope))
      ),
      "  default:",
      `    ${unknown}`,
      "}",
    ],
  };
}
