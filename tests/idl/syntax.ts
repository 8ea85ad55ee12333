/**
 * What the parser makes of a source, in the forms that tests compare.
 *
 * @module
 */
import {
  type Diagnostic,
  DiagnosticList,
  DiagnosticPrinter,
} from "../../idl/diagnostic.ts";
import { tokenize } from "../../idl/syntax/lexer.ts";
import { parse } from "../../idl/syntax/parser.ts";
import type {
  AttributeNode,
  ConstantNode,
  DefinitionNode,
  EnumNode,
  FieldNode,
  FileNode,
  InterfaceItemNode,
  MethodNode,
  ReplyNode,
  TypeNode,
} from "../../idl/syntax/tree.ts";

/** The tree of a source, and what was found. */
export function syntaxOf(source: string): { file: FileNode; found: Diagnostic[] } {
  const diagnostics = new DiagnosticList();
  const file = parse(tokenize(source, diagnostics), diagnostics);
  return { file, found: diagnostics.sorted() };
}

/** Codes with severity, such as `E0002` and `W0101`, in the order of the source. */
export function syntaxCodes(source: string): string[] {
  return syntaxOf(source).found.map(({ code, severity }) =>
    `${severity === "error" ? "E" : "W"}${code.slice(2)}`
  );
}

/** The findings as people see them. */
export function printedSyntax(source: string): string {
  const printer = new DiagnosticPrinter("a.magen", source);
  return syntaxOf(source).found.map((item) => `${printer.print(item)}\n`).join("");
}

/** Everything in the tree of a source: a line for each statement and each item. */
export function outlineOf(source: string): string[] {
  const { file } = syntaxOf(source);
  const { module, imports, definitions } = file;
  return [
    ...(module === undefined
      ? []
      : [`${attributesText(module)}module ${module.name.text}`]),
    ...imports.map((node) => {
      const alias = node.alias === undefined ? "" : ` as ${node.alias.text}`;
      return `${attributesText(node)}import ${JSON.stringify(node.path.text)}${alias}`;
    }),
    ...definitions.flatMap(definitionLines),
  ];
}

function definitionLines(node: DefinitionNode): string[] {
  const name = node.name?.text ?? "?";
  const head = `${attributesText(node)}${node.kind} ${name}`;
  switch (node.kind) {
    case "const":
      return [`${head}: ${typeText(node.type)} = ${constantText(node.value)}`];
    case "alias":
      return [`${head} = ${typeText(node.type)}`];
    case "enum":
    case "bits":
      return [attributesText(node) + enumText(node)];
    default: {
      const items = node.kind === "union"
        ? node.members
        : node.kind === "feature"
        ? node.constants
        : node.items;
      if (items === undefined) return [`${head};`];
      return [head, ...items.map((item) => `${name}.${itemText(item)}`)];
    }
  }
}

function itemText(node: InterfaceItemNode | FieldNode): string {
  const attributes = attributesText(node);
  switch (node.kind) {
    case "field":
      return fieldText(node);
    case "const":
      return `${attributes}const ${typeText(node.type)} ${node.name.text} = ${
        constantText(node.value)
      }`;
    case "enum":
    case "bits":
      return attributes + enumText(node);
    default: {
      const event = node.kind === "event" ? "event " : "";
      const reply = node.kind === "method" ? replyText(node) : "";
      const parameters = node.parameters.map(fieldText).join(", ");
      return `${attributes}${event}${node.name.text}${
        ordinalText(node)
      }(${parameters})${reply}`;
    }
  }
}

function enumText({ kind, name, base, values }: EnumNode): string {
  const head = `${kind} ${name?.text ?? "?"}${
    base === undefined ? "" : `: ${base.text}`
  }`;
  if (values === undefined) return `${head};`;
  const texts = values.map((node) => {
    const value = node.value === undefined ? "" : ` = ${constantText(node.value)}`;
    return `${attributesText(node)}${node.name.text}${value}`;
  });
  return `${head} { ${texts.join(", ")} }`;
}

function replyText({ reply }: MethodNode): string {
  return reply === undefined ? "" : ` => ${replyBodyText(reply)}`;
}

function replyBodyText(reply: ReplyNode): string {
  switch (reply.kind) {
    case "values":
      return `(${reply.values.map(fieldText).join(", ")})`;
    case "stream":
      return `stream<${typeText(reply.item)}>`;
    case "result": {
      const ok = "kind" in reply.ok
        ? typeText(reply.ok)
        : `(${reply.ok.map(fieldText).join(", ")})`;
      return `result<${ok}, ${typeText(reply.error)}>`;
    }
  }
}

function fieldText(node: FieldNode): string {
  const name = node.name === undefined ? "" : ` ${node.name.text}`;
  const value = node.default === undefined ? "" : ` = ${constantText(node.default)}`;
  return `${attributesText(node)}${typeText(node.type)}${name}${
    ordinalText(node)
  }${value}`;
}

function ordinalText({ ordinal }: Pick<FieldNode, "ordinal">): string {
  return ordinal === undefined ? "" : `@${ordinal.text}`;
}

function attributesText(
  { attributes }: { attributes: readonly AttributeNode[] },
): string {
  const texts = attributes.map(({ name, values }) =>
    values.length === 0 ? name.text : `${name.text}=${values.map(constantText).join("|")}`
  );
  return texts.length === 0 ? "" : `[${texts.join(", ")}] `;
}

function constantText(node: ConstantNode): string {
  if (node.kind === "reference") return node.name.text;
  return node.kind === "string" ? JSON.stringify(node.text) : node.text;
}

function typeText(type: TypeNode): string {
  if (type.kind === "error") return "?";
  return `${plainTypeText(type)}${type.optional ? "?" : ""}`;
}

function plainTypeText(type: Exclude<TypeNode, { kind: "error" }>): string {
  switch (type.kind) {
    case "named":
      return type.name;
    case "array":
      return `array<${typeText(type.item)}${
        type.size === undefined ? "" : `, ${type.size.text}`
      }>`;
    case "map":
      return `map<${typeText(type.key)}, ${typeText(type.value)}>`;
    case "stream":
      return `stream<${typeText(type.item)}>`;
    case "handle":
      return `handle<${type.of.text}>`;
    case "pending":
      return `${type.pending}<${type.target.text}>`;
  }
}
