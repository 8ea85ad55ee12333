import { assert, assertEquals } from "@std/assert";
import { applyMutation, describeMutation, findMutations } from "./mutation.ts";

const SOURCE = `export function least(one: number, other: number): number {
  if (one < other && !isNaN(one)) return one;
  note(other);
  return other > 8 ? 8 : other;
}
`;

Deno.test("findMutations finds each kind of change, and applyMutation makes it", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${root}/least.ts`, SOURCE);
    const changed = (kind: string) =>
      findMutations(root, ["least.ts"]).filter((mutation) => mutation.kind === kind)
        .map((mutation) => {
          const lines = applyMutation(SOURCE, mutation).split("\n");
          const [place] = describeMutation(mutation).split(" ");
          assertEquals(place, `least.ts:${mutation.line}:${mutation.column}`);
          return lines[mutation.line - 1]!.trim();
        });
    assertEquals(changed("comparison flipped"), [
      "if (one <= other && !isNaN(one)) return one;",
      "return other >= 8 ? 8 : other;",
    ]);
    assertEquals(changed("and for or"), ["if (one < other || !isNaN(one)) return one;"]);
    assertEquals(changed("condition dropped"), ["if (true) return one;"]);
    assertEquals(changed("check dropped"), [";"]);
    assertEquals(changed("statement dropped"), [";"]);
    assertEquals(changed("constant off by one"), [
      "return other > 9 ? 8 : other;",
      "return other > 8 ? 9 : other;",
    ]);
    assertEquals(changed("condition negated").sort(), [
      "if (!(one < other && !isNaN(one))) return one;",
      "if (one < other && isNaN(one)) return one;",
      "return !(other > 8) ? 8 : other;",
    ]);
    const all = findMutations(root, ["least.ts"]).map(describeMutation);
    assertEquals(new Set(all).size, all.length);
    assert(all.every((text) => !text.includes("\n")));
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
