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

/** Reads the attributes of one file. */
export class AttributeReader {
  readonly #tokens: readonly Token[];
  readonly #features: ReadonlySet<string>;
  readonly #diagnostics: DiagnosticList;
  /** Whether the features have left anything out so far. */
  hasLeftOut = false;

  /** Makes one for a file of `tokens`, compiled with `features`. */
  constructor(
    tokens: readonly Token[],
    features: ReadonlySet<string>,
    diagnostics: DiagnosticList,
  ) {
    this.#tokens = tokens;
    this.#features = features;
    this.#diagnostics = diagnostics;
  }

  /** The items that the features leave. What they leave out is not looked at any further. */
  enabled<T extends ItemNode>(items: readonly T[]): readonly T[] {
    // Most files have no condition at all.
    return items.every(({ attributes }) => attributes.length === 0)
      ? items
      : items.filter((item) => {
        const isEnabled = this.isEnabled(item);
        if (!isEnabled) this.hasLeftOut = true;
        return isEnabled;
      });
  }

  /** Whether the features leave `item`. */
  isEnabled({ attributes }: ItemNode): boolean {
    return attributes.every((attribute) => {
      const { text } = attribute.name;
      if (text !== "EnableIf" && text !== "EnableIfNot") return true;
      const names = attribute.values.flatMap((value) =>
        value.kind === "reference" ? [value.name.text] : []
      );
      if (names.length === 0) return true;
      const isOn = (name: string) => this.#features.has(name);
      const holds = this.#isEvery(attribute) ? names.every(isOn) : names.some(isOn);
      return holds === (text === "EnableIf");
    });
  }

  /** Whether the names of a condition have `&` in between. The tree does not say, the tokens do. */
  #isEvery({ values }: AttributeNode): boolean {
    if (values.length < 2) return false;
    const { offset } = values[0]!.end;
    let low = 0;
    let high = this.#tokens.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#tokens[middle]!.start.offset < offset) low = middle + 1;
      else high = middle;
    }
    return this.#tokens[low]!.text.startsWith("&");
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
          `[${name}] is not allowed on ${article(place)}; it belongs to ${
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
  const shown = places.map(article);
  return shown.length === 1
    ? shown[0]!
    : `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}`;
}

function article(place: Place): string {
  if (place === "bits") return "bits";
  return /^[aei]/.test(place) ? `an ${place}` : `a ${place}`;
}
