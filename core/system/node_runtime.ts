/**
 * The node of this process or worker, and the links it has.
 *
 * @module
 */
import { type Environment, realEnvironment } from "../environment.ts";
import { LIMITS, type Limits } from "../limits.ts";
import { NameSource } from "../names.ts";
import { Node } from "../ports/node.ts";
import type { Port } from "../ports/port.ts";
import { ConsumerEnd } from "./consumer_end.ts";
import { type DataPipeOptions, initialState } from "./data_pipe.ts";
import { DataPipeConsumer } from "./data_pipe_consumer.ts";
import { DataPipeProducer } from "./data_pipe_producer.ts";
import { MessagePipe } from "./message_pipe.ts";
import { PipeEnd } from "./pipe_end.ts";
import { ProducerEnd } from "./producer_end.ts";
import type { Region } from "./region.ts";
import { allocate, checkSize, SharedBuffer } from "./shared_buffer.ts";
import { SharedBufferEnd, type SharedBufferMode } from "./shared_buffer_end.ts";
import { keep } from "./shared_buffer_keeper.ts";
import { ThreadRegion } from "./thread_region.ts";

/** A node together with the world it lives in. */
export class NodeRuntime {
  /** The world. */
  readonly environment: Environment;
  /** The ports. */
  readonly node: Node;

  /** Makes a node without links. */
  constructor(
    environment: Environment = realEnvironment,
    limits: Limits = LIMITS.trusted,
  ) {
    this.environment = environment;
    this.node = new Node(new NameSource(environment), limits);
  }

  /** The endpoint that `port` is. */
  pipeOf(port: Port): MessagePipe {
    return new MessagePipe(new PipeEnd(this.node, port));
  }

  /** Makes a pipe with both ends here. */
  createMessagePipe(): [MessagePipe, MessagePipe] {
    const [one, two] = this.node.createPipe();
    return [this.pipeOf(one), this.pipeOf(two)];
  }

  /** Makes memory that the threads of this process can share. */
  createSharedBuffer(bytes: number): SharedBuffer {
    checkSize(bytes);
    const id = this.node.names.next();
    return this.share(new ThreadRegion(id, allocate(bytes)), "writable");
  }

  /** Makes a handle on memory that is kept here from now on. */
  share(region: Region, mode: SharedBufferMode): SharedBuffer {
    const { id, size, backing } = region, [near, far] = this.node.createPipe();
    keep(region, this.pipeOf(far), mode);
    const state = { id, size, backing, mode };
    return new SharedBuffer(new SharedBufferEnd(this.node, near, state, region));
  }

  /** Makes a data pipe with both ends here. */
  createDataPipe(options?: DataPipeOptions): [DataPipeProducer, DataPipeConsumer] {
    const state = initialState(options), [one, two] = this.node.createPipe();
    return [
      new DataPipeProducer(new ProducerEnd(this.node, one, state)),
      new DataPipeConsumer(new ConsumerEnd(this.node, two, state)),
    ];
  }
}

let own: NodeRuntime | null = null;

/** The node of this process, made when first asked for: importing makes nothing. */
export function ownRuntime(): NodeRuntime {
  return own ??= new NodeRuntime();
}

/**
 * Makes a message pipe and returns its two endpoints. Either can be kept, bound, or sent through any
 * other pipe.
 *
 * ```ts
 * import { createMessagePipe } from "@mage/ipc";
 *
 * const [here, there] = createMessagePipe();
 * here.write(new TextEncoder().encode("hello"));
 * const message = await there.receive();
 * console.log(new TextDecoder().decode(message!.data));
 * here.close();
 * there.close();
 * ```
 */
export function createMessagePipe(): [MessagePipe, MessagePipe] {
  return ownRuntime().createMessagePipe();
}

/**
 * Makes a data pipe: bytes written to the producer are read from the consumer, in order, and never more
 * than the capacity is written ahead. Either end can be kept, used as a stream, or sent through any message
 * pipe, also in the middle.
 *
 * ```ts
 * import { createDataPipe } from "@mage/ipc";
 *
 * const [producer, consumer] = createDataPipe();
 * const text = new Blob(["hello"]).stream().pipeTo(producer.writable);
 * for await (const chunk of consumer.readable) console.log(chunk.length); // 5
 * await text;
 * ```
 *
 * Source: MojoCreateDataPipe.
 *
 * @throws {MisuseError} `INVALID_ARGUMENT` if the options make no sense, `RESOURCE_EXHAUSTED` if they ask
 * for more than `MAX_DATA_PIPE_CAPACITY`
 */
export function createDataPipe(
  options?: DataPipeOptions,
): [DataPipeProducer, DataPipeConsumer] {
  return ownRuntime().createDataPipe(options);
}

/**
 * Makes memory that this process and its workers share: it is mapped in place, and what one writes is there
 * for all. It is zero at first.
 *
 * No other process can map it; for those there is `createSharedFile`. A thread that has a read-only handle
 * is trusted not to write: JavaScript has no memory that some may write and others not.
 *
 * ```ts
 * import { createSharedBuffer } from "@mage/ipc";
 *
 * using buffer = createSharedBuffer(4096);
 * using mapping = await buffer.map(0, 16);
 * mapping.writeAt(0, new TextEncoder().encode("hello"));
 * ```
 *
 * Source: MojoCreateSharedBuffer.
 *
 * @throws {MisuseError} `INVALID_ARGUMENT` unless `bytes` is a whole number above zero; `RESOURCE_EXHAUSTED`
 * for more than `MAX_SHARED_BUFFER_BYTES`, or if there is no memory
 */
export function createSharedBuffer(bytes: number): SharedBuffer {
  return ownRuntime().createSharedBuffer(bytes);
}
