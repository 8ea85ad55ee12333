/**
 * The floor: a call layer over a stream of bytes as one writes it by hand for one program.
 * It shows what the runtime allows; whatever a library costs beyond it is the library's.
 *
 * Frames are a length (u32), an id (u32) whose low bits name the method, and the
 * parameters, up to a multiple of 8. All frames of a turn leave in one write. There is no schema, and nothing
 * is checked: not the sizes, not the method, not the text, which must be ASCII.
 *
 * @module
 */

/** The methods. */
export const Method: {
  readonly Next: 0;
  readonly Note: 1;
  readonly Noted: 2;
  readonly Take: 3;
} = { Next: 0, Note: 1, Noted: 2, Take: 3 };

/** A stream of bytes: `Deno.Conn` is one. */
export interface FloorStream {
  /** Reads some bytes; `null` at the end. */
  read(into: Uint8Array<ArrayBuffer>): Promise<number | null>;
  /** Writes some bytes. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<number>;
}

const METHOD_BITS = 2;
const METHOD_MASK = (1 << METHOD_BITS) - 1;
const HEAD_BYTES = 8;
const BUFFER_BYTES = 256 * 1024;
const MIN_READ_BYTES = 64 * 1024;

/** A buffer with a view of it, kept together because making views is slow. */
class Room {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.view = new DataView(this.bytes.buffer);
  }
}

/** Writes frames into one of two buffers while the other is on its way. */
class FloorWriter {
  readonly #conn: FloorStream;
  #room: Room = new Room(BUFFER_BYTES);
  #spare: Room = new Room(BUFFER_BYTES);
  #at = 0;
  #due = false;

  constructor(conn: FloorStream) {
    this.#conn = conn;
  }

  /** Where the next parameters go: only until the next frame is opened. */
  get room(): Room {
    return this.#room;
  }

  /** Appends a head and room for `size` bytes of parameters. Returns where they start. */
  open(id: number, size: number): number {
    // In shared memory a copy that starts within a word goes byte by byte.
    const at = this.#at, end = (at + HEAD_BYTES + size + 7) & ~7;
    if (end > this.#room.bytes.length) this.#grow(end);
    this.#at = end;
    const { view } = this.#room;
    view.setUint32(at, HEAD_BYTES + size, true);
    view.setInt32(at + 4, id, true);
    if (!this.#due) {
      this.#due = true;
      queueMicrotask(this.#write);
    }
    return at + HEAD_BYTES;
  }

  #grow(end: number): void {
    let size = this.#room.bytes.length;
    while (size < end) size *= 2;
    const room = new Room(size);
    room.bytes.set(this.#room.bytes.subarray(0, this.#at));
    this.#room = room;
  }

  readonly #write = async (): Promise<void> => {
    while (this.#at > 0) {
      const full = this.#room, end = this.#at;
      this.#room = this.#spare;
      this.#at = 0;
      for (let at = 0; at < end;) {
        at += await this.#conn.write(full.bytes.subarray(at, end));
      }
      this.#spare = full;
    }
    this.#due = false;
  };
}

/** Reads into one buffer and hands each frame, where it lies, to `accept`. */
async function readFrames(
  conn: FloorStream,
  accept: (room: Room, id: number, start: number, end: number) => void,
): Promise<void> {
  let room = new Room(BUFFER_BYTES), at = 0, filled = 0;
  for (;;) {
    const count = await conn.read(room.bytes.subarray(filled));
    if (count === null) return;
    filled += count;
    let frameBytes = 0;
    while (filled - at >= HEAD_BYTES) {
      frameBytes = room.view.getUint32(at, true);
      if (filled - at < ((frameBytes + 7) & ~7)) break;
      accept(room, room.view.getInt32(at + 4, true), at + HEAD_BYTES, at + frameBytes);
      at = (at + frameBytes + 7) & ~7;
    }
    if (at >= filled) {
      at = filled = 0;
    } else if (
      room.bytes.length - filled < MIN_READ_BYTES ||
      at + frameBytes + 8 > room.bytes.length
    ) {
      const from = room;
      if (frameBytes + 8 > room.bytes.length) room = new Room(frameBytes * 2);
      room.bytes.set(from.bytes.subarray(at, filled));
      filled -= at;
      at = 0;
    }
  }
}

/** The calling side. */
export class FloorCaller {
  /** Resolves when the other side has ended. */
  readonly ended: Promise<void>;
  readonly #out: FloorWriter;
  readonly #pending: Map<number, (value: number) => void> = new Map();
  #next = 0;

  /** Calls over `conn`. */
  constructor(conn: FloorStream) {
    this.#out = new FloorWriter(conn);
    this.ended = readFrames(conn, (room, id, start) => {
      const resolve = this.#pending.get(id)!;
      this.#pending.delete(id);
      resolve(room.view.getInt32(start, true));
    });
  }

  /** Calls `Next`. */
  next(n: number): Promise<number> {
    const id = this.#id(Method.Next);
    const at = this.#out.open(id, 4);
    this.#out.room.view.setInt32(at, n, true);
    return this.#reply(id);
  }

  /** Sends `Note`. */
  note(text: string, n: number): void {
    const length = text.length;
    const at = this.#out.open(Method.Note, 4 + length);
    const { bytes, view } = this.#out.room;
    view.setInt32(at, n, true);
    for (let i = 0; i < length; i++) bytes[at + 4 + i] = text.charCodeAt(i);
  }

  /** Calls `Noted`. */
  noted(): Promise<number> {
    const id = this.#id(Method.Noted);
    this.#out.open(id, 0);
    return this.#reply(id);
  }

  /** Calls `Take`. */
  take(data: Uint8Array): Promise<number> {
    const id = this.#id(Method.Take);
    const at = this.#out.open(id, data.length);
    this.#out.room.bytes.set(data, at);
    return this.#reply(id);
  }

  #id(method: number): number {
    this.#next = (this.#next + 1 + METHOD_MASK) | 0;
    return this.#next | method;
  }

  #reply(id: number): Promise<number> {
    return new Promise((resolve) => this.#pending.set(id, resolve));
  }
}

/** What answers calls. */
export interface FloorMethods {
  /** Answers `Next`. */
  next(n: number): number;
  /** Takes `Note`. */
  note(text: string, n: number): void;
  /** Answers `Noted`. */
  noted(): number;
  /** Answers `Take`. Borrows `data`. */
  take(data: Uint8Array): number;
}

/** Answers calls until the caller is gone. */
export async function serveFloor(
  conn: FloorStream,
  methods: FloorMethods,
): Promise<void> {
  const out = new FloorWriter(conn);
  const answer = (id: number, value: number) => {
    const at = out.open(id, 4);
    out.room.view.setInt32(at, value, true);
  };
  await readFrames(conn, ({ bytes, view }, id, start, end) => {
    switch (id & METHOD_MASK) {
      case Method.Next:
        return answer(id, methods.next(view.getInt32(start, true)));
      case Method.Note:
        return methods.note(asciiText(bytes, start + 4, end), view.getInt32(start, true));
      case Method.Noted:
        return answer(id, methods.noted());
      case Method.Take:
        return answer(id, methods.take(bytes.subarray(start, end)));
    }
  });
}

/** The fastest way known here to make a short text of bytes. */
function asciiText(b: Uint8Array, from: number, to: number): string {
  let text = "", i = from;
  for (; i + 16 <= to; i += 16) {
    // deno-fmt-ignore
    text += String.fromCharCode(
      b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!,
      b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!,
      b[i + 8]!, b[i + 9]!, b[i + 10]!, b[i + 11]!,
      b[i + 12]!, b[i + 13]!, b[i + 14]!, b[i + 15]!,
    );
  }
  for (; i < to; i++) text += String.fromCharCode(b[i]!);
  return text;
}
