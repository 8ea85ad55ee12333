/**
 * The only door to clocks, turns and randomness. Everything else in `core` is a function of what it
 * is given, so that a test can replay it.
 *
 * @module
 */

/** What the outside world gives to a node. */
export interface Environment {
  /** Fills `words` with unpredictable bits. Names and tokens are made of them. */
  readonly fillRandom: (words: Int32Array<ArrayBuffer>) => void;
  /** Milliseconds of some clock. Read only to end a long turn, never to decide anything. */
  readonly now: () => number;
  /** Resolves in a later turn of the event loop. */
  readonly nextTurn: () => Promise<void>;
  /** Calls `callback` after `ms` milliseconds, unless what it returns is called first. */
  readonly after: (ms: number, callback: () => void) => () => void;
}

/** The real world. */
export const realEnvironment: Environment = {
  fillRandom: (words) => void crypto.getRandomValues(words),
  now: () => Date.now(),
  nextTurn: () =>
    new Promise((resolve) => {
      // A timer of zero costs two milliseconds, and a frame must not wait for one.
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        channel.port1.close();
        channel.port2.close();
        resolve();
      };
      channel.port2.postMessage(0);
    }),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
