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
import { docComment } from "./lines.ts";

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
  const statements: (string | StatementStructures)[] = [
    [
      `// Generated from ${file.fileName} by magen. Do not edit: change the source and generate again.`,
      // Consumers have line widths of their own.
      "// deno-fmt-ignore-file",
    ].join("\n"),
    ...file.imports.map(importStatement),
    ...file.statements.map(printed),
  ];
  const source = project.createSourceFile("generated.ts", { statements });
  const text = source.getFullText();
  source.forget();
  const tidy = text.replace(/[ \t]+$/gm, "").replace(/\n{3,}/g, "\n\n");
  return `${tidy.trimEnd()}\n`;
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

function printed(statement: Statement): string | StatementStructures {
  switch (statement.kind) {
    case "interface":
      return interfaceStatement(statement);
    case "type":
      return typeStatement(statement);
    case "const":
      return constText(statement);
    case "class":
      return classStatement(statement);
    case "function":
      return functionStatement(statement);
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
      parameters: parameters(method, 2),
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

/** As text: ts-morph would indent the lines of its value. */
function constText({ name, docs, type, value }: ConstStatement): string {
  const [first, ...rest] = value;
  const declared = type === undefined ? name : `${name}: ${type}`;
  return ["", ...docComment(docs), `export const ${declared} = ${first}`, ...rest].join(
    "\n",
  ) +
    ";";
}

function classStatement(emitted: ClassStatement): ClassDeclarationStructure {
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
      parameters: parameters(method, 2),
      returnType: method.returnType,
      statements: (writer) => writer.write(method.body.join("\n")),
    })),
  };
}

function functionStatement(
  { emitted, isExported }: FunctionStatement,
): FunctionDeclarationStructure {
  return {
    kind: StructureKind.Function,
    name: emitted.name,
    isExported,
    docs: emitted.docs === "" ? [] : docs(emitted.docs),
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
