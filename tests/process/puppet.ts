/**
 * Children that do what a test tells them.
 *
 * @module
 */
import { type Child, type Handle, Invitation, type SpawnOptions } from "@mage/ipc";
import type { Answer, Stage } from "./children/puppet.ts";

const SCRIPT = new URL("./children/puppet.ts", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url);

/** A child, and what it can be told. */
export class Puppet implements AsyncDisposable {
  /** The child. */
  readonly child: Child;

  private constructor(child: Child) {
    this.child = child;
  }

  /** Starts one, over a `unix` link and without any permission unless told otherwise. */
  static async spawn(options: SpawnOptions = {}): Promise<Puppet> {
    const own: SpawnOptions = options.link === "worker"
      ? { permissions: "inherit", deadlineMs: 100_000 }
      : { config: CONFIG };
    return new Puppet(await Invitation.spawn(SCRIPT, { ...own, ...options }));
  }

  /** Tells it without waiting for an answer. */
  tell(
    code: (stage: Stage) => unknown,
    handles: Handle[] = [],
    ...args: unknown[]
  ): void {
    const text = JSON.stringify({ code: String(code), args });
    this.child.pipe.write(new TextEncoder().encode(text), handles);
  }

  /** The next answer, and what came with it. */
  async answer<T = unknown>(): Promise<{ ok: T; handles: Handle[] }> {
    const message = await this.child.pipe.receive();
    if (message === null) throw new Error("the child is gone");
    const answer: Answer = JSON.parse(new TextDecoder().decode(message.data));
    const handles = message.handles.splice(0);
    if ("error" in answer) throw new Error(answer.error);
    return { ok: answer.ok as T, handles };
  }

  /** Has it do something, with nothing but what it finds on its stage. Rejects as that does. */
  async do<T>(
    code: (stage: Stage) => T,
    handles: Handle[] = [],
    ...args: unknown[]
  ): Promise<Awaited<T>> {
    this.tell(code, handles, ...args);
    return (await this.answer<Awaited<T>>()).ok;
  }

  /** Has it end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.child.close();
  }
}

/** Text as bytes. */
export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** What is mapped at `at`, as text. */
export function textAt(
  mapping: { readAt(at: number, into: Uint8Array): void },
  at: number,
  length: number,
): string {
  const into = new Uint8Array(length);
  mapping.readAt(at, into);
  return new TextDecoder().decode(into);
}
