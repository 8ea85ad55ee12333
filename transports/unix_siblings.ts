/**
 * How children over `unix` links are linked to each other: over socket paths that they are granted when
 * they are started, because a child's permissions never grow.
 *
 * A directory has places for eight children at a time. The path `1-3` is granted to the children at
 * places 1 and 3 and to nobody else. Paths that all of them could use would let any child listen on a path
 * meant for two others and sit between them, passing on what they say.
 *
 * @module
 */
import type { Arrangement, MeetingPoint } from "../core/transport.ts";
import { MEANS } from "./means.ts";
import { addPermission, type PermissionSet, requirePermissions } from "./permissions.ts";
import { checkDirectory, checkPath } from "./rendezvous.ts";
import { socketPermissions } from "./unix.ts";

const PLACES = 8;

/** A private directory of sockets. Gone when the last child that has a place in it has exited. */
class SiblingDirectory {
  /** Those in use, by what their makers asked for. */
  static readonly all: Map<true | string, SiblingDirectory> = new Map();

  readonly path: string;
  readonly places: (UnixPoint | null)[] = Array<null>(PLACES).fill(null);
  readonly #where: true | string;

  constructor(where: true | string) {
    this.#where = where;
    this.path = Deno.makeTempDirSync({
      prefix: "mage-",
      ...(where === true ? {} : { dir: where }),
    });
    SiblingDirectory.all.set(where, this);
    addEventListener("unload", this.#leave);
  }

  /** This process exits without waiting for its children. */
  readonly #leave = (): void => remove(this.path);

  /** Removes what a killed child left at its paths, and itself when nobody is left. */
  release(place: number, paths: readonly string[]): void {
    this.places[place] = null;
    for (const path of paths) remove(path);
    if (this.places.some((point) => point !== null)) return;
    SiblingDirectory.all.delete(this.#where);
    removeEventListener("unload", this.#leave);
    remove(this.path);
  }
}

/** A child that may be linked to its siblings directly. */
export class UnixPoint implements MeetingPoint {
  readonly #directory: SiblingDirectory;
  readonly #place: number;

  private constructor(directory: SiblingDirectory, place: number) {
    this.#directory = directory;
    this.#place = place;
    directory.places[place] = this;
  }

  /**
   * Takes a place in the directory of this process, or in the one that it has in `where`. `null` when
   * all are taken.
   */
  static async claim(where: true | string): Promise<UnixPoint | null> {
    if (where !== true) {
      // The longest path there will be: what is added to the prefix has eight characters at most.
      checkPath(`${where}/mage-12345678/0-1`, "siblings");
      await checkDirectory(where);
    }
    requirePermissions("Starting a child with 'siblings'", [
      where === true ? { name: "write" } : { name: "write", path: where },
    ]);
    // ORDER: from here to the end without a pause, so that the directory does not go away meanwhile.
    const directory = SiblingDirectory.all.get(where) ?? new SiblingDirectory(where);
    const place = directory.places.indexOf(null);
    return place < 0 ? null : new UnixPoint(directory, place);
  }

  /** Adds to `set` what linking to each sibling takes. */
  grant(set: PermissionSet): void {
    for (const path of this.#paths()) {
      const needed = socketPermissions(path);
      for (const kind of ["read", "write", "net"] as const) {
        addPermission(set, kind, [...needed[kind]]);
      }
    }
  }

  /**
   * See {@linkcode MeetingPoint.arrange}. When two meetings of the same two children overlap, the second
   * host finds the path taken and rejects.
   */
  arrange(guest: MeetingPoint): Arrangement | null {
    if (!(guest instanceof UnixPoint) || guest === this) return null;
    const { places } = this.#directory;
    if (places[this.#place] !== this || places[guest.#place] !== guest) return null;
    const path = new TextEncoder().encode(this.#pathTo(guest.#place));
    const means = new Uint8Array([MEANS.path, ...path]);
    return { host: means, guest: means };
  }

  /** The child has exited. */
  release(): void {
    this.#directory.release(this.#place, this.#paths());
  }

  #pathTo(place: number): string {
    const [low, high] = [this.#place, place].sort((one, other) => one - other);
    return `${this.#directory.path}/${low}-${high}`;
  }

  #paths(): string[] {
    const others = Array.from({ length: PLACES }, (_, place) => place);
    return others.filter((place) => place !== this.#place)
      .map((place) => this.#pathTo(place));
  }
}

function remove(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch {
    // It is not there, as it should be.
  }
}
