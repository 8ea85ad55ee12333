import { assertEquals } from "@std/assert";
import { emitTypeScript } from "../../idl/typescript/emit_typescript.ts";
import { analyze } from "../../idl/mod.ts";

Deno.test("FileNames imports what others become, wherever that goes", () => {
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

Deno.test("FileNames tells the standard module from a file that is called like it", () => {
  const path = "magen/std.magen", read = () => undefined;
  const source = `import "${path}"; struct Entry { std.Time time; };`;
  const { module } = analyze(source, { path, read });
  const specifiers = emitTypeScript(module!).imports.map(({ specifier }) => specifier);
  assertEquals(specifiers, ["@mage/ipc/generated-v1", "@mage/ipc/std"]);
});
