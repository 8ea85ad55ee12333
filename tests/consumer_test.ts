import { assertEquals, assertStringIncludes } from "@std/assert";

const root = new URL("../", import.meta.url);

Deno.test("A project of its own imports the package, generates, and spawns a child", async () => {
  const directory = await Deno.makeTempDir();
  const write = (name: string, text: string) =>
    Deno.writeTextFile(`${directory}/${name}`, text);
  // What `deno add jsr:@mage/ipc` writes, with the package taken from here.
  await write(
    "deno.json",
    JSON.stringify({
      links: [decodeURIComponent(root.pathname)],
      imports: { "@mage/ipc": "jsr:@mage/ipc@^0.1.0" },
      compilerOptions: { isolatedDeclarations: true, exactOptionalPropertyTypes: true },
    }),
  );
  await write(
    "greeter.magen",
    "interface Greeter {\n  Greet(string name) => (string text);\n}\n",
  );
  await write(
    "main.ts",
    `import { Invitation, Remote } from "@mage/ipc";
     import { Greeter } from "./greeter.magen.ts";
     await using child = await Invitation.spawn(new URL("./child.ts", import.meta.url));
     using greeter = new Remote(Greeter, child.pipe);
     const { text } = await greeter.greet("stranger");
     console.log(text);`,
  );
  await write(
    "child.ts",
    `import { Invitation, Receiver } from "@mage/ipc/child";
     import { Greeter } from "./greeter.magen.ts";
     const { pipe } = await Invitation.accept();
     new Receiver(Greeter, { greet: (name) => ({ text: \`Hello, \${name}\` }) }, pipe);`,
  );
  const deno = async (...args: string[]) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args,
      cwd: directory,
      env: { NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder();
    return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
  };
  const cli = ["run", "-RW", "--ignore-env", "@mage/ipc/idl/cli"];
  const stale = await deno(...cli, "--check");
  assertEquals(stale.code, 1);
  assertStringIncludes(stale.stdout + stale.stderr, "greeter.magen.ts");
  const generated = await deno(...cli);
  assertEquals(generated.code, 0, generated.stderr);
  assertEquals((await deno(...cli, "--check")).code, 0);

  const checked = await deno("check", "main.ts", "child.ts");
  assertEquals(checked.code, 0, checked.stderr);
  const ran = await deno("run", "--no-prompt", "-RWN", "--allow-run", "main.ts");
  assertEquals(ran, { code: 0, stdout: "Hello, stranger\n", stderr: "" });
  await Deno.remove(directory, { recursive: true });
});
