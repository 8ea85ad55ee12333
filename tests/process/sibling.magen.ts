// Generated from sibling.magen by magen. Do not edit: change the source and generate again.
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

/** What the tests ask of children that talk to each other. */
export interface Sibling {
  /** Answers with its argument. */
  echo(text: string, options?: CallOptions): Promise<Sibling_Echo_Reply>;
  /** Answers calls of this interface on the endpoint. */
  serve(pipe: MessagePipe): void;
  /** Keeps the endpoint, to call who answers at its other end. */
  keep(pipe: MessagePipe): void;
  /** Calls `Echo` over the endpoint that is kept, so many times, one after the other. */
  call(text: string, times: number, options?: CallOptions): Promise<Sibling_Call_Reply>;
  /** Sends so many bytes in one message over a second endpoint, and gets them back. */
  bulk(size: number, options?: CallOptions): Promise<Sibling_Bulk_Reply>;
  /** Answers with the bytes. */
  mirror(data: Uint8Array, options?: CallOptions): Promise<Sibling_Mirror_Reply>;
  /** Makes a pipe and gives both ends away. */
  bothEnds(options?: CallOptions): Promise<Sibling_BothEnds_Reply>;
  /** Tries to connect to a socket path and tells what came of it. */
  connect(path: string, options?: CallOptions): Promise<Sibling_Connect_Reply>;
  /** Starts a child of its own over that link and gives its pipe away. */
  bring(link: string, options?: CallOptions): Promise<Sibling_Bring_Reply>;
  /** Counts the links of its node. */
  links(options?: CallOptions): Promise<Sibling_Links_Reply>;
  /** Leaves. */
  exit(): void;
}

/** What {@linkcode Sibling.echo} resolves to. */
export interface Sibling_Echo_Reply {
  /** `string text` */
  text: string;
}

/** What {@linkcode Sibling.call} resolves to. */
export interface Sibling_Call_Reply {
  /** `string text` */
  text: string;
}

/** What {@linkcode Sibling.bulk} resolves to. */
export interface Sibling_Bulk_Reply {
  /** `int32 size` */
  size: number;
}

/** What {@linkcode Sibling.mirror} resolves to. */
export interface Sibling_Mirror_Reply {
  /** `bytes data` */
  data: Uint8Array;
}

/** What {@linkcode Sibling.bothEnds} resolves to. */
export interface Sibling_BothEnds_Reply {
  /** `MessagePipe one` */
  one: MessagePipe;
  /** `MessagePipe two` */
  two: MessagePipe;
}

/** What {@linkcode Sibling.connect} resolves to. */
export interface Sibling_Connect_Reply {
  /** `string outcome` */
  outcome: string;
}

/** What {@linkcode Sibling.bring} resolves to. */
export interface Sibling_Bring_Reply {
  /** `MessagePipe pipe` */
  pipe: MessagePipe;
}

/** What {@linkcode Sibling.links} resolves to. */
export interface Sibling_Links_Reply {
  /** `int32 count` */
  count: number;
}

class SiblingRemote extends RemoteBase implements Sibling {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(Sibling, pipe, options);
  }

  echo(text: string, options?: CallOptions): Promise<Sibling_Echo_Reply> {
    const w = this.$begin(0x534f7dd6, true);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, text, "text");
      w.stringBody(at, text, "text");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x534f7dd6, readSibling_Echo_Reply, options);
  }

  serve(pipe: MessagePipe): void {
    const w = this.$begin(0x230fb0f5, false);
    try {
      const at = w.openStruct(0, 4);
      writePipe(w, pipe, "pipe");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  keep(pipe: MessagePipe): void {
    const w = this.$begin(0x254cc459, false);
    try {
      const at = w.openStruct(0, 4);
      writePipe(w, pipe, "pipe");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  call(text: string, times: number, options?: CallOptions): Promise<Sibling_Call_Reply> {
    const w = this.$begin(0x6247479d, true);
    try {
      const at = w.openStruct(8);
      w.stringHeadAt(at, text, "text");
      w.i32At(at + 4, times, "times");
      w.stringBody(at, text, "text");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x6247479d, readSibling_Call_Reply, options);
  }

  bulk(size: number, options?: CallOptions): Promise<Sibling_Bulk_Reply> {
    const w = this.$begin(0x6438baae, true);
    try {
      const at = w.openStruct(4);
      w.i32At(at, size, "size");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x6438baae, readSibling_Bulk_Reply, options);
  }

  mirror(data: Uint8Array, options?: CallOptions): Promise<Sibling_Mirror_Reply> {
    const w = this.$begin(0x74c24757, true);
    try {
      const at = w.openStruct(0);
      w.byteString(data, "data");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x74c24757, readSibling_Mirror_Reply, options);
  }

  bothEnds(options?: CallOptions): Promise<Sibling_BothEnds_Reply> {
    const w = this.$begin(0x732e6c84, true);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x732e6c84, readSibling_BothEnds_Reply, options);
  }

  connect(path: string, options?: CallOptions): Promise<Sibling_Connect_Reply> {
    const w = this.$begin(0x3fc643bc, true);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, path, "path");
      w.stringBody(at, path, "path");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x3fc643bc, readSibling_Connect_Reply, options);
  }

  bring(link: string, options?: CallOptions): Promise<Sibling_Bring_Reply> {
    const w = this.$begin(0x094c50d2, true);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, link, "link");
      w.stringBody(at, link, "link");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x094c50d2, readSibling_Bring_Reply, options);
  }

  links(options?: CallOptions): Promise<Sibling_Links_Reply> {
    const w = this.$begin(0x35b9997d, true);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x35b9997d, readSibling_Links_Reply, options);
  }

  exit(): void {
    const w = this.$begin(0x564ee3ba, false);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }
}

function readSibling_Echo_Reply(r: Decoder): Sibling_Echo_Reply {
  const s = r.openStruct();
  const textHead = r.stringHead();
  const text = r.stringBody(textHead, "text");
  r.closeStruct(s);
  return { text };
}

function writeSibling_Echo_Reply(w: Encoder, value: Sibling_Echo_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Sibling.Echo must be an object: received ${String(value)}`,
    );
  }
  const { text } = value;
  const at = w.openStruct(4);
  w.stringHeadAt(at, text, "text");
  w.stringBody(at, text, "text");
  w.closeStruct(at);
}

function readSibling_Call_Reply(r: Decoder): Sibling_Call_Reply {
  const s = r.openStruct();
  const textHead = r.stringHead();
  const text = r.stringBody(textHead, "text");
  r.closeStruct(s);
  return { text };
}

function writeSibling_Call_Reply(w: Encoder, value: Sibling_Call_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Sibling.Call must be an object: received ${String(value)}`,
    );
  }
  const { text } = value;
  const at = w.openStruct(4);
  w.stringHeadAt(at, text, "text");
  w.stringBody(at, text, "text");
  w.closeStruct(at);
}

function readSibling_Bulk_Reply(r: Decoder): Sibling_Bulk_Reply {
  const s = r.openStruct();
  const size = r.i32();
  r.closeStruct(s);
  return { size };
}

function writeSibling_Bulk_Reply(w: Encoder, value: Sibling_Bulk_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Sibling.Bulk must be an object: received ${String(value)}`,
    );
  }
  const { size } = value;
  const at = w.openStruct(4);
  w.i32At(at, size, "size");
  w.closeStruct(at);
}

function readSibling_Mirror_Reply(r: Decoder): Sibling_Mirror_Reply {
  const s = r.openStruct();
  const data = r.byteString("data");
  r.closeStruct(s);
  return { data };
}

function writeSibling_Mirror_Reply(w: Encoder, value: Sibling_Mirror_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Sibling.Mirror must be an object: received ${String(value)}`,
    );
  }
  const { data } = value;
  const at = w.openStruct(0);
  w.byteString(data, "data");
  w.closeStruct(at);
}

function readSibling_BothEnds_Reply(r: Decoder): Sibling_BothEnds_Reply {
  const s = r.openStruct();
  const one = readPipe(r, "one");
  const two = readPipe(r, "two");
  r.closeStruct(s);
  return { one, two };
}

function writeSibling_BothEnds_Reply(w: Encoder, value: Sibling_BothEnds_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Sibling.BothEnds must be an object: received ${String(value)}`,
    );
  }
  const { one, two } = value;
  const at = w.openStruct(0, 8);
  writePipe(w, one, "one");
  writePipe(w, two, "two");
  w.closeStruct(at);
}

function readSibling_Connect_Reply(r: Decoder): Sibling_Connect_Reply {
  const s = r.openStruct();
  const outcomeHead = r.stringHead();
  const outcome = r.stringBody(outcomeHead, "outcome");
  r.closeStruct(s);
  return { outcome };
}

function writeSibling_Connect_Reply(w: Encoder, value: Sibling_Connect_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Sibling.Connect must be an object: received ${String(value)}`,
    );
  }
  const { outcome } = value;
  const at = w.openStruct(4);
  w.stringHeadAt(at, outcome, "outcome");
  w.stringBody(at, outcome, "outcome");
  w.closeStruct(at);
}

function readSibling_Bring_Reply(r: Decoder): Sibling_Bring_Reply {
  const s = r.openStruct();
  const pipe = readPipe(r, "pipe");
  r.closeStruct(s);
  return { pipe };
}

function writeSibling_Bring_Reply(w: Encoder, value: Sibling_Bring_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Sibling.Bring must be an object: received ${String(value)}`,
    );
  }
  const { pipe } = value;
  const at = w.openStruct(0, 4);
  writePipe(w, pipe, "pipe");
  w.closeStruct(at);
}

function readSibling_Links_Reply(r: Decoder): Sibling_Links_Reply {
  const s = r.openStruct();
  const count = r.i32();
  r.closeStruct(s);
  return { count };
}

function writeSibling_Links_Reply(w: Encoder, value: Sibling_Links_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Sibling.Links must be an object: received ${String(value)}`,
    );
  }
  const { count } = value;
  const at = w.openStruct(4);
  w.i32At(at, count, "count");
  w.closeStruct(at);
}

function dispatchSibling(impl: Implementation<Sibling>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x534f7dd6: {
      const s = r.openStruct();
      const textHead = r.stringHead();
      const text = r.stringBody(textHead, "text");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.echo(text), writeSibling_Echo_Reply);
      return;
    }
    case 0x230fb0f5: {
      const s = r.openStruct();
      const pipe = readPipe(r, "pipe");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.serve(pipe));
      return;
    }
    case 0x254cc459: {
      const s = r.openStruct();
      const pipe = readPipe(r, "pipe");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.keep(pipe));
      return;
    }
    case 0x6247479d: {
      const s = r.openStruct();
      const at = r.advance(8);
      const textHead = r.u32At(at);
      const times = r.i32At(at + 4);
      const text = r.stringBody(textHead, "text");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.call(text, times), writeSibling_Call_Reply);
      return;
    }
    case 0x6438baae: {
      const s = r.openStruct();
      const size = r.i32();
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.bulk(size), writeSibling_Bulk_Reply);
      return;
    }
    case 0x74c24757: {
      const s = r.openStruct();
      const data = r.byteString("data");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.mirror(data), writeSibling_Mirror_Reply);
      return;
    }
    case 0x732e6c84: {
      r.closeStruct(r.openStruct());
      call.accept(true);
      call.reply(impl.bothEnds(), writeSibling_BothEnds_Reply);
      return;
    }
    case 0x3fc643bc: {
      const s = r.openStruct();
      const pathHead = r.stringHead();
      const path = r.stringBody(pathHead, "path");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.connect(path), writeSibling_Connect_Reply);
      return;
    }
    case 0x094c50d2: {
      const s = r.openStruct();
      const linkHead = r.stringHead();
      const link = r.stringBody(linkHead, "link");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.bring(link), writeSibling_Bring_Reply);
      return;
    }
    case 0x35b9997d: {
      r.closeStruct(r.openStruct());
      call.accept(true);
      call.reply(impl.links(), writeSibling_Links_Reply);
      return;
    }
    case 0x564ee3ba: {
      r.closeStruct(r.openStruct());
      call.accept(false);
      call.done(impl.exit());
      return;
    }
    default:
      call.unknownMethod();
  }
}

/** {@linkcode Sibling} as a value, for `new Remote(Sibling, pipe)` and the like. */
export const Sibling: Interface<Sibling> = {
  name: "Sibling",
  methods: [
    [0x534f7dd6, "Echo"],
    [0x230fb0f5, "Serve"],
    [0x254cc459, "Keep"],
    [0x6247479d, "Call"],
    [0x6438baae, "Bulk"],
    [0x74c24757, "Mirror"],
    [0x732e6c84, "BothEnds"],
    [0x3fc643bc, "Connect"],
    [0x094c50d2, "Bring"],
    [0x35b9997d, "Links"],
    [0x564ee3ba, "Exit"],
  ],
  Remote: SiblingRemote,
  dispatch: dispatchSibling,
};
