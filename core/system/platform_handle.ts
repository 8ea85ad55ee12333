/**
 * Handles on what belongs to the operating system: files, connections, listeners.
 *
 * The one who wrapped it keeps it, at the other end of a pipe, until somebody unwraps it. What the two say
 * to each other is their own affair: here it is only told what it is.
 *
 * @module
 */
import type { Node } from "../ports/node.ts";
import type { Port } from "../ports/port.ts";
import { HandleKind, registerKind } from "./attachments.ts";
import { Handle, takeEnd } from "./handle.ts";
import { KeptEnd } from "./kept_end.ts";
import { MessagePipe, takePipe } from "./message_pipe.ts";
import { PipeEnd } from "./pipe_end.ts";

/** What a platform handle is a handle on. */
export type PlatformHandleType = "file" | "conn" | "listener";

/** At their numbers on the wire. */
const TYPES: readonly (PlatformHandleType | null)[] = [null, "file", "conn", "listener"];

/** The end behind a `PlatformHandle`. */
export class PlatformEnd extends KeptEnd {
  /** What it is. */
  readonly type: PlatformHandleType;

  /** Takes over `port`. */
  constructor(node: Node, port: Port, type: PlatformHandleType) {
    super(node, port);
    this.type = type;
  }

  override get noun(): string {
    return `${this.type} handle`;
  }

  override describe(view: DataView, at: number): void {
    view.setUint8(at, HandleKind.PlatformHandle);
    view.setUint8(at + 1, TYPES.indexOf(this.type));
  }
}

/**
 * A handle on something of the operating system, for transit: wrapped where it is, sent like any handle, and
 * unwrapped where it is used. Closing it closes what it is a handle on.
 *
 * Source: MojoWrapPlatformHandle, MojoUnwrapPlatformHandle.
 */
export abstract class PlatformHandle extends Handle {
  static {
    registerKind(HandleKind.PlatformHandle, (node, port, view, at) => {
      const type = TYPES[view.getUint8(at + 1)] ?? null;
      if (type === null) return "platform-handle-type";
      for (let byte = 2; byte < 32; byte++) {
        if (view.getUint8(at + byte) !== 0) return "platform-handle-reserved";
      }
      return ofType(new PlatformEnd(node, port, type));
    });
  }

  /** What it is a handle on. */
  abstract readonly type: PlatformHandleType;
}

/** A handle on an open file. */
export class FileHandle extends PlatformHandle {
  /** See {@linkcode PlatformHandle.type}. */
  readonly type = "file";
}

/** A handle on a connection: a stream socket that is connected. */
export class ConnHandle extends PlatformHandle {
  /** See {@linkcode PlatformHandle.type}. */
  readonly type = "conn";
}

/** A handle on a listener: a socket that connections come in on. */
export class ListenerHandle extends PlatformHandle {
  /** See {@linkcode PlatformHandle.type}. */
  readonly type = "listener";
}

/** The handle of each type. */
export interface PlatformHandles {
  /** A file. */
  readonly file: FileHandle;
  /** A connection. */
  readonly conn: ConnHandle;
  /** A listener. */
  readonly listener: ListenerHandle;
}

/** Makes a handle of the pipe whose other end its keeper has. Consumes the pipe. */
export function platformHandle<T extends PlatformHandleType>(
  pipe: MessagePipe,
  type: T,
): PlatformHandles[T] {
  const { node, port } = takePipe(pipe, "make a platform handle of");
  return ofType(new PlatformEnd(node, port, type)) as PlatformHandles[T];
}

/** Takes the pipe to its keeper out of a handle, which is spent. `what` is for the error. */
export function keeperPipe(handle: PlatformHandle, what: string): MessagePipe {
  const { node, port } = takeEnd(handle, what);
  return new MessagePipe(new PipeEnd(node, port));
}

function ofType(end: PlatformEnd): PlatformHandle {
  switch (end.type) {
    case "file":
      return new FileHandle(end);
    case "conn":
      return new ConnHandle(end);
    case "listener":
      return new ListenerHandle(end);
  }
}
