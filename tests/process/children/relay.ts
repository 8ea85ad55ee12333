/**
 * A child that tells over its main pipe what comes over the pipes it extracts. Over the main one it is told
 * which: "extract NAME"; or "end", to end its link.
 *
 * @module
 */
import { Invitation, MessagePipe } from "@mage/ipc/child";

const joined = await Invitation.accept();
const { pipe } = joined;
const bytes = (text: string) => new TextEncoder().encode(text);

/** Passes on what comes, with what is attached; keeps what comes with "keep", and says so over it. */
async function relay(name: string, from: MessagePipe): Promise<void> {
  for await (const message of from) {
    const text = new TextDecoder().decode(message.data);
    if (text === "keep") {
      const kept = message.take(MessagePipe);
      kept.write(bytes("kept"));
      relay("kept", kept);
    } else pipe.write(bytes(`${name}: ${text}`), message.handles);
  }
  pipe.write(bytes(`${name}: ${(await from.closed).code}`));
  from.close();
}

for await (const { data } of pipe) {
  const [verb, name = ""] = new TextDecoder().decode(data).split(" ");
  if (verb === "end") break;
  const extracted = joined.extract(name);
  if (extracted === null) pipe.write(bytes(`${name}: none`));
  else relay(name, extracted);
}
await joined.close();
