/** A child that does what the tests ask. @module */
import {
  createMessagePipe,
  Invitation,
  type MessagePipe,
  Receiver,
  Remote,
} from "@mage/ipc/child";
import { Probe, type Probe_Events } from "../probe.magen.ts";

const { pipe } = await Invitation.accept();
const noted: number[] = [];

function bind(pipe: MessagePipe): Receiver<Probe, Probe_Events> {
  const receiver: Receiver<Probe, Probe_Events> = new Receiver(Probe, {
    echo: (text, data) => ({ text, data }),
    note: (number) => void noted.push(number),
    noted: () => ({ numbers: Int32Array.from(noted) }),
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
    *count(to) {
      for (let number = 0; number < to; number++) {
        receiver.emit.onCounted(number);
        yield number;
      }
    },
  }, pipe);
  return receiver;
}
bind(pipe);

function state(query: string): string {
  return `${query}=${Deno.permissions.querySync(JSON.parse(query)).state}`;
}

async function attempt(what: string): Promise<string> {
  try {
    const [verb, ...words] = what.split(" "), on = words.join(" ");
    if (verb === "read") await Deno.readFile(on);
    else if (verb === "list") Deno.readDirSync(on)[Symbol.iterator]().next();
    else if (verb === "write") await Deno.writeTextFile(on, "");
    else if (verb === "dial") (await Deno.connect({ port: Number(on) })).close();
    else if (verb === "env") Deno.env.get(on);
    else if (verb === "sys") Deno.hostname();
    else if (verb === "run") await new Deno.Command(on).output();
    else if (verb === "ffi") Deno.dlopen(on, {}).close();
    else if (verb === "import") await import(on);
    else if (verb === "connect") {
      (await Deno.connect({ transport: "unix", path: on })).close();
    } else if (verb === "remove") await Deno.remove(on);
    else throw new Error("no such attempt");
    return "done";
  } catch (error) {
    const { name, message } = error as Error;
    return message.includes("--cached-only") ? `${name}: not cached` : name;
  }
}
