/**
 * Small worlds in which messages wait for credit: the second one on a hop does until somebody reads.
 *
 * @module
 */
import { LIMITS, type Limits } from "../../core/limits.ts";
import type { WorldPlan } from "./world_plan.ts";

type Given = Omit<WorldPlan, "name">;

/** So little that no port is lent more than what a hop opens with. */
const NARROW: Limits = {
  ...LIMITS.tiny,
  maxUnreadBytes: 32_768,
  maxFrameBytes: 4096,
};

/** One message that waits is lent all that the link has. */
const ONE_AT_A_TIME: Limits = {
  ...LIMITS.tiny,
  maxUnreadBytes: 16_100,
  maxFrameBytes: 16_100,
};

/** Worlds of messages of which only one goes without being read. */
const waiting = (
  nodes: number,
  pipes: WorldPlan["pipes"],
  people: WorldPlan["people"],
  more: Partial<Given> = {},
): Given => ({
  nodes,
  links: "mesh",
  pipes,
  people,
  lazy: true,
  bytes: 1900,
  limits: NARROW,
  ...more,
});

/** So that two go, and the third one waits. */
const TWO_GO = { bytes: 1500 };

/** The plans by name. */
export const CREDIT_PLANS: Record<string, Given> = {
  // ------------------------------------------------------------------ one pipe
  "messages wait for credit": waiting(2, [[0, 1]], [
    ["send a", "send a", "send a", "send a"],
    ["read A", "read A", "read A", "read A"],
  ]),
  "the third message waits": waiting(2, [[0, 1]], [
    ["send a", "send a", "send a", "send a"],
    ["read A", "read A", "read A", "read A"],
  ], TWO_GO),
  "messages wait both ways": waiting(2, [[0, 1]], [
    ["send a", "send a", "send a"],
    ["send A", "send A"],
    ["read A", "read A"],
    ["read a", "read a"],
  ]),
  "closed with messages waiting": waiting(2, [[0, 1]], [
    ["send a", "send a", "send a", "close a"],
    ["read A", "read A", "send A", "read A"],
  ]),
  "closed at either end with messages waiting": waiting(2, [[0, 1]], [
    ["send a", "send a", "send a", "close a"],
    ["send A", "send A", "send A", "close A"],
    ["read A", "read A"],
    ["read a"],
  ]),
  "the reader closes while messages wait": waiting(2, [[0, 1]], [
    ["send a", "send a", "send a", "send a"],
    ["read A", "close A"],
  ]),
  "messages larger than what a hop opens with": waiting(2, [[0, 1]], [
    ["send a", "send a", "send a"],
    ["read A", "read A"],
  ], { bytes: 4032 }),
  "more is lent in advance": waiting(2, [[0, 1]], [
    ["send a", "send a", "send a", "send a", "close a"],
    ["read A", "send A", "send A"],
  ], { limits: LIMITS.tiny }),
  "more is lent in advance, and the sender moves": waiting(3, [[0, 1], [0, 2]], [
    ["send a", "send a", "send b a", "send a", "send a"],
    ["read A"],
  ], { limits: LIMITS.tiny }),
  "a link lends to one at a time": waiting(2, [[0, 1], [0, 1]], [
    ["send a", "send a"],
    ["send b", "send b"],
    ["read A"],
    ["read B", "read B"],
  ], { bytes: 16_000, limits: ONE_AT_A_TIME }),
  "a link lends to one at a time, and one is closed": waiting(2, [[0, 1], [0, 1]], [
    ["send a", "close a"],
    ["send b", "send b"],
    ["close A"],
    ["read B"],
  ], { bytes: 16_000, limits: ONE_AT_A_TIME }),
  "a link is lost while messages wait": waiting(2, [[0, 1]], [
    ["send a", "send a", "send a", "close a"],
    ["read A", "read A"],
    ["cut 0 1"],
  ]),
  // ------------------------------------------------------------------ endpoints
  "an endpoint waits": waiting(2, [[0, 1], [0, 1]], [
    ["send a", "send a b", "send b"],
    ["read A", "read A"],
    ["send B"],
  ]),
  "an endpoint waits with messages of its own": waiting(2, [[0, 1], [0, 1]], [
    ["send b", "send b", "send b", "send a", "send a b"],
    ["read A", "read A"],
    ["read B", "read B"],
  ]),
  "an endpoint waits, and its reader closes": waiting(2, [[0, 1], [0, 1]], [
    ["send a", "send a b", "send a"],
    ["close A"],
    ["send B", "send B"],
  ]),
  "an endpoint waits, and its sender closes": waiting(2, [[0, 1], [0, 1]], [
    ["send a", "send a b", "close a"],
    ["read A", "read A"],
    ["send B", "send B", "close B"],
  ]),
  "an endpoint waits, and the link is lost": waiting(3, [[0, 1], [0, 2]], [
    ["send b", "send b", "send a", "send a b"],
    ["send B"],
    ["cut 0 1"],
  ]),
  "two endpoints of one pipe wait": waiting(2, [[0, 1], [0, 0]], [
    ["send a", "send a b", "send a B"],
    ["read A", "send b", "send b"],
  ]),
  // ------------------------------------------------------------------ moves
  "the sender moves with messages waiting": waiting(3, [[0, 1], [0, 2]], [
    ["send a", "send a", "send a", "send b a", "send a", "send a"],
    ["read A", "read A"],
  ]),
  "the sender moves on with messages waiting": waiting(3, [[0, 1], [0, 2], [2, 0]], [
    ["send a", "send a", "send b a", "send a"],
    ["read B", "send a", "send c a"],
    ["read A"],
  ]),
  "the sender moves to the reader with messages waiting": waiting(2, [[0, 1], [0, 1]], [
    ["send a", "send a", "send a", "send b a", "send a"],
    ["read A", "read A"],
    ["read B"],
  ]),
  "the reader moves while messages wait": waiting(3, [[0, 1], [1, 2]], [
    ["send a", "send a", "send a", "send a"],
    ["send b A", "read A", "read A"],
  ]),
  "the reader moves to the sender while messages wait": waiting(2, [[0, 1], [1, 0]], [
    ["send a", "send a", "send a", "send a"],
    ["send b A", "read A", "read A"],
  ]),
  "the reader moves twice while messages wait": waiting(
    3,
    [[0, 1], [1, 2], [2, 1]],
    [
      ["send a", "send a", "send a"],
      ["send b A"],
      ["send c A"],
    ],
  ),
  "both ends move while messages wait": waiting(3, [[0, 1], [0, 2], [1, 2]], [
    ["send a", "send a", "send a", "send b a", "send a"],
    ["send c A"],
  ]),
  "both ends move to each other while messages wait": waiting(2, [[0, 1], [0, 1], [
    1,
    0,
  ]], [
    ["send a", "send a", "send b a", "send a"],
    ["send A", "send A", "send c A", "send A"],
  ]),
  "an end moves and is closed while messages wait": waiting(3, [[0, 1], [0, 2]], [
    ["send a", "send a", "send b a", "close a"],
    ["send A", "send A", "close A"],
  ]),
  "an end moves while its carrier is closed": waiting(3, [[0, 1], [0, 2]], [
    ["send a", "send a", "send b a"],
    ["read A"],
    ["close B"],
  ]),
  // ------------------------------------------------------------------ fuse
  "fused with messages waiting": waiting(3, [[0, 1], [0, 2]], [
    ["send a", "send a", "send b", "send b", "fuse a b"],
    ["read A"],
    ["read B"],
  ]),
  "fused while messages wait behind": waiting(3, [[0, 1], [0, 2]], [
    ["fuse a b"],
    ["send A", "send A"],
    ["read B", "send B"],
  ]),
  "fused with messages waiting on all sides": waiting(3, [[0, 1], [0, 2]], [
    ["send b", "send b", "fuse a b"],
    ["send A", "send A"],
    ["read B"],
  ]),
  "fused and the reader moves while messages wait": waiting(
    3,
    [[0, 1], [0, 2], [2, 1]],
    [["fuse a b"], ["send A", "send A"], ["send c B"]],
  ),
  "fused within a node while messages wait": waiting(2, [[0, 1], [1, 1], [0, 1]], [
    ["send a", "send a c"],
    ["fuse A b", "read B"],
    ["send C"],
  ]),
  "fused into a ring with messages waiting": waiting(2, [[0, 1], [0, 1]], [
    ["send a", "send a", "fuse a b"],
    ["send B", "send B", "fuse A B"],
  ]),
  // ------------------------------------------------------------------ deaths
  "the reader dies while messages wait": waiting(3, [[0, 1], [0, 2]], [
    ["send b", "send b", "send b a"],
    ["kill 2"],
    ["send A", "send A"],
  ]),
  "the sender dies with messages waiting": waiting(3, [[0, 1], [0, 2]], [
    ["send a", "send a", "send b a", "send a"],
    ["read A"],
    ["kill 0"],
  ]),
  "the destination of a move dies with messages waiting": waiting(3, [[0, 1], [0, 2]], [
    ["send a", "send a", "send b a", "send a"],
    ["read A", "send A"],
    ["kill 2"],
  ]),
  "the reader dies after a move with messages waiting": waiting(3, [[0, 1], [0, 2]], [
    ["send a", "send a", "send b a", "send a"],
    ["kill 1"],
  ]),
  "the node between dies while messages wait": waiting(3, [[0, 1], [1, 2]], [
    ["send a", "send a", "send a"],
    ["send b A", "read A"],
    ["kill 1"],
  ]),
  "the destination of the reader dies while messages wait": waiting(
    3,
    [[0, 1], [1, 2]],
    [["send a", "send a", "send a"], ["send b A"], ["kill 2"]],
  ),
  "fused and a node dies while messages wait": waiting(3, [[0, 1], [0, 2]], [
    ["send b", "send b", "fuse a b"],
    ["send A", "send A"],
    ["kill 0"],
  ]),
  // ------------------------------------------------------------------ cycles
  "a cycle of two pipes that wait": waiting(2, [[0, 1], [1, 0]], [
    ["send a", "send a B"],
    ["send b", "send b A"],
  ]),
  "a cycle of two pipes that wait longer": waiting(2, [[0, 1], [1, 0]], [
    ["send a", "send a", "send a B"],
    ["send b", "send b A", "send b"],
  ]),
  "a cycle of two pipes over three nodes that wait": waiting(3, [[0, 1], [1, 2], [
    2,
    0,
  ]], [
    ["send a", "send a C"],
    ["send b", "send b A"],
    ["send c", "send c B"],
  ]),
  "a cycle behind an end that has moved": waiting(3, [[0, 1], [1, 2], [0, 2]], [
    ["send a", "send a", "send c a"],
    ["send b", "send b A"],
    ["read C", "send a B"],
  ]),
  "a cycle behind an end that was closed": waiting(2, [[0, 1], [1, 0]], [
    ["send a", "send a B", "close a"],
    ["send b", "send b A", "close b"],
  ]),
  "a cycle behind two that are fused": waiting(3, [[0, 1], [1, 2], [0, 2]], [
    ["send a", "send a", "fuse a c"],
    ["send b", "send b A"],
    ["send C B"],
  ]),
  "a cycle through a proxy": waiting(3, [[0, 1], [1, 2], [2, 0]], [
    ["send a", "send a", "send a C"],
    ["send b A"],
    ["send c B"],
  ]),
  "a pipe waits to be sent through itself": waiting(2, [[0, 1], [0, 1]], [
    ["send a", "send a", "send a A", "send a"],
    ["send B A", "read A"],
    ["read b"],
  ]),
  // ------------------------------------------------------------------ a broker
  "messages wait between members, relayed": waiting(3, [[0, 1], [0, 2], [0, 0]], [
    ["send a c", "send b C"],
    ["send c", "send c", "send c", "close c"],
    ["read A", "read B"],
  ], { links: "relayed" }),
  "messages wait between members, met": waiting(3, [[0, 1], [0, 2], [0, 0]], [
    ["send a c", "send b C"],
    ["send c", "send c", "send c"],
    ["read A", "read B"],
  ], { links: "direct" }),
};
