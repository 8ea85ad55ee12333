/// <reference lib="deno.worker" />
/**
 * Plays the parts that it is sent, one after the other.
 *
 * @module
 */
import { type Part, playPart } from "./batch.ts";

self.onmessage = ({ data }: MessageEvent<Part>) => {
  self.postMessage(playPart(data).toTally());
};
