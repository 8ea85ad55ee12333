/**
 * Bytes that wait to be written on somebody's account.
 *
 * @module
 */

/** An account. */
export class Backlog {
  #waiting = 0;
  #taken = 0;

  /** How many there are. */
  get bytes(): number {
    return this.#waiting + this.#taken;
  }

  /** Adds to it. True when none were waiting, so that it has to be told of the next take. */
  add(bytes: number): boolean {
    this.#waiting += bytes;
    return this.#waiting === bytes;
  }

  /** All that wait are being written. */
  take(): void {
    this.#taken += this.#waiting;
    this.#waiting = 0;
  }

  /** Nobody pays for them any more. */
  clear(): void {
    this.#waiting = this.#taken = 0;
  }

  /** All that were taken are written. Returns how many they were. */
  written(): number {
    const taken = this.#taken;
    this.#taken = 0;
    return taken;
  }
}
