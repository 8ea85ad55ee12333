/**
 * Documentation for what is generated: the words of the source, or plain ones where it has none, since
 * every export needs some.
 *
 * @module
 */
import type { Field, Method } from "./model.ts";
import { sourceTypeText } from "./type_text.ts";

/** What a method says. */
export function methodDocs(method: Method): string {
  const what = method.docs || plainDocs(method);
  const tags = method.parameters.flatMap(parameterDocs);
  return tags.length === 0 ? what : `${what}\n\n${tags.join("\n")}`;
}

function plainDocs({ name, reply }: Method): string {
  return reply === undefined ? `Sends \`${name}\`.` : `Calls \`${name}\`.`;
}

function parameterDocs({ tsName, docs }: Field): string[] {
  if (docs === "") return [];
  return [`@param ${tsName} ${docs.replaceAll("\n", "\n  ")}`];
}

/** What a value of a reply says. */
export function replyFieldDocs(field: Field): string {
  return field.docs || `\`${sourceTypeText(field)} ${field.name}\``;
}
