/**
 * Documentation for what is generated: the words of the source, or plain ones where it has none, since
 * every export needs some.
 *
 * @module
 */
import type { Event, Field, Method, Value } from "../meaning/model.ts";
import { sourceTypeText } from "../meaning/type_name.ts";

/** What tags are made of. */
interface Tagged {
  readonly deprecated?: string | undefined;
  readonly minVersion?: number | undefined;
}

/** Documentation with the tags of an item behind it. */
export function withTags(
  docs: string,
  item: Tagged,
  more: readonly string[] = [],
): string {
  const tags = [...more];
  if (item.minVersion !== undefined && item.minVersion > 0) {
    tags.push(`@since version ${item.minVersion}`);
  }
  if (item.deprecated !== undefined) tags.push(`@deprecated ${item.deprecated}`);
  return tags.length === 0 ? docs : `${docs}\n\n${tags.join("\n").trimEnd()}`;
}

/** What the source says of a definition, or what it is. */
export function definitionDocs(
  node: {
    readonly docs: string;
    readonly name: string;
    readonly deprecated?: string | undefined;
  },
  what: string,
): string {
  return withTags(node.docs || `The ${what} \`${node.name}\`.`, node);
}

/** What a method says. */
export function methodDocs(method: Method): string {
  const plain = method.reply === undefined
    ? `Sends \`${method.name}\`.`
    : `Calls \`${method.name}\`.`;
  return withTags(method.docs || plain, method, parameterTags(method));
}

/** What an event says. */
export function eventDocs(event: Event): string {
  return withTags(
    event.docs || `The event \`${event.name}\`.`,
    event,
    parameterTags(event),
  );
}

function parameterTags({ parameters }: Event): string[] {
  return parameters.filter(({ docs }) => docs !== "")
    .map(({ tsName, docs }) => `@param ${tsName} ${docs.replaceAll("\n", "\n  ")}`);
}

/** What a field of a struct or a value of a reply says: without words, how it is declared. */
export function fieldDocs(field: Field): string {
  return withTags(field.docs || declaration(field, field.name), field);
}

/** How a value is declared, for people. */
export function declaration(value: Value, name: string): string {
  return `\`${sourceTypeText(value)} ${name}\``;
}
