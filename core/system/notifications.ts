/**
 * When watchers are told: never in the middle of a call, and never within each other.
 *
 * Source: mojo/core/request_context.h.
 *
 * @module
 */

/** Something to tell somebody. */
export interface Notification {
  /** Whether it is the last word about what it is about: those go first. */
  readonly isLast: boolean;
  /** Tells. `withinCall` is whether a call of the System API is on this stack. Must not throw. */
  deliver(withinCall: boolean): void;
}

const due: Notification[] = [];
const lastWords: Notification[] = [];
let delivering = false;
let scheduled = false;

/**
 * Has `notification` delivered when the outermost call of the System API on this stack is done. What no
 * call of this program is the cause of is delivered within this turn.
 */
export function postNotification(notification: Notification): void {
  (notification.isLast ? lastWords : due).push(notification);
  if (delivering || scheduled) return;
  scheduled = true;
  queueMicrotask(() => {
    scheduled = false;
    deliverAll(false);
  });
}

/** The end of a call that may have changed what is watched. */
export function settleNotifications(): void {
  if (due.length > 0 || lastWords.length > 0) deliverAll(true);
}

function deliverAll(withinCall: boolean): void {
  // ORDER: a call within a callback leaves what it caused to the loop that made the callback.
  if (delivering) return;
  delivering = true;
  try {
    for (;;) {
      const next = lastWords.shift() ?? due.shift();
      if (next === undefined) return;
      next.deliver(withinCall);
    }
  } finally {
    delivering = false;
  }
}
