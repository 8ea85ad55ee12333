/**
 * The numbers behind `@`.
 *
 * @module
 */
import type { FileContext } from "./file_context.ts";
import { integerOf } from "./number_text.ts";
import type { Span, Token } from "../syntax/token.ts";

/** Something that may have an ordinal. */
export interface Numbered {
  readonly span: Span;
  readonly ordinal: Token | undefined;
}

/**
 * `items` in the order of their ordinals, which all or none have, and which go from 0 without a gap. Stays
 * as it is after a report.
 */
export function ordered<T extends Numbered>(
  context: FileContext,
  items: T[],
  what: string,
): T[] {
  if (!haveOrdinals(context, items, what) || !context.isComplete) return items;
  const placed: (T | undefined)[] = items.map(() => undefined);
  for (const item of items) {
    const ordinal = integerOf(item.ordinal!.text);
    if (ordinal === undefined || ordinal < 0n || ordinal >= BigInt(items.length)) {
      const message =
        `ordinals are 0 to ${items.length - 1} here, one for each ${what}; ` +
        `'@${item.ordinal!.text}' is none of them`;
      context.diagnostics.error("MG0304", item.ordinal!, message);
      return items;
    }
    const other = placed[Number(ordinal)];
    if (other !== undefined) {
      const message = `'@${ordinal}' is taken; give each ${what} a number of its own, ` +
        `0 to ${items.length - 1}`;
      context.diagnostics.error("MG0304", item.ordinal!, message, {
        message: "the other one",
        span: other.ordinal!,
      });
      return items;
    }
    placed[Number(ordinal)] = item;
  }
  return placed as T[];
}

/** Whether all have an ordinal. Reports when only some have. */
export function haveOrdinals(
  context: FileContext,
  items: readonly Numbered[],
  what: string,
): boolean {
  const first = items.find(({ ordinal }) => ordinal !== undefined);
  if (first === undefined) return false;
  const bare = items.find(({ ordinal }) => ordinal === undefined);
  if (bare === undefined) return true;
  if (!context.isComplete) return false;
  const message = `either every ${what} has an ordinal or none has; ` +
    "number this one too, or remove the others";
  context.diagnostics.error("MG0303", bare.span, message, {
    message: "this one has an ordinal",
    span: first.ordinal!,
  });
  return false;
}
