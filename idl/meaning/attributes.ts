/**
 * Reads what stands in `[...]`, as far as that can be told without knowing any name.
 *
 * @module
 */
import { type AttributeRule, ATTRIBUTES, type Place } from "./attribute_table.ts";
import type { DiagnosticList } from "../diagnostic.ts";
import { didYouMean } from "../suggest.ts";
import type { Token } from "../syntax/token.ts";
import type { AttributeNode, ItemNode } from "../syntax/tree.ts";

/** The attributes of an item, by name: those that may stand there and take what they should. */
export type Attributes = ReadonlyMap<string, AttributeNode>;

const NONE: Attributes = new Map();

/** The items that `features` leave. What they leave out is not looked at any further. */
export function enabledItems<T extends ItemNode>(
  items: readonly T[],
  features: ReadonlySet<string>,
): readonly T[] {
  return items.filter(({ attributes }) =>
    attributes.every((attribute) => holds(attribute, features))
  );
}

/** Whether an attribute is no condition, or one that `features` meet. */
function holds(
  { name: { text }, values, joint }: AttributeNode,
  features: ReadonlySet<string>,
): boolean {
  if (text !== "EnableIf" && text !== "EnableIfNot") return true;
  const names = values.flatMap((value) =>
    value.kind === "reference" ? [value.name.text] : []
  );
  if (names.length === 0) return true;
  const isOn = (name: string) => features.has(name);
  return (joint === "&" ? names.every(isOn) : names.some(isOn)) === (text === "EnableIf");
}

/** Reads the attributes of one file. */
export class AttributeReader {
  readonly #features: ReadonlySet<string>;
  readonly #diagnostics: DiagnosticList;
  /** Whether the features have left anything out so far. */
  hasLeftOut = false;

  /** Makes one for a file that is compiled with `features`. */
  constructor(features: ReadonlySet<string>, diagnostics: DiagnosticList) {
    this.#features = features;
    this.#diagnostics = diagnostics;
  }

  /** As {@linkcode enabledItems}, for the features of the file. */
  enabled<T extends ItemNode>(items: readonly T[]): readonly T[] {
    // Most files have no condition at all.
    if (items.every(({ attributes }) => attributes.length === 0)) return items;
    const enabled = enabledItems(items, this.#features);
    if (enabled.length < items.length) this.hasLeftOut = true;
    return enabled;
  }

  /** The attributes of an item that stands at `place`. Reports what is wrong with them. */
  read({ attributes }: ItemNode, place: Place): Attributes {
    if (attributes.length === 0) return NONE;
    const found = new Map<string, AttributeNode>();
    for (const attribute of attributes) {
      const { text: name } = attribute.name;
      const rule = ATTRIBUTES.get(name);
      if (rule === undefined) {
        this.#reportUnknown(attribute.name);
        continue;
      }
      const first = found.get(name);
      if (first !== undefined) {
        const message = `[${name}] is here twice; remove one of them`;
        this.#diagnostics.error("MG0313", attribute.name, message, {
          message: "the other one",
          span: first.name,
        });
        continue;
      }
      if (!rule.places.includes(place)) {
        this.#diagnostics.error(
          "MG0311",
          attribute.name,
          `[${name}] is not allowed on ${withArticle(place)}; it belongs to ${
            placesText(rule)
          }`,
        );
        continue;
      }
      if (rule.isInert) {
        const message =
          `[${name}] of Mojom does nothing here, and nothing enforces it; ` +
          `remove it`;
        this.#diagnostics.warning("MG0320", attribute.name, message);
        continue;
      }
      if (fits(attribute, rule)) {
        found.set(name, attribute);
      } else {
        const message = `[${name}] takes ${takesText(rule)}: write ${rule.example}`;
        this.#diagnostics.error("MG0312", attribute, message);
      }
    }
    return found;
  }

  #reportUnknown(name: Token): void {
    if (this.#diagnostics.isFull) {
      this.#diagnostics.error("MG0310", name, "unknown attribute");
      return;
    }
    const hint = didYouMean(name.text, ATTRIBUTES.keys()) || "; remove it";
    this.#diagnostics.error("MG0310", name, `unknown attribute '${name.text}'${hint}`);
  }
}

/** The text of an attribute that takes one; empty without. */
export function textOf(attribute: AttributeNode): string {
  const [value] = attribute.values;
  return value?.kind === "string" ? value.text : "";
}

function fits({ values }: AttributeNode, { takes, pattern }: AttributeRule): boolean {
  const [value] = values;
  if (pattern !== undefined && value?.kind === "string") {
    return values.length === 1 && pattern.test(value.text);
  }
  switch (takes) {
    case "nothing":
      return value === undefined;
    case "text":
      return values.length === 1 && value!.kind === "string";
    case "text or nothing":
      return values.length === 0 || (values.length === 1 && value!.kind === "string");
    case "number":
      return values.length === 1 && value!.kind !== "string";
    case "name":
      return values.length === 1 && value!.kind === "reference";
    case "names":
      return values.length > 0 && values.every(({ kind }) => kind === "reference");
    case "anything":
      return true;
  }
}

function takesText({ takes, pattern }: AttributeRule): string {
  if (pattern !== undefined) return "a text of a certain form";
  switch (takes) {
    case "nothing":
      return "no value";
    case "text":
    case "text or nothing":
      return "a text in quotes";
    case "number":
      return "a number";
    default:
      return "a name";
  }
}

function placesText({ places }: AttributeRule): string {
  const shown = places.map(withArticle);
  return shown.length === 1
    ? shown[0]!
    : `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}`;
}

/** What stands at a place, or is declared, with its article. */
export function withArticle(noun: string): string {
  if (noun === "bits") return "bits";
  return /^[aei]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}
