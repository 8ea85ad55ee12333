// Generated from forged_echo.magen by magen. Do not edit: change the source and generate again.
// deno-fmt-ignore-file
import {
  type CallOptions,
  type Decoder,
  type Encoder,
  type Implementation,
  type Incoming,
  type Interface,
  type MessagePipe,
  RemoteBase,
  type RemoteOptions,
} from "@mage/ipc/generated-v1";

/** The struct `Url`. */
export interface Url {
  /** `string href` */
  href: string;
}

/**
 * Reads {@linkcode Url}.
 *
 * @internal
 */
export function $readUrl(r: Decoder, label: string | number): Url {
  const at = r.openInner(label, 4);
  const hrefHead = r.u32At(at);
  const href = r.stringBody(hrefHead, "href");
  r.closeInner();
  return { href };
}

/**
 * Writes {@linkcode Url}.
 *
 * @internal
 */
export function $writeUrl(w: Encoder, value$: Url, label: string | number): void {
  w.object(value$, "Url", label);
  const { href } = value$;
  const at = w.openInner(label, 4);
  w.stringHeadAt(at, href, "href");
  w.stringBody(at, href, "href");
  w.closeInner(at);
}

/** The union `Value`. */
export type Value =
  | { readonly kind: "nothing"; readonly value?: boolean | undefined }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "list"; readonly value: Value[] }
  | { readonly kind: "object"; readonly value: Map<string, Value> };

/**
 * Reads {@linkcode Value}.
 *
 * @internal
 */
export function $readValue(r: Decoder, label: string | number): Value {
  const u = r.openUnion(label);
  let value$: Value;
  switch (r.tag) {
    case 0: {
      const isThere = r.flags(1) === 1;
      const bit = r.flags(isThere ? 1 : 0) === 1;
      value$ = { kind: "nothing", value: isThere ? bit : undefined };
      break;
    }
    case 1: {
      value$ = { kind: "boolean", value: r.flags(1) === 1 };
      break;
    }
    case 2: {
      value$ = { kind: "number", value: r.f64() };
      break;
    }
    case 3: {
      value$ = { kind: "text", value: r.text("text") };
      break;
    }
    case 4: {
      const memberCount = r.openArray(64, "list");
      const member: Value[] = new Array(memberCount);
      for (let i = 0; i < memberCount; i++) member[i] = $readValue(r, i);
      r.leave();
      value$ = { kind: "list", value: member };
      break;
    }
    case 5: {
      const memberCount = r.openMap(96, "object");
      const memberKeys: string[] = new Array(memberCount);
      for (let i = 0; i < memberCount; i++) memberKeys[i] = r.text(i);
      const member = new Map<string, Value>();
      for (let i = 0; i < memberCount; i++) member.set(memberKeys[i]!, $readValue(r, i));
      if (member.size !== memberCount) r.fail("map-key");
      r.leave();
      value$ = { kind: "object", value: member };
      break;
    }
    default:
      return r.fail("union-tag");
  }
  r.closeUnion(u);
  return value$;
}

/**
 * Writes {@linkcode Value}.
 *
 * @internal
 */
export function $writeValue(w: Encoder, value$: Value, label: string | number): void {
  w.object(value$, "Value", label);
  const { kind, value: member } = value$;
  switch (kind) {
    case "nothing": {
      const u = w.openUnion(0, label);
      w.flags(member == null ? 0 : 1);
      w.flags(member == null ? 0 : w.bit(member, "nothing"));
      w.closeUnion(u);
      break;
    }
    case "boolean": {
      const u = w.openUnion(1, label);
      w.flags(w.bit(member, "boolean"));
      w.closeUnion(u);
      break;
    }
    case "number": {
      const u = w.openUnion(2, label);
      w.f64(member, "number");
      w.closeUnion(u);
      break;
    }
    case "text": {
      const u = w.openUnion(3, label);
      w.text(member, "text");
      w.closeUnion(u);
      break;
    }
    case "list": {
      const u = w.openUnion(4, label);
      const memberCount = w.openArray(member, "list");
      for (let i = 0; i < memberCount; i++) $writeValue(w, member[i]!, i);
      w.leave();
      w.closeUnion(u);
      break;
    }
    case "object": {
      const u = w.openUnion(5, label);
      const [memberKeys, memberValues] = w.openMap(member, "object");
      for (let i = 0; i < memberKeys.length; i++) w.text(memberKeys[i]!, i);
      for (let i = 0; i < memberKeys.length; i++) $writeValue(w, memberValues[i]!, i);
      w.leave();
      w.closeUnion(u);
      break;
    }
    default:
      throw w.unknown("the kinds of Value", kind, label);
  }
}

/** The struct `BigInt`. */
export interface BigInt {
  /** `bool negative` */
  negative: boolean;
  /** `bytes magnitude` */
  magnitude: Uint8Array;
}

/**
 * Reads {@linkcode BigInt}.
 *
 * @internal
 */
export function $readBigInt(r: Decoder, label: string | number): BigInt {
  const at = r.openInner(label, 1);
  const flags0 = r.flagsAt(at, 0b1);
  const negative = (flags0 & 1) !== 0;
  const magnitude = r.byteString("magnitude");
  r.closeInner();
  return { negative, magnitude };
}

/**
 * Writes {@linkcode BigInt}.
 *
 * @internal
 */
export function $writeBigInt(w: Encoder, value$: BigInt, label: string | number): void {
  w.object(value$, "BigInt", label);
  const { negative, magnitude } = value$;
  const at = w.openInner(label, 1);
  w.flagsAt(at, w.bit(negative, "negative"));
  w.byteString(magnitude, "magnitude");
  w.closeInner(at);
}

/** The same on the wire, without anything that stands for the types. */
export interface Echo {
  /** Calls `Url`. */
  url(value: Url, options?: CallOptions): Promise<Echo_Url_Reply>;
  /** Calls `Value`. */
  value(value: Value, options?: CallOptions): Promise<Echo_Value_Reply>;
  /** Calls `BigInt`. */
  bigInt(value: BigInt, options?: CallOptions): Promise<Echo_BigInt_Reply>;
}

/** What {@linkcode Echo.url} resolves to. */
export interface Echo_Url_Reply {
  /** `Url value` */
  value: Url;
}

/** What {@linkcode Echo.value} resolves to. */
export interface Echo_Value_Reply {
  /** `Value value` */
  value: Value;
}

/** What {@linkcode Echo.bigInt} resolves to. */
export interface Echo_BigInt_Reply {
  /** `BigInt value` */
  value: BigInt;
}

class EchoRemote extends RemoteBase implements Echo {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(Echo, pipe, options);
  }

  url(value: Url, options?: CallOptions): Promise<Echo_Url_Reply> {
    const w = this.$begin(0x3a9530f3, true);
    try {
      const at = w.openStruct(0);
      $writeUrl(w, value, "value");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x3a9530f3, readEcho_Url_Reply, options);
  }

  value(value: Value, options?: CallOptions): Promise<Echo_Value_Reply> {
    const w = this.$begin(0x564a89a5, true);
    try {
      const at = w.openStruct(0);
      $writeValue(w, value, "value");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x564a89a5, readEcho_Value_Reply, options);
  }

  bigInt(value: BigInt, options?: CallOptions): Promise<Echo_BigInt_Reply> {
    const w = this.$begin(0x5340810b, true);
    try {
      const at = w.openStruct(0);
      $writeBigInt(w, value, "value");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x5340810b, readEcho_BigInt_Reply, options);
  }
}

function readEcho_Url_Reply(r: Decoder): Echo_Url_Reply {
  const s = r.openStruct();
  const value = $readUrl(r, "value");
  r.closeStruct(s);
  return { value };
}

function writeEcho_Url_Reply(w: Encoder, value$: Echo_Url_Reply): void {
  if (typeof value$ !== "object" || value$ === null) {
    throw new TypeError(
      `The reply of Echo.Url must be an object: received ${String(value$)}`,
    );
  }
  const { value } = value$;
  const at = w.openStruct(0);
  $writeUrl(w, value, "value");
  w.closeStruct(at);
}

function readEcho_Value_Reply(r: Decoder): Echo_Value_Reply {
  const s = r.openStruct();
  const value = $readValue(r, "value");
  r.closeStruct(s);
  return { value };
}

function writeEcho_Value_Reply(w: Encoder, value$: Echo_Value_Reply): void {
  if (typeof value$ !== "object" || value$ === null) {
    throw new TypeError(
      `The reply of Echo.Value must be an object: received ${String(value$)}`,
    );
  }
  const { value } = value$;
  const at = w.openStruct(0);
  $writeValue(w, value, "value");
  w.closeStruct(at);
}

function readEcho_BigInt_Reply(r: Decoder): Echo_BigInt_Reply {
  const s = r.openStruct();
  const value = $readBigInt(r, "value");
  r.closeStruct(s);
  return { value };
}

function writeEcho_BigInt_Reply(w: Encoder, value$: Echo_BigInt_Reply): void {
  if (typeof value$ !== "object" || value$ === null) {
    throw new TypeError(
      `The reply of Echo.BigInt must be an object: received ${String(value$)}`,
    );
  }
  const { value } = value$;
  const at = w.openStruct(0);
  $writeBigInt(w, value, "value");
  w.closeStruct(at);
}

function dispatchEcho(impl: Implementation<Echo>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x3a9530f3: {
      const s = r.openStruct();
      const value = $readUrl(r, "value");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.url(value), writeEcho_Url_Reply);
      return;
    }
    case 0x564a89a5: {
      const s = r.openStruct();
      const value = $readValue(r, "value");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.value(value), writeEcho_Value_Reply);
      return;
    }
    case 0x5340810b: {
      const s = r.openStruct();
      const value = $readBigInt(r, "value");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.bigInt(value), writeEcho_BigInt_Reply);
      return;
    }
    default:
      call.unknownMethod();
  }
}

/** {@linkcode Echo} as a value, for `new Remote(Echo, pipe)` and the like. */
export const Echo: Interface<Echo> = {
  name: "std_test.Echo",
  methods: [
    [0x3a9530f3, "Url"],
    [0x564a89a5, "Value"],
    [0x5340810b, "BigInt"],
  ],
  Remote: EchoRemote,
  dispatch: dispatchEcho,
};
