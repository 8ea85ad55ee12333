/** The other process of the library's side: answers {@linkcode Bench}. @module */
import { Invitation, Receiver } from "@mage/ipc/child";
import { Bench } from "./bench.magen.ts";

const { pipe } = await Invitation.accept();
let characters = 0;
new Receiver(Bench, {
  next: (n) => ({ n: n + 1 }),
  note: (text) => void (characters += text.length),
  noted: () => {
    const counted = characters;
    characters = 0;
    return { characters: counted };
  },
  take: (data) => ({ length: data.length }),
}, pipe);
