/** The part of `@std/cli/parse-args` that this project uses. @module */

/** What to make of the arguments. */
export interface ParseOptions<B extends string, S extends string, C extends string> {
  readonly boolean?: readonly B[];
  readonly string?: readonly S[];
  readonly collect?: readonly C[];
  readonly alias?: Readonly<Record<string, string>>;
  readonly default?: Readonly<Record<string, unknown>>;
  readonly negatable?: readonly string[];
  /** Called for each argument that is not a known option; return false to leave it out. */
  readonly unknown?: (arg: string, key?: string, value?: unknown) => unknown;
  /** Put what follows `--` into the field `--` instead of `_`. */
  readonly "--"?: boolean;
  readonly stopEarly?: boolean;
}

/** The parsed arguments: options by name, the rest in `_`. */
export type Parsed<B extends string, S extends string, C extends string> =
  & { _: (string | number)[]; "--"?: string[] }
  & { [K in B]: boolean }
  & { [K in Exclude<S, C>]?: string }
  & { [K in C]: string[] };

/** Parses command line arguments. */
export declare function parseArgs<
  B extends string = never,
  S extends string = never,
  C extends string = never,
>(args: readonly string[], options?: ParseOptions<B, S, C>): Parsed<B, S, C>;
