// Generated from studio.magen by magen. Do not edit: change the source and generate again.
// deno-fmt-ignore-file
import {
  type CallOptions,
  type ConnHandle,
  type DataPipeConsumer,
  type DataPipeProducer,
  type Decoder,
  EmitterBase,
  type Encoder,
  type FileHandle,
  type Handle,
  type Implementation,
  type Incoming,
  type IncomingEvent,
  type Interface,
  type ListenerHandle,
  type MessagePipe,
  type Open,
  type PendingAssociatedReceiver,
  type PendingAssociatedRemote,
  type PendingReceiver,
  type PendingRemote,
  type PlatformHandle,
  RemoteBase,
  type RemoteOptions,
  type Result,
  type SharedBuffer,
  type StreamSource,
  readAssociatedReceiver,
  readAssociatedRemote,
  readBuffer,
  readConn,
  readConsumer,
  readFile,
  readHandle,
  readListener,
  readPendingReceiver,
  readPendingRemote,
  readPipe,
  readPlatform,
  readProducer,
  readStream,
  receiveStream,
  sendStream,
  writeAssociatedReceiver,
  writeAssociatedRemote,
  writeBuffer,
  writeConn,
  writeConsumer,
  writeFile,
  writeHandle,
  writeListener,
  writePendingReceiver,
  writePendingRemote,
  writePipe,
  writePlatform,
  writeProducer,
  writeStream,
} from "@mage/ipc/generated-v1";

/** What may go wrong. */
export const Trouble = {
  Other: 0,
  Missing: 1,
  Busy: 2,
} as const;

/** A value of {@linkcode Trouble}. */
export type Trouble = Open<(typeof Trouble)[keyof typeof Trouble]>;

/** `value`, or `Trouble.Other` for one that has no name here. */
export function knownTrouble(value: Trouble): (typeof Trouble)[keyof typeof Trouble] {
  switch (value) {
    case 0:
    case 1:
    case 2:
      return value as (typeof Trouble)[keyof typeof Trouble];
    default:
      return Trouble.Other;
  }
}

/**
 * Reads {@linkcode Trouble}.
 *
 * @internal
 */
export function $readTrouble(r: Decoder, _label: string | number): Trouble {
  return r.i32() as Trouble;
}

/**
 * Writes {@linkcode Trouble}.
 *
 * @internal
 */
export function $writeTrouble(w: Encoder, value: Trouble, label: string | number): void {
  w.i32(value, label);
}

/** The struct `Part`. */
export interface Part {
  /** `string name` */
  name: string;
  /** `int32 count` */
  count: number;
  /** `MessagePipe? line` */
  line?: MessagePipe | undefined;
}

/**
 * What fields of {@linkcode Part} are by default, to start from: `{ ...PartDefaults }`.
 */
export const PartDefaults: { readonly count: number } = {
  count: 1,
};

/**
 * Reads {@linkcode Part}.
 *
 * @internal
 */
export function $readPart(r: Decoder, label: string | number): Part {
  const at = r.openInner(label, 9);
  const flags0 = r.flagsAt(at, 0b1);
  const nameHead = r.u32At(at + 1);
  const count = r.i32At(at + 5);
  const line = (flags0 & 1) === 0 ? undefined : readPipe(r, "line");
  const name = r.stringBody(nameHead, "name");
  r.closeInner();
  return { name, count, line };
}

/**
 * Writes {@linkcode Part}.
 *
 * @internal
 */
export function $writePart(w: Encoder, value: Part, label: string | number): void {
  w.object(value, "Part", label);
  const { name, count, line } = value;
  const countSent: number = count === undefined ? 1 : count;
  const at = w.openInner(label, 9, 4);
  w.flagsAt(at, line == null ? 0 : 1);
  w.stringHeadAt(at + 1, name, "name");
  w.i32At(at + 5, countSent, "count");
  if (line != null) writePipe(w, line, "line");
  w.stringBody(at + 1, name, "name");
  w.closeInner(at);
}

/** Somebody who watches. */
export interface Viewer {
  /** Calls `Show`. */
  show(text: string, options?: CallOptions): Promise<Viewer_Show_Reply>;
}

/** What whoever implements {@linkcode Viewer} tells its callers. */
export interface Viewer_Events {
  /** The event `OnLeave`. */
  onLeave(why: string): void;
}

/** What {@linkcode Viewer.show} resolves to. */
export interface Viewer_Show_Reply {
  /** `string seen` */
  seen: string;
}

class ViewerRemote extends RemoteBase<Viewer_Events> implements Viewer {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(Viewer, pipe, options);
  }

  show(text: string, options?: CallOptions): Promise<Viewer_Show_Reply> {
    const w = this.$begin(0x517d5b78, true);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, text, "text");
      w.stringBody(at, text, "text");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x517d5b78, readViewer_Show_Reply, options);
  }
}

class ViewerEmitter extends EmitterBase implements Viewer_Events {
  onLeave(why: string): void {
    const w = this.$begin(0x78e31362);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, why, "why");
      w.stringBody(at, why, "why");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }
}

function readViewer_Show_Reply(r: Decoder): Viewer_Show_Reply {
  const s = r.openStruct();
  const seenHead = r.stringHead();
  const seen = r.stringBody(seenHead, "seen");
  r.closeStruct(s);
  return { seen };
}

function writeViewer_Show_Reply(w: Encoder, value: Viewer_Show_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Viewer.Show must be an object: received ${String(value)}`,
    );
  }
  const { seen } = value;
  const at = w.openStruct(4);
  w.stringHeadAt(at, seen, "seen");
  w.stringBody(at, seen, "seen");
  w.closeStruct(at);
}

function dispatchViewer(impl: Implementation<Viewer>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x517d5b78: {
      const s = r.openStruct();
      const textHead = r.stringHead();
      const text = r.stringBody(textHead, "text");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.show(text), writeViewer_Show_Reply);
      return;
    }
    default:
      call.unknownMethod();
  }
}

function hearViewer(event: IncomingEvent<Viewer_Events>): void {
  const r = event.decoder;
  switch (event.method) {
    case 0x78e31362: {
      const s = r.openStruct();
      const whyHead = r.stringHead();
      const why = r.stringBody(whyHead, "why");
      r.closeStruct(s);
      event.tell("onLeave", (listener) => listener(why));
      return;
    }
    default:
      event.unknownEvent();
  }
}

/** {@linkcode Viewer} as a value, for `new Remote(Viewer, pipe)` and the like. */
export const Viewer: Interface<Viewer, Viewer_Events> = {
  name: "studio.Viewer",
  methods: [
    [0x517d5b78, "Show"],
  ],
  events: {
    names: [
      [0x78e31362, "OnLeave", "onLeave"],
    ],
    Emitter: ViewerEmitter,
    hear: hearViewer,
  },
  Remote: ViewerRemote,
  dispatch: dispatchViewer,
};

/** The interface `Studio`. */
export interface Studio {
  /** Calls `Find`. */
  find(name: string, options?: CallOptions): Promise<Result<Part, Trouble>>;
  /** Calls `Store`. */
  store(name: string, options?: CallOptions): Promise<Result<void, string>>;
  /** Calls `Ends`. */
  ends(name: string, options?: CallOptions): Promise<Result<Studio_Ends_Reply, Trouble>>;
  /** Calls `Count`. */
  count(from: number, to: number): ReadableStream<number>;
  /** Calls `Parts`. */
  parts(prefix: string): ReadableStream<Part>;
  /** Calls `Names`. */
  names(names: readonly (string | undefined)[]): ReadableStream<string | undefined>;
  /** Calls `Sum`. */
  sum(numbers: StreamSource<number>, options?: CallOptions): Promise<Studio_Sum_Reply>;
  /** Calls `Later`. */
  later(name: string, options?: CallOptions): Promise<Studio_Later_Reply>;
  /** Calls `Rows`. */
  rows(count: number): ReadableStream<ReadableStream<number>>;
  /** Calls `Invite`. */
  invite(
    viewer: PendingRemote<Viewer>,
    options?: CallOptions,
  ): Promise<Studio_Invite_Reply>;
  /** Sends `Visit`. */
  visit(viewer: PendingReceiver<Viewer>): void;
  /** Sends `Join`. */
  join(viewer: PendingAssociatedRemote<Viewer>): void;
  /** Sends `Leave`. */
  leave(viewer: PendingAssociatedReceiver<Viewer>): void;
  /** Each of its kind. */
  carry(
    any: Handle,
    producer: DataPipeProducer,
    consumer: DataPipeConsumer,
    buffer: SharedBuffer,
    platform: PlatformHandle,
    file: FileHandle,
    conn: ConnHandle,
    listener: ListenerHandle,
    options?: CallOptions,
  ): Promise<Studio_Carry_Reply>;
  /** Calls `Wait`. */
  wait(turns: number, options?: CallOptions): Promise<void>;
  /** Calls `Small`. */
  small(text: string, options?: CallOptions): Promise<Studio_Small_Reply>;
  /** Sends `Tiny`. */
  tiny(text: string): void;
  /** Calls `Greet`. */
  greet(
    name: string,
    greeting?: string | undefined,
    times?: number | undefined,
    options?: CallOptions,
  ): Promise<Studio_Greet_Reply>;
}

/** What whoever implements {@linkcode Studio} tells its callers. */
export interface Studio_Events {
  /** The event `OnProgress`. */
  onProgress(percent: number, note?: string | undefined): void;
  /** The event `OnLine`. */
  onLine(line: MessagePipe): void;
  /** The event `OnText`. */
  onText(text: string): void;
}

/** What {@linkcode Studio.ends} resolves to, when it goes well. */
export interface Studio_Ends_Reply {
  /** `string first` */
  first: string;
  /** `string last` */
  last: string;
}

/** What {@linkcode Studio.sum} resolves to. */
export interface Studio_Sum_Reply {
  /** `int64 sum` */
  sum: bigint;
}

/** What {@linkcode Studio.later} resolves to. */
export interface Studio_Later_Reply {
  /** `stream<string> letters` */
  letters: ReadableStream<string>;
}

/** What {@linkcode Studio.invite} resolves to. */
export interface Studio_Invite_Reply {
  /** `string seen` */
  seen: string;
}

/** What {@linkcode Studio.carry} resolves to. */
export interface Studio_Carry_Reply {
  /** `string kinds` */
  kinds: string;
}

/** What {@linkcode Studio.small} resolves to. */
export interface Studio_Small_Reply {
  /** `int32 length` */
  length: number;
}

/** What {@linkcode Studio.greet} resolves to. */
export interface Studio_Greet_Reply {
  /** `string text` */
  text: string;
}

class StudioRemote extends RemoteBase<Studio_Events> implements Studio {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(Studio, pipe, options);
  }

  find(name: string, options?: CallOptions): Promise<Result<Part, Trouble>> {
    const w = this.$begin(0x16022e0f, true);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, name, "name");
      w.stringBody(at, name, "name");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x16022e0f, readStudio_Find_Reply, options);
  }

  store(name: string, options?: CallOptions): Promise<Result<void, string>> {
    const w = this.$begin(0x745251e6, true);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, name, "name");
      w.stringBody(at, name, "name");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x745251e6, readStudio_Store_Reply, options);
  }

  ends(name: string, options?: CallOptions): Promise<Result<Studio_Ends_Reply, Trouble>> {
    const w = this.$begin(0x49257799, true);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, name, "name");
      w.stringBody(at, name, "name");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x49257799, readStudio_Ends_Reply, options);
  }

  count(from: number, to: number): ReadableStream<number> {
    const w = this.$begin(0x344749f7, false);
    const [stream, end] = this.$openStream();
    try {
      const at = w.openStruct(8, 4);
      w.i32At(at, from, "from");
      w.i32At(at + 4, to, "to");
      writePipe(w, end, "end");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
    return receiveStream(stream, readStudio_Count_Item, "studio.Studio.Count");
  }

  parts(prefix: string): ReadableStream<Part> {
    const w = this.$begin(0x2f7624a6, false);
    const [stream, end] = this.$openStream();
    try {
      const at = w.openStruct(4, 4);
      w.stringHeadAt(at, prefix, "prefix");
      writePipe(w, end, "end");
      w.stringBody(at, prefix, "prefix");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
    return receiveStream(stream, readStudio_Parts_Item, "studio.Studio.Parts");
  }

  names(names: readonly (string | undefined)[]): ReadableStream<string | undefined> {
    const w = this.$begin(0x418fba6c, false);
    const [stream, end] = this.$openStream();
    try {
      const at = w.openStruct(0, 4);
      writePipe(w, end, "end");
      const namesCount = w.openArray(names, "names");
      const namesPresence = w.openBits(namesCount);
      for (let i = 0; i < namesCount; i++) {
        const item = names[i];
        if (item == null) continue;
        w.setBit(namesPresence, i);
        w.text(item, i);
      }
      w.leave();
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
    return receiveStream(stream, readStudio_Names_Item, "studio.Studio.Names");
  }

  sum(numbers: StreamSource<number>, options?: CallOptions): Promise<Studio_Sum_Reply> {
    const w = this.$begin(0x0e554017, true);
    try {
      const at = w.openStruct(0, 4);
      writeStream(w, numbers, "numbers", (w, item, label) => {
        w.need(9);
        w.i32(item, label);
      });
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x0e554017, readStudio_Sum_Reply, options);
  }

  later(name: string, options?: CallOptions): Promise<Studio_Later_Reply> {
    const w = this.$begin(0x19b0159c, true);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, name, "name");
      w.stringBody(at, name, "name");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x19b0159c, readStudio_Later_Reply, options);
  }

  rows(count: number): ReadableStream<ReadableStream<number>> {
    const w = this.$begin(0x2864cd21, false);
    const [stream, end] = this.$openStream();
    try {
      const at = w.openStruct(4, 4);
      w.i32At(at, count, "count");
      writePipe(w, end, "end");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
    return receiveStream(stream, readStudio_Rows_Item, "studio.Studio.Rows");
  }

  invite(
    viewer: PendingRemote<Viewer>,
    options?: CallOptions,
  ): Promise<Studio_Invite_Reply> {
    const w = this.$begin(0x00a05c9d, true);
    try {
      const at = w.openStruct(0, 4);
      writePendingRemote(w, viewer, "viewer");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x00a05c9d, readStudio_Invite_Reply, options);
  }

  visit(viewer: PendingReceiver<Viewer>): void {
    const w = this.$begin(0x40bf5e8f, false);
    try {
      const at = w.openStruct(0, 4);
      writePendingReceiver(w, viewer, "viewer");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  join(viewer: PendingAssociatedRemote<Viewer>): void {
    const w = this.$begin(0x4b063a3b, false);
    try {
      const at = w.openStruct(0, 4);
      writeAssociatedRemote(w, viewer, "viewer");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  leave(viewer: PendingAssociatedReceiver<Viewer>): void {
    const w = this.$begin(0x4827001c, false);
    try {
      const at = w.openStruct(0, 4);
      writeAssociatedReceiver(w, viewer, "viewer");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  carry(
    any: Handle,
    producer: DataPipeProducer,
    consumer: DataPipeConsumer,
    buffer: SharedBuffer,
    platform: PlatformHandle,
    file: FileHandle,
    conn: ConnHandle,
    listener: ListenerHandle,
    options?: CallOptions,
  ): Promise<Studio_Carry_Reply> {
    const w = this.$begin(0x44aa0611, true);
    try {
      const at = w.openStruct(0, 32);
      writeHandle(w, any, "any");
      writeProducer(w, producer, "producer");
      writeConsumer(w, consumer, "consumer");
      writeBuffer(w, buffer, "buffer");
      writePlatform(w, platform, "platform");
      writeFile(w, file, "file");
      writeConn(w, conn, "conn");
      writeListener(w, listener, "listener");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x44aa0611, readStudio_Carry_Reply, options);
  }

  wait(turns: number, options?: CallOptions): Promise<void> {
    const w = this.$begin(0x1d570f74, true);
    try {
      const at = w.openStruct(4);
      w.i32At(at, turns, "turns");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x1d570f74, readEmptyReply, this.$timeout(20, options));
  }

  small(text: string, options?: CallOptions): Promise<Studio_Small_Reply> {
    const w = this.$begin(0x60d44493, true);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, text, "text");
      w.stringBody(at, text, "text");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x60d44493, readStudio_Small_Reply, options, 64);
  }

  tiny(text: string): void {
    const w = this.$begin(0x54f6f9f7, false);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, text, "text");
      w.stringBody(at, text, "text");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w, 64);
  }

  greet(
    name: string,
    greeting?: string | undefined,
    times?: number | undefined,
    options?: CallOptions,
  ): Promise<Studio_Greet_Reply> {
    const w = this.$begin(0x7498f9c2, true);
    try {
      const greetingSent: string = greeting === undefined ? "hello" : greeting;
      const at = w.openStruct(9, 4);
      w.flagsAt(at, times == null ? 0 : 1);
      w.stringHeadAt(at + 1, name, "name");
      w.stringHeadAt(at + 5, greetingSent, "greeting");
      if (times != null) w.i32(times, "times");
      w.stringBody(at + 1, name, "name");
      w.stringBody(at + 5, greetingSent, "greeting");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x7498f9c2, readStudio_Greet_Reply, options);
  }
}

class StudioEmitter extends EmitterBase implements Studio_Events {
  onProgress(percent: number, note?: string | undefined): void {
    const w = this.$begin(0x06fa65e3);
    try {
      const at = w.openStruct(5, 4);
      w.flagsAt(at, note == null ? 0 : 1);
      w.i32At(at + 1, percent, "percent");
      const noteHead = note == null ? 0 : w.stringHead(note, "note");
      if (note != null) w.stringBody(noteHead, note, "note");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  onLine(line: MessagePipe): void {
    const w = this.$begin(0x0a451e3f);
    try {
      const at = w.openStruct(0, 4);
      writePipe(w, line, "line");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  onText(text: string): void {
    const w = this.$begin(0x02fc4cac);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, text, "text");
      w.stringBody(at, text, "text");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w, 64);
  }
}

function readStudio_Find_Reply(r: Decoder): Result<Part, Trouble> {
  const s = r.openStruct(), u = r.openUnion("");
  let result: Result<Part, Trouble>;
  switch (r.tag) {
    case 0: {
      result = { ok: true, value: $readPart(r, "value") };
      break;
    }
    case 1: {
      result = { ok: false, error: $readTrouble(r, "error") };
      break;
    }
    default:
      return r.fail("union-tag");
  }
  r.closeUnion(u);
  r.closeStruct(s);
  return result;
}

function writeStudio_Find_Reply(w: Encoder, result: Result<Part, Trouble>): void {
  w.object(result, "a Result", "");
  const s$ = w.openStruct(0);
  switch (result.ok) {
    case true: {
      const u = w.openUnion(0, "");
      const value = result.value;
      $writePart(w, value, "value");
      w.closeUnion(u);
      break;
    }
    case false: {
      const u = w.openUnion(1, "");
      const error = result.error;
      $writeTrouble(w, error, "error");
      w.closeUnion(u);
      break;
    }
    default:
      throw w.wrongType("a Result", result, "");
  }
  w.closeStruct(s$);
}

function readStudio_Store_Reply(r: Decoder): Result<void, string> {
  const s = r.openStruct(), u = r.openUnion("");
  let result: Result<void, string>;
  switch (r.tag) {
    case 0: {
      r.openInner("value");
      r.closeInner();
      result = { ok: true, value: undefined };
      break;
    }
    case 1: {
      result = { ok: false, error: r.text("error") };
      break;
    }
    default:
      return r.fail("union-tag");
  }
  r.closeUnion(u);
  r.closeStruct(s);
  return result;
}

function writeStudio_Store_Reply(w: Encoder, result: Result<void, string>): void {
  w.object(result, "a Result", "");
  const s$ = w.openStruct(0);
  switch (result.ok) {
    case true: {
      const u = w.openUnion(0, "");
      w.closeInner(w.openInner("value", 0));
      w.closeUnion(u);
      break;
    }
    case false: {
      const u = w.openUnion(1, "");
      const error = result.error;
      w.text(error, "error");
      w.closeUnion(u);
      break;
    }
    default:
      throw w.wrongType("a Result", result, "");
  }
  w.closeStruct(s$);
}

function readStudio_Ends_Reply(r: Decoder): Result<Studio_Ends_Reply, Trouble> {
  const s = r.openStruct(), u = r.openUnion("");
  let result: Result<Studio_Ends_Reply, Trouble>;
  switch (r.tag) {
    case 0: {
      const at = r.openInner("value", 8);
      const firstHead = r.u32At(at);
      const lastHead = r.u32At(at + 4);
      const first = r.stringBody(firstHead, "first");
      const last = r.stringBody(lastHead, "last");
      r.closeInner();
      result = { ok: true, value: { first, last } };
      break;
    }
    case 1: {
      result = { ok: false, error: $readTrouble(r, "error") };
      break;
    }
    default:
      return r.fail("union-tag");
  }
  r.closeUnion(u);
  r.closeStruct(s);
  return result;
}

function writeStudio_Ends_Reply(
  w: Encoder,
  result: Result<Studio_Ends_Reply, Trouble>,
): void {
  w.object(result, "a Result", "");
  const s$ = w.openStruct(0);
  switch (result.ok) {
    case true: {
      const u = w.openUnion(0, "");
      const value = result.value;
      w.object(value, "the values of the reply", "value");
      const { first, last } = value;
      const at = w.openInner("value", 8);
      w.stringHeadAt(at, first, "first");
      w.stringHeadAt(at + 4, last, "last");
      w.stringBody(at, first, "first");
      w.stringBody(at + 4, last, "last");
      w.closeInner(at);
      w.closeUnion(u);
      break;
    }
    case false: {
      const u = w.openUnion(1, "");
      const error = result.error;
      $writeTrouble(w, error, "error");
      w.closeUnion(u);
      break;
    }
    default:
      throw w.wrongType("a Result", result, "");
  }
  w.closeStruct(s$);
}

function readStudio_Count_Item(r: Decoder): number {
  const item = r.i32();
  return item;
}

function writeStudio_Count_Item(w: Encoder, item: number): void {
  w.need(9);
  w.i32(item, "item");
}

function readStudio_Parts_Item(r: Decoder): Part {
  const item = $readPart(r, "item");
  return item;
}

function writeStudio_Parts_Item(w: Encoder, item: Part): void {
  w.need(9);
  $writePart(w, item, "item");
}

function readStudio_Names_Item(r: Decoder): string | undefined {
  const isThere = r.flags(1) === 1;
  const item = isThere ? r.text("item") : undefined;
  return item;
}

function writeStudio_Names_Item(w: Encoder, item: string | undefined): void {
  w.need(9);
  w.flags(item == null ? 0 : 1);
  if (item != null) {
    w.text(item, "item");
  }
}

function readStudio_Sum_Reply(r: Decoder): Studio_Sum_Reply {
  const s = r.openStruct();
  const sum = r.i64();
  r.closeStruct(s);
  return { sum };
}

function writeStudio_Sum_Reply(w: Encoder, value: Studio_Sum_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Studio.Sum must be an object: received ${String(value)}`,
    );
  }
  const { sum } = value;
  const at = w.openStruct(8);
  w.i64At(at, sum, "sum");
  w.closeStruct(at);
}

function readStudio_Later_Reply(r: Decoder): Studio_Later_Reply {
  const s = r.openStruct();
  const letters = readStream(r, "letters", (r, label) => {
    return r.text(label);
  });
  r.closeStruct(s);
  return { letters };
}

function writeStudio_Later_Reply(w: Encoder, value: Studio_Later_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Studio.Later must be an object: received ${String(value)}`,
    );
  }
  const { letters } = value;
  const at = w.openStruct(0, 4);
  writeStream(w, letters, "letters", (w, item, label) => {
    w.need(9);
    w.text(item, label);
  });
  w.closeStruct(at);
}

function readStudio_Rows_Item(r: Decoder): ReadableStream<number> {
  const item = readStream(r, "item", (r, _label) => {
    return r.i32();
  });
  return item;
}

function writeStudio_Rows_Item(w: Encoder, item: ReadableStream<number>): void {
  w.need(9);
  writeStream(w, item, "item", (w, item$, label) => {
    w.need(9);
    w.i32(item$, label);
  });
}

function readStudio_Invite_Reply(r: Decoder): Studio_Invite_Reply {
  const s = r.openStruct();
  const seenHead = r.stringHead();
  const seen = r.stringBody(seenHead, "seen");
  r.closeStruct(s);
  return { seen };
}

function writeStudio_Invite_Reply(w: Encoder, value: Studio_Invite_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Studio.Invite must be an object: received ${String(value)}`,
    );
  }
  const { seen } = value;
  const at = w.openStruct(4);
  w.stringHeadAt(at, seen, "seen");
  w.stringBody(at, seen, "seen");
  w.closeStruct(at);
}

function readStudio_Carry_Reply(r: Decoder): Studio_Carry_Reply {
  const s = r.openStruct();
  const kindsHead = r.stringHead();
  const kinds = r.stringBody(kindsHead, "kinds");
  r.closeStruct(s);
  return { kinds };
}

function writeStudio_Carry_Reply(w: Encoder, value: Studio_Carry_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Studio.Carry must be an object: received ${String(value)}`,
    );
  }
  const { kinds } = value;
  const at = w.openStruct(4);
  w.stringHeadAt(at, kinds, "kinds");
  w.stringBody(at, kinds, "kinds");
  w.closeStruct(at);
}

function readEmptyReply(r: Decoder): void {
  r.closeStruct(r.openStruct());
}

function writeEmptyReply(w: Encoder): void {
  w.closeStruct(w.openStruct(0));
}

function readStudio_Small_Reply(r: Decoder): Studio_Small_Reply {
  const s = r.openStruct();
  const length = r.i32();
  r.closeStruct(s);
  return { length };
}

function writeStudio_Small_Reply(w: Encoder, value: Studio_Small_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Studio.Small must be an object: received ${String(value)}`,
    );
  }
  const { length } = value;
  const at = w.openStruct(4);
  w.i32At(at, length, "length");
  w.closeStruct(at);
}

function readStudio_Greet_Reply(r: Decoder): Studio_Greet_Reply {
  const s = r.openStruct();
  const textHead = r.stringHead();
  const text = r.stringBody(textHead, "text");
  r.closeStruct(s);
  return { text };
}

function writeStudio_Greet_Reply(w: Encoder, value: Studio_Greet_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Studio.Greet must be an object: received ${String(value)}`,
    );
  }
  const { text } = value;
  const at = w.openStruct(4);
  w.stringHeadAt(at, text, "text");
  w.stringBody(at, text, "text");
  w.closeStruct(at);
}

function dispatchStudio(impl: Implementation<Studio>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x16022e0f: {
      const s = r.openStruct();
      const nameHead = r.stringHead();
      const name = r.stringBody(nameHead, "name");
      r.closeStruct(s);
      call.accept(true);
      call.result(() => impl.find(name), writeStudio_Find_Reply);
      return;
    }
    case 0x745251e6: {
      const s = r.openStruct();
      const nameHead = r.stringHead();
      const name = r.stringBody(nameHead, "name");
      r.closeStruct(s);
      call.accept(true);
      call.result(() => impl.store(name), writeStudio_Store_Reply);
      return;
    }
    case 0x49257799: {
      const s = r.openStruct();
      const nameHead = r.stringHead();
      const name = r.stringBody(nameHead, "name");
      r.closeStruct(s);
      call.accept(true);
      call.result(() => impl.ends(name), writeStudio_Ends_Reply);
      return;
    }
    case 0x344749f7: {
      const s = r.openStruct();
      const at = r.advance(8);
      const from = r.i32At(at);
      const to = r.i32At(at + 4);
      const end = readPipe(r, "end");
      r.closeStruct(s);
      call.accept(false);
      sendStream(call, end, () => impl.count(from, to), writeStudio_Count_Item);
      return;
    }
    case 0x2f7624a6: {
      const s = r.openStruct();
      const prefixHead = r.stringHead();
      const end = readPipe(r, "end");
      const prefix = r.stringBody(prefixHead, "prefix");
      r.closeStruct(s);
      call.accept(false);
      sendStream(call, end, () => impl.parts(prefix), writeStudio_Parts_Item);
      return;
    }
    case 0x418fba6c: {
      const s = r.openStruct();
      const end = readPipe(r, "end");
      const namesCount = r.openArray(1, "names");
      const names: (string | undefined)[] = new Array(namesCount);
      const namesPresence = r.bits(namesCount);
      for (let i = 0; i < namesCount; i++) names[i] = r.isSet(namesPresence, i) ? r.text(i) : undefined;
      r.leave();
      r.closeStruct(s);
      call.accept(false);
      sendStream(call, end, () => impl.names(names), writeStudio_Names_Item);
      return;
    }
    case 0x0e554017: {
      const s = r.openStruct();
      const numbers = readStream(r, "numbers", (r, _label) => {
        return r.i32();
      });
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.sum(numbers), writeStudio_Sum_Reply);
      return;
    }
    case 0x19b0159c: {
      const s = r.openStruct();
      const nameHead = r.stringHead();
      const name = r.stringBody(nameHead, "name");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.later(name), writeStudio_Later_Reply);
      return;
    }
    case 0x2864cd21: {
      const s = r.openStruct();
      const count = r.i32();
      const end = readPipe(r, "end");
      r.closeStruct(s);
      call.accept(false);
      sendStream(call, end, () => impl.rows(count), writeStudio_Rows_Item);
      return;
    }
    case 0x00a05c9d: {
      const s = r.openStruct();
      const viewer = readPendingRemote<Viewer>(r, "viewer");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.invite(viewer), writeStudio_Invite_Reply);
      return;
    }
    case 0x40bf5e8f: {
      const s = r.openStruct();
      const viewer = readPendingReceiver<Viewer>(r, "viewer");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.visit(viewer));
      return;
    }
    case 0x4b063a3b: {
      const s = r.openStruct();
      const viewer = readAssociatedRemote<Viewer>(r, "viewer");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.join(viewer));
      return;
    }
    case 0x4827001c: {
      const s = r.openStruct();
      const viewer = readAssociatedReceiver<Viewer>(r, "viewer");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.leave(viewer));
      return;
    }
    case 0x44aa0611: {
      const s = r.openStruct();
      const any = readHandle(r, "any");
      const producer = readProducer(r, "producer");
      const consumer = readConsumer(r, "consumer");
      const buffer = readBuffer(r, "buffer");
      const platform = readPlatform(r, "platform");
      const file = readFile(r, "file");
      const conn = readConn(r, "conn");
      const listener = readListener(r, "listener");
      r.closeStruct(s);
      call.accept(true);
      call.reply(
        impl.carry(
          any,
          producer,
          consumer,
          buffer,
          platform,
          file,
          conn,
          listener,
        ),
        writeStudio_Carry_Reply,
      );
      return;
    }
    case 0x1d570f74: {
      const s = r.openStruct();
      const turns = r.i32();
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.wait(turns), writeEmptyReply);
      return;
    }
    case 0x60d44493: {
      call.limit(64);
      const s = r.openStruct();
      const textHead = r.stringHead();
      const text = r.stringBody(textHead, "text");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.small(text), writeStudio_Small_Reply);
      return;
    }
    case 0x54f6f9f7: {
      call.limit(64);
      const s = r.openStruct();
      const textHead = r.stringHead();
      const text = r.stringBody(textHead, "text");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.tiny(text));
      return;
    }
    case 0x7498f9c2: {
      const s = r.openStruct();
      const at = r.advance(9);
      const flags0 = r.flagsAt(at, 0b1);
      const nameHead = r.u32At(at + 1);
      const greetingHead = r.u32At(at + 5);
      const times = (flags0 & 1) === 0 ? undefined : r.i32();
      const name = r.stringBody(nameHead, "name");
      const greeting = r.stringBody(greetingHead, "greeting");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.greet(name, greeting, times), writeStudio_Greet_Reply);
      return;
    }
    default:
      call.unknownMethod();
  }
}

function hearStudio(event: IncomingEvent<Studio_Events>): void {
  const r = event.decoder;
  switch (event.method) {
    case 0x06fa65e3: {
      const s = r.openStruct();
      const at = r.advance(5);
      const flags0 = r.flagsAt(at, 0b1);
      const percent = r.i32At(at + 1);
      const noteHead = (flags0 & 1) === 0 ? 0 : r.stringHead();
      const note = (flags0 & 1) === 0 ? undefined : r.stringBody(noteHead, "note");
      r.closeStruct(s);
      event.tell("onProgress", (listener) => listener(percent, note));
      return;
    }
    case 0x0a451e3f: {
      const s = r.openStruct();
      const line = readPipe(r, "line");
      r.closeStruct(s);
      event.tell("onLine", (listener) => listener(line));
      return;
    }
    case 0x02fc4cac: {
      event.limit(64);
      const s = r.openStruct();
      const textHead = r.stringHead();
      const text = r.stringBody(textHead, "text");
      r.closeStruct(s);
      event.tell("onText", (listener) => listener(text));
      return;
    }
    default:
      event.unknownEvent();
  }
}

/** {@linkcode Studio} as a value, for `new Remote(Studio, pipe)` and the like. */
export const Studio: Interface<Studio, Studio_Events> = {
  name: "studio.Studio",
  methods: [
    [0x16022e0f, "Find"],
    [0x745251e6, "Store"],
    [0x49257799, "Ends"],
    [0x344749f7, "Count"],
    [0x2f7624a6, "Parts"],
    [0x418fba6c, "Names"],
    [0x0e554017, "Sum"],
    [0x19b0159c, "Later"],
    [0x2864cd21, "Rows"],
    [0x00a05c9d, "Invite"],
    [0x40bf5e8f, "Visit"],
    [0x4b063a3b, "Join"],
    [0x4827001c, "Leave"],
    [0x44aa0611, "Carry"],
    [0x1d570f74, "Wait"],
    [0x60d44493, "Small"],
    [0x54f6f9f7, "Tiny"],
    [0x7498f9c2, "Greet"],
  ],
  events: {
    names: [
      [0x06fa65e3, "OnProgress", "onProgress"],
      [0x0a451e3f, "OnLine", "onLine"],
      [0x02fc4cac, "OnText", "onText"],
    ],
    Emitter: StudioEmitter,
    hear: hearStudio,
  },
  Remote: StudioRemote,
  dispatch: dispatchStudio,
};

/** An interface as it was. */
export interface Shop {
  /** Calls `Buy`. */
  buy(what: string, options?: CallOptions): Promise<Shop_Buy_Reply>;
}

/** What whoever implements {@linkcode Shop} tells its callers. */
export interface Shop_Events {
  /** The event `OnOpen`. */
  onOpen(name: string): void;
}

/** What {@linkcode Shop.buy} resolves to. */
export interface Shop_Buy_Reply {
  /** `int32 price` */
  price: number;
}

class ShopRemote extends RemoteBase<Shop_Events> implements Shop {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(Shop, pipe, options);
  }

  buy(what: string, options?: CallOptions): Promise<Shop_Buy_Reply> {
    const w = this.$begin(0x14cdc5ed, true);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, what, "what");
      w.stringBody(at, what, "what");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x14cdc5ed, readShop_Buy_Reply, options);
  }
}

class ShopEmitter extends EmitterBase implements Shop_Events {
  onOpen(name: string): void {
    const w = this.$begin(0x466c9f0f);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, name, "name");
      w.stringBody(at, name, "name");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }
}

function readShop_Buy_Reply(r: Decoder): Shop_Buy_Reply {
  const s = r.openStruct();
  const price = r.i32();
  r.closeStruct(s);
  return { price };
}

function writeShop_Buy_Reply(w: Encoder, value: Shop_Buy_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Shop.Buy must be an object: received ${String(value)}`,
    );
  }
  const { price } = value;
  const at = w.openStruct(4);
  w.i32At(at, price, "price");
  w.closeStruct(at);
}

function dispatchShop(impl: Implementation<Shop>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x14cdc5ed: {
      const s = r.openStruct();
      const whatHead = r.stringHead();
      const what = r.stringBody(whatHead, "what");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.buy(what), writeShop_Buy_Reply);
      return;
    }
    default:
      call.unknownMethod();
  }
}

function hearShop(event: IncomingEvent<Shop_Events>): void {
  const r = event.decoder;
  switch (event.method) {
    case 0x466c9f0f: {
      const s = r.openStruct();
      const nameHead = r.stringHead();
      const name = r.stringBody(nameHead, "name");
      r.closeStruct(s);
      event.tell("onOpen", (listener) => listener(name));
      return;
    }
    default:
      event.unknownEvent();
  }
}

/** {@linkcode Shop} as a value, for `new Remote(Shop, pipe)` and the like. */
export const Shop: Interface<Shop, Shop_Events> = {
  name: "studio.Shop",
  methods: [
    [0x14cdc5ed, "Buy"],
  ],
  events: {
    names: [
      [0x466c9f0f, "OnOpen", "onOpen"],
    ],
    Emitter: ShopEmitter,
    hear: hearShop,
  },
  isExtensible: true,
  Remote: ShopRemote,
  dispatch: dispatchShop,
};

/** The same, as it is now. */
export interface ShopNow {
  /** Calls `Buy`. */
  buy(what: string, options?: CallOptions): Promise<ShopNow_Buy_Reply>;
  /** Calls `Order`. */
  order(
    what: string,
    to: MessagePipe,
    options?: CallOptions,
  ): Promise<ShopNow_Order_Reply>;
  /** Sends `Note`. */
  note(text: string, to: MessagePipe): void;
  /** Calls `Watch`. */
  watch(what: string): ReadableStream<number>;
}

/** What whoever implements {@linkcode ShopNow} tells its callers. */
export interface ShopNow_Events {
  /** The event `OnOpen`. */
  onOpen(name: string): void;
  /** The event `OnClose`. */
  onClose(why: string, line: MessagePipe): void;
}

/** What {@linkcode ShopNow.buy} resolves to. */
export interface ShopNow_Buy_Reply {
  /** `int32 price` */
  price: number;
}

/** What {@linkcode ShopNow.order} resolves to. */
export interface ShopNow_Order_Reply {
  /** `int32 number` */
  number: number;
}

class ShopNowRemote extends RemoteBase<ShopNow_Events> implements ShopNow {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(ShopNow, pipe, options);
  }

  buy(what: string, options?: CallOptions): Promise<ShopNow_Buy_Reply> {
    const w = this.$begin(0x14cdc5ed, true);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, what, "what");
      w.stringBody(at, what, "what");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x14cdc5ed, readShopNow_Buy_Reply, options);
  }

  order(
    what: string,
    to: MessagePipe,
    options?: CallOptions,
  ): Promise<ShopNow_Order_Reply> {
    const w = this.$begin(0x5aaf1301, true);
    try {
      const at = w.openStruct(4, 4);
      w.stringHeadAt(at, what, "what");
      writePipe(w, to, "to");
      w.stringBody(at, what, "what");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x5aaf1301, readShopNow_Order_Reply, options);
  }

  note(text: string, to: MessagePipe): void {
    const w = this.$begin(0x126ca092, false);
    try {
      const at = w.openStruct(4, 4);
      w.stringHeadAt(at, text, "text");
      writePipe(w, to, "to");
      w.stringBody(at, text, "text");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  watch(what: string): ReadableStream<number> {
    const w = this.$begin(0x4ef9a145, false);
    const [stream, end] = this.$openStream();
    try {
      const at = w.openStruct(4, 4);
      w.stringHeadAt(at, what, "what");
      writePipe(w, end, "end");
      w.stringBody(at, what, "what");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
    return receiveStream(stream, readShopNow_Watch_Item, "studio.ShopNow.Watch");
  }
}

class ShopNowEmitter extends EmitterBase implements ShopNow_Events {
  onOpen(name: string): void {
    const w = this.$begin(0x466c9f0f);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, name, "name");
      w.stringBody(at, name, "name");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  onClose(why: string, line: MessagePipe): void {
    const w = this.$begin(0x2afb62da);
    try {
      const at = w.openStruct(4, 4);
      w.stringHeadAt(at, why, "why");
      writePipe(w, line, "line");
      w.stringBody(at, why, "why");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }
}

function readShopNow_Buy_Reply(r: Decoder): ShopNow_Buy_Reply {
  const s = r.openStruct();
  const price = r.i32();
  r.closeStruct(s);
  return { price };
}

function writeShopNow_Buy_Reply(w: Encoder, value: ShopNow_Buy_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of ShopNow.Buy must be an object: received ${String(value)}`,
    );
  }
  const { price } = value;
  const at = w.openStruct(4);
  w.i32At(at, price, "price");
  w.closeStruct(at);
}

function readShopNow_Order_Reply(r: Decoder): ShopNow_Order_Reply {
  const s = r.openStruct();
  const number = r.i32();
  r.closeStruct(s);
  return { number };
}

function writeShopNow_Order_Reply(w: Encoder, value: ShopNow_Order_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of ShopNow.Order must be an object: received ${String(value)}`,
    );
  }
  const { number } = value;
  const at = w.openStruct(4);
  w.i32At(at, number, "number");
  w.closeStruct(at);
}

function readShopNow_Watch_Item(r: Decoder): number {
  const item = r.i32();
  return item;
}

function writeShopNow_Watch_Item(w: Encoder, item: number): void {
  w.need(9);
  w.i32(item, "item");
}

function dispatchShopNow(impl: Implementation<ShopNow>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x14cdc5ed: {
      const s = r.openStruct();
      const whatHead = r.stringHead();
      const what = r.stringBody(whatHead, "what");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.buy(what), writeShopNow_Buy_Reply);
      return;
    }
    case 0x5aaf1301: {
      const s = r.openStruct();
      const whatHead = r.stringHead();
      const to = readPipe(r, "to");
      const what = r.stringBody(whatHead, "what");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.order(what, to), writeShopNow_Order_Reply);
      return;
    }
    case 0x126ca092: {
      const s = r.openStruct();
      const textHead = r.stringHead();
      const to = readPipe(r, "to");
      const text = r.stringBody(textHead, "text");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.note(text, to));
      return;
    }
    case 0x4ef9a145: {
      const s = r.openStruct();
      const whatHead = r.stringHead();
      const end = readPipe(r, "end");
      const what = r.stringBody(whatHead, "what");
      r.closeStruct(s);
      call.accept(false);
      sendStream(call, end, () => impl.watch(what), writeShopNow_Watch_Item);
      return;
    }
    default:
      call.unknownMethod();
  }
}

function hearShopNow(event: IncomingEvent<ShopNow_Events>): void {
  const r = event.decoder;
  switch (event.method) {
    case 0x466c9f0f: {
      const s = r.openStruct();
      const nameHead = r.stringHead();
      const name = r.stringBody(nameHead, "name");
      r.closeStruct(s);
      event.tell("onOpen", (listener) => listener(name));
      return;
    }
    case 0x2afb62da: {
      const s = r.openStruct();
      const whyHead = r.stringHead();
      const line = readPipe(r, "line");
      const why = r.stringBody(whyHead, "why");
      r.closeStruct(s);
      event.tell("onClose", (listener) => listener(why, line));
      return;
    }
    default:
      event.unknownEvent();
  }
}

/** {@linkcode ShopNow} as a value, for `new Remote(ShopNow, pipe)` and the like. */
export const ShopNow: Interface<ShopNow, ShopNow_Events> = {
  name: "studio.ShopNow",
  methods: [
    [0x14cdc5ed, "Buy"],
    [0x5aaf1301, "Order"],
    [0x126ca092, "Note"],
    [0x4ef9a145, "Watch"],
  ],
  events: {
    names: [
      [0x466c9f0f, "OnOpen", "onOpen"],
      [0x2afb62da, "OnClose", "onClose"],
    ],
    Emitter: ShopNowEmitter,
    hear: hearShopNow,
  },
  isExtensible: true,
  Remote: ShopNowRemote,
  dispatch: dispatchShopNow,
};
