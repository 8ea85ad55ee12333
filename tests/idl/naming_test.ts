import { assertEquals } from "@std/assert";
import {
  innerName,
  keyName,
  lowerCamel,
  memberName,
  memberTag,
  methodName,
  typeName,
  valueName,
} from "../../idl/meaning/naming.ts";

Deno.test("names become lower camel case, and acronyms are words", () => {
  const cases = {
    SendMoney: "sendMoney",
    FetchURL: "fetchURL",
    URLFetch: "urlFetch",
    URL: "url",
    A: "a",
    my_int: "myInt",
    is_first_name: "isFirstName",
    Method1: "method1",
    already: "already",
    Fetch_URL: "fetchURL",
    MAX_SIZE: "maxSize",
    a__b: "aB",
    ID2: "id2",
  };
  for (const [name, camel] of Object.entries(cases)) {
    assertEquals(lowerCamel(name), camel);
  }
});

Deno.test("underscores stay where they matter", () => {
  assertEquals(lowerCamel("_private_thing_"), "_privateThing_");
  assertEquals(lowerCamel("__proto__"), "__proto__");
  assertEquals(lowerCamel("___"), "___");
  assertEquals(lowerCamel("v1_2"), "v1_2");
  assertEquals(lowerCamel("v12"), "v12");
  assertEquals(lowerCamel("v1_a"), "v1A");
});

Deno.test("names of members and of types are taken in different ways", () => {
  assertEquals(memberName("Delete"), { name: "delete_", taken: "delete" });
  assertEquals(methodName("Delete"), { name: "delete", taken: undefined });
  assertEquals(methodName("New"), { name: "new_", taken: "new" });
  assertEquals(methodName("Then"), { name: "then_", taken: "then" });
  assertEquals(memberName("Number"), { name: "number", taken: undefined });
  assertEquals(typeName("number"), { name: "number_", taken: "number" });
  assertEquals(typeName("then"), { name: "then", taken: undefined });
});

Deno.test("values of enums lose the k of C++, and nothing else", () => {
  const cases = {
    kFooBar: "FooBar",
    kURL: "URL",
    k9: "k9",
    kind: "kind",
    FOO: "FOO",
    k: "k",
  };
  for (const [name, value] of Object.entries(cases)) {
    assertEquals(valueName(name), { name: value, taken: undefined });
  }
  assertEquals(valueName("__proto__"), { name: "__proto___", taken: "__proto__" });
});

Deno.test("keys and tags are no names of JavaScript", () => {
  assertEquals(keyName("kDefault").name, "kDefault");
  assertEquals(keyName("class").taken, undefined);
  assertEquals(memberTag("ByDefault"), { name: "byDefault", taken: undefined });
  assertEquals(memberTag("default").taken, undefined);
  assertEquals(innerName("Header", "Kind"), "Header_Kind");
});
