/** A color as TypeScript has it, for the struct of that name. @module */

/** `#rrggbb`, in small letters. */
export type Color = `#${string}`;

/** What the wire has of it. */
interface ColorWire {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

/** To the wire and back. */
export const Color: {
  toWire(value: Color): ColorWire;
  fromWire(wire: ColorWire): Color;
} = {
  toWire(value) {
    if (!/^#[0-9a-f]{6}$/.test(value)) throw new TypeError(`Not a color: ${value}`);
    const [red, green, blue] = [1, 3, 5].map((at) =>
      parseInt(value.slice(at, at + 2), 16)
    );
    return { red: red!, green: green!, blue: blue! };
  },
  fromWire({ red, green, blue }) {
    const digits = [red, green, blue].map((part) => part.toString(16).padStart(2, "0"));
    return `#${digits.join("")}`;
  },
};
