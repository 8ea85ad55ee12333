/** A child that does what the tests ask. @module */
import {
  createMessagePipe,
  Invitation,
  type MessagePipe,
  Receiver,
  Remote,
} from "@mage/ipc/child";
import { Probe } from "../probe.magen.ts";

const { pipe } = await Invitation.accept();
const noted: number[] = [];

function bind(pipe: MessagePipe) {
  new Receiver(Probe, {
    echo: (text, data) => ({ text, data }),
    note: (number) => void noted.push(number),
    noted: () => ({ numbers: noted }),
    permissions: (queries) => ({ states: queries.map(state) }),
    attempt: async (what) => ({ outcome: await attempt(what) }),
    giveBack: (pipe) => ({ pipe }),
    async callBack(pipe, text) {
      using caller = new Remote(Probe, pipe);
      return { text: (await caller.echo(text, new Uint8Array(0))).text };
    },
    bothEnds() {
      const [one, two] = createMessagePipe();
      one.write(new TextEncoder().encode("waiting"));
      return { one, two };
    },
    hang: () => new Promise(() => {}),
    exit: (code) => Deno.exit(code),
    environment: () => ({
      variables: Object.entries(Deno.env.toObject()).map(([name, value]) =>
        `${name}=${value}`
      ),
    }),
  }, pipe);
}
bind(pipe);

function state(query: string): string {
  return `${query}=${Deno.permissions.querySync(JSON.parse(query)).state}`;
}

async function attempt(what: string): Promise<string> {
  try {
    if (what.startsWith("read ")) await Deno.readFile(what.slice(5));
    else if (what.startsWith("connect ")) {
      (await Deno.connect({ transport: "unix", path: what.slice(8) })).close();
    } else if (what.startsWith("remove ")) await Deno.remove(what.slice(7));
    else throw new Error("no such attempt");
    return "done";
  } catch (error) {
    const { name, message } = error as Error;
    return message.includes("--cached-only") ? `${name}: not cached` : name;
  }
}
