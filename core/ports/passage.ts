/**
 * The way of a link without a transport of its own: its frames leave by another link, each with a name
 * on it.
 *
 * @module
 */
import type { Name } from "../names.ts";
import type { Encoder } from "../wire/encoder.ts";
import { forEachFrame } from "../wire/frame.ts";
import { writeWrapped } from "../wire/node_frame.ts";
import type { Link, Outlet } from "./link.ts";

/** Takes the frames of one link over another one. */
export class Passage implements Outlet {
  readonly #link: Link;
  readonly #carrier: Link;
  readonly #type: number;
  readonly #name: Name;

  /** Frames of `link` leave by `carrier` within frames of `type` that have `name` on them. */
  constructor(link: Link, carrier: Link, type: number, name: Name) {
    this.#link = link;
    this.#carrier = carrier;
    this.#type = type;
    this.#name = name;
    link.carrier = carrier;
  }

  /** See {@linkcode Outlet.wake}. */
  wake(): void {
    this.#carrier.carry(this);
  }

  /** See {@linkcode Outlet.drop}. */
  drop(): void {}

  /** Appends what waits in the link to the output of its carrier. */
  append(out: Encoder): void {
    if (this.#link.neighbor.link !== this.#link) return; // It has ended.
    const taken = this.#link.take();
    if (taken === null) return;
    forEachFrame(taken, (start, end) => {
      writeWrapped(out, this.#type, this.#name, taken, start, end);
    });
    this.#link.written(taken);
  }
}
