/**
 * What a node does for a scenario. It takes the runtime that it belongs to, so that it works in a process
 * or worker of its own as well as for one of many nodes in memory.
 *
 * @module
 */
import {
  fuseMessagePipes,
  type Handle,
  type Implementation,
  IpcError,
  MessagePipe,
  Receiver,
  Remote,
} from "@mage/ipc/child";
import { realEnvironment } from "../../core/environment.ts";
import type { NodeRuntime } from "../../core/system/node_runtime.ts";
import { Member, Peer, Stranger } from "./member.magen.ts";
import { stateOf } from "./node_state.ts";
import { operate } from "./operations.ts";

/** Numbers that are written in one turn. */
const A_TURN = 64;

/** What is kept, as a handle or bound. */
type Bound =
  | { readonly kind: "handle"; readonly handle: Handle }
  | { readonly kind: "remote"; readonly remote: Remote<Peer> }
  | { readonly kind: "receiver"; readonly receiver: Receiver<Peer | Stranger> };

/** Things that come, and those who wait for so many of them. */
class Arrivals<T> {
  #all: T[] = [];
  #wake: (() => void) | null = null;

  add(item: T): void {
    this.#all.push(item);
    this.#wake?.();
  }

  async take(count: number): Promise<T[]> {
    while (this.#all.length < count) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    return this.#all.splice(0);
  }

  clear(): void {
    this.#all = [];
  }
}

/** Answers what scenarios ask of a node. */
class MemberNode implements Implementation<Member> {
  readonly #runtime: NodeRuntime;
  readonly #leave: () => void;
  readonly #ends: Map<number, Bound> = new Map();
  readonly #notes: Arrivals<string> = new Arrivals();
  readonly #passed: Arrivals<number> = new Arrivals();
  #next = 0;

  constructor(runtime: NodeRuntime, leave: () => void) {
    this.#runtime = runtime;
    this.#leave = leave;
  }

  #keep(handle: Handle): number {
    const end = this.#next++;
    this.#ends.set(end, { kind: "handle", handle });
    return end;
  }

  #bound(end: number): Bound {
    const bound = this.#ends.get(end);
    if (bound === undefined) throw new Error(`there is no endpoint ${end}`);
    return bound;
  }

  #handle(end: number): Handle {
    const bound = this.#bound(end);
    if (bound.kind !== "handle") throw new Error(`endpoint ${end} is a ${bound.kind}`);
    return bound.handle;
  }

  #pipe(end: number): MessagePipe {
    const handle = this.#handle(end);
    if (handle instanceof MessagePipe) return handle;
    throw new Error(`endpoint ${end} is a ${handle.constructor.name}`);
  }

  /** The handle, which this node does not hold any more. */
  #release(end: number): Handle {
    const handle = this.#handle(end);
    this.#ends.delete(end);
    return handle;
  }

  #releasePipe(end: number): MessagePipe {
    const pipe = this.#pipe(end);
    this.#ends.delete(end);
    return pipe;
  }

  /** The endpoint as a remote, which is made of it when it is the first time. */
  #remote(end: number): Remote<Peer> {
    const bound = this.#bound(end);
    if (bound.kind === "remote") return bound.remote;
    const remote = new Remote(Peer, this.#pipe(end));
    this.#ends.set(end, { kind: "remote", remote });
    return remote;
  }

  create() {
    const [one, other] = this.#runtime.createMessagePipe();
    return { one: this.#keep(one), other: this.#keep(other) };
  }

  createData(elementSize: number, capacity: number) {
    const [producer, consumer] = this.#runtime.createDataPipe({ elementSize, capacity });
    return { producer: this.#keep(producer), consumer: this.#keep(consumer) };
  }

  fuse(one: number, other: number) {
    fuseMessagePipes(this.#releasePipe(one), this.#releasePipe(other));
  }

  async operate(end: number, operation: string, args: string) {
    const outcome = await operate(this.#handle(end), operation, JSON.parse(args));
    return { outcome: JSON.stringify(outcome) };
  }

  take(pipe: MessagePipe) {
    return { end: this.#keep(pipe) };
  }

  give(end: number) {
    return { pipe: this.#releasePipe(end) };
  }

  close(end: number) {
    const bound = this.#bound(end);
    this.#ends.delete(end);
    if (bound.kind === "handle") bound.handle.close();
    else if (bound.kind === "remote") bound.remote.$.close();
    else bound.receiver.close();
  }

  closeAll() {
    for (const end of [...this.#ends.keys()]) this.close(end);
    this.#notes.clear();
    this.#passed.clear();
  }

  async closed(end: number) {
    const bound = this.#bound(end);
    const reason = bound.kind === "handle"
      ? bound.handle.closed
      : bound.kind === "remote"
      ? bound.remote.$.closed
      : bound.receiver.closed;
    return { code: (await reason).code };
  }

  write(end: number, text: string, attached: Int32Array) {
    const pipe = this.#pipe(end);
    const handles = Array.from(attached, (end) => this.#release(end));
    return { sent: pipe.write(new TextEncoder().encode(text), handles) === "OK" };
  }

  async read(end: number) {
    const message = await this.#pipe(end).receive();
    if (message === null) return { attached: new Int32Array(0) };
    const attached = Int32Array.from(message.handles, (handle) => this.#keep(handle));
    return { text: new TextDecoder().decode(message.data), attached };
  }

  async stream(end: number, first: number, count: number) {
    for (let i = 0; i < count; i++) {
      if (i % A_TURN === 0) await realEnvironment.nextTurn();
      writeNumber(this.#pipe(end), first + i);
    }
  }

  async collect(end: number, first: number, count: number) {
    const pipe = this.#pipe(end);
    for (let i = 0; i < count; i++) {
      const message = await pipe.receive();
      if (message === null) throw new Error(`the pipe ended before ${first + i}`);
      expectNumber(message.data, first + i);
    }
  }

  collectSome(end: number, first: number) {
    return { next: readNumbers(this.#pipe(end), first) };
  }

  async bounce(carrier: number, times: number) {
    const pipe = this.#pipe(carrier);
    for (let i = 0; i < times; i++) {
      const message = (await pipe.receive())!, { data } = message;
      const ball = message.take(MessagePipe);
      const [came, went] = new TextDecoder().decode(data).split(" ").map(Number);
      const next = readNumbers(ball!, came!);
      for (let i = 0; i < 3; i++) writeNumber(ball!, went! + i);
      pipe.write(new TextEncoder().encode(`${next} ${went! + 3}`), [ball!]);
    }
  }

  serve(end: number, label: string) {
    this.#ends.set(end, {
      kind: "receiver",
      receiver: this.#receive(this.#pipe(end), label, null),
    });
  }

  #receive(
    pipe: MessagePipe,
    label: string,
    callback: Remote<Peer> | null,
  ): Receiver<Peer> {
    const note = (what: string) => {
      this.#notes.add(`${label}: ${what}`);
      callback?.say("done");
    };
    const peer: Implementation<Peer> = {
      say: (text) => note(text),
      count: (number, fraction, text) => note(`${number} ${fraction} ${text}`),
      ask: (text) => {
        note(text);
        return { text };
      },
      pass: (pipe) => {
        this.#passed.add(this.#keep(pipe));
        note("a pipe");
      },
      sendHandles: (served, callback) => {
        const remote = new Remote(Peer, callback);
        this.#ends.set(this.#next++, { kind: "remote", remote });
        const receiver = this.#receive(served, `${label}/served`, remote);
        this.#ends.set(this.#next++, { kind: "receiver", receiver });
        note("handles");
      },
    };
    return new Receiver(Peer, peer, pipe);
  }

  serveOther(end: number, label: string) {
    const onError = (error: unknown) => this.#notes.add(`${label}: ${nameOf(error)}`);
    const receiver = new Receiver(
      Stranger,
      { nothing: () => this.#notes.add(`${label}: nothing`) },
      this.#pipe(end),
      { onError },
    );
    this.#ends.set(end, { kind: "receiver", receiver });
  }

  say(end: number, text: string) {
    this.#remote(end).say(text);
  }

  count(end: number, number: number, fraction: number, text: string) {
    this.#remote(end).count(number, fraction, text);
  }

  pass(end: number, attached: number) {
    this.#remote(end).pass(this.#releasePipe(attached));
  }

  sendHandles(end: number, served: number, callback: number) {
    this.#remote(end).sendHandles(
      this.#releasePipe(served),
      this.#releasePipe(callback),
    );
  }

  async ask(end: number, text: string) {
    try {
      return await this.#remote(end).ask(text);
    } catch (error) {
      if (error instanceof IpcError) return { code: error.code };
      throw error;
    }
  }

  async noted(count: number) {
    return { notes: await this.#notes.take(count) };
  }

  async passed(count: number) {
    return { ends: Int32Array.from(await this.#passed.take(count)) };
  }

  state() {
    return { ...stateOf(this.#runtime.node) };
  }

  exit() {
    this.#leave();
  }
}

function writeNumber(pipe: MessagePipe, number: number): void {
  pipe.write(new TextEncoder().encode(`${number}`));
}

function expectNumber(data: Uint8Array, expected: number): void {
  const text = new TextDecoder().decode(data);
  if (text !== `${expected}`) throw new Error(`${text} came instead of ${expected}`);
}

/** Reads the numbers that are there, and returns the one that has to come next. */
function readNumbers(pipe: MessagePipe, first: number): number {
  for (let number = first;; number++) {
    const read = pipe.read();
    if (read.result === "SHOULD_WAIT") return number;
    if (read.result === "FAILED_PRECONDITION") {
      throw new Error(`the pipe ended before ${number}`);
    }
    expectNumber(read.message.data, number);
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.constructor.name : typeof error;
}

/**
 * Lets a scenario drive the node of `runtime` over `pipe`. It keeps `invited`, if there is one, as
 * endpoint 0. `leave` ends the node, as far as it can be ended. What this returns lets somebody drive it
 * over one more pipe.
 */
export function serveMember(
  runtime: NodeRuntime,
  pipe: MessagePipe,
  invited: MessagePipe | null,
  leave: () => void,
): (pipe: MessagePipe) => void {
  const member = new MemberNode(runtime, leave);
  if (invited !== null) member.take(invited);
  const serve = (pipe: MessagePipe) => void new Receiver(Member, member, pipe);
  serve(pipe);
  return serve;
}
