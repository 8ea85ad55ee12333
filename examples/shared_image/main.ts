/**
 * Shares an image with a worker, and then with a process, and shows what each painted into it.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { createSharedBuffer, createSharedFile, Invitation } from "@mage/ipc";

const HELP =
  `Share an image with a worker and with a process, neither of which holds a permission.

Usage: deno task example shared_image [OPTION...]

Options:
  --width N    Columns of the image, 1 to 65535 (default 64)
  --height N   Lines of the image, 1 to 65535 (default 20)
  -h, --help   Show this text

Exit code: 0 both painted the same image, 1 they did not, 2 bad usage
`;

// The launcher of the example puts this first: a private directory.
const [directory, ...args] = Deno.args;
const unknown: string[] = [];
const options = parseArgs(args, {
  boolean: ["help"],
  string: ["width", "height"],
  alias: { h: "help" },
  unknown: (arg) => void unknown.push(arg),
});
const width = Number(options.width ?? 64), height = Number(options.height ?? 20);
if (options.help) {
  console.log(HELP);
  Deno.exit(0);
}
const isSize = (size: number) => Number.isInteger(size) && size > 0 && size < 65_536;
if (unknown.length > 0 || !isSize(width) || !isSize(height)) {
  console.error(HELP);
  Deno.exit(2);
}

const PAINTER = new URL("./painter.ts", import.meta.url);
const SHADES = new TextEncoder().encode(" .:-=+*#%@");
const painted: string[] = [];

for (const link of ["worker", "inherited"] as const) {
  // A thread shares memory; a process without permissions shares a file.
  const create = (bytes: number) =>
    link === "worker"
      ? createSharedBuffer(bytes)
      : createSharedFile(bytes, { directory: directory! });
  using palette = create(SHADES.length);
  using image = create(width * height);
  using colors = await palette.map(); // Before the handle is read-only: this stays writable.
  colors.writeAt(0, SHADES);
  using pixels = await image.map();

  await using painter = await Invitation.spawn(
    PAINTER,
    link === "worker" ? { link } : {
      link,
      sharedFiles: directory!,
      config: new URL("../../deno.json", import.meta.url),
    },
  );
  painter.pipe.write(new Uint8Array(Uint16Array.of(width, height).buffer), [
    palette.duplicate({ readOnly: true }),
    image.duplicate(),
  ]);
  const reply = await painter.pipe.receive();
  if (reply === null) throw await painter.pipe.closed;
  const { access, refusal } = JSON.parse(new TextDecoder().decode(reply.data));

  const bytes = new Uint8Array(width * height);
  pixels.readAt(0, bytes);
  painted.push(new TextDecoder().decode(bytes));
  if (painted.length === 1) {
    for (let y = 0; y < height; y++) {
      console.log(painted[0]!.slice(y * width, (y + 1) * width));
    }
  }
  console.log(`${link}: painted ${access}; writing the palette: ${refusal}`);
}
if (painted[0] !== painted[1]) Deno.exitCode = 1;
