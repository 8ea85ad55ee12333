/**
 * Descriptors on their way from one process to another, over a socket that is there for nothing else.
 *
 * Who wants one listens at a name; who has one connects there, and has sent it when the call returns: it
 * lies in the queue of the listener until that accepts, also if the sender is gone by then. No call waits.
 *
 * ```text
 *   DescriptorSocket.listen(name)          sendDescriptor(name, key, fd)
 *       |  <----------- key, SCM_RIGHTS: fd ---------  |
 *   receive(key)
 * ```
 *
 * The names are abstract: of a network namespace, not of the file system, and gone with their socket. They are
 * no secret. So whoever takes something goes by the key, which only the one it was told to can know, and by
 * the user that the other process belongs to.
 *
 * @module
 */
import { call, closeDescriptor, libc, Socket, SystemError } from "./libc.ts";

/** Bytes of a key. */
export const DESCRIPTOR_KEY_BYTES = 16;
/** How many may lie in the queue. */
const BACKLOG = 16;
/** How many to look at before it is clear that somebody is playing games. */
const MAX_ACCEPTED = 4 * BACKLOG;
/** `struct ucred`: process, user, group. */
const UCRED_BYTES = 12, UCRED_UID_AT = 4;
/** `struct msghdr`, `struct iovec`, and a `struct cmsghdr` with one descriptor, in one block. */
const MSGHDR_BYTES = 56, IOVEC_BYTES = 16, CMSG_HEAD_BYTES = 16, CMSG_BYTES = 20;
const IOVEC_AT = MSGHDR_BYTES;
const CMSG_AT = IOVEC_AT + IOVEC_BYTES;
const DATA_AT = CMSG_AT + 24;
const BLOCK_BYTES = DATA_AT + DESCRIPTOR_KEY_BYTES;

/** Where descriptors come in, while somebody wants one. */
export class DescriptorSocket {
  readonly #fd: number;
  #isOpen = true;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /**
   * Listens at `name`, which nobody else has.
   *
   * @throws {SystemError} if that cannot be
   */
  static listen(name: string): DescriptorSocket {
    const { bind, listen } = libc();
    const fd = openSocket(), address = abstractAddress(name);
    try {
      call("bind", () => bind(fd, address, address.length));
      call("listen", () => listen(fd, BACKLOG));
      return new DescriptorSocket(fd);
    } catch (error) {
      closeDescriptor(fd);
      throw error;
    }
  }

  /** The descriptor that was sent with `key`; it belongs to the caller. `null` if there is none. */
  receive(key: Uint8Array): number | null {
    const { accept4 } = libc();
    const flags = Socket.NONBLOCK | Socket.CLOEXEC;
    // LIMIT: whoever finds the name may connect as often as they like.
    for (let accepted = 0; accepted < MAX_ACCEPTED; accepted++) {
      let conn: number;
      try {
        conn = call("accept4", () => accept4(this.#fd, null, null, flags));
      } catch (error) {
        if (error instanceof SystemError) return null;
        throw error;
      }
      try {
        const fd = isOwnUser(conn) ? receiveOver(conn, key) : null;
        if (fd !== null) return fd;
      } finally {
        closeDescriptor(conn);
      }
    }
    return null;
  }

  /** Nobody wants anything any more. What lies in the queue is closed. Doing so twice does nothing. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeDescriptor(this.#fd);
  }
}

/** Sends `fd`, which stays the caller's, to who listens at `name`. Whether it is there now. */
export function sendDescriptor(name: string, key: Uint8Array, fd: number): boolean {
  const { connect, sendmsg } = libc();
  let socket: number | null = null;
  try {
    const conn = socket = openSocket(), address = abstractAddress(name);
    call("connect", () => connect(conn, address, address.length));
    if (!isOwnUser(conn)) return false;
    const { view, bytes } = messageBlock();
    bytes.set(key, DATA_AT);
    view.setBigUint64(CMSG_AT, BigInt(CMSG_BYTES), true);
    view.setInt32(CMSG_AT + 8, Socket.SOL_SOCKET, true);
    view.setInt32(CMSG_AT + 12, Socket.SCM_RIGHTS, true);
    view.setInt32(CMSG_AT + CMSG_HEAD_BYTES, fd, true);
    const flags = Socket.MSG_DONTWAIT | Socket.MSG_NOSIGNAL;
    return call("sendmsg", () => sendmsg(conn, bytes, flags)) === DESCRIPTOR_KEY_BYTES;
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  } finally {
    if (socket !== null) closeDescriptor(socket);
  }
}

/** The descriptor that came with `key` and nothing else. */
function receiveOver(conn: number, key: Uint8Array): number | null {
  const { recvmsg } = libc(), { view, bytes } = messageBlock();
  const flags = Socket.MSG_DONTWAIT | Socket.MSG_CMSG_CLOEXEC;
  let count: number;
  try {
    count = call("recvmsg", () => recvmsg(conn, bytes, flags));
  } catch (error) {
    if (error instanceof SystemError) return null;
    throw error;
  }
  // There is room for one. The operating system closes what is too much, and says so.
  const came = Number(view.getBigUint64(40, true)) === CMSG_BYTES &&
    view.getInt32(CMSG_AT + 8, true) === Socket.SOL_SOCKET &&
    view.getInt32(CMSG_AT + 12, true) === Socket.SCM_RIGHTS;
  if (!came) return null;
  const fd = view.getInt32(CMSG_AT + CMSG_HEAD_BYTES, true);
  const cut = view.getInt32(48, true) & (Socket.MSG_CTRUNC | Socket.MSG_TRUNC);
  const isIt = count === DESCRIPTOR_KEY_BYTES && cut === 0 &&
    key.every((byte, index) => bytes[DATA_AT + index] === byte);
  if (isIt) return fd;
  closeDescriptor(fd);
  return null;
}

/** A `msghdr` with room for a key and one descriptor, all in memory that does not move. */
function messageBlock(): {
  readonly view: DataView<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
} {
  const block = new ArrayBuffer(BLOCK_BYTES), view = new DataView(block);
  const start = Deno.UnsafePointer.value(Deno.UnsafePointer.of(block));
  view.setBigUint64(16, start + BigInt(IOVEC_AT), true);
  view.setBigUint64(24, 1n, true);
  view.setBigUint64(32, start + BigInt(CMSG_AT), true);
  view.setBigUint64(40, BigInt(CMSG_BYTES), true);
  view.setBigUint64(IOVEC_AT, start + BigInt(DATA_AT), true);
  view.setBigUint64(IOVEC_AT + 8, BigInt(DESCRIPTOR_KEY_BYTES), true);
  return { view, bytes: new Uint8Array(block) };
}

function openSocket(): number {
  const { socket } = libc();
  const type = Socket.SEQPACKET | Socket.NONBLOCK | Socket.CLOEXEC;
  return call("socket", () => socket(Socket.AF_UNIX, type, 0));
}

/** `struct sockaddr_un` of a name that is no path. */
function abstractAddress(name: string): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(name), address = new Uint8Array(3 + text.length);
  new DataView(address.buffer).setUint16(0, Socket.AF_UNIX, true);
  address.set(text, 3);
  return address;
}

/** Whether the process at the other end belongs to the user that this one belongs to. */
function isOwnUser(conn: number): boolean {
  const { geteuid, getsockopt } = libc();
  const ucred = new DataView(new ArrayBuffer(UCRED_BYTES));
  const length = new Uint8Array(new Uint32Array([UCRED_BYTES]).buffer);
  const bytes = new Uint8Array(ucred.buffer);
  call(
    "getsockopt",
    () => getsockopt(conn, Socket.SOL_SOCKET, Socket.SO_PEERCRED, bytes, length),
  );
  return ucred.getUint32(UCRED_UID_AT, true) === geteuid();
}
