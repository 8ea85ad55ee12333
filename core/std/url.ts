/**
 * URLs, for `std.Url`. Nothing here puts one into the text of an error: it may hold a password.
 *
 * @module
 */
import type { TypeMap } from "../bindings/type_map.ts";

/** A URL. */
export type UrlObject = URL;

/** The most UTF-16 units of a URL, as in Chromium. */
export const MAX_URL_UNITS: number = 2 * 1024 * 1024;

/** URLs as text, in the form that the URL standard gives them. */
export const UrlObject: TypeMap<UrlObject, { readonly href: string }> = {
  toWire(value) {
    if (!(value instanceof URL)) throw new TypeError("A URL must be a URL object");
    const { href } = value;
    if (href.length > MAX_URL_UNITS) {
      throw new RangeError(
        `A URL must have at most ${MAX_URL_UNITS} characters: received ${href.length}`,
      );
    }
    parsed(href);
    return { href };
  },
  fromWire: ({ href }) => parsed(href),
};

function parsed(href: string): URL {
  // TRUST: two readers that take a URL for different ones are how checks of URLs get fooled. What is not the
  // form that every reader writes it in is refused.
  const url = URL.parse(href);
  if (url === null) throw new RangeError("A URL must be one that can be parsed");
  if (url.href !== href) throw new RangeError("A URL must be in its normal form");
  return url;
}
