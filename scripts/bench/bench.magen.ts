// Generated from bench.magen by magen. Do not edit: change the source and generate again.
// deno-fmt-ignore-file
import {
  type CallOptions,
  type Decoder,
  type Encoder,
  type Implementation,
  type Incoming,
  type Interface,
  type MessagePipe,
  RemoteBase,
  type RemoteOptions,
} from "@mage/ipc/generated-v1";

/** What the benchmark calls. */
export interface Bench {
  /** Answers with the number after `n`. */
  next(n: number, options?: CallOptions): Promise<Bench_Next_Reply>;
  /** Counts `text`. */
  note(text: string, n: number): void;
  /** Answers with the characters counted since it was last asked. */
  noted(options?: CallOptions): Promise<Bench_Noted_Reply>;
  /** Answers with the length. */
  take(data: Uint8Array, options?: CallOptions): Promise<Bench_Take_Reply>;
}

/** What {@linkcode Bench.next} resolves to. */
export interface Bench_Next_Reply {
  /** `int32 n` */
  n: number;
}

/** What {@linkcode Bench.noted} resolves to. */
export interface Bench_Noted_Reply {
  /** `int32 characters` */
  characters: number;
}

/** What {@linkcode Bench.take} resolves to. */
export interface Bench_Take_Reply {
  /** `int32 length` */
  length: number;
}

class BenchRemote extends RemoteBase implements Bench {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(Bench, pipe, options);
  }

  next(n: number, options?: CallOptions): Promise<Bench_Next_Reply> {
    const w = this.$begin(0x51e48ccc, true);
    try {
      const at = w.openStruct(4);
      w.i32At(at, n, "n");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x51e48ccc, readBench_Next_Reply, options);
  }

  note(text: string, n: number): void {
    const w = this.$begin(0x39a4b050, false);
    try {
      const at = w.openStruct(8);
      w.stringHeadAt(at, text, "text");
      w.i32At(at + 4, n, "n");
      w.stringBody(at, text, "text");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  noted(options?: CallOptions): Promise<Bench_Noted_Reply> {
    const w = this.$begin(0x38ccec1e, true);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x38ccec1e, readBench_Noted_Reply, options);
  }

  take(data: Uint8Array, options?: CallOptions): Promise<Bench_Take_Reply> {
    const w = this.$begin(0x74b98c66, true);
    try {
      const at = w.openStruct(0);
      w.byteString(data, "data");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x74b98c66, readBench_Take_Reply, options);
  }
}

function readBench_Next_Reply(r: Decoder): Bench_Next_Reply {
  const s = r.openStruct();
  const n = r.i32();
  r.closeStruct(s);
  return { n };
}

function writeBench_Next_Reply(w: Encoder, value: Bench_Next_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Bench.Next must be an object: received ${String(value)}`,
    );
  }
  const { n } = value;
  const at = w.openStruct(4);
  w.i32At(at, n, "n");
  w.closeStruct(at);
}

function readBench_Noted_Reply(r: Decoder): Bench_Noted_Reply {
  const s = r.openStruct();
  const characters = r.i32();
  r.closeStruct(s);
  return { characters };
}

function writeBench_Noted_Reply(w: Encoder, value: Bench_Noted_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Bench.Noted must be an object: received ${String(value)}`,
    );
  }
  const { characters } = value;
  const at = w.openStruct(4);
  w.i32At(at, characters, "characters");
  w.closeStruct(at);
}

function readBench_Take_Reply(r: Decoder): Bench_Take_Reply {
  const s = r.openStruct();
  const length = r.i32();
  r.closeStruct(s);
  return { length };
}

function writeBench_Take_Reply(w: Encoder, value: Bench_Take_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Bench.Take must be an object: received ${String(value)}`,
    );
  }
  const { length } = value;
  const at = w.openStruct(4);
  w.i32At(at, length, "length");
  w.closeStruct(at);
}

function dispatchBench(impl: Implementation<Bench>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x51e48ccc: {
      const s = r.openStruct();
      const n = r.i32();
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.next(n), writeBench_Next_Reply);
      return;
    }
    case 0x39a4b050: {
      const s = r.openStruct();
      const at = r.advance(8);
      const textHead = r.u32At(at);
      const n = r.i32At(at + 4);
      const text = r.stringBody(textHead, "text");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.note(text, n));
      return;
    }
    case 0x38ccec1e: {
      r.closeStruct(r.openStruct());
      call.accept(true);
      call.reply(impl.noted(), writeBench_Noted_Reply);
      return;
    }
    case 0x74b98c66: {
      const s = r.openStruct();
      const data = r.byteString("data");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.take(data), writeBench_Take_Reply);
      return;
    }
    default:
      call.unknownMethod();
  }
}

/** {@linkcode Bench} as a value, for `new Remote(Bench, pipe)` and the like. */
export const Bench: Interface<Bench> = {
  name: "Bench",
  methods: [
    [0x51e48ccc, "Next"],
    [0x39a4b050, "Note"],
    [0x38ccec1e, "Noted"],
    [0x74b98c66, "Take"],
  ],
  Remote: BenchRemote,
  dispatch: dispatchBench,
};
