/**
 * A network of this process and of children that it starts.
 *
 * @module
 */
import { Invitation, type SpawnOptions } from "@mage/ipc";
import { ownRuntime } from "../../core/system/node_runtime.ts";
import { type AddOptions, INVITED, type Membership, Network } from "./network.ts";

const CHILD = new URL("./child.ts", import.meta.url);
const INVITING_CHILD = new URL("./inviting_child.ts", import.meta.url);

/** Children of this process. */
export class SpawnedNetwork extends Network {
  readonly #options: readonly SpawnOptions[];
  #started = 0;

  /** Members are started with each of `options` in turn. The first two must be alike. */
  constructor(...options: [SpawnOptions, ...SpawnOptions[]]) {
    const [{ link, siblings }] = options;
    super(ownRuntime(), link === "worker" || siblings === true);
    this.#options = options;
  }

  protected async join({ inviter }: AddOptions): Promise<Membership> {
    const options = this.#options[this.#started++ % this.#options.length]!;
    const child = inviter === "child"
      ? await Invitation.spawn(INVITING_CHILD, { ...options, inviter })
      : await Invitation.spawn(CHILD, { ...options, pipes: [INVITED] });
    return {
      pipe: child.pipe,
      invited: child.extract(INVITED)!,
      async kill(driver) {
        if (child.pid === null) driver.exit();
        else child.kill("SIGKILL");
        await child.closed;
        await child.close();
      },
      async close() {
        await child.close();
      },
    };
  }
}
