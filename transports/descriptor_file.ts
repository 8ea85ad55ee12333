/**
 * What files have in common that this process has by their descriptors, whoever it calls for them.
 *
 * @module
 */
import type { OpenFile } from "./serve/open_handles.ts";
import { readableOf, writableOf } from "./serve/streams.ts";

/** An open file. Its streams do what its calls do. */
export abstract class DescriptorFile implements OpenFile {
  #isClosed = false;
  #readable: ReadableStream<Uint8Array<ArrayBuffer>> | null = null;
  #writable: WritableStream<Uint8Array<ArrayBufferLike>> | null = null;

  abstract read(into: Uint8Array): Promise<number | null>;
  abstract write(bytes: Uint8Array): Promise<number>;
  abstract seek(offset: number | bigint, whence: Deno.SeekMode): Promise<number>;
  abstract stat(): Promise<Deno.FileInfo>;
  abstract truncate(length?: number): Promise<void>;
  abstract sync(): Promise<void>;
  abstract syncData(): Promise<void>;

  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#readable ??= readableOf((into) => this.read(into), () => this.close());
  }

  get writable(): WritableStream<Uint8Array<ArrayBufferLike>> {
    return this.#writable ??= writableOf(
      (bytes) => this.write(bytes),
      () => Promise.resolve(this.close()),
      () => this.close(),
    );
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.closeDescriptor();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Whether it was closed. */
  protected get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Throws once it was closed. */
  protected checkOpen(): void {
    if (this.#isClosed) throw new Deno.errors.BadResource("The file was closed");
  }

  /** Closes its descriptor. Called once. */
  protected abstract closeDescriptor(): void;
}
