/**
 * The story of a run: a hash that covers every word of it, and lines for people who ask.
 *
 * @module
 */
import type { Name } from "../../core/names.ts";
import { EVENTS, SEQ } from "../../core/wire/event.ts";
import {
  NODE,
  NODE_FRAME_BYTES,
  NODE_FRAMES,
  NodeFrameType,
} from "../../core/wire/node_frame.ts";

/** Takes down what happens. */
export class Trace {
  /** Covers everything that was taken down, frames to the byte. */
  hash = 0x811c9dc5;
  readonly #words: Map<string, string> = new Map();
  readonly #print: ((line: string) => void) | undefined;

  /** Makes a trace that hands each line to `print`. */
  constructor(print?: (line: string) => void) {
    this.#print = print;
  }

  /** Takes down a line, made only when somebody reads it, and what it is about. */
  note(about: string | number | Uint8Array, line: () => string = () => `${about}`): void {
    let hash = this.hash;
    if (typeof about === "number") {
      hash = Math.imul(hash ^ about, 0x01000193);
    } else if (typeof about === "string") {
      for (let i = 0; i < about.length; i++) {
        hash = Math.imul(hash ^ about.charCodeAt(i), 0x01000193);
      }
    } else {
      let i = 0;
      for (; i + 4 <= about.length; i += 4) {
        const high = about[i + 2]! << 16 | about[i + 3]! << 24;
        hash = Math.imul(hash ^ (about[i]! | about[i + 1]! << 8 | high), 0x01000193);
      }
      for (; i < about.length; i++) hash = Math.imul(hash ^ about[i]!, 0x01000193);
    }
    this.hash = hash;
    this.#print?.(line());
  }

  /** What people call the node or port of that name. */
  call(name: Name, word: string): void {
    if (this.#print !== undefined) this.#words.set(name.toString().slice(0, 8), word);
  }

  /** A frame, for people. */
  describe(frame: Uint8Array): string {
    const type = frame[4]!, word = (at: number) => this.#word(frame, at);
    if (type === NodeFrameType.Relayed && frame.length > NODE_FRAME_BYTES) {
      return `Relayed ${word(NODE)} ${this.describe(frame.subarray(NODE_FRAME_BYTES))}`;
    }
    const node = NODE_FRAMES[type - NodeFrameType.Ask];
    if (node !== undefined) return `${node.name} ${word(NODE)} flags ${frame[5]}`;
    const event = EVENTS[type];
    if (event === undefined || frame.length < event.size) return `bad frame ${type}`;
    const head = `${event.name} to ${word(8)} from ${word(24)}`;
    return event.forward ? `${head} #${frame[SEQ]! | frame[SEQ + 1]! << 8}` : head;
  }

  #word(frame: Uint8Array, at: number): string {
    if (frame.length < at + 4) return "?";
    let word = "";
    for (let i = 3; i >= 0; i--) word += frame[at + i]!.toString(16).padStart(2, "0");
    return this.#words.get(word) ?? word;
  }
}
