import { assert, assertEquals } from "@std/assert";
import {
  BadMessageError,
  InvitationError,
  IpcError,
  LimitError,
  PermissionError,
  PipeClosedError,
  PipeLostError,
  RemoteError,
} from "../../core/errors.ts";

Deno.test("every error has its own name, its code, and the common root", () => {
  const errors: [IpcError, string, string][] = [
    [new PipeClosedError(), "PipeClosedError", "closed"],
    [new PipeLostError(), "PipeLostError", "lost"],
    [new BadMessageError("utf8", 20), "BadMessageError", "badMessage"],
    [new LimitError("maxFrameBytes", 10, 11), "LimitError", "limit"],
    [new RemoteError("failed"), "RemoteError", "remote"],
    [new PermissionError("x", ["--allow-y"]), "PermissionError", "permission"],
    [new InvitationError("timeout", "late"), "InvitationError", "invitation"],
  ];
  for (const [error, name, code] of errors) {
    assert(error instanceof IpcError && error instanceof Error);
    assertEquals([error.name, error.code], [name, code]);
    assert(error.stack!.startsWith(name), error.stack);
  }
});

Deno.test("errors carry what a program needs besides the text", () => {
  const limit = new LimitError("maxFrameBytes", 10, 11);
  assertEquals([limit.limit, limit.max, limit.actual], ["maxFrameBytes", 10, 11]);
  const bad = new BadMessageError("utf8", 20, " in Probe.Echo");
  assertEquals(bad.message, "Bad message in Probe.Echo: utf8 at byte 20");
  const cause = new Error("inner");
  const invitation = new InvitationError("exited", "gone", {
    exitCode: 3,
    stderr: "x",
    cause,
  });
  assertEquals([invitation.failure, invitation.exitCode, invitation.stderr], [
    "exited",
    3,
    "x",
  ]);
  assertEquals(invitation.cause, cause);
});
