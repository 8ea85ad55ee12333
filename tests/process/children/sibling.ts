/**
 * A child that talks to others. With the argument `survive` it goes on when its launcher is gone, says
 * what came of one more call, and leaves. With `invite` or `invite isolated` it invites its launcher.
 *
 * @module
 */
import {
  createMessagePipe,
  Invitation,
  type MessagePipe,
  Receiver,
  Remote,
} from "@mage/ipc/child";
import { ownRuntime } from "../../../core/system/node_runtime.ts";
import { Sibling } from "../sibling.magen.ts";

const LAST_WORDS = "still here";
const called = Promise.withResolvers<void>();
const survives = Deno.args[0] === "survive";
const role = `${Deno.args[0]}`;
const joined = role.startsWith("invite")
  ? await Invitation.send({ isolated: role.endsWith("isolated") })
  : await Invitation.accept({ exitWithLauncher: !survives });
let kept: Sibling & Disposable | null = null;

function bind(pipe: MessagePipe) {
  new Receiver(Sibling, {
    echo(text) {
      if (text === LAST_WORDS) called.resolve();
      return { text };
    },
    serve: (pipe) => bind(pipe),
    keep: (pipe) => void (kept = new Remote(Sibling, pipe)),
    async call(text, times) {
      for (let i = 1; i < times; i++) await kept!.echo(`${i}`);
      return await kept!.echo(text);
    },
    async bulk(size) {
      const { data } = await kept!.mirror(new Uint8Array(size).fill(7));
      return { size: data.every((byte) => byte === 7) ? data.length : -1 };
    },
    mirror: (data) => ({ data }),
    bothEnds() {
      const [one, two] = createMessagePipe();
      return { one, two };
    },
    async connect(path) {
      try {
        (await Deno.connect({ transport: "unix", path })).close();
        return { outcome: "connected" };
      } catch (error) {
        return { outcome: (error as Error).name };
      }
    },
    async bring(link) {
      const { Invitation } = await import("@mage/ipc");
      const child = await Invitation.spawn(
        new URL(import.meta.url),
        link === "worker"
          ? { link, permissions: "inherit" }
          : { link: "unix", config: new URL("../../../deno.json", import.meta.url) },
      );
      return { pipe: child.pipe };
    },
    links: () => ({ count: ownRuntime().node.links().length }),
    exit: () => Deno.exit(),
  }, pipe);
}
bind(joined.pipe);

if (survives) {
  await joined.closed;
  if (kept !== null) {
    const sibling = kept as Sibling;
    const outcome = await sibling.echo(LAST_WORDS).catch((error) => error);
    console.log(outcome.text ?? outcome.code);
    await called.promise;
    // Once this is answered, or cannot be any more, so is what the other one asked.
    await sibling.echo("bye").catch(() => {});
    Deno.exit();
  }
}
