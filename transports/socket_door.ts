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
import { closeDescriptor, hasLibc, SystemError } from "./libc.ts";
import {
  DESCRIPTOR_KEY_BYTES,
  DescriptorSocket,
  sendDescriptor,
} from "./libc_descriptor.ts";
import { MemoryRegion } from "./memory_region.ts";

/** See {@linkcode Door}. It is shut where there is no `ffi`, and nobody is asked for it. */
export const socketDoor: Door = {
  kind: DoorKind.Socket,
  knock: (node, wanted): Knock | null => {
    const { what, id, size } = wanted;
    if (what !== "memory" || id === null || size === undefined) return null;
    return knock(
      node.names.next(),
      "its memory has not arrived",
      (fd) => MemoryRegion.adopt(id, size, fd),
    );
  },
  leave: (thing, id, names, readOnly): Left | null =>
    thing instanceof MemoryRegion
      ? leave(() => thing.descriptor(readOnly), id, names)
      : null,
};

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
function leave(make: () => number, id: Name, names: NameSource): Left | null {
  let fd: number;
  try {
    fd = make();
  } catch (error) {
    if (error instanceof SystemError) return null;
    throw error;
  }
  const told = new Uint8Array(DESCRIPTOR_KEY_BYTES);
  names.next().write(new DataView(told.buffer), 0);
  const isThere = sendDescriptor(socketName(id), told, fd);
  closeDescriptor(fd);
  return isThere ? { told } : null;
}

function socketName(id: Name): string {
  return `mage-ipc ${id}`;
}
