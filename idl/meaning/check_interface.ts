/**
 * Checks interfaces: methods, events and the numbers they have on the wire.
 *
 * @module
 */
import { type Attributes, textOf } from "./attributes.ts";
import { checkFields, highestVersion } from "./check_fields.ts";
import type { InterfaceDeclaration } from "./declaration.ts";
import { docsOf } from "../syntax/docs.ts";
import { deprecatedOf, type FileContext, minVersionOf } from "./file_context.ts";
import { FIRST_RESERVED_ID, isReservedId, methodId } from "./method_id.ts";
import type { Event, Method, Reply, Value } from "./model.ts";
import { NameClaims } from "./name_claims.ts";
import { methodName, replyTypeName } from "./naming.ts";
import { integerOf } from "./number_text.ts";
import { haveOrdinals } from "./ordinals.ts";
import type {
  EventNode,
  InterfaceItemNode,
  MethodNode,
  ReplyNode,
} from "../syntax/tree.ts";

/** The longest that a timer can wait. */
const MAX_TIMEOUT_MS = 0x7fff_ffffn;
/** The head of a message alone. */
const MIN_MESSAGE_BYTES = 20n;
const MAX_MESSAGE_BYTES = 0xffff_ffffn;

/** Fills in an interface. */
export function checkInterface(
  context: FileContext,
  declaration: InterfaceDeclaration,
): void {
  new InterfaceChecker(context, declaration).run();
}

class InterfaceChecker {
  readonly #context: FileContext;
  readonly #declaration: InterfaceDeclaration;
  readonly #claims: NameClaims;
  #version = 0;

  constructor(context: FileContext, declaration: InterfaceDeclaration) {
    this.#context = context;
    this.#declaration = declaration;
    this.#claims = new NameClaims(context.diagnostics);
  }

  run(): void {
    const { node, definition, attributes, isNew, name, span } = this.#declaration;
    const { attributes: reader, exports } = this.#context;
    const items = reader.enabled<InterfaceItemNode>(node.items);
    const methods = items.filter((item) => item.kind === "method");
    const events = items.filter((item) => item.kind === "event");
    definition.isExtensible = attributes.has("Extensible");
    definition.methods = this.#ids(methods, "method").map((id, i) =>
      this.#method(methods[i]!, id)
    );
    definition.events = this.#ids(events, "event").map((id, i) =>
      this.#event(events[i]!, "event", id)
    );
    definition.version = this.#version;
    if (events.length > 0 && isNew) {
      exports.claim(`${definition.tsName}_Events`, `the events of '${name}'`, span);
    }
    this.#checkRuntimeFeature(attributes, name);
  }

  #method(node: MethodNode, id: number): Method {
    const { diagnostics, constants } = this.#context;
    const attributes = this.#context.attributes.read(node, "method");
    const owner = this.#declaration.name;
    const sync = attributes.get("Sync");
    if (sync !== undefined) {
      const message = "[Sync] cannot be: an event loop does not block while it waits; " +
        "remove it, and await the reply";
      diagnostics.error("MG0306", sync, message);
    }
    const reply = node.reply && this.#reply(node, node.reply);
    const timeout = attributes.get("Timeout");
    let timeoutMs: number | undefined;
    if (timeout !== undefined && (reply === undefined || reply.kind === "stream")) {
      const message =
        `[Timeout] is for methods that wait for a reply; remove it, or write ` +
        "'=> ()' behind the parameters";
      diagnostics.error("MG0317", timeout, message);
    } else if (timeout !== undefined) {
      const [value] = timeout.values;
      timeoutMs = constants.integerWithin(value!, owner, 1n, MAX_TIMEOUT_MS);
    }
    const event = this.#event(node, "method", id, attributes);
    return { ...event, ...(timeoutMs === undefined ? {} : { timeoutMs }), reply };
  }

  #event(
    node: MethodNode | EventNode,
    what: "method" | "event",
    id: number,
    attributes: Attributes = this.#context.attributes.read(node, what),
  ): Event {
    const { name: owner } = this.#declaration;
    const { text: name } = node.name;
    const tsName = this.#claims.chosen(methodName(name), node.name);
    const taken =
      `${what} '${name}' is already declared; overloading is not supported, ` +
      "so give it another name";
    if (this.#claims.declare(name, node.name, "MG0302", taken)) {
      this.#claims.claim(tsName, `'${name}'`, node.name);
    }
    const minVersion = minVersionOf(this.#context, attributes, owner) ?? 0;
    const parameters = checkFields(this.#context, node.parameters, "parameter", owner);
    this.#version = Math.max(this.#version, minVersion, highestVersion(parameters));
    this.#checkRuntimeFeature(attributes, owner);
    const size = attributes.get("MaxMessageSize")?.values[0];
    const maxMessageBytes = size && this.#context.constants.integerWithin(
      size,
      owner,
      MIN_MESSAGE_BYTES,
      MAX_MESSAGE_BYTES,
    );
    return {
      name,
      tsName,
      id,
      docs: docsOf(node.first),
      ...deprecatedOf(attributes),
      minVersion,
      ...(maxMessageBytes === undefined ? {} : { maxMessageBytes }),
      parameters: parameters.map(({ field }) => field),
    };
  }

  #reply(method: MethodNode, node: ReplyNode): Reply | undefined {
    const { types, exports } = this.#context;
    const { name: owner, definition, isNew } = this.#declaration;
    const fieldsOf = (nodes: MethodNode["parameters"]) => {
      const checked = checkFields(this.#context, nodes, "reply value", owner);
      this.#version = Math.max(this.#version, highestVersion(checked));
      if (checked.length > 0 && isNew) {
        const type = replyTypeName(definition.tsName, method.name.text);
        const what = `the reply of '${owner}.${method.name.text}'`;
        exports.claim(type, what, method.name);
      }
      return checked.map(({ field }) => field);
    };
    if (node.kind === "values") return { kind: "values", fields: fieldsOf(node.values) };
    if (node.kind === "stream") {
      const item = types.resolve(node.item, owner);
      return item && { kind: "stream", item };
    }
    const ok: Value | ReturnType<typeof fieldsOf> | undefined = "kind" in node.ok
      ? types.resolve(node.ok, owner)
      : fieldsOf(node.ok);
    const error = types.resolve(node.error, owner);
    return ok && error && { kind: "result", ok, error };
  }

  /** The numbers of methods or of events: what is behind `@`, or made of their names. */
  #ids(
    nodes: readonly (MethodNode | EventNode)[],
    what: "method" | "event",
  ): number[] {
    const { diagnostics } = this.#context;
    const numbered = nodes.map(({ name, ordinal }) => ({ span: name, ordinal }));
    const isExplicit = haveOrdinals(this.#context, numbered, what);
    const byId = new Map<number, MethodNode | EventNode>();
    const names = new Set<string>();
    return nodes.map((node) => {
      const { text: name } = node.name;
      const id = isExplicit ? this.#ordinalOf(node, what) : this.#hashOf(node, what);
      // A name that is there twice is reported as that.
      if (id === undefined || names.has(name)) return 0;
      names.add(name);
      const other = byId.get(id);
      byId.set(id, node);
      if (other !== undefined) {
        const how = isExplicit
          ? "give them different ones"
          : `give every ${what} an explicit @N, or rename one of them`;
        const message = `the ids of '${other.name.text}' and '${name}' collide; ${how}`;
        diagnostics.error("MG0305", node.ordinal ?? node.name, message, {
          message: "the other one",
          span: other.ordinal ?? other.name,
        });
      }
      return id;
    });
  }

  #ordinalOf(node: MethodNode | EventNode, what: string): number | undefined {
    const id = integerOf(node.ordinal!.text) ?? -1n;
    if (id >= 0n && id < BigInt(FIRST_RESERVED_ID)) return Number(id);
    const message = `the id of '${node.name.text}' has to be from 0 to ` +
      `${FIRST_RESERVED_ID - 1}: numbers from there on are not for a ${what}; ` +
      "write a lower one";
    this.#context.diagnostics.error("MG0305", node.ordinal!, message);
    return undefined;
  }

  #hashOf(node: MethodNode | EventNode, what: string): number | undefined {
    const { definition, attributes } = this.#declaration;
    const outer = textOfName(attributes) ?? definition.fullName;
    const renamed = node.attributes.find(({ name }) => name.text === "RenamedFrom");
    const inner = renamed && textOf(renamed) || node.name.text;
    const id = methodId(outer, inner);
    if (!isReservedId(id)) return id;
    const message = `the id of '${node.name.text}' is reserved; give every ${what} an ` +
      "explicit @N, or rename it";
    this.#context.diagnostics.error("MG0305", node.name, message);
    return undefined;
  }

  #checkRuntimeFeature(attributes: Attributes, owner: string): void {
    const attribute = attributes.get("RuntimeFeature");
    const [value] = attribute?.values ?? [];
    if (attribute === undefined || value?.kind !== "reference") return;
    const { names, diagnostics } = this.#context;
    const found = names.find(value.name.text, owner, value);
    if (found?.kind === "feature") {
      const message =
        "[RuntimeFeature] disables nothing here; remove it, and ask for the " +
        "feature where the interface is implemented";
      diagnostics.warning("MG0321", attribute, message);
    } else if (found !== undefined || !names.isIncomplete) {
      const message = `'${value.name.text}' is not a feature; define it: ` +
        `feature ${value.name.parts.at(-1)!.text} { const bool default_state = false; }`;
      diagnostics.error("MG0222", value, message);
    }
  }
}

/** `[RenamedFrom]`, when it is there and says something. */
function textOfName(attributes: Attributes): string | undefined {
  const attribute = attributes.get("RenamedFrom");
  return attribute && textOf(attribute) || undefined;
}
