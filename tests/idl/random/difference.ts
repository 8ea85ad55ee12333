/**
 * Equality that takes nothing for granted.
 *
 * @module
 */

type Fields = Readonly<Record<string, unknown>>;

/** Where two values differ, with both; `null` when they are the same to the last bit. */
export function difference(
  one: unknown,
  other: unknown,
  isSame: (one: object, other: object) => boolean = () => false,
  path = "value",
): string | null {
  if (Object.is(one, other)) return null;
  const differ = () => `${path}: ${Deno.inspect(one)} is not ${Deno.inspect(other)}`;
  if (typeof one !== "object" || typeof other !== "object") return differ();
  if (one === null || other === null) return differ();
  if (isSame(one, other)) return null;
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return differ();
  if (one instanceof Map) {
    const entries = [...one], others = [...other as Map<unknown, unknown>];
    return difference(entries, others, isSame, path);
  }
  if (Array.isArray(one) || ArrayBuffer.isView(one)) {
    const list = one as unknown as ArrayLike<unknown>;
    const others = other as unknown as ArrayLike<unknown>;
    if (list.length !== others.length) return `length of ${differ()}`;
    for (let i = 0; i < list.length; i++) {
      const found = difference(list[i], others[i], isSame, `${path}[${i}]`);
      if (found !== null) return found;
    }
    return null;
  }
  if (Object.getPrototypeOf(one) !== Object.prototype) return differ();
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const [a, b] = [one, other].map((value) => (value as Fields)[key]);
    const found = difference(a, b, isSame, `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}
