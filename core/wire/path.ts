/**
 * Where in a message a value is: what errors call it.
 *
 * @module
 */

/** What one value is called within the one around it: a field by its name, an item by its number. */
export type Label = string | number;

/** How many structs, unions, arrays and maps may lie within one another. The outermost struct is one. */
export const MAX_DEPTH = 64;

/** The path through the first `depth` of `labels` to `last`, as `headers[3].name`. */
export function pathText(labels: readonly Label[], depth: number, last: Label): string {
  let text = "";
  for (let i = 0; i <= depth; i++) {
    const label = i < depth ? labels[i]! : last;
    if (typeof label === "number") text += `[${label}]`;
    else if (label !== "") text += text === "" ? label : `.${label}`;
  }
  return text;
}
