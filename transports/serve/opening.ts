/**
 * Opens what is at the other end of a pipe: asks for it at every door there is, and uses it over the pipe
 * when it cannot be had.
 *
 * @module
 */
import { BadMessageError } from "../../core/errors.ts";
import { DataPipeConsumer } from "../../core/system/data_pipe_consumer.ts";
import { DataPipeProducer } from "../../core/system/data_pipe_producer.ts";
import { openDoor, Request } from "../../core/system/door.ts";
import { endOf } from "../../core/system/handle.ts";
import { type Message, sourceOf } from "../../core/system/message.ts";
import type { MessagePipe } from "../../core/system/message_pipe.ts";
import {
  type ConnHandle,
  keeperPipe,
  type PlatformHandleType,
} from "../../core/system/platform_handle.ts";
import { selfDoor } from "../../core/system/self_door.ts";
import { refusal } from "./asker.ts";
import { closeNative, KEPT, type Native, nativeType } from "./native.ts";
import type { OpenConn } from "./open_handles.ts";
import type { UnwrapOptions } from "./unwrapping.ts";
import { type ConnEnds, ServedConn } from "./served_conn.ts";
import { ServedFile } from "./served_file.ts";
import { ServedListener } from "./served_listener.ts";
import { decodeAddresses } from "./addresses.ts";
import {
  Ends,
  HEAD_BYTES,
  NONCE_BYTES,
  Op,
  Outcome,
  readReply,
  type Reply,
  writeRequest,
} from "./wire.ts";

openDoor(selfDoor);

/** Opens the thing of the type `type` whose keeper is at the other end of `pipe`, which is consumed. */
export async function unwrap(
  pipe: MessagePipe,
  type: PlatformHandleType,
  options: UnwrapOptions = {},
): Promise<Native> {
  const { node } = endOf(pipe), ended = pipe.closed, nonce = node.names.next();
  const request = new Request(node, { what: "platform", id: null });
  let isServed = false;
  try {
    const bytes = request.encode(HEAD_BYTES + NONCE_BYTES);
    nonce.write(new DataView(bytes.buffer), HEAD_BYTES);
    pipe.write(writeRequest(bytes, Op.Open));
    for (;;) {
      using message = await pipe.receive(options);
      if (message === null) throw await ended;
      const { data, handles } = message;
      // Replies to whoever had the pipe before.
      const isMine = data.length >= HEAD_BYTES + NONCE_BYTES && data[0] === Op.Open &&
        nonce.matches(new DataView(data.buffer, data.byteOffset), HEAD_BYTES);
      if (!isMine) continue;
      try {
        const reply = readReply(data, handles.length, Op.Open, 0);
        if (typeof reply === "string") throw new BadMessageError(reply, 0);
        const told = { ...reply, body: reply.body.subarray(NONCE_BYTES) };
        if (reply.outcome !== Outcome.Done) throw refusal(told, type);
        if (reply.arg !== 0) {
          // What was left may still be on its way: without its keeper it never comes.
          ended.then(() => request.close());
          return await take(request, told, type);
        }
        const served = serve(pipe, type, told, message);
        isServed = true;
        return served;
      } catch (error) {
        // TRUST: what a keeper says that makes no sense costs it the pipe.
        if (error instanceof BadMessageError) {
          endOf(pipe).bad(error.rule, 0, sourceOf(message));
        }
        throw error;
      }
    }
  } finally {
    request.close();
    if (!isServed) pipe.close();
  }
}

/** Takes what was left at a door. */
async function take(
  request: Request,
  { arg, body }: Reply,
  type: PlatformHandleType,
): Promise<Native> {
  let thing: unknown;
  try {
    thing = await request.take(arg, body);
  } catch {
    throw new BadMessageError("reply-door", 0);
  }
  // ORDER: before the pipe is closed, which is when its keeper looks whether it was taken.
  if (nativeType(thing) !== null) KEPT.delete(thing as Native);
  if (nativeType(thing) === type) return thing as Native;
  if (nativeType(thing) !== null) closeNative(thing as Native);
  throw new BadMessageError("reply-door-type", 0);
}

/** Makes what is served over `pipe`. */
function serve(
  pipe: MessagePipe,
  type: PlatformHandleType,
  { number, body }: Reply,
  message: Message,
): Native {
  const count = type === "file" ? 0 : type === "conn" ? 2 : 1;
  const addresses = decodeAddresses(body, count);
  if (typeof addresses === "string") throw new BadMessageError(addresses, 0);
  if (type !== "conn" && message.handles.length > 0) {
    throw new BadMessageError("reply-handles", 0);
  }
  switch (type) {
    case "file":
      return new ServedFile(pipe, number);
    case "conn":
      return new ServedConn(pipe, addresses, endsOf(number, message));
    case "listener":
      if (number !== 0) throw new BadMessageError("reply-number", 0);
      return new ServedListener(pipe, addresses[0]!, unwrapConn);
  }
}

/** The ends of data pipes that whoever had the connection before has left; `null` when nobody had it. */
function endsOf(number: number, message: Message): ConnEnds | null {
  const { length } = message.handles;
  if (number === Ends.None && length === 0) return null;
  const hasIn = number & Ends.In, hasOut = number & Ends.Out;
  if (number > 3 || length !== (hasIn ? 1 : 0) + (hasOut ? 1 : 0)) {
    throw new BadMessageError("reply-handles", 0);
  }
  const ends = {
    in: hasIn ? message.take(DataPipeConsumer) : null,
    out: null as DataPipeProducer | null,
  };
  try {
    if (hasOut) ends.out = message.take(DataPipeProducer);
    if ((ends.in?.elementSize ?? 1) !== 1 || (ends.out?.elementSize ?? 1) !== 1) {
      throw new BadMessageError("reply-element", 0);
    }
    return ends;
  } catch (error) {
    ends.in?.close();
    ends.out?.close();
    throw error;
  }
}

async function unwrapConn(handle: ConnHandle): Promise<OpenConn> {
  return await unwrap(keeperPipe(handle, "unwrap"), "conn") as OpenConn;
}
