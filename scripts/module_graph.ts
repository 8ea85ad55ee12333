/**
 * What modules import, as `deno info` tells it.
 *
 * @module
 */
import { z } from "zod";

const Resolved = z.object({ specifier: z.string().optional() }).optional();

const Info = z.object({
  modules: z.array(z.object({
    specifier: z.string(),
    size: z.number().optional(),
    dependencies: z.array(z.object({
      specifier: z.string(),
      code: Resolved,
      type: Resolved,
      isDynamic: z.boolean().optional(),
    })).optional(),
  })),
});

/** One import of a module. */
export interface Import {
  /** As it is written. */
  readonly written: string;
  /** The URL it leads to. */
  readonly target: string;
  /** Whether it is there at run time, or for types alone. */
  readonly code: boolean;
  /** Whether it is loaded only when the program comes to it. */
  readonly dynamic: boolean;
}

/** A module. */
export interface Module {
  /** Bytes of its source. */
  readonly size: number;
  /** What it imports. */
  readonly imports: readonly Import[];
}

/** The modules that `entry` reaches, by URL, with names resolved by `config`. */
export async function moduleGraph(
  entry: string,
  config: URL,
): Promise<Map<string, Module>> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", `--config=${decodeURIComponent(config.pathname)}`, entry],
  }).output();
  if (!success) {
    throw new Error(`deno info ${entry}: ${new TextDecoder().decode(stderr)}`);
  }
  const info = Info.parse(JSON.parse(new TextDecoder().decode(stdout)));
  return new Map(info.modules.map((module) => [module.specifier, {
    size: module.size ?? 0,
    imports: (module.dependencies ?? []).flatMap(
      ({ specifier, code, type, isDynamic }) => {
        const target = code?.specifier ?? type?.specifier;
        return target === undefined ? [] : [{
          written: specifier,
          target,
          code: code?.specifier !== undefined,
          dynamic: isDynamic === true,
        }];
      },
    ),
  }]));
}

/** The modules that are loaded when `entry` starts: neither for types alone nor later. */
export function loaded(
  graph: ReadonlyMap<string, Module>,
  entry: string,
): Map<string, Module> {
  const found = new Map<string, Module>(), due = [entry];
  for (let url = due.pop(); url !== undefined; url = due.pop()) {
    const module = graph.get(url);
    if (module === undefined || found.has(url)) continue;
    found.set(url, module);
    for (const { target, code, dynamic } of module.imports) {
      if (code && !dynamic) due.push(target);
    }
  }
  return found;
}
