import { assertEquals, assertThrows } from "@std/assert";
import {
  addPermission,
  filePath,
  permissionFlags,
  permissionSet,
  requirePermissions,
} from "../../transports/permissions.ts";
import { PermissionError } from "../../core/errors.ts";

Deno.test("permissionFlags grants what the set names and nothing else", () => {
  assertEquals(permissionFlags(permissionSet({})), []);
  // An empty list is nothing, not everything.
  assertEquals(permissionFlags(permissionSet({ read: [], net: [] })), []);
  assertEquals(
    permissionFlags(permissionSet({
      net: ["b:1", "a"],
      read: ["/x", new URL("file:///with%20space")],
      env: true,
    })),
    ["--allow-read=/x,/with space", "--allow-net=b:1,a", "--allow-env"],
  );
});

Deno.test("permissionSet refuses what would grant something else than it says", () => {
  for (const entry of ["", "a,b", "a\nb", "a\0b", 5, null, new URL("https://x/")]) {
    assertThrows(() => permissionSet({ read: [entry as string] }), TypeError);
  }
  assertThrows(
    () => permissionSet({ everything: true } as never),
    TypeError,
    "'everything'",
  );
  assertThrows(() => permissionSet({ read: "x" as never }), TypeError, "true or a list");
});

Deno.test("addPermission leaves alone what is granted in full", () => {
  const set = permissionSet({ read: true, write: ["/x"] });
  addPermission(set, "read", ["/y"]);
  addPermission(set, "write", ["/y"]);
  addPermission(set, "net", ["unix:/y"]);
  assertEquals(set, { read: true, write: ["/x", "/y"], net: ["unix:/y"] });
});

Deno.test("requirePermissions names every flag that is missing, at once", () => {
  requirePermissions("Testing", []);
  requirePermissions("Testing", [{ name: "read" }]);
  const error = assertThrows(
    () =>
      requirePermissions("Testing", [
        { name: "read" },
        { name: "sys", kind: "hostname" },
        { name: "import", host: "example.com:1" },
      ]),
    PermissionError,
    "Testing needs permissions this process lacks; add --allow-sys",
  );
  assertEquals(error.flags, ["--allow-sys", "--allow-import=example.com:1"]);
});

Deno.test("filePath takes paths and file URLs, as objects and as text", () => {
  assertEquals(filePath("relative/x.ts"), "relative/x.ts");
  assertEquals(filePath("file:///a%20b.ts"), "/a b.ts");
  assertEquals(filePath(new URL("file:///a%20b.ts")), "/a b.ts");
  assertThrows(
    () => filePath(new URL("https://example.com/x.ts")),
    TypeError,
    "file URL",
  );
  assertThrows(() => filePath(undefined as never), TypeError, "file URL");
});
