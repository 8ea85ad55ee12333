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
  type ImportDeclarationStructure,
  IndentationText,
  type InterfaceDeclarationStructure,
  NewLineKind,
  Project,
  QuoteKind,
  type StatementStructures,
  StructureKind,
  type TypeAliasDeclarationStructure,
} from "ts-morph";
import type {
  ClassStatement,
  ConstStatement,
  EmittedFile,
  EmittedFunction,
  EmittedImport,
  FunctionStatement,
  InterfaceStatement,
  Statement,
  TypeStatement,
} from "./emitted.ts";
import { docComment, indented } from "./lines.ts";

const MAX_LINE = 90;

/** One for all files: making it takes longer than printing most of them. */
let shared: Project | null = null;

/** The text of a file, with `\n` as its only line ending. */
export function generate(file: EmittedFile): string {
  const project = shared ??= new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: {
      indentationText: IndentationText.TwoSpaces,
      newLineKind: NewLineKind.LineFeed,
      quoteKind: QuoteKind.Double,
    },
  });
  const kept: (readonly string[])[] = [];
  const statements: (string | StatementStructures)[] = [
    [
      `// Generated from ${file.fileName} by magen. Do not edit: change the source and generate again.`,
      // Consumers have line widths of their own.
      "// deno-fmt-ignore-file",
    ].join("\n"),
    ...file.imports.map(importStatement),
    ...file.statements.map((statement) => printed(statement, kept)),
  ];
  const source = project.createSourceFile("generated.ts", { statements });
  const text = source.getFullText();
  source.forget();
  const tidy = text.replace(/[ \t]+$/gm, "").replace(/\n{3,}/g, "\n\n");
  return `${filledIn(tidy.trimEnd(), kept)}\n`;
}

/**
 * Keeps lines for later and gives what stands for them until then. They are most of a file, and ts-morph
 * looks at every letter of what it writes, and again at what it has written.
 */
function standIn(lines: readonly string[], kept: (readonly string[])[]): string {
  return `$lines${kept.push(lines) - 1};`;
}

/** The text with what was kept in its place. */
function filledIn(text: string, kept: readonly (readonly string[])[]): string {
  return text.replace(
    /^( *)\$lines(\d+);$/gm,
    (_, indent: string, index: string) =>
      kept[Number(index)]!.map((line) => line === "" ? "" : indent + line).join("\n"),
  );
}

function importStatement(
  { specifier, names }: EmittedImport,
): ImportDeclarationStructure {
  const isTypeOnly = names.every(({ isType }) => isType);
  const parts = names.map(({ name, alias, isType }) => {
    const local = alias === undefined ? name : `${name} as ${alias}`;
    return isType && !isTypeOnly ? `type ${local}` : local;
  });
  const line = parts.join(", ");
  const fits =
    line.length + specifier.length + "import type {  } from ;".length <= MAX_LINE;
  return {
    kind: StructureKind.ImportDeclaration,
    moduleSpecifier: specifier,
    isTypeOnly,
    namedImports: fits ? [line] : (writer) => {
      writer.newLine();
      for (const part of parts) writer.writeLine(`${part},`);
    },
  };
}

function printed(
  statement: Statement,
  kept: (readonly string[])[],
): string | StatementStructures {
  switch (statement.kind) {
    case "interface":
      return interfaceStatement(statement);
    case "type":
      return typeStatement(statement);
    case "const":
      return `\n${standIn(constLines(statement), kept)}`;
    case "class":
      return classStatement(statement, kept);
    case "function":
      return `\n${standIn(functionLines(statement), kept)}`;
  }
}

function interfaceStatement(emitted: InterfaceStatement): InterfaceDeclarationStructure {
  const isEmpty = emitted.methods.length === 0 && emitted.properties.length === 0;
  return {
    kind: StructureKind.Interface,
    name: emitted.name,
    isExported: true,
    docs: isEmpty ? [] : docs(emitted.docs),
    // One of a source may be empty; the rule is about ones written by hand. It is lifted for the next line
    // only, so the documentation has to come first.
    leadingTrivia: isEmpty
      ? `/** ${oneLine(emitted.docs)} */\n// deno-lint-ignore no-empty-interface\n`
      : "",
    methods: emitted.methods.map((method) => ({
      name: method.name,
      docs: docs(method.docs),
      parameters: parameters(method),
      returnType: method.returnType,
    })),
    properties: emitted.properties.map((property) => ({
      name: property.name,
      docs: docs(property.docs),
      type: property.type,
      hasQuestionToken: property.optional,
    })),
  };
}

function typeStatement(emitted: TypeStatement): TypeAliasDeclarationStructure {
  const [first, ...rest] = emitted.type;
  return {
    kind: StructureKind.TypeAlias,
    leadingTrivia: "\n",
    name: emitted.name,
    isExported: true,
    docs: docs(emitted.docs),
    type: rest.length === 0 ? first!.replace(/^\| /, "") : `\n${emitted.type.join("\n")}`,
  };
}

function constLines({ name, docs, type, value }: ConstStatement): string[] {
  const [first, ...rest] = value;
  const declared = type === undefined ? name : `${name}: ${type}`;
  const lines = [...docComment(docs), `export const ${declared} = ${first}`, ...rest];
  return [...lines.slice(0, -1), `${lines.at(-1)};`];
}

function classStatement(
  emitted: ClassStatement,
  kept: (readonly string[])[],
): ClassDeclarationStructure {
  const { construct } = emitted;
  return {
    kind: StructureKind.Class,
    name: emitted.name,
    extends: emitted.base,
    implements: [emitted.implemented],
    ctors: construct === undefined ? [] : [{
      parameters: construct.parameters.map(({ name, type, optional }) => ({
        name,
        type,
        hasQuestionToken: optional,
      })),
      statements: `super(${
        [construct.first, ...construct.parameters.map(({ name }) => name)].join(", ")
      });`,
    }],
    methods: emitted.methods.map((method) => ({
      name: method.name,
      parameters: parameters(method),
      returnType: method.returnType,
      statements: [standIn(method.body, kept)],
    })),
  };
}

function functionLines({ emitted, isExported }: FunctionStatement): string[] {
  const { name, docs, parameters, returnType, body } = emitted;
  const keyword = isExported ? "export function" : "function";
  const list = parameterLines(emitted, "function ".length);
  return [
    ...(docs === "" ? [] : docComment(docs)),
    ...(list === undefined
      ? [`${keyword} ${name}(${parameters.join(", ")}): ${returnType} {`]
      : [`${keyword} ${name}(`, ...indented(list), `): ${returnType} {`]),
    ...indented(body),
    "}",
  ];
}

/** The parameters on a line each, when one line cannot hold them. */
function parameterLines(
  { name, parameters, returnType }: EmittedFunction,
  indent: number,
): string[] | undefined {
  const { length } = parameters.join(", ");
  return indent + name.length + length + returnType.length + 6 <= MAX_LINE
    ? undefined
    : parameters.map((part) => `${part},`);
}

/**
 * The parameters of a method as a list of one: ts-morph keeps a list on one line however long it is, and
 * takes a name as it stands.
 */
function parameters(method: EmittedFunction): { name: string }[] {
  if (method.parameters.length === 0) return [];
  const lines = parameterLines(method, 2);
  // ts-morph indents the lines inside of a list.
  return [{
    name: lines === undefined ? method.parameters.join(", ") : `\n${lines.join("\n")}\n`,
  }];
}

/** Documentation, on one line when it fits. */
function docs(text: string): string[] {
  const isShort = !text.includes("\n") && text.length <= MAX_LINE - 10;
  return [isShort ? text : `\n${text}`];
}

function oneLine(text: string): string {
  return text.replaceAll("\n", " ");
}
