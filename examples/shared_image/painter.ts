/**
 * Paints the Mandelbrot set into an image that it shares with whoever sent it, with the colors of a palette
 * that it may only read.
 *
 * @module
 */
import { Invitation, SharedBuffer } from "@mage/ipc/child";

const { pipe } = await Invitation.accept();
for await (const message of pipe) {
  const [width = 0, height = 0] = new Uint16Array(message.data.slice().buffer);
  using palette = message.take(SharedBuffer);
  using image = message.take(SharedBuffer);
  using colors = await palette.map();
  using pixels = await image.map();

  // Shared memory can change at any moment: what is used more than once is copied first.
  const shades = new Uint8Array(colors.length), line = new Uint8Array(width);
  colors.readAt(0, shades);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const steps = escape(x / width * 3 - 2.25, y / height * 2.4 - 1.2);
      line[x] = shades[steps % shades.length]!;
    }
    pixels.writeAt(y * width, line);
  }

  let refusal = "nothing";
  try {
    colors.writeAt(0, shades);
  } catch (error) {
    refusal = String(error);
  }
  // Which of the two it is decides how far it reaches, so the type tells.
  const access = pixels.access === "memory"
    ? "in place, in memory"
    : "by calls, in a file";
  pipe.write(new TextEncoder().encode(JSON.stringify({ access, refusal })));
}

/** How many steps it takes a point of the plane to leave. */
function escape(re: number, im: number): number {
  let x = 0, y = 0, steps = 0;
  for (; steps < 60 && x * x + y * y < 4; steps++) {
    [x, y] = [x * x - y * y + re, 2 * x * y + im];
  }
  return steps;
}
