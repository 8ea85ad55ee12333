import { assertEquals } from "@std/assert";
import type { Method } from "../../idl/mod.ts";
import { methodId } from "../../idl/meaning/method_id.ts";
import { codesOf, definitionOf, valueText } from "./findings.ts";

function methodsOf(source: string): readonly Method[] {
  return definitionOf(source, "interface", "I").methods;
}

function idsOf(source: string): number[] {
  return methodsOf(source).map(({ id }) => id);
}

Deno.test("an id is made of the full name, or is what stands behind @", () => {
  assertEquals(idsOf("interface I { M(); N(); };"), [
    methodId("I", "M"),
    methodId("I", "N"),
  ]);
  assertEquals(idsOf("module a.b; interface I { M(); };"), [methodId("a.b.I", "M")]);
  assertEquals(idsOf("interface I { M@7(); N@0(); };"), [7, 0]);
});

Deno.test("[RenamedFrom] keeps the ids", () => {
  const source =
    'module a; [RenamedFrom="a.Old"] interface I { [RenamedFrom="M"] N(); O(); };';
  assertEquals(idsOf(source), [methodId("a.Old", "M"), methodId("a.Old", "O")]);
  const twice = 'interface I { M(); [RenamedFrom="M"] N(); };';
  assertEquals(codesOf(twice), ["E0305"]);
});

Deno.test("explicit ids are all or none, and apart", () => {
  assertEquals(codesOf("interface I { M@1(); N(); };"), ["E0303"]);
  assertEquals(codesOf("interface I { M@1(); N@1(); };"), ["E0305"]);
  assertEquals(codesOf("interface I { M@2147483631(); };"), []);
  assertEquals(codesOf("interface I { M@2147483632(); };"), ["E0305"]);
  // Events go the other way, so their ids are their own.
  assertEquals(codesOf("interface I { M@1(); event E@1(); };"), []);
  assertEquals(codesOf("interface I { M@1(); event E(); };"), []);
  assertEquals(codesOf("interface I { event E@1(); event F(); };"), ["E0303"]);
});

Deno.test("methods and events have names of their own", () => {
  assertEquals(codesOf("interface I { M(); event M(); };"), ["E0302"]);
  assertEquals(codesOf("interface I { DoIt(); event do_it(); };"), ["E0308"]);
});

Deno.test("a method answers values, one thing or the other, or a stream", () => {
  const source = `interface I { A(); B() => (); C() => (int a, string? b); enum E { kX };
    D() => result<string, E>; F() => result<(int a, int b), E>; G() => result<(), string?>;
    H(int a) => stream<bytes>; };`;
  const replies = methodsOf(source).map(({ reply }) => {
    switch (reply?.kind) {
      case undefined:
        return "";
      case "values":
        return reply.fields.map(valueText).join();
      case "stream":
        return `stream ${valueText(reply.item)}`;
      case "result": {
        const ok = "type" in reply.ok
          ? valueText(reply.ok)
          : reply.ok.map(valueText).join();
        return `${ok} / ${valueText(reply.error)}`;
      }
    }
  });
  assertEquals(replies, [
    "",
    "",
    "i32,string?",
    "string / enum I.E",
    "i32,i32 / enum I.E",
    " / string?",
    "stream bytes",
  ]);
});

Deno.test("the version of an interface is the largest of anything in it", () => {
  const version = (items: string) =>
    definitionOf(`interface I { ${items} };`, "interface", "I").version;
  assertEquals(version("M();"), 0);
  assertEquals(version("[MinVersion=3] M(); N();"), 3);
  assertEquals(version("M(int a, [MinVersion=4] int b);"), 4);
  assertEquals(version("M() => (int a, [MinVersion=5] int b);"), 5);
  assertEquals(version("M() => result<(int a, [MinVersion=6] int b), int>;"), 6);
  assertEquals(version("event E([MinVersion=7] int? a);"), 7);
});

Deno.test("attributes of methods and events are in the model", () => {
  const source = `const int kSecond = 1000;
    [Extensible, Stable, Deprecated="use */ J"] interface I {
      [Timeout=kSecond, MaxMessageSize=4096, Deprecated, MinVersion=2] M() => (int a);
      [MaxMessageSize=64] event E();
    };`;
  const { isExtensible, isStable, deprecated, methods, events } = definitionOf(
    source,
    "interface",
    "I",
  );
  assertEquals([isExtensible, isStable, deprecated], [true, true, "use *\\/ J"]);
  const { timeoutMs, maxMessageBytes, minVersion, deprecated: empty } = methods[0]!;
  assertEquals([timeoutMs, maxMessageBytes, minVersion, empty], [1000, 4096, 2, ""]);
  assertEquals(events[0]!.maxMessageBytes, 64);
});

Deno.test("a timeout needs something to wait for, and has an end", () => {
  const code = (text: string) => codesOf(`interface I { ${text}; };`);
  assertEquals(code("[Timeout=5] M()"), ["E0317"]);
  assertEquals(code("[Timeout=5] M() => stream<int>"), ["E0317"]);
  assertEquals(code("[Timeout=5] M() => result<int, int>"), []);
  assertEquals(code("[Timeout=0] M() => ()"), ["E0211"]);
  assertEquals(code("[Timeout=2147483648] M() => ()"), ["E0211"]);
  assertEquals(code("[MaxMessageSize=19] M()"), ["E0211"]);
});

Deno.test("an interface that is there twice is checked, and claims nothing", () => {
  const source =
    "interface I { M() => (int a); }; interface I { M() => (itn a); N(); N(); };";
  assertEquals(codesOf(source), ["E0202", "E0205", "E0302"]);
});

Deno.test("[RuntimeFeature] names a feature", () => {
  const feature = "feature kFast { const bool default_state = false; };";
  const use = "interface I { [RuntimeFeature=kFast] M(); };";
  assertEquals(codesOf(feature + use), ["W0321"]);
  assertEquals(codesOf(use), ["E0222"]);
  assertEquals(codesOf(`const int kFast = 1; ${use}`), ["E0222"]);
});

Deno.test("a method whose name leads to a reserved id needs another one", () => {
  // One of a hundred million names does.
  assertEquals(codesOf("interface Bell { Ring118985343(); };"), ["E0305"]);
  assertEquals(codesOf("interface Bell { event Ring118985343(); };"), ["E0305"]);
  assertEquals(codesOf("interface Bell { Ring118985343@5(); };"), []);
});
