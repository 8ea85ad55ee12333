/**
 * How a file gets to another process without a descriptor: by a hard link to it, in a directory that both may
 * reach. A child is given one by its launcher, of two parts, and can reach nothing else for it.
 *
 * ```text
 *   mage-1f2e/         made by the launcher for one child, removed once that has exited
 *     ro/4d0c...       left by the launcher; the child may read
 *     rw/a917...       left by the launcher; the child may read and write
 *     rw/90b3...       made by the child, or left by it for the launcher
 *     rw/e51a....r     left by it for the launcher, for somebody who may only read
 *
 *   told   where u8, whether it may only be read u8, name 16 bytes; and if it is in the directory of who
 *          tells, the id of that, 16 bytes
 * ```
 *
 * A link is removed as soon as it was opened. Its name is all that is told of it, and it is made by whoever
 * makes the link; so neither side can lead the other anywhere but to a link that was meant for it, or to what
 * the child has put into its part itself. Nor can somebody in between who may only read make more of it: there
 * is no link of that name to be written.
 *
 * @module
 */
import { Name, type NameSource } from "../core/names.ts";
import {
  type Door,
  DoorKind,
  type Knock,
  type Left,
  openDoor,
  type Wanted,
} from "../core/system/door.ts";
import type { GivenDirectory } from "./belongings.ts";
import { DenoRegionFile, FileRegion } from "./file_region.ts";
import { makeFilesIn } from "./shared_file.ts";

/** Links that may be in one directory at a time, until they are opened. */
const MAX_LINKS = 64;

/** In whose directory something was left. */
const Place = { Yours: 1, Mine: 2 } as const;
const ID_BYTES = 16;
const HEAD_BYTES = 2 + ID_BYTES;

/** A directory with its two parts, as either side has it. */
export class SharedDirectory {
  /** Where it is. */
  readonly path: string;
  /** What it is called by those who leave something in it. */
  readonly id: Name;
  #links = 0;

  /** Takes it as it is. */
  constructor({ path, id }: GivenDirectory) {
    this.path = path;
    this.id = Name.ofBytes(id);
  }

  /** Leaves a link to the file of `region`, for the child that has this directory or for its launcher. */
  leave(
    region: FileRegion,
    place: number,
    names: NameSource,
    readOnly: boolean,
  ): Left | null {
    if (region.path === null || this.#links >= MAX_LINKS) return null;
    const name = names.next(), link = this.#file(place, name, readOnly);
    try {
      // TRUST: the child may have put something else in the place of its part.
      if (!Deno.lstatSync(this.#part(place, readOnly)).isDirectory) return null;
      Deno.linkSync(region.path, link);
    } catch {
      return null;
    }
    this.#links++;
    const told = new Uint8Array(HEAD_BYTES + (place === Place.Mine ? ID_BYTES : 0));
    const view = new DataView(told.buffer);
    told[0] = place;
    told[1] = readOnly ? 1 : 0;
    name.write(view, 2);
    if (place === Place.Mine) this.id.write(view, HEAD_BYTES);
    return { told, done: () => this.#remove(link) };
  }

  /** Opens what was left. Throws when there is no such file. */
  open(place: number, name: Name, readOnly: boolean): Deno.FsFile {
    const path = this.#file(place, name, readOnly), seen = Deno.lstatSync(path);
    // TRUST: the child can put things there itself, and opening some of them waits for ever.
    if (!seen.isFile) throw new TypeError("what was left for it is no file");
    const file = Deno.openSync(path, { read: true, write: !readOnly });
    const { ino, dev } = file.statSync();
    if (ino === seen.ino && dev === seen.dev) return file;
    file.close();
    throw new TypeError("what was left for it was replaced");
  }

  #part(place: number, readOnly: boolean): string {
    return `${this.path}/${readOnly && place === Place.Yours ? "ro" : "rw"}`;
  }

  #file(place: number, name: Name, readOnly: boolean): string {
    const end = readOnly && place === Place.Mine ? ".r" : "";
    return `${this.#part(place, readOnly)}/${name}${end}`;
  }

  #remove(link: string): void {
    this.#links--;
    try {
      Deno.removeSync(link);
    } catch {
      // The child has removed it before, or the whole directory is gone with it.
    }
  }
}

/** The one that this process was given. */
let own: SharedDirectory | null = null;
/** Those that this process gives to its children, by their ids. */
const given = new Map<string, SharedDirectory>();

/** Uses the directory that this process was given, also for what it makes itself. Opens the door. */
export function useDirectory(directory: GivenDirectory): void {
  own = new SharedDirectory(directory);
  makeFilesIn(`${own.path}/rw`);
  openDoor(directoryDoor);
}

/** Gives a directory to a child. Opens the door. Returns what takes it back. */
export function giveDirectory(directory: GivenDirectory): () => void {
  const shared = new SharedDirectory(directory), key = shared.id.toString();
  given.set(key, shared);
  openDoor(directoryDoor);
  return () => void given.delete(key);
}

/** See {@linkcode Door}. */
const directoryDoor: Door = {
  kind: DoorKind.Directory,
  knock: (node, wanted): Knock | null => {
    if (wanted.what !== "file" || (own === null && given.size === 0)) return null;
    return new DirectoryKnock(own?.id ?? node.names.next(), wanted);
  },
  leave: (thing, id, names, readOnly): Left | null => {
    if (!(thing instanceof FileRegion)) return null;
    const child = given.get(id.toString());
    if (child !== undefined) return child.leave(thing, Place.Yours, names, readOnly);
    // Whoever asks is the launcher, or somebody who can do nothing with it.
    return own?.leave(thing, Place.Mine, names, readOnly) ?? null;
  },
};

class DirectoryKnock implements Knock {
  readonly id: Name;
  readonly #wanted: Wanted;

  constructor(id: Name, wanted: Wanted) {
    this.id = id;
    this.#wanted = wanted;
  }

  /** Why nothing was left, for people. */
  get refusal(): string {
    return own === null
      ? "the process that has made it was started without the option 'sharedFiles' of Invitation.spawn"
      : "whoever has made it cannot link its file into the directory of this process: only the launcher can that started it, and not too many at once, if createSharedFile and the option 'sharedFiles' of Invitation.spawn name directories on one file system";
  }

  // deno-lint-ignore require-await
  async take(told: Uint8Array): Promise<FileRegion> {
    const [place, readOnly] = told;
    const isMine = place === Place.Mine;
    // TRUST: names are numbers here, and become text only now: there is no way to spell another path.
    if (
      told.length !== HEAD_BYTES + (isMine ? ID_BYTES : 0) || readOnly! > 1 ||
      (!isMine && place !== Place.Yours)
    ) throw new TypeError("what was told of its file makes no sense");
    const directory = isMine ? given.get(Name.ofBytes(told, HEAD_BYTES).toString()) : own;
    if (directory === undefined || directory === null) {
      throw new TypeError(
        "a process that was started with the option 'sharedFiles' of Invitation.spawn has made its file, which only the launcher of that one can map: make it there",
      );
    }
    const file = directory.open(place!, Name.ofBytes(told, 2), readOnly === 1);
    const { id, size } = this.#wanted;
    if (file.statSync().size >= size!) {
      const options = { readOnly: readOnly === 1 };
      return new FileRegion(id!, size!, new DenoRegionFile(file), options);
    }
    file.close();
    throw new TypeError("its file was made shorter");
  }

  close(): void {}
}
