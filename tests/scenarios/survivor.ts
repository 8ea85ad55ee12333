/**
 * A child that outlives its launcher. It is sent an endpoint, says hello over it and reports when it has
 * been answered, as often as the launcher asks. When the launcher is gone it says what became of the pipe.
 *
 * @module
 */
import { Invitation, MessagePipe } from "@mage/ipc/child";

const joined = await Invitation.accept({ exitWithLauncher: false });
const sibling = (await joined.pipe.receive())!.take(MessagePipe);

/** Says something and returns what the other one says; `null` when that is not there any more. */
async function exchange(pipe: MessagePipe, word: string): Promise<string | null> {
  pipe.write(new TextEncoder().encode(word));
  const message = await pipe.receive();
  return message === null ? null : new TextDecoder().decode(message.data);
}

do {
  await exchange(sibling, "hello");
  joined.pipe.write(new TextEncoder().encode("met"));
} while (await joined.pipe.receive() !== null);
const answer = await exchange(sibling, "still here");
console.log(answer ?? (await sibling.closed).code);
// Once this is answered, or cannot be any more, the other one has what it needs.
await exchange(sibling, "bye");
Deno.exit();
