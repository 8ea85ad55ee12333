/**
 * Reads constants.
 *
 * @module
 */
import type { TokenCursor } from "./cursor.ts";
import type { ItemStart } from "./parse_attributes.ts";
import { parseConstant } from "./parse_value.ts";
import { isFieldAhead, parseDeclared } from "./parse_field.ts";
import { takeSemicolon } from "./recovery.ts";
import { spanOf } from "./token.ts";
import type { ConstNode } from "./tree.ts";

/** Reads a constant from behind its keyword on; undefined after an error that leaves it unread. */
export function parseConst(
  cursor: TokenCursor,
  start: ItemStart,
): ConstNode | undefined {
  const declared = parseDeclared(cursor, "a name of the constant");
  if (declared === undefined || cursor.expect("=") === undefined) return undefined;
  const value = parseConstant(cursor);
  if (value === undefined) return undefined;
  const span = spanOf(start.first, cursor.previous);
  takeSemicolon(cursor, () => isFieldAhead(cursor));
  return { kind: "const", ...start, ...declared, value, ...span };
}
