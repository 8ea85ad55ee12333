/**
 * What scenarios do with handles of the System API, wherever those are. Bytes of a data pipe are made up
 * from where they are in the stream, so that whoever reads them can tell whether they are right.
 *
 * @module
 */
import {
  DataPipeConsumer,
  DataPipeProducer,
  type Handle,
  IpcError,
  MessagePipe,
  type QuotaType,
  signalNames,
  Watcher,
} from "@mage/ipc/child";

/** What an operation is told. */
interface Args {
  readonly size?: number;
  /** Where in the stream the first byte is. */
  readonly at?: number;
  readonly allOrNone?: boolean;
  readonly peek?: boolean;
  readonly signals?: number;
  readonly type?: QuotaType;
  readonly limit?: number | null;
  readonly maxBytes?: number;
  readonly mayDiscard?: boolean;
}

/** What watchers of a handle were told. */
const watched = new WeakMap<Handle, { watcher: Watcher<string>; events: string[] }>();

/** The byte at `position` of every stream. */
function byteAt(position: number): number {
  return (position * 31 + (position >>> 8) * 7) & 0xff;
}

function fill(bytes: Uint8Array, at: number): Uint8Array {
  for (let i = 0; i < bytes.length; i++) bytes[i] = byteAt(at + i);
  return bytes;
}

function check(bytes: Uint8Array, at: number): void {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== byteAt(at + i)) throw new Error(`byte ${at + i} is ${bytes[i]}`);
  }
}

/** An outcome without what JSON cannot have. */
function plain(outcome: object): object {
  const { reason, ...rest } = outcome as { reason?: unknown };
  return reason instanceof IpcError ? { ...rest, code: reason.code } : rest;
}

/** Does it. */
export async function operate(
  handle: Handle,
  operation: string,
  args: Args,
): Promise<unknown> {
  const { size = 0, at = 0, signals = 0, ...options } = args;
  switch (operation) {
    case "signals": {
      const { satisfied, satisfiable } = handle.signals;
      return [signalNames(satisfied), signalNames(satisfiable)];
    }
    case "wait": {
      const { result } = await handle.wait(signals);
      return result;
    }
    case "watch": {
      const events: string[] = [];
      const watcher = new Watcher<string>(({ result }) => void events.push(result));
      watcher.watch(handle, signals, "it");
      watched.set(handle, { watcher, events });
      return watcher.arm().result;
    }
    case "arm":
      return watched.get(handle)!.watcher.arm().result;
    case "isArmed":
      return watched.get(handle)!.watcher.isArmed;
    case "events":
      return watched.get(handle)!.events;
    case "unwatch": {
      const { watcher, events } = watched.get(handle)!;
      watcher.close();
      return events;
    }
  }
  if (handle instanceof DataPipeProducer) return produce(handle, operation, args);
  if (handle instanceof DataPipeConsumer) return consume(handle, operation, args);
  if (!(handle instanceof MessagePipe)) throw new Error(`${handle} does nothing`);
  switch (operation) {
    case "setQuota":
      handle.setQuota(args.type!, args.limit ?? Infinity);
      return null;
    case "usage":
      return handle.quota(args.type!).usage;
    case "query":
      return plain(handle.query());
    case "readUpTo": {
      const read = handle.read(options);
      return read.result === "OK" ? { result: "OK" } : plain(read);
    }
    case "discard":
      return plain(handle.discard());
  }
  throw new Error(`${operation} is no operation: ${size} ${at}`);
}

function produce(producer: DataPipeProducer, operation: string, args: Args): unknown {
  const { size = 0, at = 0, allOrNone = false } = args;
  switch (operation) {
    case "write":
      return plain(producer.write(fill(new Uint8Array(size), at), { allOrNone }));
    case "writeInTwoPhases": {
      const region = producer.beginWrite();
      if (region.result !== "OK") return plain(region);
      const bytes = Math.min(size, region.data.length);
      fill(region.data.subarray(0, bytes), at);
      producer.endWrite(bytes);
      return { result: "OK", bytes };
    }
  }
  throw new Error(`a producer has no ${operation}`);
}

function consume(consumer: DataPipeConsumer, operation: string, args: Args): unknown {
  const { size = 0, at = 0, allOrNone = false, peek = false } = args;
  switch (operation) {
    case "read": {
      const into = new Uint8Array(size);
      const read = consumer.read(into, { allOrNone, peek });
      if (read.result === "OK") check(into.subarray(0, read.bytes), at);
      return plain(read);
    }
    case "readInTwoPhases": {
      const region = consumer.beginRead();
      if (region.result !== "OK") return plain(region);
      const bytes = Math.min(size, region.data.length);
      check(region.data.subarray(0, bytes), at);
      consumer.endRead(bytes);
      return { result: "OK", bytes };
    }
    case "query":
      return consumer.query();
    case "discard":
      return plain(consumer.discard(size, { allOrNone }));
  }
  throw new Error(`a consumer has no ${operation}`);
}
