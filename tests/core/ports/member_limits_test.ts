import { assertEquals } from "@std/assert";
import { LIMITS } from "../../../core/limits.ts";
import { Encoder } from "../../../core/wire/encoder.ts";
import { writeMember } from "../../../core/wire/node_frame.ts";
import { Scene } from "./forgery.ts";

Deno.test("Members.adopt takes in a member whose frames have 1,024 bytes at least", () => {
  const scene = new Scene(LIMITS.tiny, { enemy: "member" });
  for (
    const [maxFrameBytes, rule] of [[1024, null], [1023, "member-frame-limit"]] as const
  ) {
    const out = new Encoder(4096);
    writeMember(out, scene.names.next(), { maxFrameBytes, maxPipesPerMessage: 1 });
    assertEquals(scene.attack(out.take()), rule);
  }
});
