/**
 * Schemas in the words of the language.
 *
 * @module
 */
import type { NumberKind } from "../../../idl/builtin.ts";
import type {
  Demands,
  EnumDefinition,
  InterfaceDefinition,
  Member,
  MethodShape,
  ModuleShape,
  ReplyShape,
  Schema,
  Slot,
  ValueDefinition,
} from "./schema.ts";

const SPELLINGS: Readonly<Record<NumberKind, readonly string[]>> = {
  i8: ["int8", "int8_t"],
  u8: ["uint8", "uint8_t"],
  i16: ["int16", "short"],
  u16: ["uint16", "uint16_t"],
  i32: ["int32", "int"],
  u32: ["uint32", "uint32_t"],
  i64: ["int64", "long"],
  u64: ["uint64", "uint64_t"],
  f32: ["float"],
  f64: ["double"],
};

/** A file by its name, and what is in it. */
export type Sources = ReadonlyMap<string, string>;

/** The sources of `schema`. */
export function sourcesOf(schema: Schema): Sources {
  const homes = new Map<string, ModuleShape>();
  for (const module of schema.modules) {
    for (const { name } of module.definitions) homes.set(name, module);
  }
  return new Map(schema.modules.map((module, i) => [
    `${module.file}.magen`,
    new Printer(module, schema.modules.slice(0, i), homes).text(),
  ]));
}

class Printer {
  readonly #module: ModuleShape;
  readonly #imports: readonly ModuleShape[];
  readonly #homes: ReadonlyMap<string, ModuleShape>;

  constructor(
    module: ModuleShape,
    imports: readonly ModuleShape[],
    homes: ReadonlyMap<string, ModuleShape>,
  ) {
    this.#module = module;
    this.#imports = imports;
    this.#homes = homes;
  }

  text(): string {
    const { name, definitions } = this.#module;
    return [
      `module ${name};`,
      ...this.#imports.map(({ file }) => `import "${file}.magen";`),
      ...definitions.map((definition) => this.#definition(definition)),
      "",
    ].join("\n");
  }

  #definition(definition: ValueDefinition | InterfaceDefinition): string {
    const { name } = definition;
    switch (definition.kind) {
      case "struct":
        return block(`struct ${name}`, [
          ...definition.nested.map(enumText),
          ...this.#ordered(name, definition.fields).map((text) => `${text};`),
        ]);
      case "union": {
        const { members, fallback } = definition;
        const lines = this.#ordered(name, members, fallback).map((text) => `${text};`);
        return (fallback === undefined ? "" : "[Extensible] ") +
          block(`union ${name}`, lines);
      }
      case "enum":
        return enumText(definition);
      case "bits": {
        const { base, values, isExtensible } = definition;
        const lines = values.map(({ name, value }) => `${name} = ${value},`);
        return (isExtensible ? "[Extensible] " : "") +
          block(`bits ${name} : ${SPELLINGS[base][0]}`, lines);
      }
      case "alias":
        return `${attributes(definition.demands)}alias ${name} = ${
          this.#slot(definition.slot)
        };`;
      case "interface":
        return block(`interface ${name}`, [
          ...definition.methods.map((method) => this.#method(method)),
          ...definition.events.map((event) => this.#method(event, "event ")),
        ]);
    }
  }

  #method({ name, renamedFrom, parameters, reply }: MethodShape, keyword = ""): string {
    const answer = reply === undefined ? "" : ` => ${this.#reply(name, reply)}`;
    const renamed = renamedFrom === undefined ? "" : `[RenamedFrom="${renamedFrom}"] `;
    const list = this.#ordered(name, parameters).join(", ");
    return `${docs(name)}${renamed}${keyword}${name}(${list})${answer};`;
  }

  #reply(name: string, reply: ReplyShape): string {
    switch (reply.kind) {
      case "values":
        return `(${this.#ordered(name, reply.values).join(", ")})`;
      case "stream":
        return `stream<${this.#slot(reply.item)}>`;
      case "result": {
        const { ok, error } = reply;
        const text = Array.isArray(ok)
          ? `(${this.#ordered(name, ok).join(", ")})`
          : this.#slot(ok as Slot);
        return `result<${text}, ${this.#slot(error)}>`;
      }
    }
  }

  /** Members as texts, in another order where they have ordinals. */
  #ordered(owner: string, members: readonly Member[], fallback?: string): string[] {
    const hasOrdinals = hash(owner) % 4 === 0;
    const texts = members.map((member, i) => {
      const standard = member.name === fallback ? "[Default] " : "";
      return `${docs(member.name)}${standard}${
        this.#member(member, hasOrdinals ? ` @${i}` : "")
      }`;
    });
    return hasOrdinals ? texts.reverse() : texts;
  }

  #member(member: Member, ordinal: string): string {
    const { name, minVersion, demands } = member;
    const standard = member.default === undefined ? "" : ` = ${this.#constant(member)}`;
    return `${attributes(demands, minVersion)}${
      this.#slot(member)
    } ${name}${ordinal}${standard}`;
  }

  #constant({ shape, default: standard }: Member): string {
    const isNamed = shape.kind === "defined" && shape.to.kind === "enum";
    return isNamed ? this.#prefix(shape.to.name) + standard!.text : standard!.text;
  }

  #slot({ shape, optional }: Slot): string {
    const text = (): string => {
      switch (shape.kind) {
        case "number": {
          const spellings = SPELLINGS[shape.number];
          return spellings[this.#module.name.length % spellings.length]!;
        }
        case "array": {
          const size = shape.size === undefined ? "" : `, ${shape.size}`;
          return `array<${this.#slot(shape.item)}${size}>`;
        }
        case "map":
          return `map<${this.#slot(shape.key)}, ${this.#slot(shape.value)}>`;
        case "defined":
          return this.#prefix(shape.to.name) + shape.to.name;
        case "pipe":
          return this.#module.name === "main" ? "MessagePipe" : "handle<message_pipe>";
        default:
          return shape.kind;
      }
    };
    return text() + (optional ? "?" : "");
  }

  /** What leads to a name that is defined elsewhere. */
  #prefix(name: string): string {
    const home = this.#homes.get(name.split(".")[0]!)!;
    return home === this.#module ? "" : `${home.name}.`;
  }
}

/** Decides what is left open, the same way in each version. */
function hash(text: string): number {
  let bits = 7;
  for (let i = 0; i < text.length; i++) {
    bits = Math.imul(bits, 31) + text.charCodeAt(i) | 0;
  }
  return (bits ^ bits >>> 15) >>> 0;
}

const DOCS: readonly string[] = [
  "/// What it is.\n  ",
  "/** What `it` is,\n   * and *why*: ${x} {@link nobody} <script>\n   */\n  ",
  "/// Ends here: */ or not \\ \u002a/\n  ",
  "// Nothing of use.\n  ",
];

function docs(name: string): string {
  return DOCS[hash(name) % 16] ?? "";
}

function block(head: string, lines: readonly string[]): string {
  return `${head} {\n${lines.map((line) => `  ${line}\n`).join("")}};`;
}

function enumText({ name, values, fallback }: EnumDefinition): string {
  const lines = values.map((value) =>
    `${value.name === fallback ? "[Default] " : ""}${value.name} = ${value.value},`
  );
  return (fallback === undefined ? "" : "[Extensible] ") +
    block(`enum ${name.split(".").at(-1)}`, lines);
}

function attributes(demands: Demands, minVersion = 0): string {
  const { min, max, minLength, maxLength, pattern, jsNumber } = demands;
  const list = [
    minVersion > 0 ? `MinVersion=${minVersion}` : "",
    jsNumber ? "JsNumber" : "",
    min === undefined ? "" : `Min=${min}`,
    max === undefined ? "" : `Max=${max}`,
    minLength === undefined ? "" : `MinLength=${minLength}`,
    maxLength === undefined ? "" : `MaxLength=${maxLength}`,
    pattern === undefined ? "" : `Pattern="${pattern}"`,
  ].filter((text) => text !== "");
  return list.length === 0 ? "" : `[${list.join(", ")}] `;
}
