/**
 * How a descriptor gets to another process: over a socket that who wants it listens at, for both may call the
 * operating system. See `libc_descriptor.ts`.
 *
 * What is told is the key that it was sent with: it came over the pipe to whoever keeps the memory, so that
 * what anybody else sends to the socket is not taken for it.
 *
 * @module
 */
import type { Name, NameSource } from "../core/names.ts";
import { type Door, DoorKind, type Knock, type Left } from "../core/system/door.ts";
import { adopted, rawKind } from "./adoption.ts";
import { HELD } from "./belongings.ts";
import { closeDescriptor, hasLibc, SystemError } from "./libc.ts";
import {
  DESCRIPTOR_KEY_BYTES,
  DescriptorSocket,
  sendDescriptor,
} from "./libc_descriptor.ts";
import { fileDescriptor, isFile, LibcFile, streamSocket } from "./libc_file.ts";
import { MemoryRegion } from "./memory_region.ts";
import { NodeFile } from "./node_file.ts";
import { adoptDescriptor } from "./node_handle.ts";
import { wholeSocket } from "./node_opening.ts";
import type { Native } from "./serve/native.ts";

/** See {@linkcode Door}. It is shut where there is no `ffi`, and nobody is asked for it. */
export const socketDoor: Door = {
  kind: DoorKind.Socket,
  knock: (node, wanted): Knock | null => {
    const { what, id, size } = wanted;
    if (what === "platform") {
      return knock(node.names.next(), "it has not arrived", useDescriptor);
    }
    if (what !== "memory" || id === null || size === undefined) return null;
    return knock(
      node.names.next(),
      "its memory has not arrived",
      (fd) => MemoryRegion.adopt(id, size, fd),
    );
  },
  leave: (thing, id, names, readOnly): Left | null => {
    if (!hasLibc()) return null;
    return leave(() => descriptorOf(thing, readOnly), id, names);
  },
};

/** A descriptor of what can be given to others, which belongs to the caller; `null` if it cannot. */
function descriptorOf(thing: unknown, readOnly: boolean): number | null {
  if (thing instanceof MemoryRegion) return thing.descriptor(readOnly);
  if (thing instanceof LibcFile) return thing.duplicate(readOnly);
  if (thing instanceof NodeFile) {
    const { descriptor, position } = thing;
    return position === null ? null : fileDescriptor(descriptor, position, readOnly);
  }
  const number = readOnly ? -1 : wholeSocket(thing)?.fdForIpc() ?? -1;
  return number < 0 ? null : number;
}

/** Makes what it is of a descriptor that was sent here. */
async function useDescriptor(fd: number): Promise<Native> {
  // TRUST: it may be anything.
  const type = streamSocket(fd);
  if (type !== null) {
    const kind = type === "listener" ? HELD.listener : HELD.conn;
    return adopted(await adoptDescriptor(fd, rawKind(kind)), kind);
  }
  if (isFile(fd)) return new LibcFile(fd);
  closeDescriptor(fd);
  throw new TypeError("it is something else");
}

/** Knocks for a descriptor, of which `use` makes what is wanted; it belongs to `use`. */
function knock(id: Name, missing: string, use: (fd: number) => unknown): Knock | null {
  if (!hasLibc()) return null;
  let socket: DescriptorSocket;
  try {
    socket = DescriptorSocket.listen(socketName(id));
  } catch (error) {
    if (error instanceof SystemError) return null;
    throw error;
  }
  return {
    id,
    // deno-lint-ignore require-await
    take: async (told) => {
      const fd = told.length === DESCRIPTOR_KEY_BYTES ? socket.receive(told) : null;
      if (fd === null) throw new TypeError(missing);
      return use(fd);
    },
    close: () => socket.close(),
  };
}

/** Leaves a descriptor that `make` makes, which is closed afterwards. */
function leave(make: () => number | null, id: Name, names: NameSource): Left | null {
  let fd: number | null;
  try {
    fd = make();
  } catch (error) {
    if (error instanceof SystemError) return null;
    throw error;
  }
  if (fd === null) return null;
  const told = new Uint8Array(DESCRIPTOR_KEY_BYTES);
  names.next().write(new DataView(told.buffer), 0);
  const isThere = sendDescriptor(socketName(id), told, fd);
  closeDescriptor(fd);
  return isThere ? { told } : null;
}

function socketName(id: Name): string {
  return `mage-ipc ${id}`;
}
