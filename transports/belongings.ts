/**
 * What a child is started with besides its link, as it is told of it.
 *
 * ```text
 *   length of the path u16, id of the directory 16 bytes, path
 *   number of descriptors u8, id of the set 16 bytes,
 *     and for each: its number u8, rights or kind u8, id of what it is 16 bytes
 *   id of the way for sockets 16 bytes, zero if there is none
 * ```
 *
 * @module
 */

/** A directory of its own. */
export interface GivenDirectory {
  /** Where it is. */
  readonly path: string;
  /** What whoever leaves something in it calls it: 16 bytes. */
  readonly id: Uint8Array<ArrayBuffer>;
}

/** What may be done with what a descriptor is. */
export const RIGHTS = { read: 1, write: 2 } as const;

/** What a descriptor is that is no memory, in the place of rights: the operating system knows those. */
export const HELD = { file: 4, conn: 8, listener: 16 } as const;

/** A descriptor that a child was started with. */
export interface Born {
  /** What it is: 16 bytes, of shared memory its name. */
  readonly id: Uint8Array<ArrayBuffer>;
  /** Its number in the child. */
  readonly descriptor: number;
  /** The sum of some of {@linkcode RIGHTS}, or one of {@linkcode HELD}. */
  readonly rights: number;
}

/** All of them that a child has. */
export interface BornSet {
  /** What whoever gives the child one of them calls the set: 16 bytes. */
  readonly id: Uint8Array<ArrayBuffer>;
  /** The descriptors. */
  readonly descriptors: readonly Born[];
}

/** What a child has. */
export interface Belongings {
  /** A directory of its own, where it can be left files. */
  readonly directory?: GivenDirectory;
  /** Descriptors. */
  readonly born?: BornSet;
  /** What whoever gives it a socket later calls the way there: 16 bytes. */
  readonly channel?: Uint8Array<ArrayBuffer>;
}

const ID_BYTES = 16;

/** Writes `belongings`. */
export function encodeBelongings(
  { directory, born, channel }: Belongings,
): Uint8Array<ArrayBuffer> {
  const none = new Uint8Array(ID_BYTES);
  const path = new TextEncoder().encode(directory?.path ?? "");
  const { id, descriptors } = born ?? { id: none, descriptors: [] };
  return new Uint8Array([
    path.length & 0xff,
    path.length >> 8,
    ...directory?.id ?? none,
    ...path,
    descriptors.length,
    ...id,
    ...descriptors.flatMap((one) => [one.descriptor, one.rights, ...one.id]),
    ...channel ?? none,
  ]);
}

/** Reads belongings with `read`, as `readRendezvous` does. `null` if there are none. */
export function readBelongings(read: (into: Uint8Array) => boolean): Belongings | null {
  const head = new Uint8Array(2 + ID_BYTES);
  if (!read(head)) return null;
  const path = new Uint8Array(head[0]! | head[1]! << 8);
  const set = new Uint8Array(1 + ID_BYTES);
  if (!read(path) || !read(set)) return null;
  const each = 2 + ID_BYTES, list = new Uint8Array(set[0]! * each);
  const channel = new Uint8Array(ID_BYTES);
  if (!read(list) || !read(channel)) return null;
  const descriptors = Array.from({ length: set[0]! }, (_, i): Born => {
    const one = list.slice(i * each, (i + 1) * each);
    return { descriptor: one[0]!, rights: one[1]!, id: one.slice(2) };
  });
  return {
    ...(path.length === 0
      ? {}
      : { directory: { path: new TextDecoder().decode(path), id: head.slice(2) } }),
    ...(set[0] === 0 ? {} : { born: { id: set.slice(1), descriptors } }),
    ...(channel.some((byte) => byte !== 0) ? { channel } : {}),
  };
}
