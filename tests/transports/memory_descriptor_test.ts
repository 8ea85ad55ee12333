import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  call,
  closeDescriptor,
  libc,
  Socket,
  SystemError,
} from "../../transports/libc.ts";
import { DescriptorSocket, sendDescriptor } from "../../transports/libc_descriptor.ts";
import { createMemory } from "../../transports/libc_memory.ts";
import { descriptorsOf } from "../process/memory_peers.ts";

const KEY = new Uint8Array(16).fill(7), OTHER = new Uint8Array(16).fill(8);

function newName(): string {
  return `mage-ipc test ${crypto.randomUUID()}`;
}

/** Connects as somebody who wants to do something else there. */
function dial(name: string): number {
  const fd = libc().socket(Socket.AF_UNIX, Socket.SEQPACKET | Socket.CLOEXEC, 0);
  const text = new TextEncoder().encode(name), address = new Uint8Array(3 + text.length);
  address[0] = Socket.AF_UNIX;
  address.set(text, 3);
  call("connect", () => libc().connect(fd, address, address.length));
  return fd;
}

/** Sends bytes, and as many descriptors. */
function send(socket: number, bytes: Uint8Array<ArrayBuffer>, fds: number[]): void {
  const control = new ArrayBuffer(16 + 4 * fds.length + (fds.length % 2) * 4);
  const head = new DataView(control), message = new DataView(new ArrayBuffer(56));
  head.setBigUint64(0, BigInt(16 + 4 * fds.length), true);
  head.setInt32(8, Socket.SOL_SOCKET, true);
  head.setInt32(12, Socket.SCM_RIGHTS, true);
  fds.forEach((fd, index) => head.setInt32(16 + 4 * index, fd, true));
  const iovec = new BigUint64Array(2);
  const addressOf = (of: BufferSource) =>
    Deno.UnsafePointer.value(Deno.UnsafePointer.of(of));
  iovec.set([addressOf(bytes), BigInt(bytes.length)]);
  message.setBigUint64(16, addressOf(iovec), true);
  message.setBigUint64(24, 1n, true);
  message.setBigUint64(32, fds.length === 0 ? 0n : addressOf(control), true);
  message.setBigUint64(40, fds.length === 0 ? 0n : BigInt(control.byteLength), true);
  call("sendmsg", () => libc().sendmsg(socket, new Uint8Array(message.buffer), 0));
}

/** The file behind a descriptor. */
function inodeOf(fd: number): bigint {
  const stat = new DataView(new ArrayBuffer(256)), path = new Uint8Array(1);
  const emptyPath = 0x1000, inode = 0x100;
  call(
    "statx",
    () => libc().statx(fd, path, emptyPath, inode, new Uint8Array(stat.buffer)),
  );
  return stat.getBigUint64(32, true);
}

Deno.test("DescriptorSocket.receive gives the descriptor that was sent with the key", async () => {
  const before = await descriptorsOf(Deno.pid);
  const name = newName(), socket = DescriptorSocket.listen(name);
  const one = createMemory("one", 1), two = createMemory("two", 1), inode = inodeOf(one);
  assert(sendDescriptor(name, OTHER, two));
  assert(sendDescriptor(name, KEY, one));
  closeDescriptor(one);
  // The sender has it no more, and its socket is closed.
  const received = socket.receive(KEY)!;
  assertEquals(inodeOf(received), inode);
  const CLOEXEC = 1, GETFD = 1;
  assertEquals(libc().fcntl(received, GETFD, 0) & CLOEXEC, CLOEXEC);
  assertEquals(socket.receive(KEY), null);
  closeDescriptor(received);
  closeDescriptor(two);
  socket.close();
  socket.close();
  assertEquals(await descriptorsOf(Deno.pid), before);
});

Deno.test("DescriptorSocket.receive does not wait for who connects and says nothing", async () => {
  const before = await descriptorsOf(Deno.pid);
  const name = newName(), socket = DescriptorSocket.listen(name);
  assertEquals(socket.receive(KEY), null);
  const silent = dial(name), memory = createMemory("memory", 1);
  assertEquals(socket.receive(KEY), null);
  const quiet = dial(name);
  assert(sendDescriptor(name, KEY, memory));
  const received = socket.receive(KEY)!;
  assertEquals(inodeOf(received), inodeOf(memory));
  [silent, quiet, memory, received].forEach(closeDescriptor);
  socket.close();
  assertEquals(await descriptorsOf(Deno.pid), before);
});

Deno.test("DescriptorSocket.receive takes one descriptor, a whole key, and nothing else", async () => {
  const before = await descriptorsOf(Deno.pid);
  const name = newName(), socket = DescriptorSocket.listen(name);
  const memory = createMemory("memory", 1);
  const wrong: readonly [bytes: Uint8Array<ArrayBuffer>, fds: number[]][] = [
    [KEY, [memory, memory]],
    [KEY, Array.from({ length: 253 }, () => memory)],
    [KEY, []],
    [KEY.slice(1), [memory]],
    [new Uint8Array([...KEY, 0]), [memory]],
    [OTHER, [memory]],
    [new Uint8Array(65_536), [memory]],
  ];
  for (const [bytes, fds] of wrong) {
    const sender = dial(name);
    send(sender, bytes, fds);
    assertEquals(socket.receive(KEY), null);
    closeDescriptor(sender);
  }
  const sender = dial(name);
  send(sender, KEY, [memory]);
  const received = socket.receive(KEY)!;
  assertEquals(inodeOf(received), inodeOf(memory));
  [sender, memory, received].forEach(closeDescriptor);
  socket.close();
  assertEquals(await descriptorsOf(Deno.pid), before);
});

Deno.test("sendDescriptor says that nobody listens, or that the queue is full", async () => {
  const before = await descriptorsOf(Deno.pid);
  const name = newName(), memory = createMemory("memory", 1);
  assertEquals(sendDescriptor(name, KEY, memory), false);
  const socket = DescriptorSocket.listen(name);
  assertThrows(
    () => DescriptorSocket.listen(name),
    SystemError,
    "Address already in use",
  );
  assertEquals(sendDescriptor(name, KEY, 1 << 20), false);
  let sent = 0;
  while (sendDescriptor(name, OTHER, memory)) sent++;
  assert(sent >= 16 && sent < 1000, `${sent}`);
  assertEquals(socket.receive(KEY), null);
  assert(sendDescriptor(name, KEY, memory));
  closeDescriptor(socket.receive(KEY)!);
  socket.close();
  assertEquals(sendDescriptor(name, KEY, memory), false);
  closeDescriptor(memory);
  assertEquals(await descriptorsOf(Deno.pid), before);
});
