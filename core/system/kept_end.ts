/**
 * The end of a handle on something that does not travel itself: whoever has made it keeps it, at the other
 * end of a message pipe.
 *
 * @module
 */
import { PipeEnd } from "./pipe_end.ts";

/** A pipe to the keeper of something, and what is known of it. */
export abstract class KeptEnd extends PipeEnd {
  abstract override get noun(): string;

  override get isPlain(): boolean {
    return false;
  }

  /** What the keeper has to say is nobody's business before it is asked: there is nothing to wait for. */
  override get isWatchable(): boolean {
    return false;
  }

  override get satisfied(): number {
    return 0;
  }

  override get satisfiable(): number {
    return 0;
  }
}
