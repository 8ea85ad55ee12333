/**
 * Turns a checked file into the pieces of a TypeScript file: names, types, bodies.
 *
 * What the pieces look like on the page is decided by `generate.ts`. Nothing here depends on a clock, a
 * folder or the order of a set, so equal sources give equal pieces.
 *
 * @module
 */
import { replyTypeName } from "./check.ts";
import { decodeStruct } from "./decode.ts";
import { encodeStruct } from "./encode.ts";
import { calling, indented, listed, oneLine } from "./lines.ts";
import { methodDocs, replyFieldDocs } from "./emit_docs.ts";
import { idText } from "./method_id.ts";
import type { Field, Interface, Method, Module } from "./model.ts";
import { ImportNames, NameScope } from "./name_scope.ts";
import { typeText } from "./type_text.ts";

/** A function or method. */
export interface EmittedFunction {
  readonly name: string;
  readonly docs: string;
  readonly parameters: readonly string[];
  readonly returnType: string;
  readonly body: readonly string[];
}

/** The type of a reply. */
export interface EmittedReply {
  readonly name: string;
  readonly docs: string;
  readonly fields: readonly {
    readonly name: string;
    readonly docs: string;
    readonly type: string;
    readonly optional: boolean;
  }[];
}

/** All that one interface becomes. */
export interface EmittedInterface {
  readonly name: string;
  readonly docs: string;
  readonly methods: readonly EmittedFunction[];
  readonly replies: readonly EmittedReply[];
  readonly remote: {
    readonly name: string;
    readonly base: string;
    readonly pipeParameter: string;
    readonly pipeType: string;
  };
  readonly functions: readonly EmittedFunction[];
  /** The lines of the exported constant, with its documentation. */
  readonly constant: readonly string[];
}

/** All that one file becomes. */
export interface EmittedFile {
  readonly fileName: string;
  readonly imports: readonly {
    name: string;
    alias: string | undefined;
    isType: boolean;
  }[];
  readonly interfaces: readonly EmittedInterface[];
  readonly functions: readonly EmittedFunction[];
}

/** Emits a file. */
export function emitTypeScript(module: Module): EmittedFile {
  const types = new NameScope(typeNamesOf(module));
  const file = new NameScope(memberNamesOf(module), types);
  const imports = new ImportNames(file);
  const emitter = new Emitter(types, file, imports);
  const interfaces = module.definitions.map((definition) =>
    emitter.interface(definition)
  );
  const functions = emitter.sharedFunctions();
  return { fileName: module.fileName, imports: imports.list(), interfaces, functions };
}

/** The types that the source brings into the file. */
function* typeNamesOf(module: Module): Iterable<string> {
  for (const { tsName, methods } of module.definitions) {
    yield tsName;
    for (const method of methods) yield replyTypeName(tsName, method.name);
  }
}

/** The names of locals that the source brings into functions, where they hide those of the file. */
function* memberNamesOf(module: Module): Iterable<string> {
  for (const { methods } of module.definitions) {
    for (const { parameters, reply } of methods) {
      for (const { tsName } of parameters) yield tsName;
      for (const { tsName } of reply ?? []) yield tsName;
    }
  }
}

class Emitter {
  readonly #types: NameScope;
  readonly #file: NameScope;
  readonly #imports: ImportNames;
  #usesEmptyReply = false;

  constructor(types: NameScope, file: NameScope, imports: ImportNames) {
    this.#types = types;
    this.#file = file;
    this.#imports = imports;
  }

  interface(node: Interface): EmittedInterface {
    const { tsName } = node;
    const remote = this.#file.name(`${tsName}Remote`, "remote");
    const dispatch = this.#file.name(`dispatch${tsName}`, "dispatch");
    const type = this.#imports.type("Interface");
    const withReply = node.methods.filter(hasReplyType);
    return {
      name: tsName,
      docs: node.docs || `The interface \`${node.name}\`.`,
      methods: node.methods.map((method) => this.#remoteMethod(node, method)),
      replies: withReply.map((method) => this.#reply(node, method)),
      remote: {
        name: remote,
        base: this.#imports.value("RemoteBase"),
        pipeParameter: this.#types.name("pipe"),
        pipeType: this.#imports.type("MessagePipe"),
      },
      functions: [
        ...withReply.flatMap((method) => [
          this.#replyReader(node, method),
          this.#replyWriter(node, method),
        ]),
        this.#dispatch(node, dispatch),
      ],
      constant: [
        `/** {@linkcode ${tsName}} as a value, for \`new Remote(${tsName}, pipe)\` and the like. */`,
        `export const ${tsName}: ${type}<${tsName}> = {`,
        `  name: ${JSON.stringify(node.name)},`,
        ...this.#methodTable(node),
        `  Remote: ${remote},`,
        `  dispatch: ${dispatch},`,
        "};",
      ],
    };
  }

  /** What the readers and writers of all interfaces share, once it turns out to be needed. */
  sharedFunctions(): EmittedFunction[] {
    if (!this.#usesEmptyReply) return [];
    const scope = new NameScope([], this.#types);
    const place = { scope, imports: this.#imports };
    return [{
      name: this.#file.name("readEmptyReply"),
      docs: "",
      parameters: [`${scope.name("r")}: ${this.#imports.type("Decoder")}`],
      returnType: "void",
      body: decodeStruct([], place),
    }, {
      name: this.#file.name("writeEmptyReply"),
      docs: "",
      parameters: [`${scope.name("w")}: ${this.#imports.type("Encoder")}`],
      returnType: "void",
      body: encodeStruct([], place),
    }];
  }

  #methodTable({ methods }: Interface): string[] {
    if (methods.length === 0) return ["  methods: [],"];
    const rows = methods.map(({ id, name }) =>
      `[${idText(id)}, ${JSON.stringify(name)}],`
    );
    return ["  methods: [", ...indented(indented(rows)), "  ],"];
  }

  #replyName(node: Interface, method: Method): string {
    return replyTypeName(node.tsName, method.name);
  }

  #remoteMethod(node: Interface, method: Method): EmittedFunction {
    const scope = new NameScope(
      method.parameters.map((field) => field.tsName),
      this.#types,
    );
    const w = scope.name("w");
    const error = scope.name("error");
    const twoWay = method.reply !== undefined;
    const options = scope.name("options");
    const parameters = this.#parameters(method.parameters);
    if (twoWay) parameters.push(`${options}?: ${this.#imports.type("CallOptions")}`);
    const id = idText(method.id);
    const read = twoWay ? this.#readerName(node, method) : "";
    return {
      name: method.tsName,
      docs: methodDocs(method),
      parameters,
      returnType: twoWay ? `Promise<${this.#replyText(node, method)}>` : "void",
      body: [
        `const ${w} = this.$begin(${id}, ${twoWay});`,
        "try {",
        ...indented(encodeStruct(method.parameters, { scope, imports: this.#imports })),
        `} catch (${error}) {`,
        `  throw ${w}.cancel(${error});`,
        "}",
        twoWay
          ? `return this.$call(${w}, ${id}, ${read}, ${options});`
          : `this.$send(${w});`,
      ],
    };
  }

  #parameters(fields: readonly Field[]): string[] {
    // Only the last ones can be left out of a call.
    const lastRequired = fields.findLastIndex((field) => !field.optional);
    return fields.map((field, i) => {
      const type = typeText(field, this.#imports, "lent");
      return `${field.tsName}${i > lastRequired ? "?" : ""}: ${type}`;
    });
  }

  #replyText(node: Interface, method: Method): string {
    return hasReplyType(method) ? this.#replyName(node, method) : "void";
  }

  #readerName(node: Interface, method: Method): string {
    if (hasReplyType(method)) {
      return this.#file.name(`read${this.#replyName(node, method)}`);
    }
    this.#usesEmptyReply = true;
    return this.#file.name("readEmptyReply");
  }

  #writerName(node: Interface, method: Method): string {
    if (hasReplyType(method)) {
      return this.#file.name(`write${this.#replyName(node, method)}`);
    }
    this.#usesEmptyReply = true;
    return this.#file.name("writeEmptyReply");
  }

  #reply(node: Interface, method: Method): EmittedReply {
    return {
      name: this.#replyName(node, method),
      docs: `What {@linkcode ${node.tsName}.${method.tsName}} resolves to.`,
      fields: method.reply!.map((field) => ({
        name: field.tsName,
        docs: replyFieldDocs(field),
        type: typeText(field, this.#imports, "owned"),
        optional: field.optional,
      })),
    };
  }

  #replyReader(node: Interface, method: Method): EmittedFunction {
    const fields = method.reply!;
    const scope = new NameScope(fields.map((field) => field.tsName), this.#types);
    return {
      name: this.#readerName(node, method),
      docs: "",
      parameters: [`${scope.name("r")}: ${this.#imports.type("Decoder")}`],
      returnType: this.#replyName(node, method),
      body: [
        ...decodeStruct(fields, { scope, imports: this.#imports }),
        ...listed("return {", fields.map(nameOf), "};"),
      ],
    };
  }

  #replyWriter(node: Interface, method: Method): EmittedFunction {
    const fields = method.reply!;
    const scope = new NameScope(fields.map((field) => field.tsName), this.#types);
    const value = scope.name("value");
    return {
      name: this.#writerName(node, method),
      docs: "",
      parameters: [
        `${scope.name("w")}: ${this.#imports.type("Encoder")}`,
        `${value}: ${this.#replyName(node, method)}`,
      ],
      returnType: "void",
      body: [
        `if (typeof ${value} !== "object" || ${value} === null) {`,
        "  throw new TypeError(",
        `    \`The reply of ${node.name}.${method.name} must be an object: received \${String(${value})}\`,`,
        "  );",
        "}",
        // Each property is read once: a getter must not answer twice.
        ...listed("const {", fields.map(nameOf), `} = ${value};`),
        ...encodeStruct(fields, { scope, imports: this.#imports }),
      ],
    };
  }

  #dispatch(node: Interface, name: string): EmittedFunction {
    const names = node.methods.flatMap(({ parameters }) =>
      parameters.map((field) => field.tsName)
    );
    const scope = new NameScope(names, this.#types);
    const impl = scope.name("impl");
    const call = scope.name("call");
    const implementation = this.#imports.type("Implementation");
    const unknown = `${call}.unknownMethod();`;
    const reads = node.methods.length > 0;
    return {
      name,
      docs: "",
      parameters: [
        `${reads ? impl : `_${impl}`}: ${implementation}<${node.tsName}>`,
        `${call}: ${this.#imports.type("Incoming")}`,
      ],
      returnType: "void",
      body: !reads ? [unknown] : [
        `const ${scope.name("r")} = ${call}.decoder;`,
        `switch (${call}.method) {`,
        ...node.methods.flatMap((method) =>
          indented(this.#dispatchCase(node, method, scope, impl, call))
        ),
        "  default:",
        `    ${unknown}`,
        "}",
      ],
    };
  }

  #dispatchCase(
    node: Interface,
    method: Method,
    scope: NameScope,
    impl: string,
    call: string,
  ): string[] {
    const values = method.parameters.map((field) => field.tsName);
    const result = calling(`${impl}.${method.tsName}`, values);
    const twoWay = method.reply !== undefined;
    const answer = twoWay
      ? [
        `${call}.reply(`,
        ...indented(result),
        `  ${this.#writerName(node, method)},`,
        ");",
      ]
      : [`${call}.done(`, ...indented(result), ");"];
    return [
      `case ${idText(method.id)}: {`,
      ...indented([
        ...decodeStruct(method.parameters, { scope, imports: this.#imports }),
        `${call}.accept(${twoWay});`,
        ...oneLine(answer),
        "return;",
      ]),
      "}",
    ];
  }
}

function nameOf(field: Field): string {
  return field.tsName;
}

function hasReplyType(method: Method): boolean {
  return method.reply !== undefined && method.reply.length > 0;
}
