/**
 * Why something failed where it is kept, on the wire.
 *
 * @module
 */
import { RemoteError } from "../../core/errors.ts";
import { decodeText, encodeText, MAX_TEXT_BYTES } from "./values.ts";

/** Words of an operating system, which name its own number of the error. */
const SYSTEM_TEXT = /\(os error \d+\)$/;

/**
 * Why the keeper could not do it: the name of its class (u8 bytes) if it is one of Deno's own, and its text.
 *
 * TRUST: the text is the keeper's own affair, so that of a class of Deno's goes along when there is no path
 * in it, and of any other only the words of the operating system.
 */
export function encodeFailure(error: unknown): Uint8Array<ArrayBuffer> {
  const { name, message } = error instanceof Error ? error : { name: "", message: "" };
  const kind = denoError(name),
    known = kind !== null && error instanceof kind ? name : "";
  const isTold = typeof message === "string" && message.length <= 256 &&
    !/[/\\]/.test(message) && (known !== "" || SYSTEM_TEXT.test(message));
  const text = encodeText(isTold ? message : ""), word = encodeText(known);
  const bytes = new Uint8Array(1 + word.length + text.length);
  bytes[0] = word.length;
  bytes.set(word, 1);
  bytes.set(text, 1 + word.length);
  return bytes;
}

/** The error that it makes here, or the rule that it breaks. */
export function decodeFailure(body: Uint8Array): Error | string {
  const length = body[0];
  if (length === undefined || 1 + length > body.length) return "failure-size";
  const name = decodeText(body.subarray(1, 1 + length));
  const text = decodeText(body.subarray(1 + length));
  if (name === null || text === null || body.length - 1 - length > MAX_TEXT_BYTES) {
    return "failure-text";
  }
  const kind = denoError(name);
  if (kind === null && name !== "") return "failure-class";
  return kind === null
    ? new RemoteError(text || "The keeper failed, and does not tell why")
    : new kind(text || `The keeper does not tell more than: ${name}`);
}

/** The class of Deno's own errors with that name. */
function denoError(name: unknown): (new (message: string) => Error) | null {
  // TRUST: `constructor` and its like are no names of errors.
  if (typeof name !== "string" || !Object.hasOwn(Deno.errors, name)) return null;
  return Deno.errors[name as keyof typeof Deno.errors];
}
