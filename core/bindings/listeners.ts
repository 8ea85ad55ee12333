/**
 * Who listens to the events of an interface.
 *
 * @module
 */
import type { Binding } from "../system/binding.ts";
import type { Handle } from "../system/handle.ts";
import type { Decoder } from "../wire/decoder.ts";
import type { EventTable, IncomingEvent, InterfaceNames, Received } from "./interface.ts";
import { callName } from "./call_name.ts";

/** For each event what adds a listener, and returns what takes it away again. */
export type Listening<E extends object> = {
  readonly [K in keyof E]: E[K] extends (...args: infer A) => void
    ? (listener: { method(...args: Received<A>): void }["method"]) => () => void
    : never;
};

/** One listener. The same function may be there several times. */
interface Entry {
  readonly listener: unknown;
}

/** The listeners of one remote. As an {@linkcode IncomingEvent} it is the event it is handling. */
export class Listeners<E extends object> implements IncomingEvent<E> {
  /** Reads the message. */
  readonly decoder: Decoder;
  readonly #interface: InterfaceNames & { readonly events?: EventTable<E> };
  readonly #binding: Binding;
  readonly #entries = new Map<string, Set<Entry>>();
  #listening: Listening<E> | null = null;
  #bytes = 0;

  /** Makes them, without any. */
  constructor(
    iface: InterfaceNames & { readonly events?: EventTable<E> },
    decoder: Decoder,
    binding: Binding,
  ) {
    this.#interface = iface;
    this.decoder = decoder;
    this.#binding = binding;
  }

  /** What adds listeners. */
  get listening(): Listening<E> {
    return this.#listening ??= this.#makeListening();
  }

  #makeListening(): Listening<E> {
    // Without a prototype, no name means anything but an event.
    const listening = Object.create(null) as Record<string, unknown>;
    for (const [, name, property] of this.#interface.events?.names ?? []) {
      const entries = new Set<Entry>();
      this.#entries.set(property, entries);
      listening[property] = (listener: unknown) => {
        if (typeof listener !== "function") {
          throw new TypeError(
            `Cannot listen to ${this.#interface.name}.${name}: the listener must be a function`,
          );
        }
        const entry: Entry = { listener };
        entries.add(entry);
        return () => void entries.delete(entry);
      };
    }
    return listening as Listening<E>;
  }

  /** Takes the message of `bytes` bytes that the decoder has begun. Throws when it makes no sense. */
  hear(bytes: number): void {
    this.#bytes = bytes;
    const { events } = this.#interface;
    if (events === undefined) this.unknownEvent();
    else events.hear(this);
  }

  /** The number of the event. */
  get method(): number {
    return this.decoder.method;
  }

  /** See {@linkcode IncomingEvent.limit}. */
  limit(maxBytes: number): void {
    if (this.#bytes > maxBytes) this.decoder.fail("message-size");
  }

  /** See {@linkcode IncomingEvent.tell}. */
  tell<K extends keyof E & string>(event: K, call: (listener: E[K]) => void): void {
    if (this.decoder.request !== 0) this.decoder.fail("event-request");
    this.decoder.finish();
    const { method, handles } = this.decoder, entries = this.#entries.get(event);
    if (entries === undefined || entries.size === 0) {
      closeAll(handles);
      return; // Benign: nobody listens.
    }
    for (const entry of [...entries]) {
      // One that was called before may have taken it away.
      if (!entries.has(entry)) continue;
      try {
        // A promise may fail too.
        const result: unknown = call(entry.listener as E[K]);
        if (result instanceof Promise) {
          result.catch((error) => this.#report(error, method));
        }
      } catch (error) {
        this.#report(error, method);
      }
    }
  }

  /** See {@linkcode IncomingEvent.unknownEvent}. */
  unknownEvent(): void {
    if (this.#interface.isExtensible !== true) this.decoder.fail("unknown-event");
    closeAll(this.decoder.handles);
  }

  #report(error: unknown, method: number): void {
    this.#binding.failed(error, callName(this.#interface, method));
  }
}

function closeAll(handles: readonly object[]): void {
  for (const handle of handles) (handle as Handle).close();
}
