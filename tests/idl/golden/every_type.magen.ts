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
    f: readonly number[] | undefined,
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
    i: readonly (readonly number[])[],
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
    value: readonly number[],
    i: readonly (readonly number[])[],
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
  f?: number[] | undefined;
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
  i: number[][];
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
  value: number[];
  /** `array<array<int32>> i` */
  i: number[][];
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
  constructor(pipe: MessagePipe) {
    super(EveryType, pipe);
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
      const s = w.openStruct(42);
      w.i8(a, "a");
      w.u8(b, "b");
      w.i16(c, "c");
      w.u16(d, "d");
      w.i32(e, "e");
      w.u32(f, "f");
      w.i64(g, "g");
      w.u64(h, "h");
      w.f32(i, "i");
      w.f64(j, "j");
      w.closeStruct(s);
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
    f: readonly number[] | undefined,
    g: boolean,
    h?: number | undefined,
    i?: boolean | undefined,
    j?: boolean | undefined,
    options?: CallOptions,
  ): Promise<EveryType_Optionals_Reply> {
    const w = this.$begin(0x5be44572, true);
    try {
      const s = w.openStruct(15);
      w.flags(
        (a == null ? 0 : 1) |
        (a == null ? 0 : w.bit(a, "a") << 1) |
        (b == null ? 0 : 4) |
        (c == null ? 0 : 8) |
        (d == null ? 0 : 16) |
        (e == null ? 0 : 32) |
        (f == null ? 0 : 64) |
        (w.bit(g, "g") << 7),
      );
      w.flags(
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
      if (c != null) w.stringBody(cHead, c);
      if (d != null) w.byteString(d, "d");
      if (f != null) {
        const fCount = w.count(f, "f");
        w.need(fCount * 4);
        for (let i$ = 0; i$ < fCount; i$++) w.i32(f[i$]!, "f[]");
      }
      w.closeStruct(s);
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
    i: readonly (readonly number[])[],
    j: readonly (readonly (readonly (boolean | undefined)[] | undefined)[] | undefined)[],
    options?: CallOptions,
  ): Promise<EveryType_Arrays_Reply> {
    const w = this.$begin(0x779a7268, true);
    try {
      const s = w.openStruct(0);
      const aCount = w.count(a, "a");
      w.need((aCount + 7) >> 3);
      for (let i$ = 0; i$ < aCount; i$ += 8) {
        let bits = 0;
        for (let k = i$; k < aCount && k < i$ + 8; k++) {
          bits |= w.bit(a[k]!, "a[]") << (k & 7);
        }
        w.flags(bits);
      }
      const bCount = w.count(b, "b");
      w.need((bCount + 7) >> 3);
      for (let i$ = 0; i$ < bCount; i$ += 8) {
        let bits = 0;
        for (let k = i$; k < bCount && k < i$ + 8; k++) {
          if (b[k] != null) bits |= 1 << (k & 7);
        }
        w.flags(bits);
      }
      w.need((bCount + 7) >> 3);
      for (let i$ = 0; i$ < bCount; i$ += 8) {
        let bits = 0;
        for (let k = i$; k < bCount && k < i$ + 8; k++) {
          if (b[k] == null) continue;
          bits |= w.bit(b[k]!, "b[]") << (k & 7);
        }
        w.flags(bits);
      }
      const cCount = w.count(c, "c");
      for (let i$ = 0; i$ < cCount; i$++) {
        const item = c[i$]!;
        w.need(4);
        w.stringBody(w.stringHead(item, "c[]"), item);
      }
      const dCount = w.count(d, "d");
      w.need((dCount + 7) >> 3);
      for (let i$ = 0; i$ < dCount; i$ += 8) {
        let bits = 0;
        for (let k = i$; k < dCount && k < i$ + 8; k++) {
          if (d[k] != null) bits |= 1 << (k & 7);
        }
        w.flags(bits);
      }
      for (let i$ = 0; i$ < dCount; i$++) {
        const item = d[i$];
        if (item == null) continue;
        w.need(4);
        w.stringBody(w.stringHead(item, "d[]"), item);
      }
      const eCount = w.count(e, "e");
      for (let i$ = 0; i$ < eCount; i$++) {
        const item = e[i$]!;
        w.byteString(item, "e[]");
      }
      const fCount = w.count(f, "f");
      w.need(fCount * 4);
      for (let i$ = 0; i$ < fCount; i$++) writePipe$(w, f[i$]!, "f[]");
      const gCount = w.count(g, "g");
      w.need((gCount + 7) >> 3);
      for (let i$ = 0; i$ < gCount; i$ += 8) {
        let bits = 0;
        for (let k = i$; k < gCount && k < i$ + 8; k++) {
          if (g[k] != null) bits |= 1 << (k & 7);
        }
        w.flags(bits);
      }
      w.need(gCount * 4);
      for (let i$ = 0; i$ < gCount; i$++) {
        const item = g[i$];
        if (item == null) continue;
        writePipe$(w, item, "g[]");
      }
      const hCount = w.count(h, "h");
      w.need((hCount + 7) >> 3);
      for (let i$ = 0; i$ < hCount; i$ += 8) {
        let bits = 0;
        for (let k = i$; k < hCount && k < i$ + 8; k++) {
          if (h[k] != null) bits |= 1 << (k & 7);
        }
        w.flags(bits);
      }
      w.need(hCount * 8);
      for (let i$ = 0; i$ < hCount; i$++) {
        const item = h[i$];
        if (item == null) continue;
        w.u64(item, "h[]");
      }
      const iCount = w.count(i, "i");
      for (let i$ = 0; i$ < iCount; i$++) {
        const item = i[i$]!;
        const count1 = w.count(item, "i[]");
        w.need(count1 * 4);
        for (let i1 = 0; i1 < count1; i1++) w.i32(item[i1]!, "i[][]");
      }
      const jCount = w.count(j, "j");
      w.need((jCount + 7) >> 3);
      for (let i$ = 0; i$ < jCount; i$ += 8) {
        let bits = 0;
        for (let k = i$; k < jCount && k < i$ + 8; k++) {
          if (j[k] != null) bits |= 1 << (k & 7);
        }
        w.flags(bits);
      }
      for (let i$ = 0; i$ < jCount; i$++) {
        const item = j[i$];
        if (item == null) continue;
        const count1 = w.count(item, "j[]");
        w.need((count1 + 7) >> 3);
        for (let i1 = 0; i1 < count1; i1 += 8) {
          let bits1 = 0;
          for (let k1 = i1; k1 < count1 && k1 < i1 + 8; k1++) {
            if (item[k1] != null) bits1 |= 1 << (k1 & 7);
          }
          w.flags(bits1);
        }
        for (let i1 = 0; i1 < count1; i1++) {
          const item1 = item[i1];
          if (item1 == null) continue;
          const count2 = w.count(item1, "j[][]");
          w.need((count2 + 7) >> 3);
          for (let i2 = 0; i2 < count2; i2 += 8) {
            let bits2 = 0;
            for (let k2 = i2; k2 < count2 && k2 < i2 + 8; k2++) {
              if (item1[k2] != null) bits2 |= 1 << (k2 & 7);
            }
            w.flags(bits2);
          }
          w.need((count2 + 7) >> 3);
          for (let i2 = 0; i2 < count2; i2 += 8) {
            let bits2 = 0;
            for (let k2 = i2; k2 < count2 && k2 < i2 + 8; k2++) {
              if (item1[k2] == null) continue;
              bits2 |= w.bit(item1[k2]!, "j[][][]") << (k2 & 7);
            }
            w.flags(bits2);
          }
        }
      }
      w.closeStruct(s);
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
    value: readonly number[],
    i: readonly (readonly number[])[],
    url: string,
    urlHead: number,
    writePipe: MessagePipe,
    readPipe: Uint8Array,
    options$?: CallOptions,
  ): Promise<EveryType_OwnNames_Reply> {
    const w$ = this.$begin(0x17db22b2, true);
    try {
      const s$ = w$.openStruct(33);
      w$.flags(
        w$.bit(options, "options") |
        (error == null ? 0 : 2) |
        (error == null ? 0 : w$.bit(error, "error") << 2),
      );
      w$.i32(w, "w");
      w$.i32(r, "r");
      w$.i32(s, "s");
      w$.i32(call, "call");
      const implHead = w$.stringHead(impl, "impl");
      const urlHead$ = w$.stringHead(url, "url");
      w$.i32(urlHead, "url_head");
      writePipe$(w$, writePipe, "write_pipe");
      w$.stringBody(implHead, impl);
      const valueCount = w$.count(value, "value");
      w$.need(valueCount * 4);
      for (let i$ = 0; i$ < valueCount; i$++) w$.i32(value[i$]!, "value[]");
      const iCount = w$.count(i, "i");
      for (let i$ = 0; i$ < iCount; i$++) {
        const item = i[i$]!;
        const count1 = w$.count(item, "i[]");
        w$.need(count1 * 4);
        for (let i1 = 0; i1 < count1; i1++) w$.i32(item[i1]!, "i[][]");
      }
      w$.stringBody(urlHead$, url);
      w$.byteString(readPipe, "read_pipe");
      w$.closeStruct(s$);
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
  const a = r.i8();
  const b = r.u8();
  const c = r.i16();
  const d = r.u16();
  const e = r.i32();
  const f = r.u32();
  const g = r.i64();
  const h = r.u64();
  const i = r.f32();
  const j = r.f64();
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
  const s = w.openStruct(42);
  w.i8(a, "a");
  w.u8(b, "b");
  w.i16(c, "c");
  w.u16(d, "d");
  w.i32(e, "e");
  w.u32(f, "f");
  w.i64(g, "g");
  w.u64(h, "h");
  w.f32(i, "i");
  w.f64(j, "j");
  w.closeStruct(s);
}

function readEveryType_Optionals_Reply(r: Decoder): EveryType_Optionals_Reply {
  const s = r.openStruct();
  const flags0 = r.flags(0b11111111);
  const flags1 = r.flags(0b11111);
  if ((flags0 & 1) === 0 && (flags0 & 2) !== 0) r.fail("flags");
  const a = (flags0 & 1) === 0 ? undefined : (flags0 & 2) !== 0;
  const b = (flags0 & 4) === 0 ? undefined : r.i32();
  const cHead = (flags0 & 8) === 0 ? undefined : r.stringHead();
  const e = (flags0 & 32) === 0 ? undefined : readPipe$(r);
  const g = (flags0 & 128) !== 0;
  const h = (flags1 & 1) === 0 ? undefined : r.u8();
  if ((flags1 & 2) === 0 && (flags1 & 4) !== 0) r.fail("flags");
  const i = (flags1 & 2) === 0 ? undefined : (flags1 & 4) !== 0;
  if ((flags1 & 8) === 0 && (flags1 & 16) !== 0) r.fail("flags");
  const j = (flags1 & 8) === 0 ? undefined : (flags1 & 16) !== 0;
  const c = cHead === undefined ? undefined : r.stringBody(cHead);
  const d = (flags0 & 16) === 0 ? undefined : r.byteString();
  let f: number[] | undefined;
  if ((flags0 & 64) !== 0) {
    f = [];
    const fCount = r.count(32);
    for (let i$ = 0; i$ < fCount; i$++) f.push(r.i32());
  }
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
  const s = w.openStruct(15);
  w.flags(
    (a == null ? 0 : 1) |
    (a == null ? 0 : w.bit(a, "a") << 1) |
    (b == null ? 0 : 4) |
    (c == null ? 0 : 8) |
    (d == null ? 0 : 16) |
    (e == null ? 0 : 32) |
    (f == null ? 0 : 64) |
    (w.bit(g, "g") << 7),
  );
  w.flags(
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
  if (c != null) w.stringBody(cHead, c);
  if (d != null) w.byteString(d, "d");
  if (f != null) {
    const fCount = w.count(f, "f");
    w.need(fCount * 4);
    for (let i$ = 0; i$ < fCount; i$++) w.i32(f[i$]!, "f[]");
  }
  w.closeStruct(s);
}

function readEveryType_Arrays_Reply(r: Decoder): EveryType_Arrays_Reply {
  const s = r.openStruct();
  const a: boolean[] = [];
  const aCount = r.count(1);
  for (let i$ = 0; i$ < aCount; i$ += 8) {
    const mask = aCount - i$ < 8 ? (1 << (aCount - i$)) - 1 : 0xff;
    const bits = r.flags(mask);
    for (let k = i$; k < aCount && k < i$ + 8; k++) {
      const bit = 1 << (k & 7);
      a.push((bits & bit) !== 0);
    }
  }
  const b: (boolean | undefined)[] = [];
  const bCount = r.count(2);
  const bPresence: number[] = [];
  for (let i$ = 0; i$ < bCount; i$ += 8) {
    bPresence.push(r.flags(bCount - i$ < 8 ? (1 << (bCount - i$)) - 1 : 0xff));
  }
  for (let i$ = 0; i$ < bCount; i$ += 8) {
    const mask = bPresence[i$ >> 3]!;
    const bits = r.flags(mask);
    for (let k = i$; k < bCount && k < i$ + 8; k++) {
      const bit = 1 << (k & 7);
      b.push((mask & bit) === 0 ? undefined : (bits & bit) !== 0);
    }
  }
  const c: string[] = [];
  const cCount = r.count(32);
  for (let i$ = 0; i$ < cCount; i$++) c.push(r.stringBody(r.stringHead()));
  const d: (string | undefined)[] = [];
  const dCount = r.count(1);
  const dPresence: number[] = [];
  for (let i$ = 0; i$ < dCount; i$ += 8) {
    dPresence.push(r.flags(dCount - i$ < 8 ? (1 << (dCount - i$)) - 1 : 0xff));
  }
  for (let i$ = 0; i$ < dCount; i$++) {
    const isPresent = (dPresence[i$ >> 3]! & (1 << (i$ & 7))) !== 0;
    d.push(isPresent ? r.stringBody(r.stringHead()) : undefined);
  }
  const e: Uint8Array[] = [];
  const eCount = r.count(32);
  for (let i$ = 0; i$ < eCount; i$++) e.push(r.byteString());
  const f: MessagePipe[] = [];
  const fCount = r.count(32);
  for (let i$ = 0; i$ < fCount; i$++) f.push(readPipe$(r));
  const g: (MessagePipe | undefined)[] = [];
  const gCount = r.count(1);
  const gPresence: number[] = [];
  for (let i$ = 0; i$ < gCount; i$ += 8) {
    gPresence.push(r.flags(gCount - i$ < 8 ? (1 << (gCount - i$)) - 1 : 0xff));
  }
  for (let i$ = 0; i$ < gCount; i$++) {
    const isPresent = (gPresence[i$ >> 3]! & (1 << (i$ & 7))) !== 0;
    g.push(isPresent ? readPipe$(r) : undefined);
  }
  const h: (bigint | undefined)[] = [];
  const hCount = r.count(1);
  const hPresence: number[] = [];
  for (let i$ = 0; i$ < hCount; i$ += 8) {
    hPresence.push(r.flags(hCount - i$ < 8 ? (1 << (hCount - i$)) - 1 : 0xff));
  }
  for (let i$ = 0; i$ < hCount; i$++) {
    const isPresent = (hPresence[i$ >> 3]! & (1 << (i$ & 7))) !== 0;
    h.push(isPresent ? r.u64() : undefined);
  }
  const i: number[][] = [];
  const iCount = r.count(32);
  for (let i$ = 0; i$ < iCount; i$++) {
    const item: number[] = [];
    const count1 = r.count(32);
    for (let i1 = 0; i1 < count1; i1++) item.push(r.i32());
    i.push(item);
  }
  const j: (((boolean | undefined)[] | undefined)[] | undefined)[] = [];
  const jCount = r.count(1);
  const jPresence: number[] = [];
  for (let i$ = 0; i$ < jCount; i$ += 8) {
    jPresence.push(r.flags(jCount - i$ < 8 ? (1 << (jCount - i$)) - 1 : 0xff));
  }
  for (let i$ = 0; i$ < jCount; i$++) {
    const isPresent = (jPresence[i$ >> 3]! & (1 << (i$ & 7))) !== 0;
    if (!isPresent) {
      j.push(undefined);
      continue;
    }
    const item: ((boolean | undefined)[] | undefined)[] = [];
    const count1 = r.count(1);
    const presence1: number[] = [];
    for (let i1 = 0; i1 < count1; i1 += 8) {
      presence1.push(r.flags(count1 - i1 < 8 ? (1 << (count1 - i1)) - 1 : 0xff));
    }
    for (let i1 = 0; i1 < count1; i1++) {
      const isPresent1 = (presence1[i1 >> 3]! & (1 << (i1 & 7))) !== 0;
      if (!isPresent1) {
        item.push(undefined);
        continue;
      }
      const item1: (boolean | undefined)[] = [];
      const count2 = r.count(2);
      const presence2: number[] = [];
      for (let i2 = 0; i2 < count2; i2 += 8) {
        presence2.push(r.flags(count2 - i2 < 8 ? (1 << (count2 - i2)) - 1 : 0xff));
      }
      for (let i2 = 0; i2 < count2; i2 += 8) {
        const mask2 = presence2[i2 >> 3]!;
        const bits2 = r.flags(mask2);
        for (let k2 = i2; k2 < count2 && k2 < i2 + 8; k2++) {
          const bit2 = 1 << (k2 & 7);
          item1.push((mask2 & bit2) === 0 ? undefined : (bits2 & bit2) !== 0);
        }
      }
      item.push(item1);
    }
    j.push(item);
  }
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
  const s = w.openStruct(0);
  const aCount = w.count(a, "a");
  w.need((aCount + 7) >> 3);
  for (let i$ = 0; i$ < aCount; i$ += 8) {
    let bits = 0;
    for (let k = i$; k < aCount && k < i$ + 8; k++) {
      bits |= w.bit(a[k]!, "a[]") << (k & 7);
    }
    w.flags(bits);
  }
  const bCount = w.count(b, "b");
  w.need((bCount + 7) >> 3);
  for (let i$ = 0; i$ < bCount; i$ += 8) {
    let bits = 0;
    for (let k = i$; k < bCount && k < i$ + 8; k++) {
      if (b[k] != null) bits |= 1 << (k & 7);
    }
    w.flags(bits);
  }
  w.need((bCount + 7) >> 3);
  for (let i$ = 0; i$ < bCount; i$ += 8) {
    let bits = 0;
    for (let k = i$; k < bCount && k < i$ + 8; k++) {
      if (b[k] == null) continue;
      bits |= w.bit(b[k]!, "b[]") << (k & 7);
    }
    w.flags(bits);
  }
  const cCount = w.count(c, "c");
  for (let i$ = 0; i$ < cCount; i$++) {
    const item = c[i$]!;
    w.need(4);
    w.stringBody(w.stringHead(item, "c[]"), item);
  }
  const dCount = w.count(d, "d");
  w.need((dCount + 7) >> 3);
  for (let i$ = 0; i$ < dCount; i$ += 8) {
    let bits = 0;
    for (let k = i$; k < dCount && k < i$ + 8; k++) {
      if (d[k] != null) bits |= 1 << (k & 7);
    }
    w.flags(bits);
  }
  for (let i$ = 0; i$ < dCount; i$++) {
    const item = d[i$];
    if (item == null) continue;
    w.need(4);
    w.stringBody(w.stringHead(item, "d[]"), item);
  }
  const eCount = w.count(e, "e");
  for (let i$ = 0; i$ < eCount; i$++) {
    const item = e[i$]!;
    w.byteString(item, "e[]");
  }
  const fCount = w.count(f, "f");
  w.need(fCount * 4);
  for (let i$ = 0; i$ < fCount; i$++) writePipe$(w, f[i$]!, "f[]");
  const gCount = w.count(g, "g");
  w.need((gCount + 7) >> 3);
  for (let i$ = 0; i$ < gCount; i$ += 8) {
    let bits = 0;
    for (let k = i$; k < gCount && k < i$ + 8; k++) {
      if (g[k] != null) bits |= 1 << (k & 7);
    }
    w.flags(bits);
  }
  w.need(gCount * 4);
  for (let i$ = 0; i$ < gCount; i$++) {
    const item = g[i$];
    if (item == null) continue;
    writePipe$(w, item, "g[]");
  }
  const hCount = w.count(h, "h");
  w.need((hCount + 7) >> 3);
  for (let i$ = 0; i$ < hCount; i$ += 8) {
    let bits = 0;
    for (let k = i$; k < hCount && k < i$ + 8; k++) {
      if (h[k] != null) bits |= 1 << (k & 7);
    }
    w.flags(bits);
  }
  w.need(hCount * 8);
  for (let i$ = 0; i$ < hCount; i$++) {
    const item = h[i$];
    if (item == null) continue;
    w.u64(item, "h[]");
  }
  const iCount = w.count(i, "i");
  for (let i$ = 0; i$ < iCount; i$++) {
    const item = i[i$]!;
    const count1 = w.count(item, "i[]");
    w.need(count1 * 4);
    for (let i1 = 0; i1 < count1; i1++) w.i32(item[i1]!, "i[][]");
  }
  const jCount = w.count(j, "j");
  w.need((jCount + 7) >> 3);
  for (let i$ = 0; i$ < jCount; i$ += 8) {
    let bits = 0;
    for (let k = i$; k < jCount && k < i$ + 8; k++) {
      if (j[k] != null) bits |= 1 << (k & 7);
    }
    w.flags(bits);
  }
  for (let i$ = 0; i$ < jCount; i$++) {
    const item = j[i$];
    if (item == null) continue;
    const count1 = w.count(item, "j[]");
    w.need((count1 + 7) >> 3);
    for (let i1 = 0; i1 < count1; i1 += 8) {
      let bits1 = 0;
      for (let k1 = i1; k1 < count1 && k1 < i1 + 8; k1++) {
        if (item[k1] != null) bits1 |= 1 << (k1 & 7);
      }
      w.flags(bits1);
    }
    for (let i1 = 0; i1 < count1; i1++) {
      const item1 = item[i1];
      if (item1 == null) continue;
      const count2 = w.count(item1, "j[][]");
      w.need((count2 + 7) >> 3);
      for (let i2 = 0; i2 < count2; i2 += 8) {
        let bits2 = 0;
        for (let k2 = i2; k2 < count2 && k2 < i2 + 8; k2++) {
          if (item1[k2] != null) bits2 |= 1 << (k2 & 7);
        }
        w.flags(bits2);
      }
      w.need((count2 + 7) >> 3);
      for (let i2 = 0; i2 < count2; i2 += 8) {
        let bits2 = 0;
        for (let k2 = i2; k2 < count2 && k2 < i2 + 8; k2++) {
          if (item1[k2] == null) continue;
          bits2 |= w.bit(item1[k2]!, "j[][][]") << (k2 & 7);
        }
        w.flags(bits2);
      }
    }
  }
  w.closeStruct(s);
}

function readEveryType_OwnNames_Reply(r$: Decoder): EveryType_OwnNames_Reply {
  const s$ = r$.openStruct();
  const flags0 = r$.flags(0b111);
  const w = r$.i32();
  const r = r$.i32();
  const s = r$.i32();
  const call = r$.i32();
  const implHead = r$.stringHead();
  const options = (flags0 & 1) !== 0;
  if ((flags0 & 2) === 0 && (flags0 & 4) !== 0) r$.fail("flags");
  const error = (flags0 & 2) === 0 ? undefined : (flags0 & 4) !== 0;
  const urlHead$ = r$.stringHead();
  const urlHead = r$.i32();
  const writePipe = readPipe$(r$);
  const impl = r$.stringBody(implHead);
  const value: number[] = [];
  const valueCount = r$.count(32);
  for (let i$ = 0; i$ < valueCount; i$++) value.push(r$.i32());
  const i: number[][] = [];
  const iCount = r$.count(32);
  for (let i$ = 0; i$ < iCount; i$++) {
    const item: number[] = [];
    const count1 = r$.count(32);
    for (let i1 = 0; i1 < count1; i1++) item.push(r$.i32());
    i.push(item);
  }
  const url = r$.stringBody(urlHead$);
  const readPipe = r$.byteString();
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
  const s$ = w$.openStruct(33);
  w$.flags(
    w$.bit(options, "options") |
    (error == null ? 0 : 2) |
    (error == null ? 0 : w$.bit(error, "error") << 2),
  );
  w$.i32(w, "w");
  w$.i32(r, "r");
  w$.i32(s, "s");
  w$.i32(call, "call");
  const implHead = w$.stringHead(impl, "impl");
  const urlHead$ = w$.stringHead(url, "url");
  w$.i32(urlHead, "url_head");
  writePipe$(w$, writePipe, "write_pipe");
  w$.stringBody(implHead, impl);
  const valueCount = w$.count(value, "value");
  w$.need(valueCount * 4);
  for (let i$ = 0; i$ < valueCount; i$++) w$.i32(value[i$]!, "value[]");
  const iCount = w$.count(i, "i");
  for (let i$ = 0; i$ < iCount; i$++) {
    const item = i[i$]!;
    const count1 = w$.count(item, "i[]");
    w$.need(count1 * 4);
    for (let i1 = 0; i1 < count1; i1++) w$.i32(item[i1]!, "i[][]");
  }
  w$.stringBody(urlHead$, url);
  w$.byteString(readPipe, "read_pipe");
  w$.closeStruct(s$);
}

function dispatchEveryType(impl$: Implementation<EveryType>, call$: Incoming): void {
  const r$ = call$.decoder;
  switch (call$.method) {
    case 0x7782e3f1: {
      const s$ = r$.openStruct();
      const a = r$.i8();
      const b = r$.u8();
      const c = r$.i16();
      const d = r$.u16();
      const e = r$.i32();
      const f = r$.u32();
      const g = r$.i64();
      const h = r$.u64();
      const i = r$.f32();
      const j = r$.f64();
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
      const flags0 = r$.flags(0b11111111);
      const flags1 = r$.flags(0b11111);
      if ((flags0 & 1) === 0 && (flags0 & 2) !== 0) r$.fail("flags");
      const a = (flags0 & 1) === 0 ? undefined : (flags0 & 2) !== 0;
      const b = (flags0 & 4) === 0 ? undefined : r$.i32();
      const cHead = (flags0 & 8) === 0 ? undefined : r$.stringHead();
      const e = (flags0 & 32) === 0 ? undefined : readPipe$(r$);
      const g = (flags0 & 128) !== 0;
      const h = (flags1 & 1) === 0 ? undefined : r$.u8();
      if ((flags1 & 2) === 0 && (flags1 & 4) !== 0) r$.fail("flags");
      const i = (flags1 & 2) === 0 ? undefined : (flags1 & 4) !== 0;
      if ((flags1 & 8) === 0 && (flags1 & 16) !== 0) r$.fail("flags");
      const j = (flags1 & 8) === 0 ? undefined : (flags1 & 16) !== 0;
      const c = cHead === undefined ? undefined : r$.stringBody(cHead);
      const d = (flags0 & 16) === 0 ? undefined : r$.byteString();
      let f: number[] | undefined;
      if ((flags0 & 64) !== 0) {
        f = [];
        const fCount = r$.count(32);
        for (let i$ = 0; i$ < fCount; i$++) f.push(r$.i32());
      }
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
      const a: boolean[] = [];
      const aCount = r$.count(1);
      for (let i$ = 0; i$ < aCount; i$ += 8) {
        const mask = aCount - i$ < 8 ? (1 << (aCount - i$)) - 1 : 0xff;
        const bits = r$.flags(mask);
        for (let k = i$; k < aCount && k < i$ + 8; k++) {
          const bit = 1 << (k & 7);
          a.push((bits & bit) !== 0);
        }
      }
      const b: (boolean | undefined)[] = [];
      const bCount = r$.count(2);
      const bPresence: number[] = [];
      for (let i$ = 0; i$ < bCount; i$ += 8) {
        bPresence.push(r$.flags(bCount - i$ < 8 ? (1 << (bCount - i$)) - 1 : 0xff));
      }
      for (let i$ = 0; i$ < bCount; i$ += 8) {
        const mask = bPresence[i$ >> 3]!;
        const bits = r$.flags(mask);
        for (let k = i$; k < bCount && k < i$ + 8; k++) {
          const bit = 1 << (k & 7);
          b.push((mask & bit) === 0 ? undefined : (bits & bit) !== 0);
        }
      }
      const c: string[] = [];
      const cCount = r$.count(32);
      for (let i$ = 0; i$ < cCount; i$++) c.push(r$.stringBody(r$.stringHead()));
      const d: (string | undefined)[] = [];
      const dCount = r$.count(1);
      const dPresence: number[] = [];
      for (let i$ = 0; i$ < dCount; i$ += 8) {
        dPresence.push(r$.flags(dCount - i$ < 8 ? (1 << (dCount - i$)) - 1 : 0xff));
      }
      for (let i$ = 0; i$ < dCount; i$++) {
        const isPresent = (dPresence[i$ >> 3]! & (1 << (i$ & 7))) !== 0;
        d.push(isPresent ? r$.stringBody(r$.stringHead()) : undefined);
      }
      const e: Uint8Array[] = [];
      const eCount = r$.count(32);
      for (let i$ = 0; i$ < eCount; i$++) e.push(r$.byteString());
      const f: MessagePipe[] = [];
      const fCount = r$.count(32);
      for (let i$ = 0; i$ < fCount; i$++) f.push(readPipe$(r$));
      const g: (MessagePipe | undefined)[] = [];
      const gCount = r$.count(1);
      const gPresence: number[] = [];
      for (let i$ = 0; i$ < gCount; i$ += 8) {
        gPresence.push(r$.flags(gCount - i$ < 8 ? (1 << (gCount - i$)) - 1 : 0xff));
      }
      for (let i$ = 0; i$ < gCount; i$++) {
        const isPresent = (gPresence[i$ >> 3]! & (1 << (i$ & 7))) !== 0;
        g.push(isPresent ? readPipe$(r$) : undefined);
      }
      const h: (bigint | undefined)[] = [];
      const hCount = r$.count(1);
      const hPresence: number[] = [];
      for (let i$ = 0; i$ < hCount; i$ += 8) {
        hPresence.push(r$.flags(hCount - i$ < 8 ? (1 << (hCount - i$)) - 1 : 0xff));
      }
      for (let i$ = 0; i$ < hCount; i$++) {
        const isPresent = (hPresence[i$ >> 3]! & (1 << (i$ & 7))) !== 0;
        h.push(isPresent ? r$.u64() : undefined);
      }
      const i: number[][] = [];
      const iCount = r$.count(32);
      for (let i$ = 0; i$ < iCount; i$++) {
        const item: number[] = [];
        const count1 = r$.count(32);
        for (let i1 = 0; i1 < count1; i1++) item.push(r$.i32());
        i.push(item);
      }
      const j: (((boolean | undefined)[] | undefined)[] | undefined)[] = [];
      const jCount = r$.count(1);
      const jPresence: number[] = [];
      for (let i$ = 0; i$ < jCount; i$ += 8) {
        jPresence.push(r$.flags(jCount - i$ < 8 ? (1 << (jCount - i$)) - 1 : 0xff));
      }
      for (let i$ = 0; i$ < jCount; i$++) {
        const isPresent = (jPresence[i$ >> 3]! & (1 << (i$ & 7))) !== 0;
        if (!isPresent) {
          j.push(undefined);
          continue;
        }
        const item: ((boolean | undefined)[] | undefined)[] = [];
        const count1 = r$.count(1);
        const presence1: number[] = [];
        for (let i1 = 0; i1 < count1; i1 += 8) {
          presence1.push(r$.flags(count1 - i1 < 8 ? (1 << (count1 - i1)) - 1 : 0xff));
        }
        for (let i1 = 0; i1 < count1; i1++) {
          const isPresent1 = (presence1[i1 >> 3]! & (1 << (i1 & 7))) !== 0;
          if (!isPresent1) {
            item.push(undefined);
            continue;
          }
          const item1: (boolean | undefined)[] = [];
          const count2 = r$.count(2);
          const presence2: number[] = [];
          for (let i2 = 0; i2 < count2; i2 += 8) {
            presence2.push(r$.flags(count2 - i2 < 8 ? (1 << (count2 - i2)) - 1 : 0xff));
          }
          for (let i2 = 0; i2 < count2; i2 += 8) {
            const mask2 = presence2[i2 >> 3]!;
            const bits2 = r$.flags(mask2);
            for (let k2 = i2; k2 < count2 && k2 < i2 + 8; k2++) {
              const bit2 = 1 << (k2 & 7);
              item1.push((mask2 & bit2) === 0 ? undefined : (bits2 & bit2) !== 0);
            }
          }
          item.push(item1);
        }
        j.push(item);
      }
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
      const flags0 = r$.flags(0b111);
      const w = r$.i32();
      const r = r$.i32();
      const s = r$.i32();
      const call = r$.i32();
      const implHead = r$.stringHead();
      const options = (flags0 & 1) !== 0;
      if ((flags0 & 2) === 0 && (flags0 & 4) !== 0) r$.fail("flags");
      const error = (flags0 & 2) === 0 ? undefined : (flags0 & 4) !== 0;
      const urlHead$ = r$.stringHead();
      const urlHead = r$.i32();
      const writePipe = readPipe$(r$);
      const impl = r$.stringBody(implHead);
      const value: number[] = [];
      const valueCount = r$.count(32);
      for (let i$ = 0; i$ < valueCount; i$++) value.push(r$.i32());
      const i: number[][] = [];
      const iCount = r$.count(32);
      for (let i$ = 0; i$ < iCount; i$++) {
        const item: number[] = [];
        const count1 = r$.count(32);
        for (let i1 = 0; i1 < count1; i1++) item.push(r$.i32());
        i.push(item);
      }
      const url = r$.stringBody(urlHead$);
      const readPipe = r$.byteString();
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

/** {@linkcode EveryType} as a value, for `new Remote(EveryType, pipe)` and the like. */
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
  constructor(pipe: MessagePipe) {
    super(Nothing, pipe);
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
