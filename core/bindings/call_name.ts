/**
 * What is said of a message when something is wrong with it.
 *
 * @module
 */
import { BadMessageError } from "../errors.ts";
import type { InterfaceNames } from "./interface.ts";

/** The name of a method or an event, for people. */
export function callName({ name, methods, events }: InterfaceNames, id: number): string {
  const called = methods.find(([method]) => method === id) ??
    events?.names.find(([event]) => event === id);
  return called === undefined ? `${name} (method ${id})` : `${name}.${called[1]}`;
}

/** What was thrown while a message was decoded, with where that was. */
export function badMessage(error: unknown, where: string): BadMessageError {
  if (error instanceof BadMessageError) {
    return new BadMessageError(error.rule, error.offset, ` in ${where}`, error.path);
  }
  return new BadMessageError("undecodable", 0, ` in ${where}`);
}
