/**
 * An end of a transport in another thread, driven from here.
 *
 * @module
 */
import type { Transport } from "../../core/transport.ts";
import type { End } from "./contract.ts";
import type { Flow } from "./flow.ts";

/** What the other thread opens its end from. */
export type Means =
  | { readonly kind: "ring"; readonly shared: SharedArrayBuffer; readonly side: 0 | 1 }
  | { readonly kind: "port"; readonly port: MessagePort };

/** What the other thread is asked to do with an end. */
export type Command =
  | { readonly do: "open"; readonly means: Means }
  | { readonly do: "read"; readonly bytes: number }
  | { readonly do: "write"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly do: "pour" | "drain"; readonly flow: Flow }
  | { readonly do: "endWrites" | "close" }
  /** Writes garbage all over the head of a ring, `times` times, and rings both bells. */
  | {
    readonly do: "scribble";
    readonly shared: SharedArrayBuffer;
    readonly seed: number;
    readonly times: number;
  };

/** A command on its way. */
export interface Request {
  readonly id: number;
  readonly end: number;
  readonly command: Command;
}

/** What came of it. */
export interface Answer {
  readonly id: number;
  readonly error?: string;
  /** Of a read: what was read, or `null` at the end. Of a write: how many bytes. */
  readonly result?: Uint8Array<ArrayBuffer> | number | null | undefined;
}

/** The other thread. */
export class Driver {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer["result"]>>();
  #ends = 0;
  #requests = 0;

  constructor() {
    this.#worker = new Worker(new URL("./driver_worker.ts", import.meta.url), {
      type: "module",
    });
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const waiting = this.#waiting.get(data.id)!;
      this.#waiting.delete(data.id);
      if (data.error !== undefined) waiting.reject(new Error(data.error));
      else waiting.resolve(data.result);
    };
  }

  /** Asks for one thing. */
  ask(
    end: number,
    command: Command,
    transfer: Transferable[] = [],
  ): Promise<Answer["result"]> {
    const request: Request = { id: ++this.#requests, end, command };
    const answer = Promise.withResolvers<Answer["result"]>();
    this.#waiting.set(request.id, answer);
    this.#worker.postMessage(request, transfer);
    return answer.promise;
  }

  /** Opens an end over there. */
  async open(means: Means): Promise<End> {
    const end = ++this.#ends;
    await this.ask(end, { do: "open", means }, means.kind === "port" ? [means.port] : []);
    const transport: Transport = {
      read: async (into) => {
        const bytes = await this.ask(end, { do: "read", bytes: into.length });
        if (!(bytes instanceof Uint8Array)) return null;
        into.set(bytes);
        return bytes.length;
      },
      write: async (bytes) =>
        await this.ask(end, { do: "write", bytes: bytes.slice() }) as number,
      close: () => void this.ask(end, { do: "close" }),
    };
    return {
      transport,
      endWrites: async () => void await this.ask(end, { do: "endWrites" }),
      pour: async (flow) => void await this.ask(end, { do: "pour", flow }),
      drain: async (flow) => void await this.ask(end, { do: "drain", flow }),
    };
  }

  /** Ends the thread, once it has closed what it was asked to. */
  async dispose(): Promise<void> {
    await Promise.allSettled([...this.#waiting.values()].map(({ promise }) => promise));
    this.#worker.terminate();
  }
}
