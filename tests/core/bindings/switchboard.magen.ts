// Generated from switchboard.magen by magen. Do not edit: change the source and generate again.
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

/** What the tests of the bindings call. */
export interface Switchboard {
  /** Calls `Add`. */
  add(a: number, b: number, options?: CallOptions): Promise<Switchboard_Add_Reply>;
  /** Calls `Echo`. */
  echo(
    text: string,
    data: Uint8Array,
    options?: CallOptions,
  ): Promise<Switchboard_Echo_Reply>;
  /** Calls `Join`. */
  join(words: readonly string[], options?: CallOptions): Promise<Switchboard_Join_Reply>;
  /** Calls `Swap`. */
  swap(pipe: MessagePipe, options?: CallOptions): Promise<Switchboard_Swap_Reply>;
  /** Calls `SwapAll`. */
  swapAll(
    pipes: readonly MessagePipe[],
    labels: readonly string[],
    options?: CallOptions,
  ): Promise<Switchboard_SwapAll_Reply>;
  /** Calls `Ping`. */
  ping(options?: CallOptions): Promise<void>;
  /** Sends `Note`. */
  note(text: string): void;
  /** Sends `Keep`. */
  keep(pipe: MessagePipe): void;
}

/** What {@linkcode Switchboard.add} resolves to. */
export interface Switchboard_Add_Reply {
  /** `int32 sum` */
  sum: number;
}

/** What {@linkcode Switchboard.echo} resolves to. */
export interface Switchboard_Echo_Reply {
  /** `string text` */
  text: string;
  /** `bytes data` */
  data: Uint8Array;
}

/** What {@linkcode Switchboard.join} resolves to. */
export interface Switchboard_Join_Reply {
  /** `string text` */
  text: string;
}

/** What {@linkcode Switchboard.swap} resolves to. */
export interface Switchboard_Swap_Reply {
  /** `MessagePipe pipe` */
  pipe: MessagePipe;
}

/** What {@linkcode Switchboard.swapAll} resolves to. */
export interface Switchboard_SwapAll_Reply {
  /** `array<MessagePipe> pipes` */
  pipes: MessagePipe[];
}

class SwitchboardRemote extends RemoteBase implements Switchboard {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(Switchboard, pipe, options);
  }

  add(a: number, b: number, options?: CallOptions): Promise<Switchboard_Add_Reply> {
    const w = this.$begin(0x2f91e58b, true);
    try {
      const at = w.openStruct(8);
      w.i32At(at, a, "a");
      w.i32At(at + 4, b, "b");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x2f91e58b, readSwitchboard_Add_Reply, options);
  }

  echo(
    text: string,
    data: Uint8Array,
    options?: CallOptions,
  ): Promise<Switchboard_Echo_Reply> {
    const w = this.$begin(0x64301546, true);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, text, "text");
      w.stringBody(at, text, "text");
      w.byteString(data, "data");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x64301546, readSwitchboard_Echo_Reply, options);
  }

  join(words: readonly string[], options?: CallOptions): Promise<Switchboard_Join_Reply> {
    const w = this.$begin(0x6434dae8, true);
    try {
      const at = w.openStruct(0);
      const wordsCount = w.openArray(words, "words");
      for (let i = 0; i < wordsCount; i++) w.text(words[i]!, i);
      w.leave();
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x6434dae8, readSwitchboard_Join_Reply, options);
  }

  swap(pipe: MessagePipe, options?: CallOptions): Promise<Switchboard_Swap_Reply> {
    const w = this.$begin(0x261c7e8b, true);
    try {
      const at = w.openStruct(0, 4);
      writePipe(w, pipe, "pipe");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x261c7e8b, readSwitchboard_Swap_Reply, options);
  }

  swapAll(
    pipes: readonly MessagePipe[],
    labels: readonly string[],
    options?: CallOptions,
  ): Promise<Switchboard_SwapAll_Reply> {
    const w = this.$begin(0x0139c4f2, true);
    try {
      const at = w.openStruct(0);
      const pipesCount = w.openArray(pipes, "pipes");
      w.need(pipesCount * 4);
      for (let i = 0; i < pipesCount; i++) writePipe(w, pipes[i]!, i);
      w.leave();
      const labelsCount = w.openArray(labels, "labels");
      for (let i = 0; i < labelsCount; i++) w.text(labels[i]!, i);
      w.leave();
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x0139c4f2, readSwitchboard_SwapAll_Reply, options);
  }

  ping(options?: CallOptions): Promise<void> {
    const w = this.$begin(0x5b48551d, true);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x5b48551d, readEmptyReply, options);
  }

  note(text: string): void {
    const w = this.$begin(0x3ba73a0a, false);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, text, "text");
      w.stringBody(at, text, "text");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  keep(pipe: MessagePipe): void {
    const w = this.$begin(0x28e74364, false);
    try {
      const at = w.openStruct(0, 4);
      writePipe(w, pipe, "pipe");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }
}

function readSwitchboard_Add_Reply(r: Decoder): Switchboard_Add_Reply {
  const s = r.openStruct();
  const sum = r.i32();
  r.closeStruct(s);
  return { sum };
}

function writeSwitchboard_Add_Reply(w: Encoder, value: Switchboard_Add_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Switchboard.Add must be an object: received ${String(value)}`,
    );
  }
  const { sum } = value;
  const at = w.openStruct(4);
  w.i32At(at, sum, "sum");
  w.closeStruct(at);
}

function readSwitchboard_Echo_Reply(r: Decoder): Switchboard_Echo_Reply {
  const s = r.openStruct();
  const textHead = r.stringHead();
  const text = r.stringBody(textHead, "text");
  const data = r.byteString("data");
  r.closeStruct(s);
  return { text, data };
}

function writeSwitchboard_Echo_Reply(w: Encoder, value: Switchboard_Echo_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Switchboard.Echo must be an object: received ${String(value)}`,
    );
  }
  const { text, data } = value;
  const at = w.openStruct(4);
  w.stringHeadAt(at, text, "text");
  w.stringBody(at, text, "text");
  w.byteString(data, "data");
  w.closeStruct(at);
}

function readSwitchboard_Join_Reply(r: Decoder): Switchboard_Join_Reply {
  const s = r.openStruct();
  const textHead = r.stringHead();
  const text = r.stringBody(textHead, "text");
  r.closeStruct(s);
  return { text };
}

function writeSwitchboard_Join_Reply(w: Encoder, value: Switchboard_Join_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Switchboard.Join must be an object: received ${String(value)}`,
    );
  }
  const { text } = value;
  const at = w.openStruct(4);
  w.stringHeadAt(at, text, "text");
  w.stringBody(at, text, "text");
  w.closeStruct(at);
}

function readSwitchboard_Swap_Reply(r: Decoder): Switchboard_Swap_Reply {
  const s = r.openStruct();
  const pipe = readPipe(r, "pipe");
  r.closeStruct(s);
  return { pipe };
}

function writeSwitchboard_Swap_Reply(w: Encoder, value: Switchboard_Swap_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Switchboard.Swap must be an object: received ${String(value)}`,
    );
  }
  const { pipe } = value;
  const at = w.openStruct(0, 4);
  writePipe(w, pipe, "pipe");
  w.closeStruct(at);
}

function readSwitchboard_SwapAll_Reply(r: Decoder): Switchboard_SwapAll_Reply {
  const s = r.openStruct();
  const pipesCount = r.openArray(32, "pipes");
  const pipes: MessagePipe[] = new Array(pipesCount);
  for (let i = 0; i < pipesCount; i++) pipes[i] = readPipe(r, i);
  r.leave();
  r.closeStruct(s);
  return { pipes };
}

function writeSwitchboard_SwapAll_Reply(
  w: Encoder,
  value: Switchboard_SwapAll_Reply,
): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Switchboard.SwapAll must be an object: received ${String(value)}`,
    );
  }
  const { pipes } = value;
  const at = w.openStruct(0);
  const pipesCount = w.openArray(pipes, "pipes");
  w.need(pipesCount * 4);
  for (let i = 0; i < pipesCount; i++) writePipe(w, pipes[i]!, i);
  w.leave();
  w.closeStruct(at);
}

function readEmptyReply(r: Decoder): void {
  r.closeStruct(r.openStruct());
}

function writeEmptyReply(w: Encoder): void {
  w.closeStruct(w.openStruct(0));
}

function dispatchSwitchboard(impl: Implementation<Switchboard>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x2f91e58b: {
      const s = r.openStruct();
      const at = r.advance(8);
      const a = r.i32At(at);
      const b = r.i32At(at + 4);
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.add(a, b), writeSwitchboard_Add_Reply);
      return;
    }
    case 0x64301546: {
      const s = r.openStruct();
      const textHead = r.stringHead();
      const text = r.stringBody(textHead, "text");
      const data = r.byteString("data");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.echo(text, data), writeSwitchboard_Echo_Reply);
      return;
    }
    case 0x6434dae8: {
      const s = r.openStruct();
      const wordsCount = r.openArray(32, "words");
      const words: string[] = new Array(wordsCount);
      for (let i = 0; i < wordsCount; i++) words[i] = r.text(i);
      r.leave();
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.join(words), writeSwitchboard_Join_Reply);
      return;
    }
    case 0x261c7e8b: {
      const s = r.openStruct();
      const pipe = readPipe(r, "pipe");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.swap(pipe), writeSwitchboard_Swap_Reply);
      return;
    }
    case 0x0139c4f2: {
      const s = r.openStruct();
      const pipesCount = r.openArray(32, "pipes");
      const pipes: MessagePipe[] = new Array(pipesCount);
      for (let i = 0; i < pipesCount; i++) pipes[i] = readPipe(r, i);
      r.leave();
      const labelsCount = r.openArray(32, "labels");
      const labels: string[] = new Array(labelsCount);
      for (let i = 0; i < labelsCount; i++) labels[i] = r.text(i);
      r.leave();
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.swapAll(pipes, labels), writeSwitchboard_SwapAll_Reply);
      return;
    }
    case 0x5b48551d: {
      r.closeStruct(r.openStruct());
      call.accept(true);
      call.reply(impl.ping(), writeEmptyReply);
      return;
    }
    case 0x3ba73a0a: {
      const s = r.openStruct();
      const textHead = r.stringHead();
      const text = r.stringBody(textHead, "text");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.note(text));
      return;
    }
    case 0x28e74364: {
      const s = r.openStruct();
      const pipe = readPipe(r, "pipe");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.keep(pipe));
      return;
    }
    default:
      call.unknownMethod();
  }
}

/**
 * {@linkcode Switchboard} as a value, for `new Remote(Switchboard, pipe)` and the like.
 */
export const Switchboard: Interface<Switchboard> = {
  name: "Switchboard",
  methods: [
    [0x2f91e58b, "Add"],
    [0x64301546, "Echo"],
    [0x6434dae8, "Join"],
    [0x261c7e8b, "Swap"],
    [0x0139c4f2, "SwapAll"],
    [0x5b48551d, "Ping"],
    [0x3ba73a0a, "Note"],
    [0x28e74364, "Keep"],
  ],
  Remote: SwitchboardRemote,
  dispatch: dispatchSwitchboard,
};

/** An interface that has nothing in common with the other. */
export interface Stranger {
  /** Calls `Greet`. */
  greet(a: number, options?: CallOptions): Promise<Stranger_Greet_Reply>;
  /** Sends `Wave`. */
  wave(a: number): void;
}

/** What {@linkcode Stranger.greet} resolves to. */
export interface Stranger_Greet_Reply {
  /** `int32 b` */
  b: number;
}

class StrangerRemote extends RemoteBase implements Stranger {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(Stranger, pipe, options);
  }

  greet(a: number, options?: CallOptions): Promise<Stranger_Greet_Reply> {
    const w = this.$begin(0x6975322b, true);
    try {
      const at = w.openStruct(4);
      w.i32At(at, a, "a");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x6975322b, readStranger_Greet_Reply, options);
  }

  wave(a: number): void {
    const w = this.$begin(0x5ef4b581, false);
    try {
      const at = w.openStruct(4);
      w.i32At(at, a, "a");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }
}

function readStranger_Greet_Reply(r: Decoder): Stranger_Greet_Reply {
  const s = r.openStruct();
  const b = r.i32();
  r.closeStruct(s);
  return { b };
}

function writeStranger_Greet_Reply(w: Encoder, value: Stranger_Greet_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Stranger.Greet must be an object: received ${String(value)}`,
    );
  }
  const { b } = value;
  const at = w.openStruct(4);
  w.i32At(at, b, "b");
  w.closeStruct(at);
}

function dispatchStranger(impl: Implementation<Stranger>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x6975322b: {
      const s = r.openStruct();
      const a = r.i32();
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.greet(a), writeStranger_Greet_Reply);
      return;
    }
    case 0x5ef4b581: {
      const s = r.openStruct();
      const a = r.i32();
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.wave(a));
      return;
    }
    default:
      call.unknownMethod();
  }
}

/** {@linkcode Stranger} as a value, for `new Remote(Stranger, pipe)` and the like. */
export const Stranger: Interface<Stranger> = {
  name: "Stranger",
  methods: [
    [0x6975322b, "Greet"],
    [0x5ef4b581, "Wave"],
  ],
  Remote: StrangerRemote,
  dispatch: dispatchStranger,
};
