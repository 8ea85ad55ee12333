/**
 * Checks what can only be seen once all definitions of a file are known: what they lead to.
 *
 * Files do not import each other in a circle, so a circle of definitions is within one file, and all that
 * is imported has been looked at. Every edge is followed a bounded number of times.
 *
 * @module
 */
import {
  type Declaration,
  describeDeclaration,
  type InterfaceDeclaration,
  type StructDeclaration,
  type UnionDeclaration,
} from "./declaration.ts";
import type { FileContext } from "./file_context.ts";
import type { Definition, Field, Struct, Type, Union } from "./model.ts";
import type { Span } from "../syntax/token.ts";

/** A definition whose values hold others. */
type Compound = StructDeclaration | UnionDeclaration;

/** Notes of one diagnostic. */
const MAX_NOTES = 4;

/** Checks the definitions of one file together. */
export function checkGraph(
  context: FileContext,
  declarations: readonly Declaration[],
): void {
  const compounds = declarations.filter((it): it is Compound =>
    it.kind === "struct" || it.kind === "union"
  );
  const interfaces = declarations.filter((it) => it.kind === "interface");
  checkEndless(context, compounds);
  findResources(context, compounds);
  checkStable(context, compounds, interfaces);
  checkStructDefaults(context, compounds);
}

function fieldsOf({ definition }: Compound): readonly Field[] {
  return definition.kind === "struct" ? definition.fields : definition.members;
}

/** What a value of the field surely holds, if that may have a part in a circle. */
function neededBy({ type, optional }: Field): Struct | Union | undefined {
  let isOptional = optional;
  let inner = type;
  // An array of a size is never empty.
  while (!isOptional && inner.kind === "array" && inner.size !== undefined) {
    isOptional = inner.item.optional;
    inner = inner.item.type;
  }
  if (isOptional || inner.kind !== "defined") return undefined;
  const { definition } = inner;
  return definition.kind === "struct" || definition.kind === "union"
    ? definition
    : undefined;
}

/** Reports structs, and unions, of which no value has an end. */
function checkEndless(context: FileContext, compounds: readonly Compound[]): void {
  const own = new Map<Definition, Compound>();
  for (const compound of compounds) own.set(compound.definition, compound);
  const waiting = new Map<Compound, number>();
  const dependents = new Map<Compound, Compound[]>();
  const finite: Compound[] = [];
  for (const compound of compounds) {
    const needs = fieldsOf(compound).map((field) => {
      const needed = neededBy(field);
      return needed && own.get(needed);
    });
    const open = needs.filter((it) => it !== undefined);
    // A struct needs all of its fields, a union one member.
    const count = compound.kind === "struct"
      ? open.length
      : Number(open.length === needs.length && needs.length > 0);
    waiting.set(compound, count);
    if (count === 0) finite.push(compound);
    for (const needed of open) {
      const others = dependents.get(needed);
      if (others === undefined) dependents.set(needed, [compound]);
      else others.push(compound);
    }
  }
  for (let compound; (compound = finite.pop()) !== undefined;) {
    for (const dependent of dependents.get(compound) ?? []) {
      const count = waiting.get(dependent)! - 1;
      waiting.set(dependent, count);
      if (count === 0) finite.push(dependent);
    }
  }
  reportCircles(context, compounds.filter((it) => waiting.get(it)! > 0), own);
}

interface Edge {
  readonly from: Compound;
  readonly field: Field;
}

function reportCircles(
  { diagnostics, spans }: FileContext,
  endless: readonly Compound[],
  own: ReadonlyMap<Definition, Compound>,
): void {
  const isEndless = new Set(endless);
  const visited = new Map<Compound, number>();
  for (const start of endless) {
    const path: Edge[] = [];
    const from = visited.size;
    let at = start;
    // LIMIT: each definition is visited once.
    while (!visited.has(at)) {
      visited.set(at, visited.size);
      const [field, next] = leading(at, isEndless, own);
      path.push({ from: at, field });
      at = next;
    }
    const entry = visited.get(at)! - from;
    // It leads to a circle that has been reported.
    if (entry < 0) continue;
    const [first, ...others] = path.slice(entry);
    const what = describeDeclaration(first!.from);
    const through = others.length === 0
      ? ""
      : ` through ${
        others.slice(0, MAX_NOTES).map((it) => `'${it.from.name}'`).join(", ")
      }`;
    const how = others.length === 0
      ? `make '${first!.field.name}' optional or an array`
      : "make one of the fields in between optional or an array";
    diagnostics.error(
      "MG0210",
      spans.get(first!.field)!,
      `${what} contains itself${through}; ${how}`,
      ...others.slice(0, MAX_NOTES).map(({ field, from }) => ({
        message: `'${from.name}' goes on with '${field.name}'`,
        span: spans.get(field)!,
      })),
    );
  }
}

function leading(
  compound: Compound,
  isEndless: ReadonlySet<Compound>,
  own: ReadonlyMap<Definition, Compound>,
): [Field, Compound] {
  for (const field of fieldsOf(compound)) {
    const needed = neededBy(field);
    const next = needed && own.get(needed);
    if (next !== undefined && isEndless.has(next)) return [field, next];
  }
  throw new Error(`Nothing in ${compound.name} leads on`);
}

/** Every definition that a type names, at whatever depth, and whether it names a handle. */
function usesOf(type: Type): { definitions: Definition[]; hasHandle: boolean } {
  const definitions: Definition[] = [];
  let hasHandle = false;
  const open: Type[] = [type];
  for (let at; (at = open.pop()) !== undefined;) {
    switch (at.kind) {
      case "array":
        open.push(at.item.type);
        break;
      case "map":
        open.push(at.key.type, at.value.type);
        break;
      case "stream":
        hasHandle = true;
        open.push(at.item.type);
        break;
      case "handle":
        hasHandle = true;
        break;
      case "pending":
        hasHandle = true;
        definitions.push(at.target);
        break;
      case "defined":
        definitions.push(at.definition);
    }
  }
  return { definitions, hasHandle };
}

/** Adds those that hold a handle, themselves or in something that they hold. */
function findResources(
  { resources }: FileContext,
  compounds: readonly Compound[],
): void {
  const holders = new Map<Definition, Definition[]>();
  const found: Definition[] = [];
  for (const compound of compounds) {
    const { definition } = compound;
    for (const { type } of fieldsOf(compound)) {
      const { definitions, hasHandle } = usesOf(type);
      if (hasHandle) found.push(definition);
      for (const used of definitions) {
        if (resources.has(used)) found.push(definition);
        const others = holders.get(used);
        if (others === undefined) holders.set(used, [definition]);
        else others.push(definition);
      }
    }
  }
  for (let definition; (definition = found.pop()) !== undefined;) {
    if (resources.has(definition)) continue;
    resources.add(definition);
    found.push(...holders.get(definition) ?? []);
  }
}

/** What is stable leads only to what is stable, and what is stored holds no handle. */
function checkStable(
  context: FileContext,
  compounds: readonly Compound[],
  interfaces: readonly InterfaceDeclaration[],
): void {
  const { diagnostics, spans, resources } = context;
  for (const compound of compounds) {
    if (!compound.definition.isStable) continue;
    const what = describeDeclaration(compound);
    for (const field of fieldsOf(compound)) {
      checkStableUse(context, field.type, spans.get(field)!, what);
    }
    if (!resources.has(compound.definition)) continue;
    const message = `[Stable] ${what} holds a handle, which cannot be stored; remove ` +
      "[Stable], or pass the handle as a parameter of its own";
    diagnostics.error("MG0406", compound.span, message);
  }
  for (const declaration of interfaces) {
    const { definition, span } = declaration;
    if (!definition.isStable) continue;
    const what = describeDeclaration(declaration);
    const use = (type: Type, place: Span) => checkStableUse(context, type, place, what);
    const useAll = (fields: readonly Field[]) => {
      for (const field of fields) use(field.type, spans.get(field)!);
    };
    for (const { parameters } of definition.events) useAll(parameters);
    for (const { parameters, reply } of definition.methods) {
      useAll(parameters);
      if (reply?.kind === "values") useAll(reply.fields);
      if (reply?.kind === "stream") use(reply.item.type, span);
      if (reply?.kind !== "result") continue;
      use(reply.error.type, span);
      if ("type" in reply.ok) use(reply.ok.type, span);
      else useAll(reply.ok);
    }
  }
}

function checkStableUse(
  { diagnostics }: FileContext,
  type: Type,
  span: Span,
  what: string,
): void {
  for (const { isStable, kind, name } of usesOf(type).definitions) {
    if (isStable) continue;
    const message = `[Stable] ${what} uses ${kind} '${name}', which is not; ` +
      `write [Stable] before '${name}'`;
    diagnostics.error("MG0405", span, message);
    return;
  }
}

/** `default` stands for a struct only when each of its fields can be left out, and only without an end. */
function checkStructDefaults(
  { diagnostics, structDefaults, resources, spans, index, unresolved, isComplete }:
    FileContext,
  compounds: readonly Compound[],
): void {
  const needed = new Map<Struct, Field | undefined>();
  for (const { struct, span } of structDefaults) {
    if (struct.typeMap !== undefined) {
      const message = `'default' of '${struct.name}' is not known here, because its ` +
        "[TypeMap] makes the values; make the field optional instead";
      diagnostics.error("MG0224", span, message);
      continue;
    }
    if (!needed.has(struct)) {
      const isNeeded = (it: Field) => !it.optional && it.default === undefined;
      needed.set(struct, struct.fields.find(isNeeded));
    }
    const field = needed.get(struct);
    const isUnknown = !isComplete || index.get(struct)!.scope.isBroken ||
      (field !== undefined && unresolved.has(field));
    if (isUnknown) continue;
    if (field !== undefined) {
      const place = spans.get(field);
      diagnostics.error(
        "MG0224",
        span,
        `'default' of '${struct.name}' has nothing for its field '${field.name}'; ` +
          "give that a default, or make it optional",
        ...place === undefined ? [] : [{ message: "this field", span: place }],
      );
    } else if (resources.has(struct)) {
      const message = `struct '${struct.name}' holds a handle, which no default stands ` +
        "for; make this field optional instead";
      diagnostics.error("MG0227", span, message);
    }
  }
  checkEndlessDefaults({ diagnostics, spans }, compounds);
}

/** Reports structs whose default holds the default of themselves. */
function checkEndlessDefaults(
  { diagnostics, spans }: Pick<FileContext, "diagnostics" | "spans">,
  compounds: readonly Compound[],
): void {
  const state = new Map<Struct, "open" | "done">();
  for (const { definition: start } of compounds) {
    if (start.kind !== "struct" || state.has(start)) continue;
    const path: { struct: Struct; next: number }[] = [{ struct: start, next: 0 }];
    state.set(start, "open");
    for (let top; (top = path.at(-1)) !== undefined;) {
      const field = top.struct.fields[top.next++];
      if (field === undefined) {
        state.set(top.struct, "done");
        path.pop();
        continue;
      }
      if (field.default?.kind !== "struct") continue;
      const { definition } = field.default;
      const span = spans.get(field);
      if (span === undefined) continue;
      if (state.get(definition) === "open") {
        const message = `the default of '${field.name}' holds itself, without an end; ` +
          "make the field optional, without a default";
        diagnostics.error("MG0226", span, message);
      } else if (!state.has(definition)) {
        state.set(definition, "open");
        path.push({ struct: definition, next: 0 });
      }
    }
  }
}
