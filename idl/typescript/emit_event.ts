/**
 * Emits the events of an interface: their type, what sends them, and what takes them.
 *
 * @module
 */
import { decodeStruct } from "./decode.ts";
import { eventDocs } from "./emit_docs.ts";
import { guarded, parameterTexts, sending } from "./emit_method.ts";
import type { EmittedFunction, Statement } from "./emitted.ts";
import { encodeStruct } from "./encode.ts";
import type { FileNames } from "./file_names.ts";
import { calling, indented, oneLine } from "./lines.ts";
import { idText } from "../meaning/method_id.ts";
import type { Event, Interface } from "../meaning/model.ts";
import type { NameScope } from "./name_scope.ts";
import { quoted } from "./literal.ts";

/** The name of the type of the events. */
export function eventsName(node: Interface, names: FileNames): string {
  return names.own("events", node.tsName, `${node.tsName}_Events`);
}

/** The type of the events. */
export function eventsType(node: Interface, names: FileNames): Statement[] {
  if (node.events.length === 0) return [];
  return [{
    kind: "interface",
    name: eventsName(node, names),
    docs: `What whoever implements {@linkcode ${node.tsName}} tells its callers.`,
    methods: node.events.map((event) => emitterMethod(event, names)),
    properties: [],
  }];
}

/** The class that sends the events. */
export function emitterClass(node: Interface, names: FileNames): Statement[] {
  if (node.events.length === 0) return [];
  return [{
    kind: "class",
    name: emitterName(node, names),
    base: names.imports.value("EmitterBase"),
    implemented: eventsName(node, names),
    construct: undefined,
    methods: node.events.map((event) => emitterMethod(event, names)),
  }];
}

function emitterName(node: Interface, names: FileNames): string {
  return names.own("emitter", node.tsName, `${node.tsName}Emitter`);
}

function emitterMethod(event: Event, names: FileNames): EmittedFunction {
  const { parameters, maxMessageBytes } = event, scope = names.inner(parameters);
  return {
    name: event.tsName,
    docs: eventDocs(event),
    parameters: parameterTexts(parameters, names),
    returnType: "void",
    body: [
      ...guarded(
        `this.$begin(${idText(event.id)})`,
        encodeStruct(parameters, names.place(scope)),
        scope,
      ),
      sending(scope.name("w"), maxMessageBytes),
    ],
  };
}

/** The function that takes the events. */
export function hearFunction(node: Interface, names: FileNames): Statement[] {
  if (node.events.length === 0) return [];
  const scope = names.inner(node.events.flatMap(({ parameters }) => parameters));
  const event = scope.name("event");
  const type = names.imports.type("IncomingEvent");
  return [{
    kind: "function",
    isExported: false,
    emitted: {
      name: hearName(node, names),
      docs: "",
      parameters: [`${event}: ${type}<${eventsName(node, names)}>`],
      returnType: "void",
      body: [
        `const ${scope.name("r")} = ${event}.decoder;`,
        `switch (${event}.method) {`,
        ...node.events.flatMap((each) => indented(hearCase(each, names, scope))),
        "  default:",
        `    ${event}.unknownEvent();`,
        "}",
      ],
    },
  }];
}

function hearName(node: Interface, names: FileNames): string {
  return names.own("hear", node.tsName, `hear${node.tsName}`);
}

function hearCase(node: Event, names: FileNames, scope: NameScope): string[] {
  const event = scope.name("event"), listener = scope.name("listener");
  const values = node.parameters.map(({ tsName }) => tsName);
  const { maxMessageBytes: max } = node;
  const [first, ...rest] = calling(listener, values);
  return [
    `case ${idText(node.id)}: {`,
    ...indented([
      ...(max === undefined ? [] : [`${event}.limit(${max});`]),
      ...decodeStruct(node.parameters, names.place(scope)),
      ...oneLine([
        `${event}.tell(`,
        `  ${quoted(node.tsName)},`,
        ...indented([`(${listener}) => ${first}`, ...rest]),
        ");",
      ]),
      "return;",
    ]),
    "}",
  ];
}

/** The events in the value of the interface. */
export function eventTable(node: Interface, names: FileNames): string[] {
  if (node.events.length === 0) return [];
  return [
    "events: {",
    "  names: [",
    ...node.events.map(({ id, name, tsName }) =>
      `    [${idText(id)}, ${quoted(name)}, ${quoted(tsName)}],`
    ),
    "  ],",
    `  Emitter: ${emitterName(node, names)},`,
    `  hear: ${hearName(node, names)},`,
    "},",
  ];
}
