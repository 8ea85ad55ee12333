/**
 * Makes schemas that fail smaller.
 *
 * @module
 */
import { randomSchema } from "./random_schema.ts";
import type { Schema } from "./schema.ts";
import { Trial } from "./trial.ts";

/** The smallest schema of a seed, as far as leaving things out gets, that still fails. */
export async function shrink(
  seed: number,
  rounds = 4,
): Promise<{ readonly schema: Schema; readonly error: unknown }> {
  const schema = randomSchema(seed);
  let error: unknown = null, kind: string | null = null;
  const fails = async () => {
    try {
      await new Trial(seed, rounds).play(schema, seed);
      return false;
    } catch (found) {
      // What is left out may be missed elsewhere, which is another failure.
      if (kind !== null && kindOf(found) !== kind) return false;
      error = found;
      return true;
    }
  };
  if (!await fails()) throw new Error(`Seed ${seed} does not fail`);
  kind = kindOf(error);
  for (let changed = true; changed;) {
    changed = false;
    for (const list of listsOf(schema)) {
      for (let i = list.length - 1; i >= 0; i--) {
        const [left] = list.splice(i, 1), last = error;
        if (await fails()) changed = true;
        else {
          list.splice(i, 0, left!);
          error = last;
        }
      }
    }
  }
  return { schema, error };
}

/** What tells failures apart: the code of a diagnostic, or the class. */
function kindOf(error: unknown): string {
  const { name, message } = error as Error;
  return /MG\d{4}/.exec(message)?.[0] ?? name;
}

/** All lists from which something can be left out. */
function listsOf(schema: Schema): unknown[][] {
  const lists: unknown[][] = [];
  for (const { definitions } of schema.modules) {
    // What others refer to does not compile without, and so fails in a way of its own.
    lists.push(definitions);
    for (const definition of definitions) {
      if (definition.kind === "struct") lists.push(definition.fields);
      if (definition.kind === "union") lists.push(definition.members);
      if (definition.kind !== "interface") continue;
      const { methods, events } = definition;
      lists.push(methods, events);
      for (const { parameters, reply } of methods) {
        lists.push(parameters);
        if (reply?.kind === "values") lists.push(reply.values);
      }
    }
  }
  return lists;
}
