// Generated from mover.magen by magen. Do not edit: change the source and generate again.
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
  readPipe,
  writePipe,
} from "@mage/ipc/generated-v1";

/** What the benchmark of moving endpoints calls. */
export interface Mover {
  /** Answers with the number after `n`. */
  next(n: number, options?: CallOptions): Promise<Mover_Next_Reply>;
  /** Gives the endpoint back. */
  swap(pipe: MessagePipe, options?: CallOptions): Promise<Mover_Swap_Reply>;
  /** The way to the process that endpoints move on to from here. */
  setSuccessor(pipe: MessagePipe, options?: CallOptions): Promise<void>;
  /** Answers calls on the endpoint. */
  serve(pipe: MessagePipe): void;
  /** Answers calls on all of them. */
  serveAll(pipes: readonly MessagePipe[]): void;
  /**
   * Sends the endpoint that this is called on to the successor, which answers calls on it from then on.
   */
  moveOn(): void;
  /** Tells how many endpoints there are, once there are no more than so many. */
  served(atMost: number, options?: CallOptions): Promise<Mover_Served_Reply>;
  /** Tells how much memory is in use after garbage was collected. */
  usedBytes(options?: CallOptions): Promise<Mover_UsedBytes_Reply>;
}

/** What {@linkcode Mover.next} resolves to. */
export interface Mover_Next_Reply {
  /** `int32 n` */
  n: number;
}

/** What {@linkcode Mover.swap} resolves to. */
export interface Mover_Swap_Reply {
  /** `MessagePipe pipe` */
  pipe: MessagePipe;
}

/** What {@linkcode Mover.served} resolves to. */
export interface Mover_Served_Reply {
  /** `int32 count` */
  count: number;
}

/** What {@linkcode Mover.usedBytes} resolves to. */
export interface Mover_UsedBytes_Reply {
  /** `double bytes` */
  bytes: number;
}

class MoverRemote extends RemoteBase implements Mover {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(Mover, pipe, options);
  }

  next(n: number, options?: CallOptions): Promise<Mover_Next_Reply> {
    const w = this.$begin(0x1b5e1662, true);
    try {
      const at = w.openStruct(4);
      w.i32At(at, n, "n");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x1b5e1662, readMover_Next_Reply, options);
  }

  swap(pipe: MessagePipe, options?: CallOptions): Promise<Mover_Swap_Reply> {
    const w = this.$begin(0x597a815d, true);
    try {
      const at = w.openStruct(0, 4);
      writePipe(w, pipe, "pipe");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x597a815d, readMover_Swap_Reply, options);
  }

  setSuccessor(pipe: MessagePipe, options?: CallOptions): Promise<void> {
    const w = this.$begin(0x6d54c7eb, true);
    try {
      const at = w.openStruct(0, 4);
      writePipe(w, pipe, "pipe");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x6d54c7eb, readEmptyReply, options);
  }

  serve(pipe: MessagePipe): void {
    const w = this.$begin(0x2941a49a, false);
    try {
      const at = w.openStruct(0, 4);
      writePipe(w, pipe, "pipe");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  serveAll(pipes: readonly MessagePipe[]): void {
    const w = this.$begin(0x3b5e4e01, false);
    try {
      const at = w.openStruct(0);
      const pipesCount = w.openArray(pipes, "pipes");
      w.need(pipesCount * 4);
      for (let i = 0; i < pipesCount; i++) writePipe(w, pipes[i]!, i);
      w.leave();
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  moveOn(): void {
    const w = this.$begin(0x6e448387, false);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  served(atMost: number, options?: CallOptions): Promise<Mover_Served_Reply> {
    const w = this.$begin(0x039f237d, true);
    try {
      const at = w.openStruct(4);
      w.i32At(at, atMost, "atMost");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x039f237d, readMover_Served_Reply, options);
  }

  usedBytes(options?: CallOptions): Promise<Mover_UsedBytes_Reply> {
    const w = this.$begin(0x28c8b1dc, true);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x28c8b1dc, readMover_UsedBytes_Reply, options);
  }
}

function readMover_Next_Reply(r: Decoder): Mover_Next_Reply {
  const s = r.openStruct();
  const n = r.i32();
  r.closeStruct(s);
  return { n };
}

function writeMover_Next_Reply(w: Encoder, value: Mover_Next_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Mover.Next must be an object: received ${String(value)}`,
    );
  }
  const { n } = value;
  const at = w.openStruct(4);
  w.i32At(at, n, "n");
  w.closeStruct(at);
}

function readMover_Swap_Reply(r: Decoder): Mover_Swap_Reply {
  const s = r.openStruct();
  const pipe = readPipe(r, "pipe");
  r.closeStruct(s);
  return { pipe };
}

function writeMover_Swap_Reply(w: Encoder, value: Mover_Swap_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Mover.Swap must be an object: received ${String(value)}`,
    );
  }
  const { pipe } = value;
  const at = w.openStruct(0, 4);
  writePipe(w, pipe, "pipe");
  w.closeStruct(at);
}

function readEmptyReply(r: Decoder): void {
  r.closeStruct(r.openStruct());
}

function writeEmptyReply(w: Encoder): void {
  w.closeStruct(w.openStruct(0));
}

function readMover_Served_Reply(r: Decoder): Mover_Served_Reply {
  const s = r.openStruct();
  const count = r.i32();
  r.closeStruct(s);
  return { count };
}

function writeMover_Served_Reply(w: Encoder, value: Mover_Served_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Mover.Served must be an object: received ${String(value)}`,
    );
  }
  const { count } = value;
  const at = w.openStruct(4);
  w.i32At(at, count, "count");
  w.closeStruct(at);
}

function readMover_UsedBytes_Reply(r: Decoder): Mover_UsedBytes_Reply {
  const s = r.openStruct();
  const bytes = r.f64();
  r.closeStruct(s);
  return { bytes };
}

function writeMover_UsedBytes_Reply(w: Encoder, value: Mover_UsedBytes_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Mover.UsedBytes must be an object: received ${String(value)}`,
    );
  }
  const { bytes } = value;
  const at = w.openStruct(8);
  w.f64At(at, bytes, "bytes");
  w.closeStruct(at);
}

function dispatchMover(impl: Implementation<Mover>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x1b5e1662: {
      const s = r.openStruct();
      const n = r.i32();
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.next(n), writeMover_Next_Reply);
      return;
    }
    case 0x597a815d: {
      const s = r.openStruct();
      const pipe = readPipe(r, "pipe");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.swap(pipe), writeMover_Swap_Reply);
      return;
    }
    case 0x6d54c7eb: {
      const s = r.openStruct();
      const pipe = readPipe(r, "pipe");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.setSuccessor(pipe), writeEmptyReply);
      return;
    }
    case 0x2941a49a: {
      const s = r.openStruct();
      const pipe = readPipe(r, "pipe");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.serve(pipe));
      return;
    }
    case 0x3b5e4e01: {
      const s = r.openStruct();
      const pipesCount = r.openArray(32, "pipes");
      const pipes: MessagePipe[] = new Array(pipesCount);
      for (let i = 0; i < pipesCount; i++) pipes[i] = readPipe(r, i);
      r.leave();
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.serveAll(pipes));
      return;
    }
    case 0x6e448387: {
      r.closeStruct(r.openStruct());
      call.accept(false);
      call.done(impl.moveOn());
      return;
    }
    case 0x039f237d: {
      const s = r.openStruct();
      const atMost = r.i32();
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.served(atMost), writeMover_Served_Reply);
      return;
    }
    case 0x28c8b1dc: {
      r.closeStruct(r.openStruct());
      call.accept(true);
      call.reply(impl.usedBytes(), writeMover_UsedBytes_Reply);
      return;
    }
    default:
      call.unknownMethod();
  }
}

/** {@linkcode Mover} as a value, for `new Remote(Mover, pipe)` and the like. */
export const Mover: Interface<Mover> = {
  name: "Mover",
  methods: [
    [0x1b5e1662, "Next"],
    [0x597a815d, "Swap"],
    [0x6d54c7eb, "SetSuccessor"],
    [0x2941a49a, "Serve"],
    [0x3b5e4e01, "ServeAll"],
    [0x6e448387, "MoveOn"],
    [0x039f237d, "Served"],
    [0x28c8b1dc, "UsedBytes"],
  ],
  Remote: MoverRemote,
  dispatch: dispatchMover,
};
