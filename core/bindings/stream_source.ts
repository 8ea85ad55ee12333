/**
 * Where the items of a stream come from.
 *
 * @module
 */

/** What can be sent as a stream. */
export type StreamSource<T> = AsyncIterable<T> | Iterable<T> | ReadableStream<T>;

/** Items one by one, whatever they come from. */
export interface Items<T> {
  /** The next one. */
  next(): Promise<IteratorResult<T, unknown>>;
  /** Tells where they come from that no more are wanted. */
  stop(): Promise<unknown>;
}

/** Why `source` cannot be sent as a stream; `null` when it can. */
export function sourceFault(source: unknown): string | null {
  if (source instanceof ReadableStream) {
    return source.locked ? "it is locked to a reader" : null;
  }
  const isIterable = source !== null && typeof source === "object" &&
    (Symbol.asyncIterator in source || Symbol.iterator in source);
  return isIterable ? null : "it must be a ReadableStream or an iterable";
}

/** Starts taking items from `source`. */
export function itemsOf<T>(source: StreamSource<T>): Items<T> {
  const fault = sourceFault(source);
  if (fault !== null) throw new TypeError(`Cannot send stream: ${fault}`);
  // A reader can be told to stop while it waits, which an iterator cannot.
  if (source instanceof ReadableStream) {
    const reader = source.getReader();
    return {
      next: () => reader.read() as Promise<IteratorResult<T, unknown>>,
      stop: () => reader.cancel(),
    };
  }
  const iterator = (Symbol.asyncIterator in source ? source : awaited(source))
    [Symbol.asyncIterator]();
  return {
    next: () => iterator.next(),
    stop: async () => await iterator.return?.(),
  };
}

async function* awaited<T>(source: Iterable<T>): AsyncGenerator<T, void> {
  yield* source;
}
