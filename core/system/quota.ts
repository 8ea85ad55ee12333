/**
 * Quotas: how much may wait before a signal tells.
 *
 * @module
 */

/**
 * What can be limited on a message pipe. Nothing is refused because of it: `QUOTA_EXCEEDED` holds as long as
 * more than the limit waits.
 *
 * - `RECEIVE_QUEUE_LENGTH`: messages that arrived at this end and are unread
 * - `RECEIVE_QUEUE_MEMORY_SIZE`: bytes in those
 * - `UNREAD_MESSAGE_COUNT`: messages written to this end since the quota was first set that nobody has read,
 *   wherever they are. The other end tells every `(limit + 1) / 2` messages, and costs this one a small
 *   message each time; once it is gone, none counts
 *
 * Source: mojo/public/c/system/quota.h.
 */
export type QuotaType =
  | "RECEIVE_QUEUE_LENGTH"
  | "RECEIVE_QUEUE_MEMORY_SIZE"
  | "UNREAD_MESSAGE_COUNT";

/** A quota and what there is of it. */
export interface Quota {
  /** The limit; `Infinity` when none was set. */
  readonly limit: number;
  /** How much there is now. */
  readonly usage: number;
}
