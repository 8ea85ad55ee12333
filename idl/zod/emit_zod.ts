/**
 * Writes `NAME.magen.zod.ts`: schemas for zod, one for each definition, parameter list and reply.
 *
 * A file of its own, since it takes zod with it. A schema and its type cannot drift apart: at the end of the
 * file, what each schema gives is compared with the type in `NAME.magen.ts`, and a difference in any field,
 * in whether it may be missing, or in its type is an error there when the file is compiled.
 *
 * @module
 */
import { integerRange } from "../builtin.ts";
import type { EmitOptions } from "../typescript/file_names.ts";
import { indented } from "../typescript/lines.ts";
import { objectKey, quoted } from "../typescript/literal.ts";
import type {
  Alias,
  Bits,
  Definition,
  Enum,
  Event,
  Field,
  Interface,
  Module,
  Reply,
  Struct,
  Union,
} from "../meaning/model.ts";
import { type ImportNames, NameScope } from "../typescript/name_scope.ts";
import {
  argumentText,
  type Checked,
  optionalText,
  presentText,
  valueText,
  type ZodPlace,
  type ZodText,
  zodType,
} from "./zod_value.ts";
import { ZodImports } from "./zod_imports.ts";
import { BASES, MAPPED, SAME } from "./zod_prelude.ts";

/** The text of `NAME.magen.zod.ts`, which belongs beside `NAME.magen.ts`. Its only line ending is `\n`. */
export function emitZod(module: Module, options: EmitOptions = {}): string {
  return new Emitter(module, options).emit();
}

class Emitter implements ZodPlace {
  readonly #module: Module;
  readonly #imports: ZodImports;
  readonly #scope = new NameScope(["z", "$text", "$float", "$mapped"]);
  readonly #emitted = new Set<Checked>();
  readonly #bases = new Set<keyof typeof BASES>();
  readonly #body: string[] = [];
  readonly #same: string[] = [];
  #maps = false;

  constructor(module: Module, options: EmitOptions) {
    this.#module = module;
    this.#imports = new ZodImports(module, options, this.#scope);
  }

  get imports(): ImportNames {
    return this.#imports.runtime;
  }

  emit(): string {
    const { definitions, fileName } = this.#module;
    // Names of definitions are what other files import: nothing else may have them.
    for (const definition of definitions) this.#scope.name(`${definition.tsName}Schema`);
    const ofKind = <K extends Definition["kind"]>(...kinds: K[]) =>
      definitions.filter((definition) => kinds.includes(definition.kind as K)) as Extract<
        Definition,
        { kind: K }
      >[];
    // ORDER: enums and bits refer to nothing. Structs and unions refer to each other, which their fields
    // can do before there is anything; all else is read at once.
    for (const node of ofKind("enum", "bits")) this.#scalar(node);
    for (const node of ofKind("struct", "union")) this.#compound(node);
    for (const node of ofKind("alias")) this.#alias(node);
    for (const node of ofKind("interface")) this.#interface(node);
    const lines = [
      `// Generated from ${fileName} by magen. Do not edit: change the source and generate again.`,
      "// deno-fmt-ignore-file",
    ];
    if (this.#body.length > 0) {
      lines.push(
        ...this.#imports.lines(),
        ...[...this.#bases].sort().flatMap((name) => ["", ...BASES[name]]),
        ...(this.#maps ? ["", ...MAPPED] : []),
        ...this.#body,
        "",
        ...SAME,
        "",
        "// Does not compile when a schema and its type are not the same.",
        ...this.#same,
      );
    }
    return `${lines.join("\n")}\n`;
  }

  schema(definition: Checked): string {
    const name = `${definition.tsName}Schema`;
    return this.#imports.isHere(definition.origin)
      ? this.#scope.name(name)
      : this.#imports.schema(definition.origin, name);
  }

  type(definition: Definition): string {
    return this.#imports.type(definition.origin, definition.tsName);
  }

  base(name: keyof typeof BASES): string {
    this.#bases.add(name);
    return `$${name}`;
  }

  isLater(definition: Checked): boolean {
    return this.#imports.isHere(definition.origin) && !this.#emitted.has(definition);
  }

  /** Adds a schema, and compares what it gives with `type`. */
  #add(
    docs: string,
    name: string,
    { type, value }: Omit<ZodText, "isLater">,
    tied: string,
  ) {
    this.#body.push("", `/** ${docs} */`, `export const ${name}: ${type} = ${value};`);
    this.#same.push(`true satisfies $Same<z.output<typeof ${name}>, ${tied}>;`);
  }

  #scalar(node: Enum | Bits): void {
    const name = this.schema(node), type = this.type(node);
    this.#emitted.add(node);
    this.#add(
      `Checks values of \`${node.tsName}\`.`,
      name,
      this.#scalarText(node, type),
      type,
    );
  }

  #scalarText(node: Enum | Bits, type: string): Omit<ZodText, "isLater"> {
    if (node.kind === "bits") return bitsText(node);
    if (node.defaultValue !== undefined) {
      return { value: "z.int32()", type: zodType(type) };
    }
    const entries = node.values.map(({ tsName, value }) =>
      `${objectKey(tsName)}: ${value}`
    );
    const enumType = `{ ${entries.join("; ")} }`;
    return {
      value: `z.enum<${enumType}>({ ${entries.join(", ")} })`,
      type: `z.ZodEnum<${enumType}>`,
    };
  }

  #compound(node: Struct | Union): void {
    const name = this.schema(node), type = this.type(node);
    const docs = `Checks values of \`${node.tsName}\`.`;
    if (node.typeMap === undefined) return this.#shape(docs, name, node, type);
    const wire = this.#scope.name(`${node.tsName}_WireSchema`, "wire");
    const wireType = this.#imports.wireType(node);
    const map = this.#imports.map(node);
    this.#maps = true;
    this.#emitted.add(node);
    this.#body.push(
      "",
      `/** ${docs} */`,
      `export const ${name}: ${zodType(type)} = $mapped<${type}, ${wireType}>(`,
      `  ${map},`,
      `  () => ${wire},`,
      ");",
    );
    this.#shape(
      `Checks what is sent for a \`${node.tsName}\`.`,
      wire,
      node,
      wireType,
    );
  }

  #shape(docs: string, name: string, node: Struct | Union, type: string): void {
    if (node.kind === "struct") this.#object(docs, name, node.fields, type);
    else this.#add(docs, name, this.#unionText(node), type);
    this.#emitted.add(node);
  }

  #object(docs: string, name: string, fields: readonly Field[], tied: string): void {
    if (fields.length === 0) {
      // What zod says that an object without fields gives fits too much.
      this.#body.push(
        "",
        `/** ${docs} */`,
        `export const ${name}: ${zodType(tied)} = z.object({});`,
      );
      this.#same.push(`true satisfies $Same<Record<never, never>, ${tied}>;`);
      return;
    }
    const shape = this.#scope.name(name.replace(/Schema(\$*)$/, "Shape$1"));
    const texts = fields.map((field) => ({
      key: objectKey(field.tsName),
      ...valueText(field, this),
    }));
    this.#body.push(
      "",
      `/** The fields of {@linkcode ${name}}. */`,
      `export type ${shape} = {`,
      ...texts.map(({ key, type }) => `  ${key}: ${type};`),
      "};",
    );
    const value = [
      `z.object<${shape}>({`,
      ...indented(texts.map((text) => `${property(text.key, text)},`)),
      "})",
    ];
    this.#add(
      docs,
      name,
      { type: `z.ZodObject<${shape}>`, value: value.join("\n") },
      tied,
    );
  }

  #unionText({ members }: Union): Omit<ZodText, "isLater"> {
    if (members.length === 0) return { value: "z.never()", type: "z.ZodNever" };
    const options = members.map((member) => {
      const kind = quoted(member.tsName), text = valueText(member, this);
      const type = `{ kind: z.ZodLiteral<${kind}>; value: ${text.type} }`;
      return {
        type: `z.ZodObject<${type}>`,
        value: `z.object<${type}>({ kind: z.literal(${kind}), ${
          property("value", text)
        } })`,
      };
    });
    return alternatives("kind", options);
  }

  #alias(node: Alias): void {
    const name = this.#scope.name(`${node.tsName}Schema`);
    const docs = `Checks values of \`${node.tsName}\`.`;
    // Whether it may be missing is said where it is used.
    const value = { ...node.value, optional: false };
    this.#add(docs, name, valueText(value, this), this.type(node));
  }

  #interface(node: Interface): void {
    const type = this.type(node);
    for (const method of node.methods) {
      const tied = `${type}[${quoted(method.tsName)}]`;
      const prefix = `${node.tsName}_${method.name}`;
      const what = `\`${node.tsName}.${method.tsName}\``;
      const takesOptions = method.reply !== undefined && method.reply.kind !== "stream";
      this.#parameters(prefix, what, method, tied, takesOptions);
      if (method.reply !== undefined) this.#reply(prefix, what, method.reply, tied);
    }
    for (const event of node.events) {
      const events = this.#imports.eventsType(node);
      const tied = `${events}[${quoted(event.tsName)}]`;
      const what = `the event \`${node.tsName}.${event.tsName}\``;
      this.#parameters(`${node.tsName}_${event.name}`, what, event, tied, false);
    }
  }

  #parameters(
    prefix: string,
    what: string,
    { parameters }: Event,
    tied: string,
    takesOptions: boolean,
  ): void {
    if (parameters.length === 0) return;
    const name = this.#scope.name(`${prefix}_ParametersSchema`, what);
    const needed = parameters.findLastIndex((field) =>
      !field.optional && field.default === undefined
    );
    const texts = parameters.map((field, i) => {
      const text = argumentText(field, this);
      return i > needed && !field.optional ? optionalText(text) : text;
    });
    this.#body.push(
      "",
      `/** Checks the arguments of ${what}, in their order. */`,
      `export const ${name}: z.ZodTuple<[`,
      ...texts.map(({ type }) => `  ${type},`),
      "], null> = z.tuple([",
      ...texts.map(({ value }) => `  ${value},`),
      "]);",
    );
    const output = `z.output<typeof ${name}>`;
    const given = takesOptions
      ? `[...${output}, (${this.imports.type("CallOptions")} | undefined)?]`
      : output;
    this.#same.push(`true satisfies $Same<${given}, Parameters<${tied}>>;`);
  }

  #reply(prefix: string, what: string, reply: Reply, method: string): void {
    const tied = `Awaited<ReturnType<${method}>>`;
    if (reply.kind === "values") {
      if (reply.fields.length === 0) return;
      const name = this.#scope.name(`${prefix}_ReplySchema`, what);
      this.#object(`Checks what ${what} resolves to.`, name, reply.fields, tied);
      return;
    }
    if (reply.kind === "stream") {
      const name = this.#scope.name(`${prefix}_ItemSchema`, what);
      const item = presentText(reply.item, this);
      const items = `ReturnType<${method}> extends ReadableStream<infer T> ? T : never`;
      this.#add(`Checks what comes out of ${what}.`, name, item, items);
      return;
    }
    const name = this.#scope.name(`${prefix}_ReplySchema`, what);
    this.#add(`Checks what ${what} resolves to.`, name, this.#resultText(reply), tied);
  }

  #resultText(
    { ok, error }: Extract<Reply, { kind: "result" }>,
  ): Omit<ZodText, "isLater"> {
    const value = "type" in ok ? presentText(ok, this) : this.#okText(ok);
    const failed = presentText(error, this);
    return alternatives("ok", [
      {
        type: `z.ZodObject<{ ok: z.ZodLiteral<true>; value: ${value.type} }>`,
        value: `z.object({ ok: z.literal(true), value: ${value.value} })`,
      },
      {
        type: `z.ZodObject<{ ok: z.ZodLiteral<false>; error: ${failed.type} }>`,
        value: `z.object({ ok: z.literal(false), error: ${failed.value} })`,
      },
    ]);
  }

  #okText(fields: readonly Field[]): Omit<ZodText, "isLater"> {
    if (fields.length === 0) return { type: "z.ZodVoid", value: "z.void()" };
    const texts = fields.map((field) => ({
      key: objectKey(field.tsName),
      ...valueText(field, this),
    }));
    const type = `{ ${texts.map(({ key, type }) => `${key}: ${type}`).join("; ")} }`;
    const value = texts.map((text) => property(text.key, text)).join(", ");
    return { type: `z.ZodObject<${type}>`, value: `z.object<${type}>({ ${value} })` };
  }
}

/** A property of an object literal. What is defined further down is looked up when it is needed. */
function property(key: string, { value, isLater }: ZodText): string {
  return isLater ? `get ${key}() { return ${value}; }` : `${key}: ${value}`;
}

function alternatives(
  tag: string,
  options: readonly Omit<ZodText, "isLater">[],
): Omit<ZodText, "isLater"> {
  return {
    type: [
      "z.ZodDiscriminatedUnion<[",
      ...options.map(({ type }) => `  ${type},`),
      `], "${tag}">`,
    ]
      .join("\n"),
    value: [
      `z.discriminatedUnion("${tag}", [`,
      ...options.map(({ value }) => `  ${value},`),
      "])",
    ].join("\n"),
  };
}

function bitsText({ base, isExtensible, values }: Bits): Omit<ZodText, "isLater"> {
  const [, all] = integerRange(base);
  const mask = isExtensible
    ? all
    : values.reduce((sum, { value }) => sum | BigInt(value), 0n);
  const isBigint = base === "u64", hex = `0x${mask.toString(16)}`;
  const refine = mask === all
    ? ""
    : isBigint
    ? `.refine((value) => (value & ~${hex}n) === 0n, "Must have no unknown bits")`
    : `.refine((value) => (value & ~${hex}) === 0, "Must have no unknown bits")`;
  return isBigint
    ? { value: `z.bigint().min(0n).max(${all}n)${refine}`, type: "z.ZodBigInt" }
    : { value: `z.int().min(0).max(${all})${refine}`, type: "z.ZodInt" };
}
