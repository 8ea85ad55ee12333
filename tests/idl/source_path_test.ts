import { assertEquals } from "@std/assert";
import {
  folderOf,
  normalPath,
  pathIn,
  relativePath,
} from "../../idl/meaning/source_path.ts";

Deno.test("normalPath gives one path to one file", () => {
  const cases = {
    "a.magen": "a.magen",
    "./a/./b//c.magen": "a/b/c.magen",
    "a/../b.magen": "b.magen",
    "../../a.magen": "../../a.magen",
    "a/../../b.magen": "../b.magen",
    "/a/../../b.magen": "/b.magen",
    "C:/a/../b": "C:/b",
    "": ".",
    ".": ".",
    "/": "/",
    "007/": "007",
  };
  for (const [path, normal] of Object.entries(cases)) {
    assertEquals(normalPath(path), normal);
    assertEquals(normalPath(normal), normal);
  }
});

Deno.test("pathIn and folderOf undo each other", () => {
  for (const folder of ["a", "a/b", "/a", "../a"]) {
    const path = pathIn(folder, "c.magen");
    assertEquals([path, folderOf(path)], [`${folder}/c.magen`, folder]);
  }
  assertEquals([pathIn("", "c"), pathIn(".", "c"), pathIn("/", "c")], ["c", "c", "/c"]);
  assertEquals([folderOf("c"), folderOf("/c")], ["", "/"]);
  assertEquals(pathIn("a/b", "../c.magen"), "a/c.magen");
});

Deno.test("relativePath names one file from another", () => {
  const cases = [
    ["a.ts", "b.ts", "./b.ts"],
    ["x/a.ts", "x/b.ts", "./b.ts"],
    ["x/a.ts", "b.ts", "../b.ts"],
    ["a.ts", "x/y/b.ts", "./x/y/b.ts"],
    ["x/y/a.ts", "x/z/b.ts", "../z/b.ts"],
    ["/x/a.ts", "/x/../y/b.ts", "../y/b.ts"],
    ["x\\a.ts", "x\\y\\b.ts", "./y/b.ts"],
    ["x/./a.ts", "x/b.ts", "./b.ts"],
    ["a.ts", "../b.ts", "../b.ts"],
    ["x/x.ts", "x", "../x"],
    ["x/a.ts", "x/..b.ts", "./..b.ts"],
  ] as const;
  for (const [from, to, path] of cases) assertEquals(relativePath(from, to), path);
});
