/**
 * A frame that came from a neighbor, where it lies. One object serves all frames of a link in turn.
 *
 * @module
 */
import { Name } from "../names.ts";
import { FROM, readSeq, SEQ } from "../wire/event.ts";
import type { Link, Neighbor } from "./link.ts";
import { NO_PORTS, type Port } from "./port.ts";

const NO_BYTES = new Uint8Array(0);
const NO_VIEW = new DataView(NO_BYTES.buffer);

/** An event on its way in. Fields of the event are only read after its layout was checked. */
export class Arrival {
  /** Who it came from: the only identity there is. */
  readonly neighbor: Neighbor;
  /** The buffer it lies in. */
  bytes: Uint8Array<ArrayBuffer> = NO_BYTES;
  /** A view of it. */
  view: DataView<ArrayBuffer> = NO_VIEW;
  /** Where the frame starts. */
  start = 0;
  /** Where it ends. */
  end = 0;
  /** Endpoints attached to it, when it was sent on this node. */
  ports: Port[] = NO_PORTS;

  /** When it was passed on by this node: the link that it came over in the first place. */
  source: Link | null = null;
  /** Parked: whether its endpoints were taken in already, and are in {@linkcode ports}. */
  admitted = false;
  /** Parked: the link it is charged to. */
  payer: Link | null = null;

  /** Makes an empty one. */
  constructor(neighbor: Neighbor) {
    this.neighbor = neighbor;
  }

  /** Points at a frame. */
  set(
    bytes: Uint8Array<ArrayBuffer>,
    view: DataView<ArrayBuffer>,
    start: number,
    end: number,
    ports: Port[],
  ): this {
    this.bytes = bytes;
    this.view = view;
    this.start = start;
    this.end = end;
    this.ports = ports;
    this.admitted = false;
    return this;
  }

  /** One that lasts: with a copy of the frame. */
  copy(): Arrival {
    const bytes = this.bytes.slice(this.start, this.end);
    const view = new DataView(bytes.buffer);
    const copy = new Arrival(this.neighbor).set(bytes, view, 0, bytes.length, this.ports);
    copy.source = this.source;
    return copy;
  }

  /** The number of the event. */
  get type(): number {
    return this.view.getUint8(this.start + 4);
  }

  /** Its flags. */
  get flags(): number {
    return this.view.getUint8(this.start + 5);
  }

  /** How many endpoints are attached. */
  get count(): number {
    return this.view.getUint16(this.start + 6, true);
  }

  /** The number of a forward event in its hop. */
  get seq(): number {
    return readSeq(this.view, this.start + SEQ);
  }

  /** Whether the event is from the port of that name. */
  isFrom(port: Name): boolean {
    return port.matches(this.view, this.start + FROM);
  }

  /** The name at `offset`. */
  name(offset: number): Name {
    return Name.read(this.view, this.start + offset);
  }
}
