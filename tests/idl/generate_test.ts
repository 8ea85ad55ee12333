import { assert, assertEquals, assertNotMatch } from "@std/assert";
import { compile } from "../../idl/mod.ts";
import { hostileSource } from "./hostile_source.ts";

const ROOT = new URL("../../", import.meta.url);
const GOLDEN = new URL("./golden/", import.meta.url);

async function generated(source: string): Promise<string> {
  const { output, diagnostics } = await compile(source, { path: "some/folder/a.magen" });
  assert(output !== undefined, JSON.stringify(diagnostics));
  return output;
}

async function deno(
  args: readonly string[],
  cwd: string,
): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** Runs `use` in a folder where generated code finds its runtime, under this project's settings. */
async function inProject(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "magen_" });
  try {
    const config = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
    await Deno.writeTextFile(
      `${folder}/deno.json`,
      JSON.stringify({
        imports: {
          "@mage/ipc/generated-v1": new URL("core/bindings/generated_v1.ts", ROOT).href,
        },
        compilerOptions: config.compilerOptions,
        lint: config.lint,
      }),
    );
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const name of ["network_process", "every_type"]) {
  Deno.test(`the output for ${name}.magen is what it was`, async () => {
    const source = await Deno.readTextFile(new URL(`${name}.magen`, GOLDEN));
    const { output } = await compile(source, { path: `${name}.magen` });
    assertEquals(output, await Deno.readTextFile(new URL(`${name}.magen.ts`, GOLDEN)));
  });
}

Deno.test("the output depends on nothing but the source and its name", async () => {
  const source = "interface A { M(int a) => (string b); }";
  const first = await compile(source, { path: "/one/a.magen" });
  const second = await compile(source, { path: "two\\a.magen" });
  assertEquals(first.output, second.output);
  assertNotMatch(first.output!, /\r|\/one|[ \t]$/m);
});

Deno.test("line endings of the source do not reach the output", async () => {
  const source = "// One.\n// Two.\ninterface A {\n  M();\n}\n";
  assertEquals(await generated(source.replaceAll("\n", "\r\n")), await generated(source));
});

Deno.test("generated code passes the type checker and the linter, whatever the names are", async () => {
  await inProject(async (folder) => {
    await Deno.writeTextFile(
      `${folder}/hostile.magen.ts`,
      await generated(hostileSource()),
    );
    for (const name of ["network_process", "every_type"]) {
      await Deno.copyFile(
        new URL(`${name}.magen.ts`, GOLDEN),
        `${folder}/${name}.magen.ts`,
      );
    }
    const files = ["hostile.magen.ts", "network_process.magen.ts", "every_type.magen.ts"];
    const check = await deno(["check", "--no-lock", "--quiet", ...files], folder);
    assertEquals([check.code, check.text], [0, ""]);
    const lint = await deno(["lint", "--quiet", ...files], folder);
    assertEquals([lint.code, lint.text], [0, ""]);
  });
});

Deno.test("every export of generated code is documented", async () => {
  await inProject(async (folder) => {
    const source =
      "interface A { M(int a) => (string b); N() => (); O(); } interface B {}";
    await Deno.writeTextFile(`${folder}/a.magen.ts`, await generated(source));
    const { text } = await deno(["doc", "--lint", "a.magen.ts"], folder);
    const ours = text.split("\n").filter((line) => line.includes("missing-jsdoc"));
    assertEquals(ours, []);
  });
});

Deno.test("documentation comes from the source and cannot leave its comment", async () => {
  const output = await generated(
    "// Over */ two\n// lines.\ninterface A {\n  /// Does.\n  M(\n    /// How many.\n    int n) => (" +
      "\n    // The rest.\n    int r);\n}\n",
  );
  assert(output.includes("/**\n * Over *\\/ two\n * lines.\n */\nexport interface A {"));
  assert(output.includes("   * Does.\n   *\n   * @param n How many.\n"));
  assert(output.includes("  /** The rest. */\n  r: number;"));
});

Deno.test("only the last optional parameters can be left out", async () => {
  const output = await generated(
    "interface A { M(int? a, int b, int? c, array<int>? d); }",
  );
  assert(output.includes("a: number | undefined,"));
  assert(output.includes("c?: number | undefined,"));
  assert(output.includes("d?: readonly number[] | undefined,"));
});

Deno.test("output grows as the source does", async () => {
  const source = (count: number) =>
    Array.from(
      { length: count },
      (_, i) => `interface I${i} { M(int a, string b) => (bool c); }\n`,
    )
      .join("");
  const [small, large] = [await generated(source(30)), await generated(source(300))];
  assert(large.length < small.length * 11);
});

Deno.test("a source with an error has no output", async () => {
  const { output, module } = await compile("interface A { M(foo a); }", {
    path: "a.magen",
  });
  assertEquals([output, module], [undefined, undefined]);
});

Deno.test("a source that is too long is refused before it is read", async () => {
  const { diagnostics } = await compile(" ".repeat((4 << 20) + 1), { path: "a.magen" });
  assertEquals(diagnostics.map(({ code }) => code), ["MG0011"]);
});
