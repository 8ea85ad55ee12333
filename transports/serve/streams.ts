/**
 * Streams over what can be read from and written to.
 *
 * @module
 */

const CHUNK_BYTES = 64 * 1024;

/**
 * A stream of what `read` reads, taken when somebody asks for it. `over` is called once it has ended, failed
 * or was cancelled.
 */
export function readableOf(
  read: (into: Uint8Array<ArrayBuffer>) => Promise<number | null>,
  over: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    type: "bytes",
    autoAllocateChunkSize: CHUNK_BYTES,
    async pull(controller) {
      const request = controller.byobRequest!, view = request.view!;
      const { buffer, byteOffset, byteLength } = view;
      try {
        const count = await read(
          new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength),
        );
        if (count !== null) return request.respond(count);
      } catch (error) {
        over();
        throw error;
      }
      controller.close();
      request.respond(0);
      over();
    },
    cancel: over,
  });
}

/**
 * A stream that writes with `write`. Closing it is `finish`, aborting it `abort`; when writing fails it is
 * aborted too.
 */
export function writableOf(
  write: (bytes: Uint8Array) => Promise<number>,
  finish: () => Promise<void>,
  abort: () => void,
): WritableStream<Uint8Array<ArrayBufferLike>> {
  return new WritableStream({
    async write(chunk) {
      try {
        for (let at = 0; at < chunk.length;) at += await write(chunk.subarray(at));
      } catch (error) {
        abort();
        throw error;
      }
    },
    close: finish,
    abort,
  });
}
