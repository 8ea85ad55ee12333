/**
 * The small worlds that are walked.
 *
 * @module
 */
import { CREDIT_PLANS } from "./credit_worlds.ts";
import type { WorldPlan } from "./world_plan.ts";

type Given = Omit<WorldPlan, "name">;

const two = (
  pipes: WorldPlan["pipes"],
  people: WorldPlan["people"],
  more: Partial<Given> = {},
): Given => ({ nodes: 2, links: "mesh", pipes, people, ...more });

const three = (
  pipes: WorldPlan["pipes"],
  people: WorldPlan["people"],
  more: Partial<Given> = {},
): Given => ({ nodes: 3, links: "mesh", pipes, people, ...more });

const PLANS: Record<string, Given> = {
  // ------------------------------------------------------------------ two nodes
  "messages both ways, a close": two([[0, 1]], [
    ["send a", "send a", "close a"],
    ["send A", "send A"],
  ]),
  "both ends close": two([[0, 1]], [["send a", "close a"], ["send A", "close A"]]),
  "a pipe on one node moves, in use": two([[0, 1], [0, 0]], [
    ["send a B", "send b", "send b"],
    ["send B", "send B"],
  ]),
  "an end moves there and back": two([[0, 1], [0, 0]], [
    ["send a B", "send b"],
    ["send A B", "send B"],
  ]),
  "both ends move": two([[0, 1], [0, 0]], [["send a B", "send b"], ["send a b"], [
    "send B",
  ]]),
  "both ends move in one message": two([[0, 1], [0, 0]], [["send b", "send a b B"], [
    "send B",
  ]]),
  "an end moves with unread messages": two(
    [[0, 1], [0, 1]],
    [["send b", "send b", "send b"], ["send A B", "read B"], ["read a"]],
    { lazy: true },
  ),
  "an end moves and is closed unread": two([[0, 1], [0, 0]], [
    ["send b", "send a B"],
    ["close A"],
    ["send b"],
  ], { lazy: true }),
  "a move crosses a close": two([[0, 1], [0, 1]], [["send a b"], ["send B", "close B"]]),
  "a move crosses the close of its carrier": two([[0, 1], [0, 1]], [["send a b"], [
    "close A",
  ], ["send B"]]),
  "a lost link": two([[0, 1], [0, 0]], [["send b", "send a B", "send b"], ["cut 0 1"], [
    "send B",
    "close B",
  ]]),
  "a cycle of two pipes": two([[0, 1], [0, 1]], [["send A B"], ["send b a"]], {
    lazy: true,
  }),
  "a cycle of two pipes on one node": two(
    [[0, 0], [0, 0]],
    [["send a b"], ["send B A"]],
    {
      lazy: true,
    },
  ),
  "a pipe sent through itself": two([[0, 1], [0, 1]], [["send B A"], ["send a A"], [
    "send a",
  ]], { lazy: true }),
  // ------------------------------------------------------------------ three nodes
  "an end moves on": three([[0, 1], [0, 2]], [["send a b", "send A b"], ["send B"]]),
  "an end moves to a third node, in use": three([[0, 1], [0, 2]], [
    ["send b", "send a b", "send b"],
    ["send B", "send B"],
  ]),
  "an end moves twice, in use": three([[0, 1], [1, 2], [0, 2]], [
    ["send a c", "send b c", "send c"],
    ["send C", "send C"],
  ]),
  "an end moves twice, and a close": three([[0, 1], [1, 2], [0, 2]], [
    ["send a c", "send b c"],
    ["send C", "close C"],
  ]),
  "both ends move to a third node": three([[0, 2], [1, 2], [0, 1]], [
    ["send c", "send a c"],
    ["send C", "send b C"],
  ]),
  "both ends move, one twice": three([[0, 1], [1, 2], [0, 1]], [
    ["send a c", "send b c"],
    ["send A C", "send c"],
  ]),
  "both ends move, and a close": three([[0, 2], [1, 2], [0, 1]], [
    ["send a c", "close c"],
    ["send b C", "send C"],
  ]),
  "the middle node dies": three([[0, 1], [1, 2], [0, 2]], [
    ["send a c", "send b c"],
    ["send C"],
    ["kill 1"],
  ]),
  "the receiver dies": three([[0, 1], [0, 2]], [["send b", "send a b"], ["send B"], [
    "kill 1",
  ]]),
  "the peer dies": three([[0, 1], [0, 2]], [["send a b", "send b"], ["send B"], [
    "kill 2",
  ]]),
  "the mover dies": three([[0, 1], [0, 2]], [["send a b", "send b"], ["send B"], [
    "kill 0",
  ]]),
  "a link is lost on the way": three([[0, 1], [0, 2]], [["send a b", "send b"], [
    "send B",
  ], ["cut 0 1"]]),
  "the new link is lost": three([[0, 1], [0, 2]], [["send a b", "send b"], ["send B"], [
    "cut 1 2",
  ]]),
  "both ends move and a link is lost": three([[0, 2], [1, 2], [0, 1]], [
    ["send a c"],
    ["send b C"],
    ["cut 0 2"],
  ]),
  // ------------------------------------------------------------------ fuse
  "two pipes are fused": three([[0, 1], [0, 2]], [["fuse a b"], ["send A", "send A"], [
    "send B",
    "send B",
  ]]),
  "fused with unread messages, and a close": three([[0, 1], [0, 2]], [["fuse a b"], [
    "send A",
    "close A",
  ], ["send B"]], { lazy: true }),
  "fused after use": three([[0, 1], [0, 2]], [["send a", "send b", "fuse a b"], [
    "send A",
  ], ["send B", "close B"]]),
  "fused while the other end moves": three([[0, 1], [0, 2], [1, 2]], [["fuse a b"], [
    "send c A",
    "send A",
  ], ["send B"]]),
  "fused with its own other end": two([[0, 1], [0, 0]], [["send b", "send a B"], [
    "send A B",
    "fuse b B",
  ]]),
  "fused into a ring": two([[0, 1], [0, 1]], [["fuse a b"], ["fuse A B"], ["send a"], [
    "send A",
  ]]),
  "fused and a node dies": three([[0, 1], [0, 2]], [
    ["fuse a b"],
    ["send A"],
    ["send B"],
    [
      "kill 0",
    ],
  ]),
  "fused and a link is lost": three([[0, 1], [0, 2]], [["fuse a b"], ["send A"], [
    "send B",
  ], ["cut 0 1"]]),
  "three pipes are fused in a row": three([[0, 1], [1, 2], [2, 0]], [
    ["fuse A b"],
    ["fuse B c"],
    ["send a"],
  ]),
  // ------------------------------------------------------------------ a broker
  "a pipe between members, relayed": three([[0, 1], [0, 2], [0, 0]], [
    ["send a c"],
    ["send b C"],
    ["send c", "close c"],
    ["send C"],
  ], { links: "relayed" }),
  "a pipe between members, met": three([[0, 1], [0, 2], [0, 0]], [
    ["send a c"],
    ["send b C"],
    ["send c"],
    ["send C"],
  ], { links: "direct" }),
  "a pipe between members, met or not": three([[0, 1], [0, 2], [0, 0]], [
    ["send a c", "send b C"],
    ["send c"],
    ["send C"],
  ], { links: "either" }),
  "the broker dies, relayed": three([[0, 1], [0, 2], [0, 0]], [
    ["send a c", "send b C"],
    ["send c"],
    ["kill 0"],
  ], { links: "relayed" }),
  "the broker dies, met": three([[0, 1], [0, 2], [0, 0]], [
    ["send a c", "send b C"],
    ["send c"],
    ["kill 0"],
  ], { links: "direct" }),
  "a member dies, relayed": three([[0, 1], [0, 2], [0, 0]], [
    ["send a c", "send b C"],
    ["send C"],
    ["kill 1"],
  ], { links: "relayed" }),
  "a member dies, met": three([[0, 1], [0, 2], [0, 0]], [
    ["send a c", "send b C"],
    ["send C"],
    ["kill 1"],
  ], { links: "direct" }),
  // ------------------------------------------------------------------ a tree
  "a pipe to a node further down": three([[0, 1], [1, 2], [1, 1]], [
    ["send A c"],
    ["send b C"],
    ["send c"],
    ["send C"],
  ], { links: "relayed", parents: [0, 1] }),
  "a pipe between two branches": {
    nodes: 4,
    links: "relayed",
    parents: [0, 0, 1],
    pipes: [[0, 2], [1, 3], [0, 1], [0, 0]],
    people: [["send a D"], ["send c d"], ["send b d"], ["send D"]],
  },
  "the node between dies": three([[0, 1], [1, 2], [1, 1]], [
    ["send A c", "send b C"],
    ["send C"],
    ["kill 1"],
  ], { links: "relayed", parents: [0, 1] }),
  "the root dies": three([[0, 1], [1, 2], [1, 1]], [
    ["send A c", "send b C"],
    ["send C"],
    ["kill 0"],
  ], { links: "relayed", parents: [0, 1] }),
  "the node furthest down dies": three([[0, 1], [1, 2], [1, 1]], [
    ["send A c", "send b C"],
    ["send c"],
    ["kill 2"],
  ], { links: "relayed", parents: [0, 1] }),
};

/** All of them. */
export const WORLDS: readonly WorldPlan[] = [
  ...Object.entries(PLANS),
  ...Object.entries(CREDIT_PLANS),
].map(([name, plan]) => ({ name, ...plan }));
