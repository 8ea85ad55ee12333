import { assert, assertEquals, assertThrows } from "@std/assert";
import { MisuseError } from "../../../core/errors.ts";
import { bytes, join, quiet, text } from "./memory_transport.ts";

Deno.test("Joined.extract takes out each pipe once, at either side", async () => {
  const { here, there } = await join({ names: ["log"] });
  const near = here.extract("log")!, far = there.extract("log")!;
  near.write(bytes("over there"));
  assertEquals(text((await far.receive())!.data), "over there");
  for (const side of [here, there]) {
    assertEquals(side.extract("log"), null);
    for (const name of ["lo", "logs", "", "constructor", "__proto__"]) {
      assertEquals(side.extract(name), null);
    }
  }
  near.close();
  far.close();
  await here.close();
  await there.close();
});

Deno.test("Joined.extract refuses the main pipe, and what is no name", async () => {
  const { here, there } = await join();
  for (const name of ["main", 5, null, undefined, {}]) {
    const error = assertThrows(() => there.extract(name as string), MisuseError);
    assertEquals(error.result, "INVALID_ARGUMENT");
    assert(error.message.startsWith("Cannot extract pipe: it"), error.message);
  }
  assert(there.pipe.isHeld);
  await here.close();
  await there.close();
});

Deno.test("Joined.close closes what nobody has asked for, and the other side learns of it", async () => {
  const { here, there, inviter, invitee } = await join({ names: ["log", "more"] });
  const { pipe } = here, log = here.extract("log")!, more = here.extract("more")!;
  const taken = there.extract("more")!;
  await there.close();
  const reasons = await Promise.all([pipe, log, more].map((each) => each.closed));
  assertEquals(reasons.map(({ code }) => code), ["closed", "closed", "lost"]);
  assertEquals(there.extract("log"), null);
  assertEquals(invitee.node.ports.size, 1);
  for (const each of [pipe, log, more, taken]) each.close();
  await here.close();
  assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
});

Deno.test("Joined.abort closes what nobody has asked for", async () => {
  const { here, there, inviter, invitee } = await join({ names: ["log"] });
  there.abort();
  here.abort();
  await Promise.all([here.closed, there.closed]);
  assertEquals([inviter.node.ports.size, invitee.node.ports.size], [0, 0]);
});

Deno.test("Joined.pipe belongs to whoever has asked for it", async () => {
  const { here, there } = await join();
  const { pipe } = there;
  assert(pipe === there.pipe);
  await there.close();
  assert(pipe.isHeld);
  assertEquals((await pipe.closed).code, "lost");
  pipe.close();
  await here.close();
});

Deno.test("Joined.extract takes out what has arrived also when the link is gone", async () => {
  const { here, there, invitee } = await join({ names: ["log"] });
  here.extract("log")!.write(bytes("last words"));
  await here.flush();
  await quiet();
  here.abort();
  await there.closed;
  const log = there.extract("log")!;
  assertEquals(text((await log.receive())!.data), "last words");
  assertEquals(await log.receive(), null);
  log.close();
  await there.close();
  assertEquals(invitee.node.ports.size, 0);
});
