/**
 * A child that does with shared memory what it is told, in words over its main pipe, and says what came of it.
 * It keeps buffers, mappings and descriptors by name.
 *
 * @module
 */
import { Invitation, type SharedBuffer, type SharedMapping } from "@mage/ipc/child";
import { createSharedMemory, unwrapSharedMemory } from "@mage/ipc/memory";
import {
  call,
  closeDescriptor,
  cString,
  errno,
  libc,
  MAP_FAILED,
  Mapped,
  Open,
  Prot,
  SystemError,
} from "../../../transports/libc.ts";

const { pipe } = await Invitation.accept();
const buffers = new Map<string, SharedBuffer>();
const mappings = new Map<string, SharedMapping>();
const descriptors = new Map<string, number>();

/** What the verbs do. Each returns what to say. */
const VERBS: Record<string, (words: string[]) => string | Promise<string>> = {
  create: ([name, bytes]) => {
    buffers.set(name!, createSharedMemory(Number(bytes)));
    return "done";
  },
  duplicate: ([name, as, readOnly]) => {
    const duplicate = buffer(name).duplicate({ readOnly: readOnly === "read-only" });
    buffers.set(as!, duplicate);
    return duplicate.mode;
  },
  map: async ([name, as, offset, length]) => {
    const end = length === undefined ? undefined : Number(length);
    mappings.set(as!, await buffer(name).map(Number(offset ?? 0), end));
    return mapping(as).readOnly ? "read-only" : "writable";
  },
  read: ([name, at, length]) => {
    const into = new Uint8Array(Number(length));
    mapping(name).readAt(Number(at), into);
    return new TextDecoder().decode(into);
  },
  look: ([name, at, length]) => {
    const bytes = bytesOf(name).subarray(Number(at), Number(at) + Number(length));
    return new TextDecoder().decode(bytes.slice());
  },
  write: ([name, at, text]) => {
    mapping(name).writeAt(Number(at), new TextEncoder().encode(text));
    return "done";
  },
  store: ([name, at, text]) => {
    bytesOf(name).set(new TextEncoder().encode(text), Number(at));
    return "done";
  },
  unmap: ([name]) => {
    mapping(name).unmap();
    return "done";
  },
  close: ([name]) => {
    buffer(name).close();
    return "done";
  },
  unwrap: async ([name, as]) => {
    const { fd, size, mode, id } = await unwrapSharedMemory(buffer(name));
    descriptors.set(as!, fd);
    return `${size} ${mode} ${id}`;
  },
  // What whoever has a descriptor may try.
  truncate: ([name, bytes]) => {
    call("ftruncate", () => libc().ftruncate(descriptors.get(name!)!, BigInt(bytes!)));
    return "done";
  },
  overwrite: ([name]) => {
    const { mmap } = libc(), prot = Prot.READ | Prot.WRITE;
    const at = mmap(0n, 4096n, prot, Mapped.SHARED, descriptors.get(name!)!, 0n);
    if (at === MAP_FAILED) throw new SystemError("mmap", errno());
    return "done";
  },
  reopen: ([name, as]) => {
    const path = cString(`/proc/self/fd/${descriptors.get(name!)}`);
    const fd = call("open", () => libc().open(path, Open.RDWR | Open.CLOEXEC));
    descriptors.set(as!, fd);
    return "done";
  },
  release: ([name]) => {
    closeDescriptor(descriptors.get(name!)!);
    return "done";
  },
};

for await (const message of pipe) {
  const [verb = "", ...words] = new TextDecoder().decode(message.data).split(" ");
  if (verb === "take") {
    const [taken] = message.handles;
    buffers.set(words[0]!, taken as SharedBuffer);
    say("done");
  } else if (verb === "give") {
    pipe.write(new TextEncoder().encode("done"), [buffer(words[0])]);
  } else {
    try {
      say(await VERBS[verb]!(words));
    } catch (error) {
      const { name, message } = error as Error;
      say(`${name}: ${message}`);
    }
  }
}

function say(text: string): void {
  pipe.write(new TextEncoder().encode(text));
}

function buffer(name: string | undefined): SharedBuffer {
  return buffers.get(name!)!;
}

function mapping(name: string | undefined): SharedMapping {
  return mappings.get(name!)!;
}

function bytesOf(name: string | undefined): Uint8Array {
  const it = mapping(name);
  if (it.access !== "memory") throw new TypeError("it has no bytes");
  return it.bytes;
}
