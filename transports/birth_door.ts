/**
 * How a child is given what a descriptor is that it was started with: by the number that it has there. The
 * child needs no permission for that, and what the operating system lets nobody do with the descriptor, it
 * cannot do.
 *
 * ```text
 *   told   number u8, rights or kind u8; of a file where it stands, i64
 * ```
 *
 * What can be made of a descriptor depends on what it is: each kind has its own way to open one in the
 * launcher, see `birth_descriptors.ts`, and to use one in the child, {@linkcode useBorn}.
 *
 * @module
 */
import { Name } from "../core/names.ts";
import {
  type Door,
  DoorKind,
  type Knock,
  type Left,
  openDoor,
  type Wanted,
} from "../core/system/door.ts";
import { type Born, type BornSet, RIGHTS } from "./belongings.ts";

const TOLD_BYTES = 2;

/** Makes what is wanted of a descriptor that this process was started with; `told` is what is told besides. */
export type UseBorn = (
  born: Born,
  wanted: Wanted,
  told: Uint8Array,
) => Promise<unknown>;

/** What the launcher knows of a descriptor that a child of it was started with. */
export interface GivenDescriptor {
  /** What it is, as whoever keeps it has it. */
  readonly thing: unknown;
  /** Its number in the child. */
  readonly descriptor: number;
  /** As in {@linkcode Born}. */
  readonly rights: number;
  /** What to tell besides, if there is something; `null` when it cannot be given any more. */
  tell?(): Uint8Array | null;
}

/** By what is wanted. */
const uses = new Map<Wanted["what"], UseBorn>([
  ["file", async (born, wanted) => {
    const { DescriptorRegion } = await import("./descriptor_region.ts");
    return DescriptorRegion.of(born, wanted);
  }],
  ["platform", async ({ descriptor, rights }, _wanted, told) => {
    const { adoptBorn } = await import("./adoption.ts");
    return await adoptBorn(descriptor, rights, told);
  }],
]);
/** What this process was started with. */
let own: BornSet | null = null;
/** What children of this process were started with, by the ids of the sets. */
const given = new Map<string, readonly GivenDescriptor[]>();

/** Says how to use a descriptor when `what` is wanted. */
export function useBorn(what: Wanted["what"], use: UseBorn): void {
  uses.set(what, use);
}

/** This process was started with `set`. Opens the door. */
export function ownBorn(set: BornSet): void {
  own = set;
  openDoor(birthDoor);
}

/** A child was started with `descriptors`, and calls the set `id`. Opens the door. Returns what ends that. */
export function giveBorn(
  id: Uint8Array<ArrayBuffer>,
  descriptors: readonly GivenDescriptor[],
): () => void {
  const key = Name.ofBytes(id).toString();
  given.set(key, descriptors);
  openDoor(birthDoor);
  return () => void given.delete(key);
}

/** See {@linkcode Door}. */
const birthDoor: Door = {
  kind: DoorKind.Birth,
  knock: (_node, wanted): Knock | null => {
    const use = uses.get(wanted.what);
    return own === null || use === undefined ? null : new BirthKnock(own, use, wanted);
  },
  leave: (thing, id, _names, readOnly): Left | null => {
    // A right more than what was asked for would be one too many, one less would be missing.
    const rights = readOnly ? RIGHTS.read : RIGHTS.read | RIGHTS.write;
    const found = given.get(id.toString())?.find((one) =>
      one.thing === thing && (one.tell === undefined ? one.rights === rights : !readOnly)
    );
    const told = found?.tell === undefined ? [] : found.tell();
    if (found === undefined || told === null) return null;
    return { told: new Uint8Array([found.descriptor, found.rights, ...told]) };
  },
};

class BirthKnock implements Knock {
  readonly id: Name;
  readonly refusal: string =
    "it is none of the 'descriptors' that this process was started with: add it there, or start it with the option 'sharedFiles' of Invitation.spawn";
  readonly #set: BornSet;
  readonly #use: UseBorn;
  readonly #wanted: Wanted;

  constructor(set: BornSet, use: UseBorn, wanted: Wanted) {
    this.id = Name.ofBytes(set.id);
    this.#set = set;
    this.#use = use;
    this.#wanted = wanted;
  }

  async take(told: Uint8Array): Promise<unknown> {
    const [number, rights] = told, rest = told.subarray(TOLD_BYTES);
    const isPlatform = this.#wanted.what === "platform";
    // TRUST: any other descriptor may be one that the runtime lives on.
    const born = told.length < TOLD_BYTES || (rest.length > 0 && !isPlatform)
      ? undefined
      : this.#set.descriptors.find((one) =>
        one.descriptor === number && one.rights === rights
      );
    const { id } = this.#wanted;
    if (born === undefined || (id !== null && !Name.ofBytes(born.id).equals(id))) {
      throw new TypeError("it is none of the descriptors that this process has");
    }
    return await this.#use(born, this.#wanted, rest);
  }

  close(): void {}
}
