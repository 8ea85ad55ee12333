/**
 * Makes schemas out of seeds, and newer versions of them.
 *
 * @module
 */
import { memberName } from "../../../idl/meaning/naming.ts";
import { Random } from "../../sim/random.ts";
import { INTEGERS, isDefaultable, isSmall, MemberMaker } from "./member_maker.ts";
import type {
  AliasDefinition,
  BitsDefinition,
  EnumDefinition,
  InterfaceDefinition,
  Member,
  MethodShape,
  ModuleShape,
  Schema,
  StructDefinition,
  UnionDefinition,
  ValueDefinition,
} from "./schema.ts";

const AWKWARD_TYPES = (
  "Map Promise Object Array String Error Symbol BigInt64Array Uint8Array Encoder Decoder Reader Writer " +
  "Interface Remote Receiver RemoteBase Result Fail Open Value Number Boolean Function Date URL Record " +
  "value then w r readA writeA PendingRemote ReadableStream Implementation arguments"
).split(" ");

const BITS_OF = { u8: 8, u16: 16, u32: 32, u64: 64 } as const;

/** Makes one schema. */
class SchemaMaker {
  readonly #random: Random;
  readonly #names = new Set<string>();
  readonly #members: MemberMaker;

  constructor(random: Random) {
    this.#random = random;
    this.#members = new MemberMaker(random);
  }

  schema(): Schema {
    const random = this.#random, modules: ModuleShape[] = [];
    const count = random.oneIn(3) ? 2 : 1;
    for (let i = 0; i < count; i++) {
      const isLast = i === count - 1;
      modules.push({
        file: isLast ? "main" : "base",
        name: isLast ? random.pick(["main", "a.b_c", "test.mojom"]) : "base.lib",
        definitions: this.#definitions(isLast),
      });
    }
    return { modules };
  }

  /** Changes `schema` in the ways that those who have it as it was can live with. */
  newer(schema: Schema): Schema {
    for (const { definitions } of schema.modules) {
      for (const definition of definitions) {
        if (definition.kind === "interface") continue;
        this.#members.complete.push(definition);
        if (definition.kind === "struct") {
          this.#members.complete.push(...definition.nested);
        }
      }
      for (const definition of definitions) {
        if (!this.#random.oneIn(3)) this.#grow(definition);
      }
    }
    return schema;
  }

  #grow(definition: ValueDefinition | InterfaceDefinition): void {
    const random = this.#random;
    switch (definition.kind) {
      case "struct":
        if (isDefaultable(definition)) {
          // Somebody may say `default` for it.
          const fields = this.#members.members(3, false, definition.fields);
          definition.fields.push(...fields.filter(isSmall).map(orMissing));
        } else this.#append(definition.fields);
        definition.nested.forEach((nested) => this.#grow(nested));
        break;
      case "union": {
        if (definition.fallback === undefined) return;
        const names = new Set(
          definition.members.map(({ name }) => memberName(name).name),
        );
        for (let i = 1 + random.below(2); i > 0; i--) {
          definition.members.push(this.#members.member(names, { noDefault: true }));
        }
        break;
      }
      case "enum": {
        if (definition.fallback === undefined) return;
        const values = new Set(definition.values.map(({ value }) => value));
        const value = random.next() | 0;
        if (!values.has(value)) definition.values.push({ name: "kNewcomer", value });
        break;
      }
      case "bits":
        if (!definition.isExtensible) return;
        for (
          let value = 1n;
          value < 1n << BigInt(BITS_OF[definition.base]);
          value <<= 1n
        ) {
          if (definition.values.some((other) => other.value === value)) continue;
          definition.values.push({ name: "kNewcomer", value });
          break;
        }
        break;
      case "interface":
        this.#growInterface(definition);
    }
  }

  #growInterface({ methods, events }: InterfaceDefinition): void {
    const random = this.#random;
    for (const { parameters, reply } of [...methods, ...events]) {
      if (random.oneIn(2)) this.#append(parameters);
      if (reply?.kind === "values" && random.oneIn(2)) this.#append(reply.values, true);
    }
    const names = new Set(methods.map(({ name }) => memberName(name).name));
    const parameters = this.#members.members(random.below(3));
    methods.push({
      name: this.#members.memberName(names),
      parameters,
      reply: this.#members.reply(),
    });
    if (random.oneIn(2)) {
      const renamedFrom = methods[0]!.name;
      methods[0] = { ...methods[0]!, name: this.#members.memberName(names), renamedFrom };
    }
    methods.reverse();
  }

  #append(members: Member[], noDefault = false): void {
    members.push(...this.#members.members(1 + this.#random.below(3), noDefault, members));
  }

  #definitions(withInterface: boolean): ModuleShape["definitions"] {
    const random = this.#random;
    const all: (ValueDefinition | InterfaceDefinition)[] = [];
    for (let i = 1 + random.below(2); i > 0; i--) {
      all.push(this.#enum(this.#typeName("E")));
    }
    if (random.oneIn(2)) all.push(this.#bits());
    for (let i = random.below(3); i > 0; i--) all.push(this.#alias());
    const structs: (StructDefinition | UnionDefinition)[] = [];
    for (let i = 2 + random.below(5); i > 0; i--) {
      structs.push(
        random.oneIn(3)
          ? { kind: "union", name: this.#typeName("U"), members: [], fallback: undefined }
          : { kind: "struct", name: this.#typeName("S"), fields: [], nested: [] },
      );
    }
    this.#members.promised = structs.slice();
    for (const struct of structs) {
      if (struct.kind === "struct") this.#fillStruct(struct);
      else {this.#fillUnion(
          struct as { -readonly [K in keyof UnionDefinition]: UnionDefinition[K] },
        );}
      this.#members.promised = this.#members.promised.filter((other) => other !== struct);
      this.#members.complete.push(struct);
    }
    all.push(...structs);
    if (withInterface) all.push(this.#interface());
    // The order of definitions means nothing.
    for (let i = all.length; i > 1; i--) {
      const other = random.below(i);
      [all[i - 1], all[other]] = [all[other]!, all[i - 1]!];
    }
    return all;
  }

  #typeName(letter: string): string {
    const random = this.#random;
    for (;;) {
      const name = random.oneIn(6)
        ? random.pick(AWKWARD_TYPES)
        : letter + random.below(1000);
      if (this.#names.has(name)) continue;
      this.#names.add(name);
      return name;
    }
  }

  #enum(name: string): EnumDefinition {
    const random = this.#random, values: { name: string; value: number }[] = [];
    let next = random.oneIn(3) ? -3 : 0;
    for (let i = 0; i < 1 + random.below(5); i++) {
      const spelled = random.oneIn(2) ? `kValue${i}` : `VALUE_${i}`;
      values.push({ name: spelled, value: next });
      next += random.oneIn(3) ? 1 + random.below(1000) : 1;
    }
    if (random.oneIn(4)) values.push({ name: "kMin", value: -0x8000_0000 });
    if (random.oneIn(4)) values.push({ name: "kMax", value: 0x7fff_ffff });
    const fallback = random.oneIn(2) ? random.pick(values).name : undefined;
    const made: EnumDefinition = { kind: "enum", name, values, fallback };
    this.#members.complete.push(made);
    return made;
  }

  #bits(): BitsDefinition {
    const random = this.#random, base = random.pick(["u8", "u16", "u32", "u64"] as const);
    const values: { name: string; value: bigint }[] = [];
    for (let i = 0; i < 1 + random.below(8); i++) {
      const spread = random.oneIn(3) ? BITS_OF[base] - 1 - i : i;
      if (values.some(({ value }) => value === 1n << BigInt(spread))) continue;
      values.push({ name: `kBit${i}`, value: 1n << BigInt(spread) });
    }
    const isExtensible = random.oneIn(2);
    const name = this.#typeName("B");
    const made: BitsDefinition = { kind: "bits", name, base, values, isExtensible };
    this.#members.complete.push(made);
    return made;
  }

  #alias(): AliasDefinition {
    const slot = { shape: this.#members.shape(1), optional: false };
    const demands = slot.shape.kind === "defined" ? {} : this.#members.demands(slot);
    const name = this.#typeName("A");
    const made: AliasDefinition = { kind: "alias", name, slot, demands };
    this.#members.complete.push(made);
    return made;
  }

  #fillStruct(struct: StructDefinition): void {
    const random = this.#random;
    if (random.oneIn(4)) struct.nested.push(this.#enum(`${struct.name}.Kind`));
    const count = random.oneIn(12)
      ? 0
      : random.oneIn(8)
      ? 20 + random.below(20)
      : 1 + random.below(8);
    const fields = this.#members.members(count);
    struct.fields.push(
      ...random.oneIn(4) ? fields.filter(isSmall).map(orMissing) : fields,
    );
  }

  #fillUnion(
    union: { -readonly [K in keyof UnionDefinition]: UnionDefinition[K] },
  ): void {
    const random = this.#random, names = new Set<string>();
    const count = 1 + random.below(5);
    // The first one always has a value without more of its own kind in it.
    union.members.push(
      this.#members.member(names, { noDefault: true }, this.#members.leaf()),
    );
    for (let i = 1; i < count; i++) {
      const shape = random.oneIn(4) && this.#members.promised.length > 0
        ? { kind: "defined" as const, to: random.pick(this.#members.promised) }
        : undefined;
      // What contains a struct that contains the union is no circle: a union breaks it.
      union.members.push(this.#members.member(names, { noDefault: true }, shape));
    }
    if (!random.oneIn(2)) return;
    const fallback = this.#members.member(
      names,
      { noDefault: true },
      { kind: "number", number: random.pick(INTEGERS) },
    );
    // Whoever reads an unknown member says nothing about it, whatever the bounds are.
    union.members.push({ ...fallback, optional: random.oneIn(2), demands: {} });
    union.fallback = fallback.name;
  }

  #interface(): InterfaceDefinition {
    const random = this.#random, names = new Set<string>();
    const methods: MethodShape[] = [], events: MethodShape[] = [];
    for (let i = 2 + random.below(5); i > 0; i--) {
      methods.push({
        name: this.#members.memberName(names),
        parameters: this.#members.members(random.below(6)),
        reply: this.#members.reply(),
      });
    }
    for (let i = random.below(3); i > 0; i--) {
      const name = `On${1000 + i}`;
      events.push({
        name,
        parameters: this.#members.members(random.below(4)),
        reply: undefined,
      });
    }
    return { kind: "interface", name: this.#typeName("I"), methods, events };
  }
}

/** A member of which nothing has to be said. */
function orMissing(member: Member): Member {
  return member.default === undefined ? { ...member, optional: true } : member;
}

/** The schema of a seed. */
export function randomSchema(seed: number): Schema {
  return new SchemaMaker(new Random(seed)).schema();
}

/** A schema that can take the place of `old` while others still have that one. */
export function evolve(old: Schema, seed: number): Schema {
  const random = new Random(seed);
  return new SchemaMaker(random).newer(structuredClone(old));
}
