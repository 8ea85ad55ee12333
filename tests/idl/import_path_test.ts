import { assertEquals } from "@std/assert";
import { emitTypeScript } from "../../idl/typescript/emit_typescript.ts";
import { relativePath } from "../../idl/typescript/import_path.ts";
import { analyze } from "../../idl/mod.ts";

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
  ] as const;
  for (const [from, to, path] of cases) assertEquals(relativePath(from, to), path);
});

Deno.test("emitTypeScript imports what others become, wherever that goes", () => {
  const source =
    'import "../b.magen";\n[TypeMap="./maps/point.ts#Point"] struct P { b.S s; };\n' +
    '[TypeMap="points#Point"] struct Q { int a; };';
  const { module, diagnostics } = analyze(source, {
    path: "in/x/a.magen",
    read: () => "module b; struct S { int a; };",
  });
  assertEquals(diagnostics.filter(({ severity }) => severity === "error"), []);
  const specifiers = (outputPath?: (path: string) => string) =>
    emitTypeScript(module!, { outputPath }).imports.map(({ specifier }) => specifier);
  assertEquals(specifiers(), [
    "@mage/ipc/generated-v1",
    "../b.magen.ts",
    "./maps/point.ts",
    "points",
  ]);
  assertEquals(specifiers((path) => path.replace("in/", "out/deep/") + ".ts"), [
    "@mage/ipc/generated-v1",
    "../../../in/x/maps/point.ts",
    "../b.magen.ts",
    "points",
  ]);
});
