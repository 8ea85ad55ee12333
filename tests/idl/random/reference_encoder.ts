/**
 * The layout of values once more, in the shortest words: what the code that the compiler generates is
 * held against, byte by byte.
 *
 * @module
 */
import type { NumberKind } from "../../../idl/builtin.ts";
import { type Member, resolve, type Slot } from "./schema.ts";
import { difference } from "./difference.ts";
import { kindName, missing, tsName } from "./values.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A string with more units is stored where it stands. */
const LONG_UNITS = 1024;
const HEAD_BYTES = 16;

/** A message that holds nothing but one value. */
export function referenceMessage(
  slot: Slot,
  value: unknown,
): { readonly bytes: Uint8Array; readonly handles: readonly object[] } {
  const writer = new ReferenceWriter();
  writer.value(slot, value);
  const { out, handles, bundle } = writer;
  const strings = new TextEncoder().encode(bundle);
  const bytes = new Uint8Array(HEAD_BYTES + out.length + strings.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = 1;
  view.setUint16(2, handles.length, true);
  view.setUint32(12, HEAD_BYTES + out.length, true);
  bytes.set(out, HEAD_BYTES);
  bytes.set(strings, HEAD_BYTES + out.length);
  return { bytes, handles };
}

class ReferenceWriter {
  readonly out: number[] = [];
  readonly handles: object[] = [];
  bundle = "";

  /** A value that is not missing, as an item of an array. Not a bool: those are bits. */
  value(slot: Slot, value: unknown): void {
    const { shape, demands } = resolve(slot);
    switch (shape.kind) {
      case "bool":
        this.#bits([value === true]);
        break;
      case "string":
        this.#stringHead(value as string);
        this.#stringBody(value as string);
        break;
      case "pipe":
        this.#u32(this.handles.length);
        this.handles.push(value as object);
        break;
      case "number":
        this.#number(shape.number, demands.jsNumber ? BigInt(value as number) : value);
        break;
      case "bytes": {
        const bytes = value as Uint8Array;
        this.#u32(bytes.length);
        for (const byte of bytes) this.out.push(byte);
        break;
      }
      case "array": {
        const items = [...value as Iterable<unknown>];
        if (shape.size === undefined) this.#u32(items.length);
        this.#items(shape.item, items);
        break;
      }
      case "map": {
        const map = value as ReadonlyMap<unknown, unknown>;
        this.#u32(map.size);
        this.#items(shape.key, [...map.keys()]);
        this.#items(shape.value, [...map.values()]);
        break;
      }
      case "defined": {
        const { to } = shape;
        if (to.kind === "struct") this.#struct(to.fields, value as Fields);
        else if (to.kind === "enum") this.#number("i32", value);
        else if (to.kind === "bits") this.#number(to.base, value);
        else {
          const { kind, value: inner } = value as { kind: string; value: unknown };
          const tag = to.members.findIndex((member) => kindName(member) === kind);
          this.#u32(tag);
          this.#sized(
            to.fallback !== undefined,
            () => this.#items(to.members[tag]!, [inner]),
          );
        }
      }
    }
  }

  #items(slot: Slot, items: readonly unknown[]): void {
    const { shape, optional } = resolve(slot);
    if (optional) this.#bits(items.map((item) => item !== undefined));
    if (shape.kind === "bool") this.#bits(items.map((item) => item === true));
    else for (const item of items) if (item !== undefined) this.value(slot, item);
  }

  #struct(members: readonly Member[], fields: Fields): void {
    const versions = [...new Set(members.map(({ minVersion }) => minVersion))];
    const later = versions.filter((version) => version > 0);
    const groupOf = (version: number) =>
      members.filter(({ minVersion }) => minVersion === version);
    while (later.length > 0 && saysNothing(groupOf(later.at(-1)!), fields)) later.pop();
    this.#sized(false, () => {
      this.#group(groupOf(0), fields);
      for (const version of later) {
        this.#sized(true, () => this.#group(groupOf(version), fields));
      }
    });
  }

  #group(members: readonly Member[], fields: Fields): void {
    const all = members.map((member) => {
      const value = fields[tsName(member)];
      return { member, value, ...resolve(member) };
    });
    this.#bits(all.flatMap(({ shape, optional, value }) => [
      ...(optional ? [value !== undefined] : []),
      ...(shape.kind === "bool" ? [value === true] : []),
    ]));
    for (const { member, shape, demands, value } of all) {
      if (value === undefined) continue;
      if (shape.kind === "string") this.#stringHead(value as string);
      else if (shape.kind === "number") {
        this.#number(shape.number, demands.jsNumber ? BigInt(value as number) : value);
      } else if (shape.kind === "pipe" || isScalar(shape)) this.value(member, value);
    }
    for (const { member, shape, value } of all) {
      if (value === undefined) continue;
      if (shape.kind === "string") this.#stringBody(value as string);
      else if (shape.kind === "defined" ? !isScalar(shape) : isVariable(shape.kind)) {
        this.value(member, value);
      }
    }
  }

  /** A size, and what has it; what can be skipped says what else goes with it. */
  #sized(canBeSkipped: boolean, write: () => void): void {
    const { out } = this, at = out.length;
    const units = this.bundle.length, handles = this.handles.length;
    for (let i = canBeSkipped ? 12 : 4; i > 0; i--) out.push(0);
    write();
    const sizes = [out.length - at - 4];
    if (canBeSkipped) {
      sizes.push(this.bundle.length - units, this.handles.length - handles);
    }
    const bytes = new Uint8Array(Uint32Array.from(sizes).buffer);
    bytes.forEach((byte, i) => out[at + i] = byte);
  }

  #bits(bits: readonly boolean[]): void {
    for (let i = 0; i < bits.length; i += 8) {
      let byte = 0;
      bits.slice(i, i + 8).forEach((bit, k) => byte |= bit ? 1 << k : 0);
      this.out.push(byte);
    }
  }

  #stringHead(text: string): void {
    const { length } = text;
    this.#u32(
      length <= LONG_UNITS ? length : 0x8000_0000 + new TextEncoder().encode(text).length,
    );
  }

  #stringBody(text: string): void {
    if (text.length <= LONG_UNITS) this.bundle += text;
    else for (const byte of new TextEncoder().encode(text)) this.out.push(byte);
  }

  #u32(value: number): void {
    this.#number("u32", value);
  }

  #number(number: NumberKind, value: unknown): void {
    const view = new DataView(new ArrayBuffer(8)), of = value as never;
    const write: Record<NumberKind, () => void> = {
      i8: () => view.setInt8(0, of),
      u8: () => view.setUint8(0, of),
      i16: () => view.setInt16(0, of, true),
      u16: () => view.setUint16(0, of, true),
      i32: () => view.setInt32(0, of, true),
      u32: () => view.setUint32(0, of, true),
      i64: () => view.setBigInt64(0, of, true),
      u64: () => view.setBigUint64(0, of, true),
      f32: () => view.setFloat32(0, of, true),
      f64: () => view.setFloat64(0, of, true),
    };
    write[number]();
    const size = Number(number.slice(1)) / 8;
    for (let i = 0; i < size; i++) this.out.push(view.getUint8(i));
  }
}

function isVariable(kind: string): boolean {
  return kind === "bytes" || kind === "array" || kind === "map";
}

/** Whether it lies among the numbers of a struct. */
function isScalar(shape: ReturnType<typeof resolve>["shape"]): boolean {
  return shape.kind === "defined" &&
    (shape.to.kind === "enum" || shape.to.kind === "bits");
}

/** Whether all of a group is as it would be without it. */
function saysNothing(members: readonly Member[], fields: Fields): boolean {
  return members.every((member) => {
    const value = fields[tsName(member)];
    const { optional, shape } = resolve(member);
    const canBeMissing = optional || member.default !== undefined ||
      shape.kind === "bool" || shape.kind === "number" || shape.kind === "string";
    return canBeMissing && difference(value, missing(member)) === null;
  });
}
