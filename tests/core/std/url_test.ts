import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { MAX_URL_UNITS, UrlObject } from "../../../core/std/url.ts";

Deno.test("UrlObject sends the normal form of a URL and gives back an equal one", () => {
  const hrefs = [
    "https://user:secret@example.com:8443/a/b?c=d#e",
    "file:///etc/passwd",
    "data:text/plain,hello",
    "https://xn--bcher-kva.example/%C3%BC",
    "web+demo:/.//not-a-host/",
  ];
  for (const href of hrefs) {
    assertEquals(UrlObject.toWire(new URL(href)), { href });
    const url = UrlObject.fromWire({ href });
    assert(url instanceof URL);
    assertEquals(url.href, href);
  }
});

Deno.test("UrlObject refuses text that can be parsed but is written otherwise", () => {
  const hrefs = [
    "https://example.com",
    "HTTPS://example.com/",
    "https://example.com:443/",
    "https://example.com/a/../b",
    "https://example.com/ü",
    " https://example.com/",
    "https://exa\tmple.com/",
    "https:\\\\example.com\\",
  ];
  for (const href of hrefs) {
    assert(URL.canParse(href));
    assertThrows(
      () => UrlObject.fromWire({ href }),
      RangeError,
      "A URL must be in its normal form",
    );
  }
});

Deno.test("UrlObject refuses text that is no URL, and does not repeat it", () => {
  for (const href of ["", "/relative", "secret", "https://", "http://[::1"]) {
    const error = assertThrows(() => UrlObject.fromWire({ href }), RangeError);
    assertEquals(error.message, "A URL must be one that can be parsed");
    assertFalse("cause" in error);
  }
});

Deno.test("UrlObject refuses to send a URL that is too long, or that is text", () => {
  const base = "https://example.com/";
  const longest = new URL(base + "a".repeat(MAX_URL_UNITS - base.length));
  assertEquals(UrlObject.toWire(longest).href.length, MAX_URL_UNITS);
  longest.hash = "b";
  assertThrows(
    () => UrlObject.toWire(longest),
    RangeError,
    "A URL must have at most 2097152 characters: received 2097154",
  );
  assertThrows(
    () => UrlObject.toWire(base as unknown as URL),
    TypeError,
    "A URL must be a URL object",
  );
});

Deno.test("UrlObject refuses to send a URL that says it is written otherwise", () => {
  const url = new URL("https://example.com/");
  Object.defineProperty(url, "href", { value: "https://example.com:443/" });
  assertThrows(() => UrlObject.toWire(url), RangeError, "in its normal form");
});
