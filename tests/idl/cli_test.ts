import { assert, assertEquals, assertStringIncludes } from "@std/assert";

const ROOT = new URL("../../", import.meta.url);
const GOOD = "interface A {\n  M(int a) => (string b);\n}\n";

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in `cwd` with the permissions that the task gives it. */
async function magen(cwd: string, ...args: string[]): Promise<Outcome> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-lock",
      "--quiet",
      `--config=${new URL("deno.json", ROOT).pathname}`,
      "--allow-read",
      "--allow-write",
      "--ignore-env",
      new URL("idl/cli.ts", ROOT).href,
      ...args,
    ],
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** Makes a folder with `files`, uses it and removes it. */
async function inFolder(
  files: Record<string, string | Uint8Array>,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "magen_" });
  try {
    for (const [name, content] of Object.entries(files)) {
      await Deno.mkdir(`${folder}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
      const bytes = typeof content === "string"
        ? new TextEncoder().encode(content)
        : content;
      await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch {
    return false;
  }
}

Deno.test("without a path the current folder is searched, and outputs are written beside sources", async () => {
  const files = {
    "b.magen": GOOD,
    "sub/a.magen": GOOD,
    "node_modules/x.magen": GOOD,
    ".hidden/x.magen": GOOD,
    "other.txt": "",
  };
  await inFolder(files, async (folder) => {
    assertEquals(await magen(folder), {
      code: 0,
      out: "written b.magen.ts\nwritten sub/a.magen.ts\n",
      err: "",
    });
    assert(!await exists(`${folder}/node_modules/x.magen.ts`));
    assert(!await exists(`${folder}/.hidden/x.magen.ts`));
    const text = await Deno.readTextFile(`${folder}/sub/a.magen.ts`);
    assertStringIncludes(text, "// Generated from a.magen by magen.");
    assert(!text.includes(folder));
  });
});

Deno.test("what has not changed is not written", async () => {
  await inFolder({ "a.magen": GOOD }, async (folder) => {
    await magen(folder);
    await Deno.chmod(`${folder}/a.magen.ts`, 0o444);
    const { mtime } = await Deno.stat(`${folder}/a.magen.ts`);
    assertEquals((await magen(folder, "a.magen", ".")).out, "unchanged a.magen.ts\n");
    assertEquals((await Deno.stat(`${folder}/a.magen.ts`)).mtime, mtime);
  });
});

Deno.test("--check names what is stale or missing, and writes nothing", async () => {
  await inFolder(
    { "a.magen": GOOD, "b.magen": GOOD, "c.magen": GOOD },
    async (folder) => {
      await magen(folder);
      assertEquals((await magen(folder, "--check")).code, 0);
      await Deno.writeTextFile(`${folder}/a.magen.ts`, "old");
      await Deno.remove(`${folder}/b.magen.ts`);
      assertEquals(await magen(folder, "--check"), {
        code: 1,
        out: "unchanged c.magen.ts\n",
        err: "stale a.magen.ts\nmissing b.magen.ts\n",
      });
      assertEquals(await Deno.readTextFile(`${folder}/a.magen.ts`), "old");
      assert(!await exists(`${folder}/b.magen.ts`));
    },
  );
});

Deno.test("--out writes below another folder, in the folders of the sources", async () => {
  await inFolder({ "src/a.magen": GOOD, "src/deep/b.magen": GOOD }, async (folder) => {
    const { code, out } = await magen(folder, "--out", "gen/ts", "src");
    assertEquals([code, out], [
      0,
      "written gen/ts/a.magen.ts\nwritten gen/ts/deep/b.magen.ts\n",
    ]);
    assert(!await exists(`${folder}/src/a.magen.ts`));
    assertEquals((await magen(folder, "--check", "--out=gen/ts", "src")).code, 0);
  });
});

Deno.test("--out refuses two sources for one output", async () => {
  await inFolder({ "x/a.magen": GOOD, "y/a.magen": GOOD }, async (folder) => {
    const { code, err } = await magen(folder, "--out", "gen", "x", "y");
    assertEquals([code, err.split("\n")[0]], [
      2,
      "error: Both x/a.magen and y/a.magen would be written to gen/a.magen.ts",
    ]);
    assert(!await exists(`${folder}/gen`));
  });
});

Deno.test("an error in a source is printed, and the other sources are generated", async () => {
  const files = { "a.magen": "interface A {\n  M(strng a);\n}\n", "b.magen": GOOD };
  await inFolder(files, async (folder) => {
    assertEquals(await magen(folder), {
      code: 1,
      out: "written b.magen.ts\n",
      err: "error[MG0205]: unknown type 'strng'; did you mean 'string'?\n" +
        " --> a.magen:2:5\n  |\n2 |   M(strng a);\n  |     ^^^^^\n",
    });
    assert(!await exists(`${folder}/a.magen.ts`));
  });
});

Deno.test("a warning is printed and keeps nothing from being generated", async () => {
  await inFolder({ "a.magen": "interface A {\n  M()\n}\n" }, async (folder) => {
    const { code, out, err } = await magen(folder);
    assertEquals([code, out], [0, "written a.magen.ts\n"]);
    assertStringIncludes(err, "warning[MG0101]: missing ';'");
  });
});

Deno.test("--quiet names no files", async () => {
  await inFolder({ "a.magen": GOOD }, async (folder) => {
    assertEquals(await magen(folder, "--quiet"), { code: 0, out: "", err: "" });
    assertEquals(await magen(folder, "--quiet"), { code: 0, out: "", err: "" });
  });
});

Deno.test("a path that does not exist, or is no source, is named", async () => {
  await inFolder({ "a.txt": "" }, async (folder) => {
    const missing = await magen(folder, "nowhere/b.magen");
    assertEquals([missing.code, missing.err], [
      1,
      "error: No such file or folder: nowhere/b.magen\n",
    ]);
    const wrong = await magen(folder, "a.txt");
    assertEquals([wrong.code, wrong.err], [1, "error: Not a .magen file: a.txt\n"]);
    const none = await magen(folder);
    assertEquals([none.code, none.err], [0, "No .magen file found in .\n"]);
  });
});

Deno.test("what is imported is checked, and not written unless it is below a PATH", async () => {
  const files = {
    "in/a.magen": 'import "../other/b.magen";\nstruct A { B b; };\n',
    "other/b.magen": "struct B { strng x; };\n",
  };
  await inFolder(files, async (folder) => {
    const wrong = await magen(folder, "in");
    assertEquals([wrong.code, wrong.out], [1, ""]);
    assertStringIncludes(wrong.err, "error[MG0205]: unknown type 'strng'");
    assertStringIncludes(wrong.err, "--> other/b.magen:1:12");
    await Deno.writeTextFile(`${folder}/other/b.magen`, "struct B { string x; };\n");
    assertEquals((await magen(folder, "in")).out, "written in/a.magen.ts\n");
    assert(!await exists(`${folder}/other/b.magen.ts`));
  });
});

Deno.test("--root names folders in which imports are looked for", async () => {
  const files = {
    "src/a.magen": 'import "deep/b.magen";\nimport "c.magen";\nstruct A { B b; C c; };\n',
    "one/deep/b.magen": "struct B { int x; };\n",
    "two/c.magen": "struct C { int x; };\n",
  };
  await inFolder(files, async (folder) => {
    const without = await magen(folder, "src", "--root", "one");
    assertEquals(without.code, 1);
    assertStringIncludes(without.err, 'file not found: import "c.magen"');
    assertStringIncludes(without.err, "(searched: src/c.magen, one/c.magen)");
    const both = await magen(folder, "src", "--root", "one", "--root=./two/");
    assertEquals([both.code, both.out], [0, "written src/a.magen.ts\n"]);
    assertEquals(
      (await magen(folder, "src", "--root", "none")).err,
      "error: No such file or folder: none\n",
    );
  });
});

Deno.test("--enable says what [EnableIf] asks for", async () => {
  const files = { "a.magen": "interface A { M(); [EnableIf=more] N(); };\n" };
  await inFolder(files, async (folder) => {
    await magen(folder);
    assert(!(await Deno.readTextFile(`${folder}/a.magen.ts`)).includes("n()"));
    assertEquals((await magen(folder, "--check", "--enable", "more")).code, 1);
    await magen(folder, "--enable=other", "--enable", "more");
    assertStringIncludes(await Deno.readTextFile(`${folder}/a.magen.ts`), "n()");
    assertEquals((await magen(folder, "--enable", "a b")).code, 2);
  });
});

Deno.test("--json prints findings as lines of JSON and nothing else", async () => {
  const files = {
    "a.magen": "interface A {\n  M(strng a)\n}\n",
    "b.magen": GOOD,
  };
  await inFolder(files, async (folder) => {
    const { code, out, err } = await magen(folder, "--json");
    assertEquals([code, err], [1, ""]);
    const found = out.trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(found.map(({ path, code, severity }) => [path, code, severity]), [
      ["a.magen", "MG0205", "error"],
      ["a.magen", "MG0101", "warning"],
    ]);
    assertEquals(found[0].start, { offset: 18, line: 2, column: 5 });
    assert(await exists(`${folder}/b.magen.ts`));
  });
});

Deno.test("a source that is not text, or too long, is refused", async () => {
  const files = {
    "a.magen": new Uint8Array([0xff, 0xfe]),
    "b.magen": " ".repeat((4 << 20) + 1),
  };
  await inFolder(files, async (folder) => {
    const { code, err } = await magen(folder);
    assertEquals(code, 1);
    assertStringIncludes(err, "error: Cannot read a.magen: it is not UTF-8");
    assertStringIncludes(err, "error: b.magen has more than 4194304 bytes");
  });
});

Deno.test("a folder called as a number is a folder", async () => {
  await inFolder({ "007/a.magen": GOOD }, async (folder) => {
    assertEquals((await magen(folder, "007")).out, "written 007/a.magen.ts\n");
  });
});

Deno.test("a wrong call is explained and leaves with 2", async () => {
  await inFolder({}, async (folder) => {
    const unknown = await magen(folder, "--chek");
    assertEquals([unknown.code, unknown.err], [
      2,
      "error: Unknown option '--chek'; did you mean '--check'?\nTry --help\n",
    ]);
    assertEquals((await magen(folder, "-x")).code, 2);
    assertEquals((await magen(folder, "--out")).code, 2);
    assertEquals((await magen(folder, "")).code, 2);
    assertEquals((await magen(folder, "--root", "")).code, 2);
    assertEquals((await magen(folder, "--watch", "--check")).code, 2);
  });
});

Deno.test("--help says what there is", async () => {
  await inFolder({}, async (folder) => {
    const long = await magen(folder, "--help");
    assertEquals([long.code, long.err], [0, ""]);
    const options = "--out --root --enable --check --watch --json --quiet --help".split(
      " ",
    );
    for (const option of options) {
      assertStringIncludes(long.out, option);
    }
    assertEquals((await magen(folder, "-h")).out, long.out);
  });
});

Deno.test("--zod writes schemas too, and those which are there are kept up to date", async () => {
  await inFolder({ "a.magen": GOOD, "b.magen": GOOD }, async (folder) => {
    assertEquals((await magen(folder, "--zod", "a.magen")).code, 0);
    const schemas = await Deno.readTextFile(`${folder}/a.magen.zod.ts`);
    await Deno.writeTextFile(`${folder}/a.magen.zod.ts`, "// Of another time.\n");
    const { code, err } = await magen(folder, "--check", "--quiet", "a.magen");
    assertEquals([code, err], [1, "stale a.magen.zod.ts\n"]);
    assertEquals((await magen(folder, "--quiet")).code, 0);
    assertEquals(await Deno.readTextFile(`${folder}/a.magen.zod.ts`), schemas);
    assert(!await exists(`${folder}/b.magen.zod.ts`));
  });
});

Deno.test("--explain tells what a code means, and names one that does not exist", async () => {
  await inFolder({}, async (folder) => {
    const { code, out, err } = await magen(folder, "--explain", "mg0205");
    assertEquals([code, err], [0, ""]);
    assertStringIncludes(out, "MG0205 (error)");
    assertStringIncludes(out, "Mended:");
    assertEquals(await magen(folder, "--explain", "MG9999"), {
      code: 2,
      out: "",
      err: "error: No such code: 'MG9999'\nTry --help\n",
    });
  });
});
