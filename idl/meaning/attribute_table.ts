/**
 * The attributes of the language: where each may stand, and what it takes.
 *
 * @module
 */

/** What an attribute may stand in front of. */
export type Place =
  | "module"
  | "import"
  | "interface"
  | "method"
  | "event"
  | "parameter"
  | "reply value"
  | "struct"
  | "field"
  | "union"
  | "member"
  | "enum"
  | "enum value"
  | "bits"
  | "bits value"
  | "constant"
  | "feature"
  | "alias";

/** What stands behind `=`. */
export type AttributeValue =
  | "nothing"
  | "text"
  | "text or nothing"
  | "number"
  | "name"
  | "names"
  | "anything";

/** What is known about an attribute. */
export interface AttributeRule {
  readonly places: readonly Place[];
  readonly takes: AttributeValue;
  /** How it is written. */
  readonly example: string;
  /** What the text has to be like. */
  readonly pattern?: RegExp;
  /** Set for what other compilers make use of and this one does not. */
  readonly isInert?: boolean;
}

const DEFINITIONS: readonly Place[] = [
  "interface",
  "struct",
  "union",
  "enum",
  "bits",
  "constant",
  "feature",
  "alias",
];
const FIELDS: readonly Place[] = ["parameter", "reply value", "field", "member"];
const ITEMS: readonly Place[] = [
  "method",
  "event",
  ...FIELDS,
  "enum value",
  "bits value",
];
const CONDITIONAL: readonly Place[] = ["import", ...DEFINITIONS, ...ITEMS];
const EVERYWHERE: readonly Place[] = ["module", ...CONDITIONAL];
const BOUNDED: readonly Place[] = [...FIELDS, "alias"];

function rule(
  places: readonly Place[],
  takes: AttributeValue,
  example: string,
): AttributeRule {
  return { places, takes, example };
}

/** Of Mojom, for C++ and Java. */
const INERT: readonly string[] = (
  "AllowedContext DartPackage DispatchDebugAlias EstimateSize JavaClassName JavaConstantsClassName JavaPackage " +
  "NoInterrupt RequireContext ServiceSandbox SupportsUrgent UnlimitedSize"
).split(" ");

/** Every attribute by its name. */
export const ATTRIBUTES: ReadonlyMap<string, AttributeRule> = new Map<
  string,
  AttributeRule
>([
  ["MinVersion", rule(ITEMS, "number", "[MinVersion=1]")],
  ["Max", rule(BOUNDED, "number", "[Max=100]")],
  ["Min", rule(BOUNDED, "number", "[Min=1]")],
  ["MaxLength", rule(BOUNDED, "number", "[MaxLength=255]")],
  ["MinLength", rule(BOUNDED, "number", "[MinLength=1]")],
  ["Pattern", rule(BOUNDED, "text", '[Pattern="[a-z]+"]')],
  ["JsNumber", rule(BOUNDED, "nothing", "[JsNumber]")],
  ["Copy", rule(BOUNDED, "nothing", "[Copy]")],
  ["Default", rule(["member", "enum value"], "nothing", "[Default]")],
  [
    "Extensible",
    rule(["interface", "union", "enum", "bits"], "nothing", "[Extensible]"),
  ],
  [
    "Stable",
    rule(["module", ...DEFINITIONS, "method", "event"], "nothing", "[Stable]"),
  ],
  ["Deprecated", rule(EVERYWHERE, "text or nothing", '[Deprecated="use Other"]')],
  [
    "RenamedFrom",
    {
      ...rule([...DEFINITIONS, "method", "event"], "text", '[RenamedFrom="OldName"]'),
      pattern: /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/,
    },
  ],
  ["EnableIf", rule(CONDITIONAL, "names", "[EnableIf=some_feature]")],
  ["EnableIfNot", rule(CONDITIONAL, "names", "[EnableIfNot=some_feature]")],
  [
    "RuntimeFeature",
    rule(["interface", "method", "event"], "name", "[RuntimeFeature=kSomeFeature]"),
  ],
  [
    "Uuid",
    {
      ...rule(["interface"], "text", '[Uuid="01234567-89ab-cdef-0123-456789abcdef"]'),
      pattern: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    },
  ],
  ["TypeMap", rule(["struct", "union"], "text", '[TypeMap="./url.ts#UrlMap"]')],
  ["Timeout", rule(["method"], "number", "[Timeout=5000]")],
  ["MaxMessageSize", rule(["method", "event"], "number", "[MaxMessageSize=65536]")],
  ["Sync", rule(["method"], "anything", "[Sync]")],
  ["Native", rule(["struct", "enum"], "anything", "[Native]")],
  ...INERT.map((name): [string, AttributeRule] => [
    name,
    { ...rule(EVERYWHERE, "anything", `[${name}]`), isInert: true },
  ]),
]);
