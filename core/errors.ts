/**
 * Every error that this library throws or rejects with, apart from misuse by the caller, which is a
 * `TypeError` or `RangeError` thrown at once.
 *
 * Each carries a `code` from a closed list, so that a program can branch without matching text.
 *
 * @module
 */
import type { Result } from "./result.ts";

/** What went wrong, as one word. */
export type IpcErrorCode =
  | "closed"
  | "lost"
  | "badMessage"
  | "limit"
  | "remote"
  | "permission"
  | "invitation"
  | "sharedBuffer";

/**
 * A call that only a mistake in the program can have made: a handle that was closed or sent already, a
 * wrong argument, an operation in the middle of another one. Nothing was done and nothing consumed.
 */
export class MisuseError extends TypeError {
  /** What Mojo would have returned. */
  readonly result: Result;
  /** Makes the error. */
  constructor(result: Result, message: string) {
    super(message);
    this.name = "MisuseError";
    this.result = result;
  }
}

/** The root of this library's errors. */
export class IpcError extends Error {
  /** One word for programs. */
  readonly code: IpcErrorCode;
  /** Makes an error with its code. */
  constructor(code: IpcErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/**
 * The other end of the pipe was closed by its holder. Nothing it sent before is missing. A receiver also
 * closes its pipe when a message does not fit its interface, and reports that on its own side.
 */
export class PipeClosedError extends IpcError {
  /** Makes the error. */
  constructor(message = "The other end of the pipe was closed", options?: ErrorOptions) {
    super("closed", message, options);
  }
}

/** The route to the other end died: its process ended, or a link on the way was dropped. */
export class PipeLostError extends IpcError {
  /** Makes the error. */
  constructor(
    message = "The route to the other end of the pipe was lost",
    options?: ErrorOptions,
  ) {
    super("lost", message, options);
  }
}

/** A message that does not fit its interface. It costs its sender the pipe it came on. */
export class BadMessageError extends IpcError {
  /** The rule that was broken, as a fixed word such as `string-bundle`. */
  readonly rule: string;
  /** Where in the message, in bytes from its start. */
  readonly offset: number;
  /** Which value it was, such as `headers[3].name`; empty when it was none in particular. */
  readonly path: string;
  /** Makes the error. */
  constructor(rule: string, offset: number, where = "", path = "") {
    const value = path === "" ? "" : ` in '${path}'`;
    super("badMessage", `Bad message${where}: ${rule} at byte ${offset}${value}`);
    this.rule = rule;
    this.offset = offset;
    this.path = path;
  }
}

/** A message of the caller is larger than a limit allows. Nothing was sent and nothing was consumed. */
export class LimitError extends IpcError {
  /** The name of the limit, as in `Limits`; `MaxMessageSize` for the attribute of a method. */
  readonly limit: string;
  /** Its value. */
  readonly max: number;
  /** What was asked for. */
  readonly actual: number;
  /** Makes the error. */
  constructor(
    limit: string,
    max: number,
    actual: number,
    remedy = "raise the option 'limits' on both sides",
  ) {
    super(
      "limit",
      `Cannot send message: ${limit} is ${max}, this one needs ${actual}; ${remedy}`,
    );
    this.limit = limit;
    this.max = max;
    this.actual = actual;
  }
}

/** How a call failed on the other side. */
export type RemoteFailure = "threw" | "unknown-method";

/**
 * The other side did not do what it was asked: the method `threw` or rejected there, and its stack and its
 * text stay there; or it is an `unknown-method` there, of an interface that may have more methods here.
 */
export class RemoteError extends IpcError {
  /** What happened. */
  readonly failure: RemoteFailure;
  /** Makes the error. */
  constructor(message: string, failure: RemoteFailure = "threw") {
    super("remote", message);
    this.failure = failure;
  }
}

/** How a shared buffer came to nothing. */
export type SharedBufferFailure = "unavailable" | "shrunk";

/**
 * A shared buffer cannot be used: `unavailable`, there is no way to get its memory to this process; or
 * `shrunk`, whoever else has it has made it shorter.
 */
export class SharedBufferError extends IpcError {
  /** What happened. */
  readonly failure: SharedBufferFailure;
  /** Makes the error. */
  constructor(failure: SharedBufferFailure, why: string, options?: ErrorOptions) {
    const what = failure === "shrunk" ? "use" : "map";
    super("sharedBuffer", `Cannot ${what} shared buffer: ${why}`, options);
    this.failure = failure;
  }
}

/** A permission is missing on this side. The message names the flag to add. */
export class PermissionError extends IpcError {
  /** The flags to start this program with. */
  readonly flags: readonly string[];
  /** Makes the error. */
  constructor(what: string, flags: readonly string[]) {
    super(
      "permission",
      `${what} needs permissions this process lacks; add ${flags.join(" ")}`,
    );
    this.flags = flags;
  }
}

/** How an invitation came to nothing. */
export type InvitationFailure =
  | "not-started"
  | "exited"
  | "timeout"
  | "disconnected"
  | "refused"
  | "version"
  | "protocol";

/** An invitation that did not lead to a link. Whatever was started for it is gone again. */
export class InvitationError extends IpcError {
  /** What happened. */
  readonly failure: InvitationFailure;
  /** The exit code of the child, when it exited before joining. */
  readonly exitCode: number | undefined;
  /** The end of what the child wrote to standard error, at most 4 KiB. */
  readonly stderr: string;
  /** Makes the error. */
  constructor(
    failure: InvitationFailure,
    message: string,
    details: { exitCode?: number; stderr?: string; cause?: unknown } = {},
  ) {
    super("invitation", message, { cause: details.cause });
    this.failure = failure;
    this.exitCode = details.exitCode;
    this.stderr = details.stderr ?? "";
  }
}
