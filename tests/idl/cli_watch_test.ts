import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../../", import.meta.url);

/** The command with `--watch`, and the lines that it prints. */
class Watching {
  readonly #process: Deno.ChildProcess;
  readonly #out: ReadableStreamDefaultReader<string>;
  readonly #err: ReadableStreamDefaultReader<string>;
  #rest = "";
  #errors = "";

  constructor(cwd: string, ...args: string[]) {
    this.#process = new Deno.Command(Deno.execPath(), {
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
        "--watch",
        ...args,
      ],
      cwd,
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#out = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#err = this.#process.stderr.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** All lines up to and with the one that says that it waits. */
  async round(): Promise<string[]> {
    for (;;) {
      const end = this.#rest.indexOf("watching\n");
      if (end >= 0) {
        const text = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + "watching\n".length);
        return text.split("\n").slice(0, -1);
      }
      const { value, done } = await this.#out.read();
      if (done) throw new Error(`It ended: ${this.#rest}`);
      this.#rest += value;
    }
  }

  /** The lines of the first round that has some. A change may be told in several parts. */
  async lines(): Promise<string[]> {
    for (;;) {
      const lines = await this.round();
      if (lines.length > 0) return lines;
    }
  }

  /** Waits until an error says `text`. */
  async error(text: string): Promise<void> {
    while (!this.#errors.includes(text)) {
      const { value, done } = await this.#err.read();
      if (done) throw new Error(`It ended: ${this.#errors}`);
      this.#errors += value;
    }
  }

  /** Ends it as Ctrl-C does. Returns the code that it leaves with. */
  async stop(): Promise<number> {
    this.#process.kill("SIGINT");
    while (!(await this.#out.read()).done);
    while (!(await this.#err.read()).done);
    return (await this.#process.status).code;
  }
}

Deno.test({
  name:
    "--watch generates what changed and what imports it, and leaves with 0 after Ctrl-C",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "magen_watch_" });
    try {
      const write = (name: string, text: string) =>
        Deno.writeTextFile(`${folder}/${name}`, text);
      await Deno.mkdir(`${folder}/src`);
      await Deno.mkdir(`${folder}/shared`);
      await write("src/a.magen", 'import "../shared/b.magen";\nstruct A { B b; };\n');
      await write("src/c.magen", "struct C { int x; };\n");
      await write("shared/b.magen", "struct B { int x; };\n");
      const watching = new Watching(folder, "src");
      assertEquals(await watching.round(), [
        "written src/a.magen.ts",
        "written src/c.magen.ts",
      ]);

      await write("src/c.magen", "struct C { int y; };\n");
      assertEquals(await watching.lines(), ["written src/c.magen.ts"]);
      await write("shared/b.magen", "struct B { strng x; };\n");
      await watching.error("error[MG0205]: unknown type 'strng'");
      await write("shared/b.magen", "// Other words.\nstruct B { string x; };\n");
      const lines = await watching.lines();
      assert(lines.every((line) => line.endsWith(" src/a.magen.ts")), `${lines}`);
      await write("src/d.magen", "struct D { int x; };\n");
      assertEquals(await watching.lines(), ["written src/d.magen.ts"]);

      assertEquals(await watching.stop(), 0);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
