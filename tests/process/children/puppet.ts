/**
 * A child that does what it is told, as a hostile one would: functions, as source, with what is attached.
 *
 * @module
 */
import * as ipc from "@mage/ipc";

/** What such a function finds. */
export interface Stage {
  /** The library. */
  readonly ipc: typeof ipc;
  /** What it keeps from one time to the next. */
  // deno-lint-ignore no-explicit-any
  readonly kept: Record<string, any>;
  /** What came along. */
  readonly handles: ipc.Handle[];
  /** What goes back. */
  readonly send: ipc.Handle[];
  /** What it was given besides. */
  // deno-lint-ignore no-explicit-any
  readonly args: any[];
  /** Imports a module of the runtime. */
  readonly load: (name: "node:fs") => Promise<typeof import("node:fs")>;
}

/** What it answers. */
export type Answer =
  | { readonly ok: unknown }
  | { readonly error: string; readonly name: string };

const [exitWithLauncher = "true"] = "WorkerGlobalScope" in globalThis ? [] : Deno.args;
const joined = await ipc.Invitation.accept({
  exitWithLauncher: exitWithLauncher === "true",
});
const kept = {};
const load = (name: string) => import(name);

for await (const message of joined.pipe) {
  const { code, args } = JSON.parse(new TextDecoder().decode(message.data));
  const handles = message.handles.splice(0);
  const send: ipc.Handle[] = [];
  const stage: Stage = { ipc, kept, handles, send, args, load };
  let answer: Answer;
  try {
    answer = { ok: await (0, eval)(`(${code})`)(stage) };
  } catch (error) {
    answer = { error: String(error), name: (error as Error).name };
  }
  joined.pipe.write(new TextEncoder().encode(JSON.stringify(answer)), send);
}
