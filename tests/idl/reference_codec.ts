/**
 * Writes messages the slow and simple way, from the types themselves and after `docs/wire.md` alone: what
 * generated code has to agree with.
 *
 * @module
 */
import type { Field, Struct, Type, Union, Value } from "../../idl/meaning/model.ts";

type Group = { readonly version: number; readonly fields: readonly Field[] };
const NUMBER_BYTES = (kind: string) => Number(kind.slice(1)) / 8;

/** Writes one message. */
export class ReferenceWriter {
  #bytes: number[] = [];
  #strings = "";
  #handles: object[] = [];

  /** The message whose outermost struct is `value`, with the method number that tests use. */
  message(struct: Struct, value: unknown): number[] {
    this.#struct(struct.fields, value);
    const strings = [...new TextEncoder().encode(this.#strings)];
    return [
      ...[1, 0, this.#handles.length, 0],
      ...littleEndian(0x1234, 4),
      ...littleEndian(0, 4),
      ...littleEndian(16 + this.#bytes.length, 4),
      ...this.#bytes,
      ...strings,
    ];
  }

  #put(value: number | bigint, bytes: number): void {
    this.#bytes.push(...littleEndian(value, bytes));
  }

  /** Writes behind a word that says how many bytes that were. */
  #sized(write: () => void): void {
    const outer = this.#bytes;
    this.#bytes = [];
    write();
    const inner = this.#bytes;
    this.#bytes = outer;
    this.#put(inner.length, 4);
    for (const byte of inner) this.#bytes.push(byte);
  }

  /** The same, with the strings and handles in it, for whoever skips it. */
  #skippable(write: () => void): void {
    this.#sized(() => {
      const units = this.#strings.length, handles = this.#handles.length;
      const outer = this.#bytes;
      this.#bytes = [];
      write();
      const inner = this.#bytes;
      this.#bytes = outer;
      this.#put(this.#strings.length - units, 4);
      this.#put(this.#handles.length - handles, 4);
      for (const byte of inner) this.#bytes.push(byte);
    });
  }

  #struct(fields: readonly Field[], value: unknown): void {
    const versions = [...new Set(fields.map((field) => field.minVersion))];
    const groups: Group[] = versions.map((version) => ({
      version,
      fields: fields.filter((field) => field.minVersion === version),
    }));
    const read = (field: Field) => (value as Record<string, unknown>)[field.tsName];
    while (groups.at(-1)?.fields.every((field) => isMissing(field, read(field)))) {
      if (groups.at(-1)!.version === 0) break;
      groups.pop();
    }
    this.#sized(() => {
      for (const { version, fields } of groups) {
        const write = () => this.#fields(fields, read);
        if (version === 0) write();
        else this.#skippable(write);
      }
    });
  }

  #fields(fields: readonly Field[], read: (field: Field) => unknown): void {
    const flags: boolean[] = [];
    for (const field of fields) {
      const value = read(field);
      if (field.optional) flags.push(value !== undefined);
      if (field.type.kind === "bool") flags.push(value === true);
    }
    this.#bits(flags);
    const present = fields.filter((field) =>
      field.type.kind !== "bool" && read(field) !== undefined
    );
    const isFixed = ({ type }: Field) =>
      !["bytes", "array", "map"].includes(type.kind) &&
      !(type.kind === "defined" && ["struct", "union"].includes(type.definition.kind));
    for (const field of present.filter(isFixed)) {
      const value = read(field);
      if (typeof value === "string") this.#stringHead(value);
      else this.#value(field.type, value);
    }
    for (const field of present) {
      const value = read(field);
      if (typeof value === "string" && field.type.kind === "string") {
        this.#stringBody(value);
      } else if (!isFixed(field)) this.#value(field.type, value);
    }
  }

  #bits(bits: readonly boolean[]): void {
    for (let i = 0; i < bits.length; i += 8) {
      this.#put(bits.slice(i, i + 8).reduce((sum, bit, k) => sum + (+bit << k), 0), 1);
    }
  }

  #stringHead(value: string): void {
    const isLong = value.length > 1024;
    const bytes = new TextEncoder().encode(value).length;
    this.#put(isLong ? 0x8000_0000 + bytes : value.length, 4);
  }

  #stringBody(value: string): void {
    if (value.length <= 1024) this.#strings += value;
    else for (const byte of new TextEncoder().encode(value)) this.#bytes.push(byte);
  }

  #items({ type, optional }: Value, items: readonly unknown[]): void {
    if (optional) this.#bits(items.map((item) => item !== undefined));
    if (type.kind === "bool") this.#bits(items.map((item) => item === true));
    else for (const item of items) if (item !== undefined) this.#value(type, item);
  }

  #value(type: Type, value: unknown): void {
    switch (type.kind) {
      case "string":
        this.#stringHead(value as string);
        this.#stringBody(value as string);
        break;
      case "bytes":
        this.#sized(() => this.#bytes.push(...value as Uint8Array));
        break;
      case "array": {
        const items = [...value as Iterable<unknown>];
        if (type.size === undefined) this.#put(items.length, 4);
        this.#items(type.item, items);
        break;
      }
      case "map": {
        const entries = value as ReadonlyMap<unknown, unknown>;
        this.#put(entries.size, 4);
        this.#items(type.key, [...entries.keys()]);
        this.#items(type.value, [...entries.values()]);
        break;
      }
      case "handle":
      case "pending":
      case "stream":
        this.#put(this.#handles.length, 4);
        this.#handles.push(value as object);
        break;
      case "defined": {
        const { definition } = type;
        if (definition.kind === "struct") this.#struct(definition.fields, value);
        else if (definition.kind === "union") this.#union(definition, value);
        else if (definition.kind === "enum") this.#put(value as number, 4);
        else this.#put(value as number | bigint, NUMBER_BYTES(definition.base));
        break;
      }
      case "f32":
        this.#bytes.push(...new Uint8Array(new Float32Array([value as number]).buffer));
        break;
      case "f64":
        this.#bytes.push(...new Uint8Array(new Float64Array([value as number]).buffer));
        break;
      default:
        this.#put(value as number | bigint, NUMBER_BYTES(type.kind));
    }
  }

  #union({ members, defaultMember }: Union, value: unknown): void {
    const { kind, value: item } = value as { kind: string; value: unknown };
    const tag = members.findIndex((member) => member.tsName === kind);
    this.#put(tag, 4);
    const write = () => this.#items(members[tag]!, [item]);
    if (defaultMember === undefined) this.#sized(write);
    else this.#skippable(write);
  }
}

function littleEndian(value: number | bigint, bytes: number): number[] {
  const bits = BigInt(value);
  return Array.from({ length: bytes }, (_, i) => Number(bits >> BigInt(8 * i) & 255n));
}

/** Whether a field says no more than it would by being missing. */
function isMissing(field: Field, value: unknown): boolean {
  if (field.default?.kind === "struct") {
    return field.default.definition.fields.every((inner) =>
      isMissing(inner, (value as Record<string, unknown>)[inner.tsName])
    );
  }
  if (field.default !== undefined) return Object.is(value, field.default.value);
  const zeros: readonly unknown[] = [undefined, 0, 0n, false, ""];
  return zeros.some((zero) => Object.is(value, zero));
}
