// Generated from member.magen by magen. Do not edit: change the source and generate again.
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

/**
 * What scenarios ask of a node: it keeps endpoints by number, and does with them what it is told.
 */
export interface Member {
  /** Makes a pipe and keeps both ends. */
  create(options?: CallOptions): Promise<Member_Create_Reply>;
  /** Makes a data pipe and keeps both ends. */
  createData(
    elementSize: number,
    capacity: number,
    options?: CallOptions,
  ): Promise<Member_CreateData_Reply>;
  /** Makes one of two pipes, by an endpoint of each. */
  fuse(one: number, other: number, options?: CallOptions): Promise<void>;
  /**
   * Does one thing of the System API with what it keeps; what it is told and what comes of it are JSON.
   */
  operate(
    end: number,
    operation: string,
    args: string,
    options?: CallOptions,
  ): Promise<Member_Operate_Reply>;
  /** Keeps an endpoint. */
  take(pipe: MessagePipe, options?: CallOptions): Promise<Member_Take_Reply>;
  /** Gives an endpoint away. */
  give(end: number, options?: CallOptions): Promise<Member_Give_Reply>;
  /** Closes an endpoint, whatever it is bound to. */
  close(end: number, options?: CallOptions): Promise<void>;
  /** Closes every endpoint, and forgets what it has noted. */
  closeAll(options?: CallOptions): Promise<void>;
  /** Resolves to why nothing more arrives at an endpoint. */
  closed(end: number, options?: CallOptions): Promise<Member_Closed_Reply>;
  /** Writes one message, with endpoints attached. Tells whether anybody may read it. */
  write(
    end: number,
    text: string,
    attached: Int32Array | readonly number[],
    options?: CallOptions,
  ): Promise<Member_Write_Reply>;
  /**
   * Waits for one message and keeps what is attached to it. No text: nothing more will come.
   */
  read(end: number, options?: CallOptions): Promise<Member_Read_Reply>;
  /** Writes so many numbers, from `first` on, a few in each turn. */
  stream(
    end: number,
    first: number,
    count: number,
    options?: CallOptions,
  ): Promise<void>;
  /** Waits for so many numbers, which must come in order from `first` on. */
  collect(
    end: number,
    first: number,
    count: number,
    options?: CallOptions,
  ): Promise<void>;
  /**
   * Reads those that are there already. The answer is the number that has to come next.
   */
  collectSome(
    end: number,
    first: number,
    options?: CallOptions,
  ): Promise<Member_CollectSome_Reply>;
  /**
   * So many times: takes the endpoint that arrives over `carrier`, reads the numbers in it, writes the
   * next ones to it and sends it back.
   */
  bounce(carrier: number, times: number, options?: CallOptions): Promise<void>;
  /** Receives calls of `Peer` on an endpoint, and notes them under a label. */
  serve(end: number, label: string, options?: CallOptions): Promise<void>;
  /** Receives calls of another interface there. */
  serveOther(end: number, label: string, options?: CallOptions): Promise<void>;
  /** Calls `Peer` over an endpoint. */
  say(end: number, text: string, options?: CallOptions): Promise<void>;
  /** Calls `Count`. */
  count(
    end: number,
    number: number,
    fraction: number,
    text: string,
    options?: CallOptions,
  ): Promise<void>;
  /** Calls `Pass`. */
  pass(end: number, attached: number, options?: CallOptions): Promise<void>;
  /** Calls `SendHandles`. */
  sendHandles(
    end: number,
    served: number,
    callback: number,
    options?: CallOptions,
  ): Promise<void>;
  /** The same, with an answer; or the code of what went wrong. */
  ask(end: number, text: string, options?: CallOptions): Promise<Member_Ask_Reply>;
  /** Waits until so many things are noted, and takes the notes. */
  noted(count: number, options?: CallOptions): Promise<Member_Noted_Reply>;
  /** Waits until so many endpoints were passed by calls, and takes their numbers. */
  passed(count: number, options?: CallOptions): Promise<Member_Passed_Reply>;
  /**
   * What the node is made of: ports that are open, and those that are not, all of which
   * pass on what others say. Calls that are not answered yet. What is not as it should be
   * at rest is spelled out.
   */
  state(options?: CallOptions): Promise<Member_State_Reply>;
  /** Leaves at once. */
  exit(): void;
}

/** What {@linkcode Member.create} resolves to. */
export interface Member_Create_Reply {
  /** `int32 one` */
  one: number;
  /** `int32 other` */
  other: number;
}

/** What {@linkcode Member.createData} resolves to. */
export interface Member_CreateData_Reply {
  /** `int32 producer` */
  producer: number;
  /** `int32 consumer` */
  consumer: number;
}

/** What {@linkcode Member.operate} resolves to. */
export interface Member_Operate_Reply {
  /** `string outcome` */
  outcome: string;
}

/** What {@linkcode Member.take} resolves to. */
export interface Member_Take_Reply {
  /** `int32 end` */
  end: number;
}

/** What {@linkcode Member.give} resolves to. */
export interface Member_Give_Reply {
  /** `MessagePipe pipe` */
  pipe: MessagePipe;
}

/** What {@linkcode Member.closed} resolves to. */
export interface Member_Closed_Reply {
  /** `string code` */
  code: string;
}

/** What {@linkcode Member.write} resolves to. */
export interface Member_Write_Reply {
  /** `bool sent` */
  sent: boolean;
}

/** What {@linkcode Member.read} resolves to. */
export interface Member_Read_Reply {
  /** `string? text` */
  text?: string | undefined;
  /** `array<int32> attached` */
  attached: Int32Array;
}

/** What {@linkcode Member.collectSome} resolves to. */
export interface Member_CollectSome_Reply {
  /** `int32 next` */
  next: number;
}

/** What {@linkcode Member.ask} resolves to. */
export interface Member_Ask_Reply {
  /** `string? text` */
  text?: string | undefined;
  /** `string? code` */
  code?: string | undefined;
}

/** What {@linkcode Member.noted} resolves to. */
export interface Member_Noted_Reply {
  /** `array<string> notes` */
  notes: string[];
}

/** What {@linkcode Member.passed} resolves to. */
export interface Member_Passed_Reply {
  /** `array<int32> ends` */
  ends: Int32Array;
}

/** What {@linkcode Member.state} resolves to. */
export interface Member_State_Reply {
  /** `int32 open` */
  open: number;
  /** `int32 passing` */
  passing: number;
  /** `int32 calls` */
  calls: number;
  /** `string wrong` */
  wrong: string;
}

class MemberRemote extends RemoteBase implements Member {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(Member, pipe, options);
  }

  create(options?: CallOptions): Promise<Member_Create_Reply> {
    const w = this.$begin(0x46db660a, true);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x46db660a, readMember_Create_Reply, options);
  }

  createData(
    elementSize: number,
    capacity: number,
    options?: CallOptions,
  ): Promise<Member_CreateData_Reply> {
    const w = this.$begin(0x08554af4, true);
    try {
      const at = w.openStruct(8);
      w.i32At(at, elementSize, "elementSize");
      w.i32At(at + 4, capacity, "capacity");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x08554af4, readMember_CreateData_Reply, options);
  }

  fuse(one: number, other: number, options?: CallOptions): Promise<void> {
    const w = this.$begin(0x611cb4cd, true);
    try {
      const at = w.openStruct(8);
      w.i32At(at, one, "one");
      w.i32At(at + 4, other, "other");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x611cb4cd, readEmptyReply, options);
  }

  operate(
    end: number,
    operation: string,
    args: string,
    options?: CallOptions,
  ): Promise<Member_Operate_Reply> {
    const w = this.$begin(0x14f9f6a5, true);
    try {
      const at = w.openStruct(12);
      w.i32At(at, end, "end");
      w.stringHeadAt(at + 4, operation, "operation");
      w.stringHeadAt(at + 8, args, "args");
      w.stringBody(at + 4, operation, "operation");
      w.stringBody(at + 8, args, "args");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x14f9f6a5, readMember_Operate_Reply, options);
  }

  take(pipe: MessagePipe, options?: CallOptions): Promise<Member_Take_Reply> {
    const w = this.$begin(0x6a757f91, true);
    try {
      const at = w.openStruct(0, 4);
      writePipe(w, pipe, "pipe");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x6a757f91, readMember_Take_Reply, options);
  }

  give(end: number, options?: CallOptions): Promise<Member_Give_Reply> {
    const w = this.$begin(0x076e4842, true);
    try {
      const at = w.openStruct(4);
      w.i32At(at, end, "end");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x076e4842, readMember_Give_Reply, options);
  }

  close(end: number, options?: CallOptions): Promise<void> {
    const w = this.$begin(0x1911d795, true);
    try {
      const at = w.openStruct(4);
      w.i32At(at, end, "end");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x1911d795, readEmptyReply, options);
  }

  closeAll(options?: CallOptions): Promise<void> {
    const w = this.$begin(0x4d83ac2f, true);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x4d83ac2f, readEmptyReply, options);
  }

  closed(end: number, options?: CallOptions): Promise<Member_Closed_Reply> {
    const w = this.$begin(0x274f7930, true);
    try {
      const at = w.openStruct(4);
      w.i32At(at, end, "end");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x274f7930, readMember_Closed_Reply, options);
  }

  write(
    end: number,
    text: string,
    attached: Int32Array | readonly number[],
    options?: CallOptions,
  ): Promise<Member_Write_Reply> {
    const w = this.$begin(0x5f8eadd5, true);
    try {
      const at = w.openStruct(8);
      w.i32At(at, end, "end");
      w.stringHeadAt(at + 4, text, "text");
      w.stringBody(at + 4, text, "text");
      w.numbers("i32", attached, "attached");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x5f8eadd5, readMember_Write_Reply, options);
  }

  read(end: number, options?: CallOptions): Promise<Member_Read_Reply> {
    const w = this.$begin(0x4a885096, true);
    try {
      const at = w.openStruct(4);
      w.i32At(at, end, "end");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x4a885096, readMember_Read_Reply, options);
  }

  stream(
    end: number,
    first: number,
    count: number,
    options?: CallOptions,
  ): Promise<void> {
    const w = this.$begin(0x63602f88, true);
    try {
      const at = w.openStruct(12);
      w.i32At(at, end, "end");
      w.i32At(at + 4, first, "first");
      w.i32At(at + 8, count, "count");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x63602f88, readEmptyReply, options);
  }

  collect(
    end: number,
    first: number,
    count: number,
    options?: CallOptions,
  ): Promise<void> {
    const w = this.$begin(0x5a4f0286, true);
    try {
      const at = w.openStruct(12);
      w.i32At(at, end, "end");
      w.i32At(at + 4, first, "first");
      w.i32At(at + 8, count, "count");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x5a4f0286, readEmptyReply, options);
  }

  collectSome(
    end: number,
    first: number,
    options?: CallOptions,
  ): Promise<Member_CollectSome_Reply> {
    const w = this.$begin(0x14983a57, true);
    try {
      const at = w.openStruct(8);
      w.i32At(at, end, "end");
      w.i32At(at + 4, first, "first");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x14983a57, readMember_CollectSome_Reply, options);
  }

  bounce(carrier: number, times: number, options?: CallOptions): Promise<void> {
    const w = this.$begin(0x4d29e24c, true);
    try {
      const at = w.openStruct(8);
      w.i32At(at, carrier, "carrier");
      w.i32At(at + 4, times, "times");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x4d29e24c, readEmptyReply, options);
  }

  serve(end: number, label: string, options?: CallOptions): Promise<void> {
    const w = this.$begin(0x68b060be, true);
    try {
      const at = w.openStruct(8);
      w.i32At(at, end, "end");
      w.stringHeadAt(at + 4, label, "label");
      w.stringBody(at + 4, label, "label");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x68b060be, readEmptyReply, options);
  }

  serveOther(end: number, label: string, options?: CallOptions): Promise<void> {
    const w = this.$begin(0x53253945, true);
    try {
      const at = w.openStruct(8);
      w.i32At(at, end, "end");
      w.stringHeadAt(at + 4, label, "label");
      w.stringBody(at + 4, label, "label");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x53253945, readEmptyReply, options);
  }

  say(end: number, text: string, options?: CallOptions): Promise<void> {
    const w = this.$begin(0x085b48d5, true);
    try {
      const at = w.openStruct(8);
      w.i32At(at, end, "end");
      w.stringHeadAt(at + 4, text, "text");
      w.stringBody(at + 4, text, "text");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x085b48d5, readEmptyReply, options);
  }

  count(
    end: number,
    number: number,
    fraction: number,
    text: string,
    options?: CallOptions,
  ): Promise<void> {
    const w = this.$begin(0x0b237031, true);
    try {
      const at = w.openStruct(20);
      w.i32At(at, end, "end");
      w.i32At(at + 4, number, "number");
      w.f64At(at + 8, fraction, "fraction");
      w.stringHeadAt(at + 16, text, "text");
      w.stringBody(at + 16, text, "text");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x0b237031, readEmptyReply, options);
  }

  pass(end: number, attached: number, options?: CallOptions): Promise<void> {
    const w = this.$begin(0x32cbc63c, true);
    try {
      const at = w.openStruct(8);
      w.i32At(at, end, "end");
      w.i32At(at + 4, attached, "attached");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x32cbc63c, readEmptyReply, options);
  }

  sendHandles(
    end: number,
    served: number,
    callback: number,
    options?: CallOptions,
  ): Promise<void> {
    const w = this.$begin(0x2f36fdaa, true);
    try {
      const at = w.openStruct(12);
      w.i32At(at, end, "end");
      w.i32At(at + 4, served, "served");
      w.i32At(at + 8, callback, "callback");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x2f36fdaa, readEmptyReply, options);
  }

  ask(end: number, text: string, options?: CallOptions): Promise<Member_Ask_Reply> {
    const w = this.$begin(0x09aaa0c2, true);
    try {
      const at = w.openStruct(8);
      w.i32At(at, end, "end");
      w.stringHeadAt(at + 4, text, "text");
      w.stringBody(at + 4, text, "text");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x09aaa0c2, readMember_Ask_Reply, options);
  }

  noted(count: number, options?: CallOptions): Promise<Member_Noted_Reply> {
    const w = this.$begin(0x7b3fd0e1, true);
    try {
      const at = w.openStruct(4);
      w.i32At(at, count, "count");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x7b3fd0e1, readMember_Noted_Reply, options);
  }

  passed(count: number, options?: CallOptions): Promise<Member_Passed_Reply> {
    const w = this.$begin(0x2a1f49d5, true);
    try {
      const at = w.openStruct(4);
      w.i32At(at, count, "count");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x2a1f49d5, readMember_Passed_Reply, options);
  }

  state(options?: CallOptions): Promise<Member_State_Reply> {
    const w = this.$begin(0x120d8fd3, true);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x120d8fd3, readMember_State_Reply, options);
  }

  exit(): void {
    const w = this.$begin(0x55b5c459, false);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }
}

function readMember_Create_Reply(r: Decoder): Member_Create_Reply {
  const s = r.openStruct();
  const at = r.advance(8);
  const one = r.i32At(at);
  const other = r.i32At(at + 4);
  r.closeStruct(s);
  return { one, other };
}

function writeMember_Create_Reply(w: Encoder, value: Member_Create_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Member.Create must be an object: received ${String(value)}`,
    );
  }
  const { one, other } = value;
  const at = w.openStruct(8);
  w.i32At(at, one, "one");
  w.i32At(at + 4, other, "other");
  w.closeStruct(at);
}

function readMember_CreateData_Reply(r: Decoder): Member_CreateData_Reply {
  const s = r.openStruct();
  const at = r.advance(8);
  const producer = r.i32At(at);
  const consumer = r.i32At(at + 4);
  r.closeStruct(s);
  return { producer, consumer };
}

function writeMember_CreateData_Reply(w: Encoder, value: Member_CreateData_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Member.CreateData must be an object: received ${String(value)}`,
    );
  }
  const { producer, consumer } = value;
  const at = w.openStruct(8);
  w.i32At(at, producer, "producer");
  w.i32At(at + 4, consumer, "consumer");
  w.closeStruct(at);
}

function readEmptyReply(r: Decoder): void {
  r.closeStruct(r.openStruct());
}

function writeEmptyReply(w: Encoder): void {
  w.closeStruct(w.openStruct(0));
}

function readMember_Operate_Reply(r: Decoder): Member_Operate_Reply {
  const s = r.openStruct();
  const outcomeHead = r.stringHead();
  const outcome = r.stringBody(outcomeHead, "outcome");
  r.closeStruct(s);
  return { outcome };
}

function writeMember_Operate_Reply(w: Encoder, value: Member_Operate_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Member.Operate must be an object: received ${String(value)}`,
    );
  }
  const { outcome } = value;
  const at = w.openStruct(4);
  w.stringHeadAt(at, outcome, "outcome");
  w.stringBody(at, outcome, "outcome");
  w.closeStruct(at);
}

function readMember_Take_Reply(r: Decoder): Member_Take_Reply {
  const s = r.openStruct();
  const end = r.i32();
  r.closeStruct(s);
  return { end };
}

function writeMember_Take_Reply(w: Encoder, value: Member_Take_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Member.Take must be an object: received ${String(value)}`,
    );
  }
  const { end } = value;
  const at = w.openStruct(4);
  w.i32At(at, end, "end");
  w.closeStruct(at);
}

function readMember_Give_Reply(r: Decoder): Member_Give_Reply {
  const s = r.openStruct();
  const pipe = readPipe(r, "pipe");
  r.closeStruct(s);
  return { pipe };
}

function writeMember_Give_Reply(w: Encoder, value: Member_Give_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Member.Give must be an object: received ${String(value)}`,
    );
  }
  const { pipe } = value;
  const at = w.openStruct(0, 4);
  writePipe(w, pipe, "pipe");
  w.closeStruct(at);
}

function readMember_Closed_Reply(r: Decoder): Member_Closed_Reply {
  const s = r.openStruct();
  const codeHead = r.stringHead();
  const code = r.stringBody(codeHead, "code");
  r.closeStruct(s);
  return { code };
}

function writeMember_Closed_Reply(w: Encoder, value: Member_Closed_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Member.Closed must be an object: received ${String(value)}`,
    );
  }
  const { code } = value;
  const at = w.openStruct(4);
  w.stringHeadAt(at, code, "code");
  w.stringBody(at, code, "code");
  w.closeStruct(at);
}

function readMember_Write_Reply(r: Decoder): Member_Write_Reply {
  const s = r.openStruct();
  const flags0 = r.flags(0b1);
  const sent = (flags0 & 1) !== 0;
  r.closeStruct(s);
  return { sent };
}

function writeMember_Write_Reply(w: Encoder, value: Member_Write_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Member.Write must be an object: received ${String(value)}`,
    );
  }
  const { sent } = value;
  const at = w.openStruct(1);
  w.flagsAt(at, w.bit(sent, "sent"));
  w.closeStruct(at);
}

function readMember_Read_Reply(r: Decoder): Member_Read_Reply {
  const s = r.openStruct();
  const flags0 = r.flags(0b1);
  const textHead = (flags0 & 1) === 0 ? 0 : r.stringHead();
  const text = (flags0 & 1) === 0 ? undefined : r.stringBody(textHead, "text");
  const attached = r.numbers("i32", "attached");
  r.closeStruct(s);
  return { text, attached };
}

function writeMember_Read_Reply(w: Encoder, value: Member_Read_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Member.Read must be an object: received ${String(value)}`,
    );
  }
  const { text, attached } = value;
  const at = w.openStruct(1, 4);
  w.flagsAt(at, text == null ? 0 : 1);
  const textHead = text == null ? 0 : w.stringHead(text, "text");
  if (text != null) w.stringBody(textHead, text, "text");
  w.numbers("i32", attached, "attached");
  w.closeStruct(at);
}

function readMember_CollectSome_Reply(r: Decoder): Member_CollectSome_Reply {
  const s = r.openStruct();
  const next = r.i32();
  r.closeStruct(s);
  return { next };
}

function writeMember_CollectSome_Reply(
  w: Encoder,
  value: Member_CollectSome_Reply,
): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Member.CollectSome must be an object: received ${String(value)}`,
    );
  }
  const { next } = value;
  const at = w.openStruct(4);
  w.i32At(at, next, "next");
  w.closeStruct(at);
}

function readMember_Ask_Reply(r: Decoder): Member_Ask_Reply {
  const s = r.openStruct();
  const flags0 = r.flags(0b11);
  const textHead = (flags0 & 1) === 0 ? 0 : r.stringHead();
  const codeHead = (flags0 & 2) === 0 ? 0 : r.stringHead();
  const text = (flags0 & 1) === 0 ? undefined : r.stringBody(textHead, "text");
  const code = (flags0 & 2) === 0 ? undefined : r.stringBody(codeHead, "code");
  r.closeStruct(s);
  return { text, code };
}

function writeMember_Ask_Reply(w: Encoder, value: Member_Ask_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Member.Ask must be an object: received ${String(value)}`,
    );
  }
  const { text, code } = value;
  const at = w.openStruct(1, 8);
  w.flagsAt(at, (text == null ? 0 : 1) | (code == null ? 0 : 2));
  const textHead = text == null ? 0 : w.stringHead(text, "text");
  const codeHead = code == null ? 0 : w.stringHead(code, "code");
  if (text != null) w.stringBody(textHead, text, "text");
  if (code != null) w.stringBody(codeHead, code, "code");
  w.closeStruct(at);
}

function readMember_Noted_Reply(r: Decoder): Member_Noted_Reply {
  const s = r.openStruct();
  const notesCount = r.openArray(32, "notes");
  const notes: string[] = new Array(notesCount);
  for (let i = 0; i < notesCount; i++) notes[i] = r.text(i);
  r.leave();
  r.closeStruct(s);
  return { notes };
}

function writeMember_Noted_Reply(w: Encoder, value: Member_Noted_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Member.Noted must be an object: received ${String(value)}`,
    );
  }
  const { notes } = value;
  const at = w.openStruct(0);
  const notesCount = w.openArray(notes, "notes");
  for (let i = 0; i < notesCount; i++) w.text(notes[i]!, i);
  w.leave();
  w.closeStruct(at);
}

function readMember_Passed_Reply(r: Decoder): Member_Passed_Reply {
  const s = r.openStruct();
  const ends = r.numbers("i32", "ends");
  r.closeStruct(s);
  return { ends };
}

function writeMember_Passed_Reply(w: Encoder, value: Member_Passed_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Member.Passed must be an object: received ${String(value)}`,
    );
  }
  const { ends } = value;
  const at = w.openStruct(0);
  w.numbers("i32", ends, "ends");
  w.closeStruct(at);
}

function readMember_State_Reply(r: Decoder): Member_State_Reply {
  const s = r.openStruct();
  const at = r.advance(16);
  const open = r.i32At(at);
  const passing = r.i32At(at + 4);
  const calls = r.i32At(at + 8);
  const wrongHead = r.u32At(at + 12);
  const wrong = r.stringBody(wrongHead, "wrong");
  r.closeStruct(s);
  return { open, passing, calls, wrong };
}

function writeMember_State_Reply(w: Encoder, value: Member_State_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Member.State must be an object: received ${String(value)}`,
    );
  }
  const { open, passing, calls, wrong } = value;
  const at = w.openStruct(16);
  w.i32At(at, open, "open");
  w.i32At(at + 4, passing, "passing");
  w.i32At(at + 8, calls, "calls");
  w.stringHeadAt(at + 12, wrong, "wrong");
  w.stringBody(at + 12, wrong, "wrong");
  w.closeStruct(at);
}

function dispatchMember(impl: Implementation<Member>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x46db660a: {
      r.closeStruct(r.openStruct());
      call.accept(true);
      call.reply(impl.create(), writeMember_Create_Reply);
      return;
    }
    case 0x08554af4: {
      const s = r.openStruct();
      const at = r.advance(8);
      const elementSize = r.i32At(at);
      const capacity = r.i32At(at + 4);
      r.closeStruct(s);
      call.accept(true);
      call.reply(
        impl.createData(elementSize, capacity),
        writeMember_CreateData_Reply,
      );
      return;
    }
    case 0x611cb4cd: {
      const s = r.openStruct();
      const at = r.advance(8);
      const one = r.i32At(at);
      const other = r.i32At(at + 4);
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.fuse(one, other), writeEmptyReply);
      return;
    }
    case 0x14f9f6a5: {
      const s = r.openStruct();
      const at = r.advance(12);
      const end = r.i32At(at);
      const operationHead = r.u32At(at + 4);
      const argsHead = r.u32At(at + 8);
      const operation = r.stringBody(operationHead, "operation");
      const args = r.stringBody(argsHead, "args");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.operate(end, operation, args), writeMember_Operate_Reply);
      return;
    }
    case 0x6a757f91: {
      const s = r.openStruct();
      const pipe = readPipe(r, "pipe");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.take(pipe), writeMember_Take_Reply);
      return;
    }
    case 0x076e4842: {
      const s = r.openStruct();
      const end = r.i32();
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.give(end), writeMember_Give_Reply);
      return;
    }
    case 0x1911d795: {
      const s = r.openStruct();
      const end = r.i32();
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.close(end), writeEmptyReply);
      return;
    }
    case 0x4d83ac2f: {
      r.closeStruct(r.openStruct());
      call.accept(true);
      call.reply(impl.closeAll(), writeEmptyReply);
      return;
    }
    case 0x274f7930: {
      const s = r.openStruct();
      const end = r.i32();
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.closed(end), writeMember_Closed_Reply);
      return;
    }
    case 0x5f8eadd5: {
      const s = r.openStruct();
      const at = r.advance(8);
      const end = r.i32At(at);
      const textHead = r.u32At(at + 4);
      const text = r.stringBody(textHead, "text");
      const attached = r.numbers("i32", "attached");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.write(end, text, attached), writeMember_Write_Reply);
      return;
    }
    case 0x4a885096: {
      const s = r.openStruct();
      const end = r.i32();
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.read(end), writeMember_Read_Reply);
      return;
    }
    case 0x63602f88: {
      const s = r.openStruct();
      const at = r.advance(12);
      const end = r.i32At(at);
      const first = r.i32At(at + 4);
      const count = r.i32At(at + 8);
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.stream(end, first, count), writeEmptyReply);
      return;
    }
    case 0x5a4f0286: {
      const s = r.openStruct();
      const at = r.advance(12);
      const end = r.i32At(at);
      const first = r.i32At(at + 4);
      const count = r.i32At(at + 8);
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.collect(end, first, count), writeEmptyReply);
      return;
    }
    case 0x14983a57: {
      const s = r.openStruct();
      const at = r.advance(8);
      const end = r.i32At(at);
      const first = r.i32At(at + 4);
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.collectSome(end, first), writeMember_CollectSome_Reply);
      return;
    }
    case 0x4d29e24c: {
      const s = r.openStruct();
      const at = r.advance(8);
      const carrier = r.i32At(at);
      const times = r.i32At(at + 4);
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.bounce(carrier, times), writeEmptyReply);
      return;
    }
    case 0x68b060be: {
      const s = r.openStruct();
      const at = r.advance(8);
      const end = r.i32At(at);
      const labelHead = r.u32At(at + 4);
      const label = r.stringBody(labelHead, "label");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.serve(end, label), writeEmptyReply);
      return;
    }
    case 0x53253945: {
      const s = r.openStruct();
      const at = r.advance(8);
      const end = r.i32At(at);
      const labelHead = r.u32At(at + 4);
      const label = r.stringBody(labelHead, "label");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.serveOther(end, label), writeEmptyReply);
      return;
    }
    case 0x085b48d5: {
      const s = r.openStruct();
      const at = r.advance(8);
      const end = r.i32At(at);
      const textHead = r.u32At(at + 4);
      const text = r.stringBody(textHead, "text");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.say(end, text), writeEmptyReply);
      return;
    }
    case 0x0b237031: {
      const s = r.openStruct();
      const at = r.advance(20);
      const end = r.i32At(at);
      const number = r.i32At(at + 4);
      const fraction = r.f64At(at + 8);
      const textHead = r.u32At(at + 16);
      const text = r.stringBody(textHead, "text");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.count(end, number, fraction, text), writeEmptyReply);
      return;
    }
    case 0x32cbc63c: {
      const s = r.openStruct();
      const at = r.advance(8);
      const end = r.i32At(at);
      const attached = r.i32At(at + 4);
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.pass(end, attached), writeEmptyReply);
      return;
    }
    case 0x2f36fdaa: {
      const s = r.openStruct();
      const at = r.advance(12);
      const end = r.i32At(at);
      const served = r.i32At(at + 4);
      const callback = r.i32At(at + 8);
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.sendHandles(end, served, callback), writeEmptyReply);
      return;
    }
    case 0x09aaa0c2: {
      const s = r.openStruct();
      const at = r.advance(8);
      const end = r.i32At(at);
      const textHead = r.u32At(at + 4);
      const text = r.stringBody(textHead, "text");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.ask(end, text), writeMember_Ask_Reply);
      return;
    }
    case 0x7b3fd0e1: {
      const s = r.openStruct();
      const count = r.i32();
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.noted(count), writeMember_Noted_Reply);
      return;
    }
    case 0x2a1f49d5: {
      const s = r.openStruct();
      const count = r.i32();
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.passed(count), writeMember_Passed_Reply);
      return;
    }
    case 0x120d8fd3: {
      r.closeStruct(r.openStruct());
      call.accept(true);
      call.reply(impl.state(), writeMember_State_Reply);
      return;
    }
    case 0x55b5c459: {
      r.closeStruct(r.openStruct());
      call.accept(false);
      call.done(impl.exit());
      return;
    }
    default:
      call.unknownMethod();
  }
}

/** {@linkcode Member} as a value, for `new Remote(Member, pipe)` and the like. */
export const Member: Interface<Member> = {
  name: "Member",
  methods: [
    [0x46db660a, "Create"],
    [0x08554af4, "CreateData"],
    [0x611cb4cd, "Fuse"],
    [0x14f9f6a5, "Operate"],
    [0x6a757f91, "Take"],
    [0x076e4842, "Give"],
    [0x1911d795, "Close"],
    [0x4d83ac2f, "CloseAll"],
    [0x274f7930, "Closed"],
    [0x5f8eadd5, "Write"],
    [0x4a885096, "Read"],
    [0x63602f88, "Stream"],
    [0x5a4f0286, "Collect"],
    [0x14983a57, "CollectSome"],
    [0x4d29e24c, "Bounce"],
    [0x68b060be, "Serve"],
    [0x53253945, "ServeOther"],
    [0x085b48d5, "Say"],
    [0x0b237031, "Count"],
    [0x32cbc63c, "Pass"],
    [0x2f36fdaa, "SendHandles"],
    [0x09aaa0c2, "Ask"],
    [0x7b3fd0e1, "Noted"],
    [0x2a1f49d5, "Passed"],
    [0x120d8fd3, "State"],
    [0x55b5c459, "Exit"],
  ],
  Remote: MemberRemote,
  dispatch: dispatchMember,
};

/** What scenarios say over typed pipes. */
export interface Peer {
  /** Sends `Say`. */
  say(text: string): void;
  /** Sends `Count`. */
  count(number: number, fraction: number, text: string): void;
  /** Calls `Ask`. */
  ask(text: string, options?: CallOptions): Promise<Peer_Ask_Reply>;
  /** Keeps the endpoint. */
  pass(pipe: MessagePipe): void;
  /** Receives calls on `served` at once, and says so to the callback after each. */
  sendHandles(served: MessagePipe, callback: MessagePipe): void;
}

/** What {@linkcode Peer.ask} resolves to. */
export interface Peer_Ask_Reply {
  /** `string text` */
  text: string;
}

class PeerRemote extends RemoteBase implements Peer {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(Peer, pipe, options);
  }

  say(text: string): void {
    const w = this.$begin(0x0e3bbe1f, false);
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

  count(number: number, fraction: number, text: string): void {
    const w = this.$begin(0x0403ce7a, false);
    try {
      const at = w.openStruct(16);
      w.i32At(at, number, "number");
      w.f64At(at + 4, fraction, "fraction");
      w.stringHeadAt(at + 12, text, "text");
      w.stringBody(at + 12, text, "text");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  ask(text: string, options?: CallOptions): Promise<Peer_Ask_Reply> {
    const w = this.$begin(0x39d3b812, true);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, text, "text");
      w.stringBody(at, text, "text");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x39d3b812, readPeer_Ask_Reply, options);
  }

  pass(pipe: MessagePipe): void {
    const w = this.$begin(0x37c8259b, false);
    try {
      const at = w.openStruct(0, 4);
      writePipe(w, pipe, "pipe");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  sendHandles(served: MessagePipe, callback: MessagePipe): void {
    const w = this.$begin(0x1a33f614, false);
    try {
      const at = w.openStruct(0, 8);
      writePipe(w, served, "served");
      writePipe(w, callback, "callback");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }
}

function readPeer_Ask_Reply(r: Decoder): Peer_Ask_Reply {
  const s = r.openStruct();
  const textHead = r.stringHead();
  const text = r.stringBody(textHead, "text");
  r.closeStruct(s);
  return { text };
}

function writePeer_Ask_Reply(w: Encoder, value: Peer_Ask_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Peer.Ask must be an object: received ${String(value)}`,
    );
  }
  const { text } = value;
  const at = w.openStruct(4);
  w.stringHeadAt(at, text, "text");
  w.stringBody(at, text, "text");
  w.closeStruct(at);
}

function dispatchPeer(impl: Implementation<Peer>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x0e3bbe1f: {
      const s = r.openStruct();
      const textHead = r.stringHead();
      const text = r.stringBody(textHead, "text");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.say(text));
      return;
    }
    case 0x0403ce7a: {
      const s = r.openStruct();
      const at = r.advance(16);
      const number = r.i32At(at);
      const fraction = r.f64At(at + 4);
      const textHead = r.u32At(at + 12);
      const text = r.stringBody(textHead, "text");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.count(number, fraction, text));
      return;
    }
    case 0x39d3b812: {
      const s = r.openStruct();
      const textHead = r.stringHead();
      const text = r.stringBody(textHead, "text");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.ask(text), writePeer_Ask_Reply);
      return;
    }
    case 0x37c8259b: {
      const s = r.openStruct();
      const pipe = readPipe(r, "pipe");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.pass(pipe));
      return;
    }
    case 0x1a33f614: {
      const s = r.openStruct();
      const served = readPipe(r, "served");
      const callback = readPipe(r, "callback");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.sendHandles(served, callback));
      return;
    }
    default:
      call.unknownMethod();
  }
}

/** {@linkcode Peer} as a value, for `new Remote(Peer, pipe)` and the like. */
export const Peer: Interface<Peer> = {
  name: "Peer",
  methods: [
    [0x0e3bbe1f, "Say"],
    [0x0403ce7a, "Count"],
    [0x39d3b812, "Ask"],
    [0x37c8259b, "Pass"],
    [0x1a33f614, "SendHandles"],
  ],
  Remote: PeerRemote,
  dispatch: dispatchPeer,
};

/** Nothing that a peer says. */
export interface Stranger {
  /** Sends `Nothing`. */
  nothing(): void;
}

class StrangerRemote extends RemoteBase implements Stranger {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(Stranger, pipe, options);
  }

  nothing(): void {
    const w = this.$begin(0x5a86cac4, false);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }
}

function dispatchStranger(impl: Implementation<Stranger>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x5a86cac4: {
      r.closeStruct(r.openStruct());
      call.accept(false);
      call.done(impl.nothing());
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
    [0x5a86cac4, "Nothing"],
  ],
  Remote: StrangerRemote,
  dispatch: dispatchStranger,
};
