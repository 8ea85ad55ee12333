// Generated from probe.magen by magen. Do not edit: change the source and generate again.
// deno-fmt-ignore-file
import {
  type CallOptions,
  type Decoder,
  EmitterBase,
  type Encoder,
  type Implementation,
  type Incoming,
  type IncomingEvent,
  type Interface,
  type MessagePipe,
  RemoteBase,
  type RemoteOptions,
  readPipe,
  receiveStream,
  sendStream,
  writePipe,
} from "@mage/ipc/generated-v1";

/** What the tests ask of a child. */
export interface Probe {
  /** Answers with its argument. */
  echo(text: string, data: Uint8Array, options?: CallOptions): Promise<Probe_Echo_Reply>;
  /** Counts. */
  note(number: number): void;
  /** Calls `Noted`. */
  noted(options?: CallOptions): Promise<Probe_Noted_Reply>;
  /** The state of each permission named, as `kind=state`, as this process sees it. */
  permissions(
    queries: readonly string[],
    options?: CallOptions,
  ): Promise<Probe_Permissions_Reply>;
  /** Tries something that needs a permission and tells what came of it. */
  attempt(what: string, options?: CallOptions): Promise<Probe_Attempt_Reply>;
  /** Answers with the endpoint it was given. */
  giveBack(pipe: MessagePipe, options?: CallOptions): Promise<Probe_GiveBack_Reply>;
  /** Keeps the endpoint as a `Probe` and calls `Echo` on it. */
  callBack(
    pipe: MessagePipe,
    text: string,
    options?: CallOptions,
  ): Promise<Probe_CallBack_Reply>;
  /** Makes a pipe and hands over both ends, with a message waiting in the second. */
  bothEnds(options?: CallOptions): Promise<Probe_BothEnds_Reply>;
  /** Never answers. */
  hang(options?: CallOptions): Promise<void>;
  /** Leaves, with this code. */
  exit(code: number): void;
  /** The environment, as `name=value`. */
  environment(options?: CallOptions): Promise<Probe_Environment_Reply>;
  /** The numbers below `to`, each of which makes an event too. */
  count(to: number): ReadableStream<number>;
}

/** What whoever implements {@linkcode Probe} tells its callers. */
export interface Probe_Events {
  /** The event `OnCounted`. */
  onCounted(number: number): void;
}

/** What {@linkcode Probe.echo} resolves to. */
export interface Probe_Echo_Reply {
  /** `string text` */
  text: string;
  /** `bytes data` */
  data: Uint8Array;
}

/** What {@linkcode Probe.noted} resolves to. */
export interface Probe_Noted_Reply {
  /** `array<int32> numbers` */
  numbers: Int32Array;
}

/** What {@linkcode Probe.permissions} resolves to. */
export interface Probe_Permissions_Reply {
  /** `array<string> states` */
  states: string[];
}

/** What {@linkcode Probe.attempt} resolves to. */
export interface Probe_Attempt_Reply {
  /** `string outcome` */
  outcome: string;
}

/** What {@linkcode Probe.giveBack} resolves to. */
export interface Probe_GiveBack_Reply {
  /** `MessagePipe pipe` */
  pipe: MessagePipe;
}

/** What {@linkcode Probe.callBack} resolves to. */
export interface Probe_CallBack_Reply {
  /** `string text` */
  text: string;
}

/** What {@linkcode Probe.bothEnds} resolves to. */
export interface Probe_BothEnds_Reply {
  /** `MessagePipe one` */
  one: MessagePipe;
  /** `MessagePipe two` */
  two: MessagePipe;
}

/** What {@linkcode Probe.environment} resolves to. */
export interface Probe_Environment_Reply {
  /** `array<string> variables` */
  variables: string[];
}

class ProbeRemote extends RemoteBase<Probe_Events> implements Probe {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(Probe, pipe, options);
  }

  echo(text: string, data: Uint8Array, options?: CallOptions): Promise<Probe_Echo_Reply> {
    const w = this.$begin(0x699d28a3, true);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, text, "text");
      w.stringBody(at, text, "text");
      w.byteString(data, "data");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x699d28a3, readProbe_Echo_Reply, options);
  }

  note(number: number): void {
    const w = this.$begin(0x16f75b72, false);
    try {
      const at = w.openStruct(4);
      w.i32At(at, number, "number");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  noted(options?: CallOptions): Promise<Probe_Noted_Reply> {
    const w = this.$begin(0x61003579, true);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x61003579, readProbe_Noted_Reply, options);
  }

  permissions(
    queries: readonly string[],
    options?: CallOptions,
  ): Promise<Probe_Permissions_Reply> {
    const w = this.$begin(0x6079c301, true);
    try {
      const at = w.openStruct(0);
      const queriesCount = w.openArray(queries, "queries");
      for (let i = 0; i < queriesCount; i++) w.text(queries[i]!, i);
      w.leave();
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x6079c301, readProbe_Permissions_Reply, options);
  }

  attempt(what: string, options?: CallOptions): Promise<Probe_Attempt_Reply> {
    const w = this.$begin(0x3c9b6710, true);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, what, "what");
      w.stringBody(at, what, "what");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x3c9b6710, readProbe_Attempt_Reply, options);
  }

  giveBack(pipe: MessagePipe, options?: CallOptions): Promise<Probe_GiveBack_Reply> {
    const w = this.$begin(0x4ab65fd2, true);
    try {
      const at = w.openStruct(0, 4);
      writePipe(w, pipe, "pipe");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x4ab65fd2, readProbe_GiveBack_Reply, options);
  }

  callBack(
    pipe: MessagePipe,
    text: string,
    options?: CallOptions,
  ): Promise<Probe_CallBack_Reply> {
    const w = this.$begin(0x654f797e, true);
    try {
      const at = w.openStruct(0, 8);
      writePipe(w, pipe, "pipe");
      const textHead = w.stringHead(text, "text");
      w.stringBody(textHead, text, "text");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x654f797e, readProbe_CallBack_Reply, options);
  }

  bothEnds(options?: CallOptions): Promise<Probe_BothEnds_Reply> {
    const w = this.$begin(0x7089ac38, true);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x7089ac38, readProbe_BothEnds_Reply, options);
  }

  hang(options?: CallOptions): Promise<void> {
    const w = this.$begin(0x12242efa, true);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x12242efa, readEmptyReply, options);
  }

  exit(code: number): void {
    const w = this.$begin(0x7ee27a0f, false);
    try {
      const at = w.openStruct(4);
      w.i32At(at, code, "code");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  environment(options?: CallOptions): Promise<Probe_Environment_Reply> {
    const w = this.$begin(0x7a131fdb, true);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x7a131fdb, readProbe_Environment_Reply, options);
  }

  count(to: number): ReadableStream<number> {
    const w = this.$begin(0x0e8051b3, false);
    const [stream, end] = this.$openStream();
    try {
      const at = w.openStruct(4, 4);
      w.i32At(at, to, "to");
      writePipe(w, end, "end");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
    return receiveStream(stream, readProbe_Count_Item, "Probe.Count");
  }
}

class ProbeEmitter extends EmitterBase implements Probe_Events {
  onCounted(number: number): void {
    const w = this.$begin(0x4a12dd9a);
    try {
      const at = w.openStruct(4);
      w.i32At(at, number, "number");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }
}

function readProbe_Echo_Reply(r: Decoder): Probe_Echo_Reply {
  const s = r.openStruct();
  const textHead = r.stringHead();
  const text = r.stringBody(textHead, "text");
  const data = r.byteString("data");
  r.closeStruct(s);
  return { text, data };
}

function writeProbe_Echo_Reply(w: Encoder, value: Probe_Echo_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Probe.Echo must be an object: received ${String(value)}`,
    );
  }
  const { text, data } = value;
  const at = w.openStruct(4);
  w.stringHeadAt(at, text, "text");
  w.stringBody(at, text, "text");
  w.byteString(data, "data");
  w.closeStruct(at);
}

function readProbe_Noted_Reply(r: Decoder): Probe_Noted_Reply {
  const s = r.openStruct();
  const numbers = r.numbers("i32", "numbers");
  r.closeStruct(s);
  return { numbers };
}

function writeProbe_Noted_Reply(w: Encoder, value: Probe_Noted_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Probe.Noted must be an object: received ${String(value)}`,
    );
  }
  const { numbers } = value;
  const at = w.openStruct(0);
  w.numbers("i32", numbers, "numbers");
  w.closeStruct(at);
}

function readProbe_Permissions_Reply(r: Decoder): Probe_Permissions_Reply {
  const s = r.openStruct();
  const statesCount = r.openArray(32, "states");
  const states: string[] = new Array(statesCount);
  for (let i = 0; i < statesCount; i++) states[i] = r.text(i);
  r.leave();
  r.closeStruct(s);
  return { states };
}

function writeProbe_Permissions_Reply(w: Encoder, value: Probe_Permissions_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Probe.Permissions must be an object: received ${String(value)}`,
    );
  }
  const { states } = value;
  const at = w.openStruct(0);
  const statesCount = w.openArray(states, "states");
  for (let i = 0; i < statesCount; i++) w.text(states[i]!, i);
  w.leave();
  w.closeStruct(at);
}

function readProbe_Attempt_Reply(r: Decoder): Probe_Attempt_Reply {
  const s = r.openStruct();
  const outcomeHead = r.stringHead();
  const outcome = r.stringBody(outcomeHead, "outcome");
  r.closeStruct(s);
  return { outcome };
}

function writeProbe_Attempt_Reply(w: Encoder, value: Probe_Attempt_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Probe.Attempt must be an object: received ${String(value)}`,
    );
  }
  const { outcome } = value;
  const at = w.openStruct(4);
  w.stringHeadAt(at, outcome, "outcome");
  w.stringBody(at, outcome, "outcome");
  w.closeStruct(at);
}

function readProbe_GiveBack_Reply(r: Decoder): Probe_GiveBack_Reply {
  const s = r.openStruct();
  const pipe = readPipe(r, "pipe");
  r.closeStruct(s);
  return { pipe };
}

function writeProbe_GiveBack_Reply(w: Encoder, value: Probe_GiveBack_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Probe.GiveBack must be an object: received ${String(value)}`,
    );
  }
  const { pipe } = value;
  const at = w.openStruct(0, 4);
  writePipe(w, pipe, "pipe");
  w.closeStruct(at);
}

function readProbe_CallBack_Reply(r: Decoder): Probe_CallBack_Reply {
  const s = r.openStruct();
  const textHead = r.stringHead();
  const text = r.stringBody(textHead, "text");
  r.closeStruct(s);
  return { text };
}

function writeProbe_CallBack_Reply(w: Encoder, value: Probe_CallBack_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Probe.CallBack must be an object: received ${String(value)}`,
    );
  }
  const { text } = value;
  const at = w.openStruct(4);
  w.stringHeadAt(at, text, "text");
  w.stringBody(at, text, "text");
  w.closeStruct(at);
}

function readProbe_BothEnds_Reply(r: Decoder): Probe_BothEnds_Reply {
  const s = r.openStruct();
  const one = readPipe(r, "one");
  const two = readPipe(r, "two");
  r.closeStruct(s);
  return { one, two };
}

function writeProbe_BothEnds_Reply(w: Encoder, value: Probe_BothEnds_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Probe.BothEnds must be an object: received ${String(value)}`,
    );
  }
  const { one, two } = value;
  const at = w.openStruct(0, 8);
  writePipe(w, one, "one");
  writePipe(w, two, "two");
  w.closeStruct(at);
}

function readEmptyReply(r: Decoder): void {
  r.closeStruct(r.openStruct());
}

function writeEmptyReply(w: Encoder): void {
  w.closeStruct(w.openStruct(0));
}

function readProbe_Environment_Reply(r: Decoder): Probe_Environment_Reply {
  const s = r.openStruct();
  const variablesCount = r.openArray(32, "variables");
  const variables: string[] = new Array(variablesCount);
  for (let i = 0; i < variablesCount; i++) variables[i] = r.text(i);
  r.leave();
  r.closeStruct(s);
  return { variables };
}

function writeProbe_Environment_Reply(w: Encoder, value: Probe_Environment_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Probe.Environment must be an object: received ${String(value)}`,
    );
  }
  const { variables } = value;
  const at = w.openStruct(0);
  const variablesCount = w.openArray(variables, "variables");
  for (let i = 0; i < variablesCount; i++) w.text(variables[i]!, i);
  w.leave();
  w.closeStruct(at);
}

function readProbe_Count_Item(r: Decoder): number {
  const item = r.i32();
  return item;
}

function writeProbe_Count_Item(w: Encoder, item: number): void {
  w.need(9);
  w.i32(item, "item");
}

function dispatchProbe(impl: Implementation<Probe>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x699d28a3: {
      const s = r.openStruct();
      const textHead = r.stringHead();
      const text = r.stringBody(textHead, "text");
      const data = r.byteString("data");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.echo(text, data), writeProbe_Echo_Reply);
      return;
    }
    case 0x16f75b72: {
      const s = r.openStruct();
      const number = r.i32();
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.note(number));
      return;
    }
    case 0x61003579: {
      r.closeStruct(r.openStruct());
      call.accept(true);
      call.reply(impl.noted(), writeProbe_Noted_Reply);
      return;
    }
    case 0x6079c301: {
      const s = r.openStruct();
      const queriesCount = r.openArray(32, "queries");
      const queries: string[] = new Array(queriesCount);
      for (let i = 0; i < queriesCount; i++) queries[i] = r.text(i);
      r.leave();
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.permissions(queries), writeProbe_Permissions_Reply);
      return;
    }
    case 0x3c9b6710: {
      const s = r.openStruct();
      const whatHead = r.stringHead();
      const what = r.stringBody(whatHead, "what");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.attempt(what), writeProbe_Attempt_Reply);
      return;
    }
    case 0x4ab65fd2: {
      const s = r.openStruct();
      const pipe = readPipe(r, "pipe");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.giveBack(pipe), writeProbe_GiveBack_Reply);
      return;
    }
    case 0x654f797e: {
      const s = r.openStruct();
      const pipe = readPipe(r, "pipe");
      const textHead = r.stringHead();
      const text = r.stringBody(textHead, "text");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.callBack(pipe, text), writeProbe_CallBack_Reply);
      return;
    }
    case 0x7089ac38: {
      r.closeStruct(r.openStruct());
      call.accept(true);
      call.reply(impl.bothEnds(), writeProbe_BothEnds_Reply);
      return;
    }
    case 0x12242efa: {
      r.closeStruct(r.openStruct());
      call.accept(true);
      call.reply(impl.hang(), writeEmptyReply);
      return;
    }
    case 0x7ee27a0f: {
      const s = r.openStruct();
      const code = r.i32();
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.exit(code));
      return;
    }
    case 0x7a131fdb: {
      r.closeStruct(r.openStruct());
      call.accept(true);
      call.reply(impl.environment(), writeProbe_Environment_Reply);
      return;
    }
    case 0x0e8051b3: {
      const s = r.openStruct();
      const to = r.i32();
      const end = readPipe(r, "end");
      r.closeStruct(s);
      call.accept(false);
      sendStream(call, end, () => impl.count(to), writeProbe_Count_Item);
      return;
    }
    default:
      call.unknownMethod();
  }
}

function hearProbe(event: IncomingEvent<Probe_Events>): void {
  const r = event.decoder;
  switch (event.method) {
    case 0x4a12dd9a: {
      const s = r.openStruct();
      const number = r.i32();
      r.closeStruct(s);
      event.tell("onCounted", (listener) => listener(number));
      return;
    }
    default:
      event.unknownEvent();
  }
}

/** {@linkcode Probe} as a value, for `new Remote(Probe, pipe)` and the like. */
export const Probe: Interface<Probe, Probe_Events> = {
  name: "Probe",
  methods: [
    [0x699d28a3, "Echo"],
    [0x16f75b72, "Note"],
    [0x61003579, "Noted"],
    [0x6079c301, "Permissions"],
    [0x3c9b6710, "Attempt"],
    [0x4ab65fd2, "GiveBack"],
    [0x654f797e, "CallBack"],
    [0x7089ac38, "BothEnds"],
    [0x12242efa, "Hang"],
    [0x7ee27a0f, "Exit"],
    [0x7a131fdb, "Environment"],
    [0x0e8051b3, "Count"],
  ],
  events: {
    names: [
      [0x4a12dd9a, "OnCounted", "onCounted"],
    ],
    Emitter: ProbeEmitter,
    hear: hearProbe,
  },
  Remote: ProbeRemote,
  dispatch: dispatchProbe,
};
