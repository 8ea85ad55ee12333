/**
 * All that is attacked.
 *
 * @module
 */
import type { Target } from "../campaign.ts";
import { codecTarget } from "./codec.ts";
import { eventTarget } from "./event.ts";
import { frameTarget } from "./frame.ts";
import { handshakeTarget } from "./handshake.ts";
import { keptTarget } from "./kept.ts";
import { messageTarget } from "./message.ts";
import { nodeFrameTarget } from "./node_frame.ts";
import { checkerTarget, lexerTarget, parserTarget } from "./source.ts";
import { valueTarget } from "./value.ts";
import { worldTarget } from "./world.ts";

/** The targets. */
export const TARGETS: readonly Target[] = [
  frameTarget,
  eventTarget,
  nodeFrameTarget,
  valueTarget,
  handshakeTarget,
  messageTarget,
  keptTarget,
  worldTarget,
  lexerTarget,
  parserTarget,
  checkerTarget,
  codecTarget,
];
