/**
 * Prints a TypeScript file.
 *
 * The only module that loads ts-morph, which takes a good part of a second: import it when there is
 * something to print. The whole file goes to ts-morph as one tree of structures and is never changed
 * afterwards, since each change would make it parse the file again.
 *
 * @module
 */
import {
  type ClassDeclarationStructure,
  type FunctionDeclarationStructure,
  type ImportDeclarationStructure,
  IndentationText,
  type InterfaceDeclarationStructure,
  NewLineKind,
  Project,
  QuoteKind,
  type StatementStructures,
  StructureKind,
} from "ts-morph";
import type {
  EmittedFile,
  EmittedFunction,
  EmittedInterface,
  EmittedReply,
} from "./emit_typescript.ts";

/** The one module that generated code imports. */
const RUNTIME = "@mage/ipc/generated-v1";
const MAX_LINE = 90;

type Statement = string | StatementStructures;

/** The text of a file, with `\n` as its only line ending. */
export function generate(file: EmittedFile): string {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: {
      indentationText: IndentationText.TwoSpaces,
      newLineKind: NewLineKind.LineFeed,
      quoteKind: QuoteKind.Double,
    },
  });
  const statements: Statement[] = [
    [
      `// Generated from ${file.fileName} by magen. Do not edit: change the source and generate again.`,
      // Consumers have line widths of their own.
      "// deno-fmt-ignore-file",
    ].join("\n"),
    importStatement(file),
    ...file.interfaces.flatMap(interfaceStatements),
    ...file.functions.map(functionStatement),
  ];
  const text = project.createSourceFile("generated.ts", { statements }).getFullText();
  return `${text.replace(/[ \t]+$/gm, "").trimEnd()}\n`;
}

function importStatement(file: EmittedFile): ImportDeclarationStructure {
  return {
    kind: StructureKind.ImportDeclaration,
    moduleSpecifier: RUNTIME,
    namedImports: (writer) => {
      writer.newLine();
      for (const { name, alias, isType } of file.imports) {
        const local = alias === undefined ? name : `${name} as ${alias}`;
        writer.writeLine(`${isType ? "type " : ""}${local},`);
      }
    },
  };
}

function interfaceStatements(emitted: EmittedInterface): Statement[] {
  return [
    interfaceStatement(emitted),
    ...emitted.replies.map(replyStatement),
    remoteStatement(emitted),
    ...emitted.functions.map(functionStatement),
    emitted.constant.join("\n"),
  ];
}

function interfaceStatement(emitted: EmittedInterface): InterfaceDeclarationStructure {
  const isEmpty = emitted.methods.length === 0;
  return {
    kind: StructureKind.Interface,
    name: emitted.name,
    isExported: true,
    docs: isEmpty ? [] : docs(emitted.docs),
    // An interface of a source may have no methods; the rule is about ones written by hand. It is lifted
    // for the next line only, so the documentation has to come first.
    leadingTrivia: isEmpty
      ? `/** ${oneLine(emitted.docs)} */\n// deno-lint-ignore no-empty-interface\n`
      : "",
    methods: emitted.methods.map((method) => ({
      name: method.name,
      docs: docs(method.docs),
      parameters: parameters(method, 2),
      returnType: method.returnType,
    })),
  };
}

function replyStatement(reply: EmittedReply): InterfaceDeclarationStructure {
  return {
    kind: StructureKind.Interface,
    name: reply.name,
    isExported: true,
    docs: docs(reply.docs),
    properties: reply.fields.map((field) => ({
      name: field.name,
      docs: docs(field.docs),
      type: field.type,
      hasQuestionToken: field.optional,
    })),
  };
}

function remoteStatement(
  { name, methods, remote }: EmittedInterface,
): ClassDeclarationStructure {
  return {
    kind: StructureKind.Class,
    name: remote.name,
    extends: remote.base,
    implements: [name],
    ctors: [{
      parameters: [{ name: remote.pipeParameter, type: remote.pipeType }],
      statements: `super(${name}, ${remote.pipeParameter});`,
    }],
    methods: methods.map((method) => ({
      name: method.name,
      parameters: parameters(method, 2),
      returnType: method.returnType,
      statements: (writer) => writer.write(method.body.join("\n")),
    })),
  };
}

function functionStatement(emitted: EmittedFunction): FunctionDeclarationStructure {
  return {
    kind: StructureKind.Function,
    name: emitted.name,
    parameters: parameters(emitted, 0),
    returnType: emitted.returnType,
    statements: (writer) => writer.write(emitted.body.join("\n")),
  };
}

/**
 * The parameters as a list of one: ts-morph keeps a list on one line however long it is, and takes a
 * name as it stands.
 */
function parameters(
  { name, parameters, returnType }: EmittedFunction,
  indent: number,
): { name: string }[] {
  if (parameters.length === 0) return [];
  const line = parameters.join(", ");
  const keyword = indent === 0 ? "function ".length : indent;
  if (keyword + name.length + line.length + returnType.length + 6 <= MAX_LINE) {
    return [{ name: line }];
  }
  // ts-morph indents the lines inside of a list.
  return [{ name: `\n${parameters.map((part) => `${part},\n`).join("")}` }];
}

/** Documentation, on one line when it fits. */
function docs(text: string): string[] {
  const isShort = !text.includes("\n") && text.length <= MAX_LINE - 10;
  return [isShort ? text : `\n${text}`];
}

function oneLine(text: string): string {
  return text.replaceAll("\n", " ");
}
