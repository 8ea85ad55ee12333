/**
 * What one neighbor may cost. Each limit catches what no honest peer does; going over one drops the
 * link that went over it, and nobody else's. A peer can neither read nor raise them.
 *
 * @module
 */

/** Limits of one link. All are whole numbers above zero. */
export interface Limits {
  /**
   * Bytes of one frame, head included. Default 4 MiB: a frame of that size holds a Unix socket for
   * about a millisecond. A longer one is refused from its length word alone, before memory is taken.
   */
  readonly maxFrameBytes: number;
  /** Endpoints attached to one message. Default 64, as on a Zircon channel. */
  readonly maxPipesPerMessage: number;
  /** Endpoints received over the link and still alive here. Default 4,096. */
  readonly maxPipes: number;
  /**
   * Bytes received over the link and not yet read, each message counted with 512 bytes of overhead, that
   * credit is given for. Default 32 MiB. What has no credit waits with its sender. Each pipe may have
   * 4 KiB more, before anything is granted.
   */
  readonly maxUnreadBytes: number;
  /**
   * Bytes of replies and of routing answers that wait to be written because the neighbor does not
   * read. Default 8 MiB: past it, receivers stop taking calls; routing answers past it drop the link.
   */
  readonly maxUnsentReplyBytes: number;
  /**
   * Calls of the neighbor that implementations are working on or have answered without the answer being
   * written. Default 4,096. More wait as unread messages.
   */
  readonly maxCallsUnderWay: number;
}

const MIB = 1024 * 1024;

/** For a neighbor that is trusted less than this process: the default towards a child. */
const child: Limits = Object.freeze({
  maxFrameBytes: 4 * MIB,
  maxPipesPerMessage: 64,
  maxPipes: 4096,
  maxUnreadBytes: 32 * MIB,
  maxUnsentReplyBytes: 8 * MIB,
  maxCallsUnderWay: 4096,
});

/** For a neighbor that is trusted at least as much: the default towards the inviter. */
const trusted: Limits = Object.freeze({
  maxFrameBytes: 64 * MIB,
  maxPipesPerMessage: 1024,
  maxPipes: 65_536,
  maxUnreadBytes: 512 * MIB,
  maxUnsentReplyBytes: 128 * MIB,
  maxCallsUnderWay: 65_536,
});

/** For plugins, and for tests that want to reach a limit soon. */
const tiny: Limits = Object.freeze({
  maxFrameBytes: 65_536,
  maxPipesPerMessage: 8,
  maxPipes: 64,
  maxUnreadBytes: MIB,
  maxUnsentReplyBytes: 262_144,
  maxCallsUnderWay: 64,
});

/** The presets. */
export const LIMITS: {
  readonly child: Limits;
  readonly trusted: Limits;
  readonly tiny: Limits;
} = { child, trusted, tiny };

/** What no caller may set a limit above: lengths and counts stay exact in 32 bits. */
const CEILING: Limits = {
  maxFrameBytes: 256 * MIB,
  maxPipesPerMessage: 1024,
  maxPipes: 1_048_576,
  maxUnreadBytes: 1024 * MIB,
  maxUnsentReplyBytes: 1024 * MIB,
  maxCallsUnderWay: 1_048_576,
};

/** Fills in what is not given from `base` and refuses what makes no sense. */
export function resolveLimits(given: Partial<Limits> | undefined, base: Limits): Limits {
  if (given === undefined) return base;
  const limits = { ...base };
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(CEILING, key)) throw new TypeError(`Unknown limit '${key}'`);
    if (value === undefined) continue;
    const name = key as keyof Limits;
    if (!Number.isInteger(value) || value < 1 || value > CEILING[name]) {
      throw new RangeError(
        `Limit '${name}' must be a whole number from 1 to ${
          CEILING[name]
        }: received ${value}`,
      );
    }
    limits[name] = value;
  }
  if (limits.maxFrameBytes < 1024) {
    throw new RangeError(
      `Limit 'maxFrameBytes' must be at least 1024: received ${limits.maxFrameBytes}`,
    );
  }
  if (limits.maxFrameBytes > limits.maxUnreadBytes) {
    throw new RangeError(
      `Limit 'maxFrameBytes' (${limits.maxFrameBytes}) must not be above 'maxUnreadBytes' (${limits.maxUnreadBytes})`,
    );
  }
  return limits;
}
