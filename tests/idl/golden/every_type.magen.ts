// Generated from every_type.magen by magen. Do not edit: change the source and generate again.
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
  readPipe as readPipe$,
  writePipe as writePipe$,
} from "@mage/ipc/generated-v1";

/**
 * One of everything, as a parameter and in a reply, and names that generated code uses itself.
 */
export interface EveryType {
  /** Calls `Numbers`. */
  numbers(
    a: number,
    b: number,
    c: number,
    d: number,
    e: number,
    f: number,
    g: bigint,
    h: bigint,
    i: number,
    j: number,
    options?: CallOptions,
  ): Promise<EveryType_Numbers_Reply>;
  /** Calls `Optionals`. */
  optionals(
    a: boolean | undefined,
    b: number | undefined,
    c: string | undefined,
    d: Uint8Array | undefined,
    e: MessagePipe | undefined,
    f: Int32Array | readonly number[] | undefined,
    g: boolean,
    h?: number | undefined,
    i?: boolean | undefined,
    j?: boolean | undefined,
    options?: CallOptions,
  ): Promise<EveryType_Optionals_Reply>;
  /** Calls `Arrays`. */
  arrays(
    a: readonly boolean[],
    b: readonly (boolean | undefined)[],
    c: readonly string[],
    d: readonly (string | undefined)[],
    e: readonly Uint8Array[],
    f: readonly MessagePipe[],
    g: readonly (MessagePipe | undefined)[],
    h: readonly (bigint | undefined)[],
    i: readonly Int32Array[],
    j: readonly (readonly (readonly (boolean | undefined)[] | undefined)[] | undefined)[],
    options?: CallOptions,
  ): Promise<EveryType_Arrays_Reply>;
  /** Calls `OwnNames`. */
  ownNames(
    w: number,
    r: number,
    s: number,
    call: number,
    impl: string,
    options: boolean,
    error: boolean | undefined,
    value: Int32Array | readonly number[],
    i: readonly Int32Array[],
    url: string,
    urlHead: number,
    writePipe: MessagePipe,
    readPipe: Uint8Array,
    options$?: CallOptions,
  ): Promise<EveryType_OwnNames_Reply>;
  /** Sends `Nothing`. */
  nothing(): void;
}

/** What {@linkcode EveryType.numbers} resolves to. */
export interface EveryType_Numbers_Reply {
  /** `int8 a` */
  a: number;
  /** `uint8 b` */
  b: number;
  /** `int16 c` */
  c: number;
  /** `uint16 d` */
  d: number;
  /** `int32 e` */
  e: number;
  /** `uint32 f` */
  f: number;
  /** `int64 g` */
  g: bigint;
  /** `uint64 h` */
  h: bigint;
  /** `float i` */
  i: number;
  /** `double j` */
  j: number;
}

/** What {@linkcode EveryType.optionals} resolves to. */
export interface EveryType_Optionals_Reply {
  /** `bool? a` */
  a?: boolean | undefined;
  /** `int32? b` */
  b?: number | undefined;
  /** `string? c` */
  c?: string | undefined;
  /** `bytes? d` */
  d?: Uint8Array | undefined;
  /** `MessagePipe? e` */
  e?: MessagePipe | undefined;
  /** `array<int32>? f` */
  f?: Int32Array | undefined;
  /** `bool g` */
  g: boolean;
  /** `uint8? h` */
  h?: number | undefined;
  /** `bool? i` */
  i?: boolean | undefined;
  /** `bool? j` */
  j?: boolean | undefined;
}

/** What {@linkcode EveryType.arrays} resolves to. */
export interface EveryType_Arrays_Reply {
  /** `array<bool> a` */
  a: boolean[];
  /** `array<bool?> b` */
  b: (boolean | undefined)[];
  /** `array<string> c` */
  c: string[];
  /** `array<string?> d` */
  d: (string | undefined)[];
  /** `array<bytes> e` */
  e: Uint8Array[];
  /** `array<MessagePipe> f` */
  f: MessagePipe[];
  /** `array<MessagePipe?> g` */
  g: (MessagePipe | undefined)[];
  /** `array<uint64?> h` */
  h: (bigint | undefined)[];
  /** `array<array<int32>> i` */
  i: Int32Array[];
  /** `array<array<array<bool?>?>?> j` */
  j: (((boolean | undefined)[] | undefined)[] | undefined)[];
}

/** What {@linkcode EveryType.ownNames} resolves to. */
export interface EveryType_OwnNames_Reply {
  /** `int32 w` */
  w: number;
  /** `int32 r` */
  r: number;
  /** `int32 s` */
  s: number;
  /** `int32 call` */
  call: number;
  /** `string impl` */
  impl: string;
  /** `bool options` */
  options: boolean;
  /** `bool? error` */
  error?: boolean | undefined;
  /** `array<int32> value` */
  value: Int32Array;
  /** `array<array<int32>> i` */
  i: Int32Array[];
  /** `string url` */
  url: string;
  /** `int32 url_head` */
  urlHead: number;
  /** `MessagePipe write_pipe` */
  writePipe: MessagePipe;
  /** `bytes read_pipe` */
  readPipe: Uint8Array;
}

class EveryTypeRemote extends RemoteBase implements EveryType {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(EveryType, pipe, options);
  }

  numbers(
    a: number,
    b: number,
    c: number,
    d: number,
    e: number,
    f: number,
    g: bigint,
    h: bigint,
    i: number,
    j: number,
    options?: CallOptions,
  ): Promise<EveryType_Numbers_Reply> {
    const w = this.$begin(0x7782e3f1, true);
    try {
      const at = w.openStruct(42);
      w.i8At(at, a, "a");
      w.u8At(at + 1, b, "b");
      w.i16At(at + 2, c, "c");
      w.u16At(at + 4, d, "d");
      w.i32At(at + 6, e, "e");
      w.u32At(at + 10, f, "f");
      w.i64At(at + 14, g, "g");
      w.u64At(at + 22, h, "h");
      w.f32At(at + 30, i, "i");
      w.f64At(at + 34, j, "j");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x7782e3f1, readEveryType_Numbers_Reply, options);
  }

  optionals(
    a: boolean | undefined,
    b: number | undefined,
    c: string | undefined,
    d: Uint8Array | undefined,
    e: MessagePipe | undefined,
    f: Int32Array | readonly number[] | undefined,
    g: boolean,
    h?: number | undefined,
    i?: boolean | undefined,
    j?: boolean | undefined,
    options?: CallOptions,
  ): Promise<EveryType_Optionals_Reply> {
    const w = this.$begin(0x5be44572, true);
    try {
      const at = w.openStruct(2, 13);
      w.flagsAt(at, 
        (a == null ? 0 : 1) |
        (a == null ? 0 : w.bit(a, "a") << 1) |
        (b == null ? 0 : 4) |
        (c == null ? 0 : 8) |
        (d == null ? 0 : 16) |
        (e == null ? 0 : 32) |
        (f == null ? 0 : 64) |
        (w.bit(g, "g") << 7),
      );
      w.flagsAt(at + 1, 
        (h == null ? 0 : 1) |
        (i == null ? 0 : 2) |
        (i == null ? 0 : w.bit(i, "i") << 2) |
        (j == null ? 0 : 8) |
        (j == null ? 0 : w.bit(j, "j") << 4),
      );
      if (b != null) w.i32(b, "b");
      const cHead = c == null ? 0 : w.stringHead(c, "c");
      if (e != null) writePipe$(w, e, "e");
      if (h != null) w.u8(h, "h");
      if (c != null) w.stringBody(cHead, c, "c");
      if (d != null) w.byteString(d, "d");
      if (f != null) w.numbers("i32", f, "f");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x5be44572, readEveryType_Optionals_Reply, options);
  }

  arrays(
    a: readonly boolean[],
    b: readonly (boolean | undefined)[],
    c: readonly string[],
    d: readonly (string | undefined)[],
    e: readonly Uint8Array[],
    f: readonly MessagePipe[],
    g: readonly (MessagePipe | undefined)[],
    h: readonly (bigint | undefined)[],
    i: readonly Int32Array[],
    j: readonly (readonly (readonly (boolean | undefined)[] | undefined)[] | undefined)[],
    options?: CallOptions,
  ): Promise<EveryType_Arrays_Reply> {
    const w = this.$begin(0x779a7268, true);
    try {
      const at = w.openStruct(0);
      const aCount = w.openArray(a, "a");
      const aBits = w.openBits(aCount);
      for (let i$ = 0; i$ < aCount; i$++) if (w.bit(a[i$]!, i$) === 1) w.setBit(aBits, i$);
      w.leave();
      const bCount = w.openArray(b, "b");
      const bPresence = w.openBits(bCount);
      const bBits = w.openBits(bCount);
      for (let i$ = 0; i$ < bCount; i$++) {
        const item = b[i$];
        if (item == null) continue;
        w.setBit(bPresence, i$);
        if (w.bit(item, i$) === 1) w.setBit(bBits, i$);
      }
      w.leave();
      const cCount = w.openArray(c, "c");
      for (let i$ = 0; i$ < cCount; i$++) w.text(c[i$]!, i$);
      w.leave();
      const dCount = w.openArray(d, "d");
      const dPresence = w.openBits(dCount);
      for (let i$ = 0; i$ < dCount; i$++) {
        const item = d[i$];
        if (item == null) continue;
        w.setBit(dPresence, i$);
        w.text(item, i$);
      }
      w.leave();
      const eCount = w.openArray(e, "e");
      for (let i$ = 0; i$ < eCount; i$++) w.byteString(e[i$]!, i$);
      w.leave();
      const fCount = w.openArray(f, "f");
      w.need(fCount * 4);
      for (let i$ = 0; i$ < fCount; i$++) writePipe$(w, f[i$]!, i$);
      w.leave();
      const gCount = w.openArray(g, "g");
      const gPresence = w.openBits(gCount);
      w.need(gCount * 4);
      for (let i$ = 0; i$ < gCount; i$++) {
        const item = g[i$];
        if (item == null) continue;
        w.setBit(gPresence, i$);
        writePipe$(w, item, i$);
      }
      w.leave();
      const hCount = w.openArray(h, "h");
      const hPresence = w.openBits(hCount);
      w.need(hCount * 8);
      for (let i$ = 0; i$ < hCount; i$++) {
        const item = h[i$];
        if (item == null) continue;
        w.setBit(hPresence, i$);
        w.u64(item, i$);
      }
      w.leave();
      const iCount = w.openArray(i, "i");
      for (let i$ = 0; i$ < iCount; i$++) {
        const item = i[i$]!;
        w.numbers("i32", item, i$);
      }
      w.leave();
      const jCount = w.openArray(j, "j");
      const jPresence = w.openBits(jCount);
      for (let i$ = 0; i$ < jCount; i$++) {
        const item = j[i$];
        if (item == null) continue;
        w.setBit(jPresence, i$);
        const itemCount = w.openArray(item, i$);
        const itemPresence = w.openBits(itemCount);
        for (let i1 = 0; i1 < itemCount; i1++) {
          const item1 = item[i1];
          if (item1 == null) continue;
          w.setBit(itemPresence, i1);
          const item1Count = w.openArray(item1, i1);
          const item1Presence = w.openBits(item1Count);
          const item1Bits = w.openBits(item1Count);
          for (let i2 = 0; i2 < item1Count; i2++) {
            const item2 = item1[i2];
            if (item2 == null) continue;
            w.setBit(item1Presence, i2);
            if (w.bit(item2, i2) === 1) w.setBit(item1Bits, i2);
          }
          w.leave();
        }
        w.leave();
      }
      w.leave();
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x779a7268, readEveryType_Arrays_Reply, options);
  }

  ownNames(
    w: number,
    r: number,
    s: number,
    call: number,
    impl: string,
    options: boolean,
    error: boolean | undefined,
    value: Int32Array | readonly number[],
    i: readonly Int32Array[],
    url: string,
    urlHead: number,
    writePipe: MessagePipe,
    readPipe: Uint8Array,
    options$?: CallOptions,
  ): Promise<EveryType_OwnNames_Reply> {
    const w$ = this.$begin(0x17db22b2, true);
    try {
      const at = w$.openStruct(29, 4);
      w$.flagsAt(at, 
        w$.bit(options, "options") |
        (error == null ? 0 : 2) |
        (error == null ? 0 : w$.bit(error, "error") << 2),
      );
      w$.i32At(at + 1, w, "w");
      w$.i32At(at + 5, r, "r");
      w$.i32At(at + 9, s, "s");
      w$.i32At(at + 13, call, "call");
      w$.stringHeadAt(at + 17, impl, "impl");
      w$.stringHeadAt(at + 21, url, "url");
      w$.i32At(at + 25, urlHead, "urlHead");
      writePipe$(w$, writePipe, "writePipe");
      w$.stringBody(at + 17, impl, "impl");
      w$.numbers("i32", value, "value");
      const iCount = w$.openArray(i, "i");
      for (let i$ = 0; i$ < iCount; i$++) {
        const item = i[i$]!;
        w$.numbers("i32", item, i$);
      }
      w$.leave();
      w$.stringBody(at + 21, url, "url");
      w$.byteString(readPipe, "readPipe");
      w$.closeStruct(at);
    } catch (error$) {
      throw w$.cancel(error$);
    }
    return this.$call(w$, 0x17db22b2, readEveryType_OwnNames_Reply, options$);
  }

  nothing(): void {
    const w = this.$begin(0x5903f705, false);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }
}

function readEveryType_Numbers_Reply(r: Decoder): EveryType_Numbers_Reply {
  const s = r.openStruct();
  const at = r.advance(42);
  const a = r.i8At(at);
  const b = r.u8At(at + 1);
  const c = r.i16At(at + 2);
  const d = r.u16At(at + 4);
  const e = r.i32At(at + 6);
  const f = r.u32At(at + 10);
  const g = r.i64At(at + 14);
  const h = r.u64At(at + 22);
  const i = r.f32At(at + 30);
  const j = r.f64At(at + 34);
  r.closeStruct(s);
  return { a, b, c, d, e, f, g, h, i, j };
}

function writeEveryType_Numbers_Reply(w: Encoder, value: EveryType_Numbers_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of EveryType.Numbers must be an object: received ${String(value)}`,
    );
  }
  const { a, b, c, d, e, f, g, h, i, j } = value;
  const at = w.openStruct(42);
  w.i8At(at, a, "a");
  w.u8At(at + 1, b, "b");
  w.i16At(at + 2, c, "c");
  w.u16At(at + 4, d, "d");
  w.i32At(at + 6, e, "e");
  w.u32At(at + 10, f, "f");
  w.i64At(at + 14, g, "g");
  w.u64At(at + 22, h, "h");
  w.f32At(at + 30, i, "i");
  w.f64At(at + 34, j, "j");
  w.closeStruct(at);
}

function readEveryType_Optionals_Reply(r: Decoder): EveryType_Optionals_Reply {
  const s = r.openStruct();
  const at = r.advance(2);
  const flags0 = r.flagsAt(at, 0b11111111);
  const flags1 = r.flagsAt(at + 1, 0b11111);
  if ((flags0 & 1) === 0 && (flags0 & 2) !== 0) r.fail("flags", "a");
  const a = (flags0 & 1) === 0 ? undefined : (flags0 & 2) !== 0;
  const b = (flags0 & 4) === 0 ? undefined : r.i32();
  const cHead = (flags0 & 8) === 0 ? 0 : r.stringHead();
  const e = (flags0 & 32) === 0 ? undefined : readPipe$(r, "e");
  const g = (flags0 & 128) !== 0;
  const h = (flags1 & 1) === 0 ? undefined : r.u8();
  if ((flags1 & 2) === 0 && (flags1 & 4) !== 0) r.fail("flags", "i");
  const i = (flags1 & 2) === 0 ? undefined : (flags1 & 4) !== 0;
  if ((flags1 & 8) === 0 && (flags1 & 16) !== 0) r.fail("flags", "j");
  const j = (flags1 & 8) === 0 ? undefined : (flags1 & 16) !== 0;
  const c = (flags0 & 8) === 0 ? undefined : r.stringBody(cHead, "c");
  const d = (flags0 & 16) === 0 ? undefined : r.byteString("d");
  const f = (flags0 & 64) === 0 ? undefined : r.numbers("i32", "f");
  r.closeStruct(s);
  return { a, b, c, d, e, f, g, h, i, j };
}

function writeEveryType_Optionals_Reply(
  w: Encoder,
  value: EveryType_Optionals_Reply,
): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of EveryType.Optionals must be an object: received ${String(value)}`,
    );
  }
  const { a, b, c, d, e, f, g, h, i, j } = value;
  const at = w.openStruct(2, 13);
  w.flagsAt(at, 
    (a == null ? 0 : 1) |
    (a == null ? 0 : w.bit(a, "a") << 1) |
    (b == null ? 0 : 4) |
    (c == null ? 0 : 8) |
    (d == null ? 0 : 16) |
    (e == null ? 0 : 32) |
    (f == null ? 0 : 64) |
    (w.bit(g, "g") << 7),
  );
  w.flagsAt(at + 1, 
    (h == null ? 0 : 1) |
    (i == null ? 0 : 2) |
    (i == null ? 0 : w.bit(i, "i") << 2) |
    (j == null ? 0 : 8) |
    (j == null ? 0 : w.bit(j, "j") << 4),
  );
  if (b != null) w.i32(b, "b");
  const cHead = c == null ? 0 : w.stringHead(c, "c");
  if (e != null) writePipe$(w, e, "e");
  if (h != null) w.u8(h, "h");
  if (c != null) w.stringBody(cHead, c, "c");
  if (d != null) w.byteString(d, "d");
  if (f != null) w.numbers("i32", f, "f");
  w.closeStruct(at);
}

function readEveryType_Arrays_Reply(r: Decoder): EveryType_Arrays_Reply {
  const s = r.openStruct();
  const aCount = r.openArray(1, "a");
  const a: boolean[] = new Array(aCount);
  const aBits = r.bits(aCount);
  for (let i$ = 0; i$ < aCount; i$++) a[i$] = r.isSet(aBits, i$);
  r.leave();
  const bCount = r.openArray(2, "b");
  const b: (boolean | undefined)[] = new Array(bCount);
  const bPresence = r.bits(bCount);
  const bBits = r.bits(bCount);
  for (let i$ = 0; i$ < bCount; i$++) {
    if (!r.isSet(bPresence, i$) && r.isSet(bBits, i$)) r.fail("flags", i$);
    b[i$] = r.isSet(bPresence, i$) ? r.isSet(bBits, i$) : undefined;
  }
  r.leave();
  const cCount = r.openArray(32, "c");
  const c: string[] = new Array(cCount);
  for (let i$ = 0; i$ < cCount; i$++) c[i$] = r.text(i$);
  r.leave();
  const dCount = r.openArray(1, "d");
  const d: (string | undefined)[] = new Array(dCount);
  const dPresence = r.bits(dCount);
  for (let i$ = 0; i$ < dCount; i$++) d[i$] = r.isSet(dPresence, i$) ? r.text(i$) : undefined;
  r.leave();
  const eCount = r.openArray(32, "e");
  const e: Uint8Array[] = new Array(eCount);
  for (let i$ = 0; i$ < eCount; i$++) e[i$] = r.byteString(i$);
  r.leave();
  const fCount = r.openArray(32, "f");
  const f: MessagePipe[] = new Array(fCount);
  for (let i$ = 0; i$ < fCount; i$++) f[i$] = readPipe$(r, i$);
  r.leave();
  const gCount = r.openArray(1, "g");
  const g: (MessagePipe | undefined)[] = new Array(gCount);
  const gPresence = r.bits(gCount);
  for (let i$ = 0; i$ < gCount; i$++) g[i$] = r.isSet(gPresence, i$) ? readPipe$(r, i$) : undefined;
  r.leave();
  const hCount = r.openArray(1, "h");
  const h: (bigint | undefined)[] = new Array(hCount);
  const hPresence = r.bits(hCount);
  for (let i$ = 0; i$ < hCount; i$++) h[i$] = r.isSet(hPresence, i$) ? r.u64() : undefined;
  r.leave();
  const iCount = r.openArray(32, "i");
  const i: Int32Array[] = new Array(iCount);
  for (let i$ = 0; i$ < iCount; i$++) i[i$] = r.numbers("i32", i$);
  r.leave();
  const jCount = r.openArray(1, "j");
  const j: (((boolean | undefined)[] | undefined)[] | undefined)[] = new Array(jCount);
  const jPresence = r.bits(jCount);
  for (let i$ = 0; i$ < jCount; i$++) {
    if (!r.isSet(jPresence, i$)) {
      j[i$] = undefined;
      continue;
    }
    const itemCount = r.openArray(1, i$);
    const item: ((boolean | undefined)[] | undefined)[] = new Array(itemCount);
    const itemPresence = r.bits(itemCount);
    for (let i1 = 0; i1 < itemCount; i1++) {
      if (!r.isSet(itemPresence, i1)) {
        item[i1] = undefined;
        continue;
      }
      const item1Count = r.openArray(2, i1);
      const item1: (boolean | undefined)[] = new Array(item1Count);
      const item1Presence = r.bits(item1Count);
      const item1Bits = r.bits(item1Count);
      for (let i2 = 0; i2 < item1Count; i2++) {
        if (!r.isSet(item1Presence, i2) && r.isSet(item1Bits, i2)) r.fail("flags", i2);
        item1[i2] = r.isSet(item1Presence, i2) ? r.isSet(item1Bits, i2) : undefined;
      }
      r.leave();
      item[i1] = item1;
    }
    r.leave();
    j[i$] = item;
  }
  r.leave();
  r.closeStruct(s);
  return { a, b, c, d, e, f, g, h, i, j };
}

function writeEveryType_Arrays_Reply(w: Encoder, value: EveryType_Arrays_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of EveryType.Arrays must be an object: received ${String(value)}`,
    );
  }
  const { a, b, c, d, e, f, g, h, i, j } = value;
  const at = w.openStruct(0);
  const aCount = w.openArray(a, "a");
  const aBits = w.openBits(aCount);
  for (let i$ = 0; i$ < aCount; i$++) if (w.bit(a[i$]!, i$) === 1) w.setBit(aBits, i$);
  w.leave();
  const bCount = w.openArray(b, "b");
  const bPresence = w.openBits(bCount);
  const bBits = w.openBits(bCount);
  for (let i$ = 0; i$ < bCount; i$++) {
    const item = b[i$];
    if (item == null) continue;
    w.setBit(bPresence, i$);
    if (w.bit(item, i$) === 1) w.setBit(bBits, i$);
  }
  w.leave();
  const cCount = w.openArray(c, "c");
  for (let i$ = 0; i$ < cCount; i$++) w.text(c[i$]!, i$);
  w.leave();
  const dCount = w.openArray(d, "d");
  const dPresence = w.openBits(dCount);
  for (let i$ = 0; i$ < dCount; i$++) {
    const item = d[i$];
    if (item == null) continue;
    w.setBit(dPresence, i$);
    w.text(item, i$);
  }
  w.leave();
  const eCount = w.openArray(e, "e");
  for (let i$ = 0; i$ < eCount; i$++) w.byteString(e[i$]!, i$);
  w.leave();
  const fCount = w.openArray(f, "f");
  w.need(fCount * 4);
  for (let i$ = 0; i$ < fCount; i$++) writePipe$(w, f[i$]!, i$);
  w.leave();
  const gCount = w.openArray(g, "g");
  const gPresence = w.openBits(gCount);
  w.need(gCount * 4);
  for (let i$ = 0; i$ < gCount; i$++) {
    const item = g[i$];
    if (item == null) continue;
    w.setBit(gPresence, i$);
    writePipe$(w, item, i$);
  }
  w.leave();
  const hCount = w.openArray(h, "h");
  const hPresence = w.openBits(hCount);
  w.need(hCount * 8);
  for (let i$ = 0; i$ < hCount; i$++) {
    const item = h[i$];
    if (item == null) continue;
    w.setBit(hPresence, i$);
    w.u64(item, i$);
  }
  w.leave();
  const iCount = w.openArray(i, "i");
  for (let i$ = 0; i$ < iCount; i$++) {
    const item = i[i$]!;
    w.numbers("i32", item, i$);
  }
  w.leave();
  const jCount = w.openArray(j, "j");
  const jPresence = w.openBits(jCount);
  for (let i$ = 0; i$ < jCount; i$++) {
    const item = j[i$];
    if (item == null) continue;
    w.setBit(jPresence, i$);
    const itemCount = w.openArray(item, i$);
    const itemPresence = w.openBits(itemCount);
    for (let i1 = 0; i1 < itemCount; i1++) {
      const item1 = item[i1];
      if (item1 == null) continue;
      w.setBit(itemPresence, i1);
      const item1Count = w.openArray(item1, i1);
      const item1Presence = w.openBits(item1Count);
      const item1Bits = w.openBits(item1Count);
      for (let i2 = 0; i2 < item1Count; i2++) {
        const item2 = item1[i2];
        if (item2 == null) continue;
        w.setBit(item1Presence, i2);
        if (w.bit(item2, i2) === 1) w.setBit(item1Bits, i2);
      }
      w.leave();
    }
    w.leave();
  }
  w.leave();
  w.closeStruct(at);
}

function readEveryType_OwnNames_Reply(r$: Decoder): EveryType_OwnNames_Reply {
  const s$ = r$.openStruct();
  const at = r$.advance(29);
  const flags0 = r$.flagsAt(at, 0b111);
  const w = r$.i32At(at + 1);
  const r = r$.i32At(at + 5);
  const s = r$.i32At(at + 9);
  const call = r$.i32At(at + 13);
  const implHead = r$.u32At(at + 17);
  const options = (flags0 & 1) !== 0;
  if ((flags0 & 2) === 0 && (flags0 & 4) !== 0) r$.fail("flags", "error");
  const error = (flags0 & 2) === 0 ? undefined : (flags0 & 4) !== 0;
  const urlHead$ = r$.u32At(at + 21);
  const urlHead = r$.i32At(at + 25);
  const writePipe = readPipe$(r$, "writePipe");
  const impl = r$.stringBody(implHead, "impl");
  const value = r$.numbers("i32", "value");
  const iCount = r$.openArray(32, "i");
  const i: Int32Array[] = new Array(iCount);
  for (let i$ = 0; i$ < iCount; i$++) i[i$] = r$.numbers("i32", i$);
  r$.leave();
  const url = r$.stringBody(urlHead$, "url");
  const readPipe = r$.byteString("readPipe");
  r$.closeStruct(s$);
  return {
    w,
    r,
    s,
    call,
    impl,
    options,
    error,
    value,
    i,
    url,
    urlHead,
    writePipe,
    readPipe,
  };
}

function writeEveryType_OwnNames_Reply(
  w$: Encoder,
  value$: EveryType_OwnNames_Reply,
): void {
  if (typeof value$ !== "object" || value$ === null) {
    throw new TypeError(
      `The reply of EveryType.OwnNames must be an object: received ${String(value$)}`,
    );
  }
  const {
    w,
    r,
    s,
    call,
    impl,
    options,
    error,
    value,
    i,
    url,
    urlHead,
    writePipe,
    readPipe,
  } = value$;
  const at = w$.openStruct(29, 4);
  w$.flagsAt(at, 
    w$.bit(options, "options") |
    (error == null ? 0 : 2) |
    (error == null ? 0 : w$.bit(error, "error") << 2),
  );
  w$.i32At(at + 1, w, "w");
  w$.i32At(at + 5, r, "r");
  w$.i32At(at + 9, s, "s");
  w$.i32At(at + 13, call, "call");
  w$.stringHeadAt(at + 17, impl, "impl");
  w$.stringHeadAt(at + 21, url, "url");
  w$.i32At(at + 25, urlHead, "urlHead");
  writePipe$(w$, writePipe, "writePipe");
  w$.stringBody(at + 17, impl, "impl");
  w$.numbers("i32", value, "value");
  const iCount = w$.openArray(i, "i");
  for (let i$ = 0; i$ < iCount; i$++) {
    const item = i[i$]!;
    w$.numbers("i32", item, i$);
  }
  w$.leave();
  w$.stringBody(at + 21, url, "url");
  w$.byteString(readPipe, "readPipe");
  w$.closeStruct(at);
}

function dispatchEveryType(impl$: Implementation<EveryType>, call$: Incoming): void {
  const r$ = call$.decoder;
  switch (call$.method) {
    case 0x7782e3f1: {
      const s$ = r$.openStruct();
      const at = r$.advance(42);
      const a = r$.i8At(at);
      const b = r$.u8At(at + 1);
      const c = r$.i16At(at + 2);
      const d = r$.u16At(at + 4);
      const e = r$.i32At(at + 6);
      const f = r$.u32At(at + 10);
      const g = r$.i64At(at + 14);
      const h = r$.u64At(at + 22);
      const i = r$.f32At(at + 30);
      const j = r$.f64At(at + 34);
      r$.closeStruct(s$);
      call$.accept(true);
      call$.reply(
        impl$.numbers(a, b, c, d, e, f, g, h, i, j),
        writeEveryType_Numbers_Reply,
      );
      return;
    }
    case 0x5be44572: {
      const s$ = r$.openStruct();
      const at = r$.advance(2);
      const flags0 = r$.flagsAt(at, 0b11111111);
      const flags1 = r$.flagsAt(at + 1, 0b11111);
      if ((flags0 & 1) === 0 && (flags0 & 2) !== 0) r$.fail("flags", "a");
      const a = (flags0 & 1) === 0 ? undefined : (flags0 & 2) !== 0;
      const b = (flags0 & 4) === 0 ? undefined : r$.i32();
      const cHead = (flags0 & 8) === 0 ? 0 : r$.stringHead();
      const e = (flags0 & 32) === 0 ? undefined : readPipe$(r$, "e");
      const g = (flags0 & 128) !== 0;
      const h = (flags1 & 1) === 0 ? undefined : r$.u8();
      if ((flags1 & 2) === 0 && (flags1 & 4) !== 0) r$.fail("flags", "i");
      const i = (flags1 & 2) === 0 ? undefined : (flags1 & 4) !== 0;
      if ((flags1 & 8) === 0 && (flags1 & 16) !== 0) r$.fail("flags", "j");
      const j = (flags1 & 8) === 0 ? undefined : (flags1 & 16) !== 0;
      const c = (flags0 & 8) === 0 ? undefined : r$.stringBody(cHead, "c");
      const d = (flags0 & 16) === 0 ? undefined : r$.byteString("d");
      const f = (flags0 & 64) === 0 ? undefined : r$.numbers("i32", "f");
      r$.closeStruct(s$);
      call$.accept(true);
      call$.reply(
        impl$.optionals(a, b, c, d, e, f, g, h, i, j),
        writeEveryType_Optionals_Reply,
      );
      return;
    }
    case 0x779a7268: {
      const s$ = r$.openStruct();
      const aCount = r$.openArray(1, "a");
      const a: boolean[] = new Array(aCount);
      const aBits = r$.bits(aCount);
      for (let i$ = 0; i$ < aCount; i$++) a[i$] = r$.isSet(aBits, i$);
      r$.leave();
      const bCount = r$.openArray(2, "b");
      const b: (boolean | undefined)[] = new Array(bCount);
      const bPresence = r$.bits(bCount);
      const bBits = r$.bits(bCount);
      for (let i$ = 0; i$ < bCount; i$++) {
        if (!r$.isSet(bPresence, i$) && r$.isSet(bBits, i$)) r$.fail("flags", i$);
        b[i$] = r$.isSet(bPresence, i$) ? r$.isSet(bBits, i$) : undefined;
      }
      r$.leave();
      const cCount = r$.openArray(32, "c");
      const c: string[] = new Array(cCount);
      for (let i$ = 0; i$ < cCount; i$++) c[i$] = r$.text(i$);
      r$.leave();
      const dCount = r$.openArray(1, "d");
      const d: (string | undefined)[] = new Array(dCount);
      const dPresence = r$.bits(dCount);
      for (let i$ = 0; i$ < dCount; i$++) d[i$] = r$.isSet(dPresence, i$) ? r$.text(i$) : undefined;
      r$.leave();
      const eCount = r$.openArray(32, "e");
      const e: Uint8Array[] = new Array(eCount);
      for (let i$ = 0; i$ < eCount; i$++) e[i$] = r$.byteString(i$);
      r$.leave();
      const fCount = r$.openArray(32, "f");
      const f: MessagePipe[] = new Array(fCount);
      for (let i$ = 0; i$ < fCount; i$++) f[i$] = readPipe$(r$, i$);
      r$.leave();
      const gCount = r$.openArray(1, "g");
      const g: (MessagePipe | undefined)[] = new Array(gCount);
      const gPresence = r$.bits(gCount);
      for (let i$ = 0; i$ < gCount; i$++) g[i$] = r$.isSet(gPresence, i$) ? readPipe$(r$, i$) : undefined;
      r$.leave();
      const hCount = r$.openArray(1, "h");
      const h: (bigint | undefined)[] = new Array(hCount);
      const hPresence = r$.bits(hCount);
      for (let i$ = 0; i$ < hCount; i$++) h[i$] = r$.isSet(hPresence, i$) ? r$.u64() : undefined;
      r$.leave();
      const iCount = r$.openArray(32, "i");
      const i: Int32Array[] = new Array(iCount);
      for (let i$ = 0; i$ < iCount; i$++) i[i$] = r$.numbers("i32", i$);
      r$.leave();
      const jCount = r$.openArray(1, "j");
      const j: (((boolean | undefined)[] | undefined)[] | undefined)[] = new Array(jCount);
      const jPresence = r$.bits(jCount);
      for (let i$ = 0; i$ < jCount; i$++) {
        if (!r$.isSet(jPresence, i$)) {
          j[i$] = undefined;
          continue;
        }
        const itemCount = r$.openArray(1, i$);
        const item: ((boolean | undefined)[] | undefined)[] = new Array(itemCount);
        const itemPresence = r$.bits(itemCount);
        for (let i1 = 0; i1 < itemCount; i1++) {
          if (!r$.isSet(itemPresence, i1)) {
            item[i1] = undefined;
            continue;
          }
          const item1Count = r$.openArray(2, i1);
          const item1: (boolean | undefined)[] = new Array(item1Count);
          const item1Presence = r$.bits(item1Count);
          const item1Bits = r$.bits(item1Count);
          for (let i2 = 0; i2 < item1Count; i2++) {
            if (!r$.isSet(item1Presence, i2) && r$.isSet(item1Bits, i2)) r$.fail("flags", i2);
            item1[i2] = r$.isSet(item1Presence, i2) ? r$.isSet(item1Bits, i2) : undefined;
          }
          r$.leave();
          item[i1] = item1;
        }
        r$.leave();
        j[i$] = item;
      }
      r$.leave();
      r$.closeStruct(s$);
      call$.accept(true);
      call$.reply(
        impl$.arrays(a, b, c, d, e, f, g, h, i, j),
        writeEveryType_Arrays_Reply,
      );
      return;
    }
    case 0x17db22b2: {
      const s$ = r$.openStruct();
      const at = r$.advance(29);
      const flags0 = r$.flagsAt(at, 0b111);
      const w = r$.i32At(at + 1);
      const r = r$.i32At(at + 5);
      const s = r$.i32At(at + 9);
      const call = r$.i32At(at + 13);
      const implHead = r$.u32At(at + 17);
      const options = (flags0 & 1) !== 0;
      if ((flags0 & 2) === 0 && (flags0 & 4) !== 0) r$.fail("flags", "error");
      const error = (flags0 & 2) === 0 ? undefined : (flags0 & 4) !== 0;
      const urlHead$ = r$.u32At(at + 21);
      const urlHead = r$.i32At(at + 25);
      const writePipe = readPipe$(r$, "writePipe");
      const impl = r$.stringBody(implHead, "impl");
      const value = r$.numbers("i32", "value");
      const iCount = r$.openArray(32, "i");
      const i: Int32Array[] = new Array(iCount);
      for (let i$ = 0; i$ < iCount; i$++) i[i$] = r$.numbers("i32", i$);
      r$.leave();
      const url = r$.stringBody(urlHead$, "url");
      const readPipe = r$.byteString("readPipe");
      r$.closeStruct(s$);
      call$.accept(true);
      call$.reply(
        impl$.ownNames(
          w,
          r,
          s,
          call,
          impl,
          options,
          error,
          value,
          i,
          url,
          urlHead,
          writePipe,
          readPipe,
        ),
        writeEveryType_OwnNames_Reply,
      );
      return;
    }
    case 0x5903f705: {
      r$.closeStruct(r$.openStruct());
      call$.accept(false);
      call$.done(impl$.nothing());
      return;
    }
    default:
      call$.unknownMethod();
  }
}

/**
 * {@linkcode EveryType} as a value, for `new Remote(EveryType, pipe)` and the like.
 */
export const EveryType: Interface<EveryType> = {
  name: "EveryType",
  methods: [
    [0x7782e3f1, "Numbers"],
    [0x5be44572, "Optionals"],
    [0x779a7268, "Arrays"],
    [0x17db22b2, "OwnNames"],
    [0x5903f705, "Nothing"],
  ],
  Remote: EveryTypeRemote,
  dispatch: dispatchEveryType,
};

/** The interface `Nothing`. */
// deno-lint-ignore no-empty-interface
export interface Nothing {
}

class NothingRemote extends RemoteBase implements Nothing {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(Nothing, pipe, options);
  }
}

function dispatchNothing(_impl: Implementation<Nothing>, call: Incoming): void {
  call.unknownMethod();
}

/** {@linkcode Nothing} as a value, for `new Remote(Nothing, pipe)` and the like. */
export const Nothing: Interface<Nothing> = {
  name: "Nothing",
  methods: [],
  Remote: NothingRemote,
  dispatch: dispatchNothing,
};
