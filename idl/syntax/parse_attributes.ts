/**
 * Reads `[...]` in front of definitions, items and parameters.
 *
 * @module
 */
import type { TokenCursor } from "./cursor.ts";
import { parseConstant } from "./parse_value.ts";
import { spanOf, type Token } from "./token.ts";
import type { AttributeNode, ConstantNode } from "./tree.ts";

/** How far is looked for a `]` that must be there. */
const MAX_LOOKAHEAD = 64;

/** The start of a definition, an item or a parameter. */
export interface ItemStart {
  /** Its first token, attributes included. */
  readonly first: Token;
  readonly attributes: readonly AttributeNode[];
}

/** Reads the attributes of what comes next. */
export function parseStart(cursor: TokenCursor): ItemStart {
  const first = cursor.peek();
  const attributes: AttributeNode[] = [];
  takeUnopened(cursor);
  while (cursor.is("[")) parseGroup(cursor, attributes);
  return { first, attributes };
}

/** Takes attributes whose '[' is missing. */
function takeUnopened(cursor: TokenCursor): void {
  if (!cursor.isWord() || ![",", "=", "]"].some((sign) => cursor.is(sign, 1))) return;
  // LIMIT: a few tokens.
  for (let ahead = 1; ahead < 16; ahead++) {
    if (cursor.is("]", ahead)) {
      cursor.expected("MG0002", "'['");
      for (let i = 0; i <= ahead; i++) cursor.next();
      return;
    }
    if (["[", ";", "{", "}", "(", ")"].some((sign) => cursor.is(sign, ahead))) return;
  }
}

/**
 * How many tokens from here the attributes end that start `from` places from here; `from` when there are
 * none, or too many to look at.
 */
export function attributesAhead(cursor: TokenCursor, from = 0): number {
  let ahead = from;
  // LIMIT: a number of tokens.
  const end = from + MAX_LOOKAHEAD;
  for (let at = from; at < end && (at > ahead || cursor.is("[", at)); at++) {
    if (cursor.is("]", at)) ahead = at + 1;
  }
  return ahead;
}

function parseGroup(cursor: TokenCursor, attributes: AttributeNode[]): void {
  const open = cursor.next();
  for (;;) {
    if (cursor.take("]") !== undefined) return;
    if (cursor.is(",")) {
      cursor.diagnostics.warning("MG0112", cursor.next(), "this ',' separates nothing");
      continue;
    }
    const attribute = parseAttribute(cursor);
    if (attribute === undefined) return skipGroup(cursor);
    attributes.push(attribute);
    if (cursor.take(",") === undefined && !cursor.is("]")) {
      cursor.expected("MG0002", "']'", {
        message: "the attributes start here",
        span: open,
      });
      return skipGroup(cursor);
    }
  }
}

function parseAttribute(cursor: TokenCursor): AttributeNode | undefined {
  const name = cursor.expectWord("an attribute");
  if (name === undefined) return undefined;
  const values: ConstantNode[] = [];
  let joint: AttributeNode["joint"];
  for (let goesOn = cursor.take("="); goesOn !== undefined;) {
    const value = parseConstant(cursor);
    if (value === undefined) return undefined;
    values.push(value);
    goesOn = cursor.take("|") ?? cursor.take("&");
    if (goesOn === undefined) break;
    joint ??= goesOn.text as "|" | "&";
    if (goesOn.text === joint) continue;
    const message =
      `expected '${joint}' but found '${goesOn.text}': with both it is not ` +
      "clear what is meant";
    cursor.diagnostics.error("MG0002", goesOn, message);
  }
  return { name, values, joint, ...spanOf(name, cursor.previous) };
}

/** Skips to behind the `]`, when it is not far. */
function skipGroup(cursor: TokenCursor): void {
  for (let ahead = 0; ahead < MAX_LOOKAHEAD; ahead++) {
    if (cursor.is("]", ahead)) {
      for (let i = 0; i <= ahead; i++) cursor.next();
      cursor.take("]");
      return;
    }
    const isFar = [";", "{", "}"].some((sign) => cursor.is(sign, ahead));
    if (isFar || (ahead > 0 && (cursor.is("(", ahead) || cursor.is("[", ahead)))) return;
  }
}
