// Generated from emission.magen by magen. Do not edit: change the source and generate again.
// deno-fmt-ignore-file
import {
  type CallOptions,
  type Decoder,
  EmitterBase,
  type Encoder,
  type FileHandle,
  type Handle,
  type Implementation,
  type Incoming,
  type IncomingEvent,
  type Interface,
  type MessagePipe,
  type Open,
  type PendingAssociatedReceiver,
  type PendingRemote,
  RemoteBase,
  type RemoteOptions,
  type Result,
  type StreamSource,
  readAssociatedReceiver,
  readFile,
  readHandle,
  readPendingRemote,
  readPipe,
  readStream,
  receiveStream,
  sendStream,
  writeAssociatedReceiver,
  writeFile,
  writeHandle,
  writePendingRemote,
  writePipe,
  writeStream,
} from "@mage/ipc/generated-v1";
import { $readShared, $writeShared, type Shared } from "./imported.magen.ts";
import { Point as Point$ } from "./point.ts";

/** What can go wrong. */
export const NetError = {
  /** Nobody knows. */
  Unknown: -1,
  TimedOut: 3,
  /** @deprecated use kTimedOut */
  Slow: 3,
} as const;

/** A value of {@linkcode NetError}. */
export type NetError = Open<(typeof NetError)[keyof typeof NetError]>;

/** `value`, or `NetError.Unknown` for one that has no name here. */
export function knownNetError(value: NetError): (typeof NetError)[keyof typeof NetError] {
  switch (value) {
    case -1:
    case 3:
      return value as (typeof NetError)[keyof typeof NetError];
    default:
      return NetError.Unknown;
  }
}

/**
 * Reads {@linkcode NetError}.
 *
 * @internal
 */
export function $readNetError(r: Decoder, _label: string | number): NetError {
  return r.i32() as NetError;
}

/**
 * Writes {@linkcode NetError}.
 *
 * @internal
 */
export function $writeNetError(w: Encoder, value: NetError, label: string | number): void {
  w.i32(value, label);
}

/** The bits `Rights`. */
export const Rights = {
  Read: 1n,
  Write: 2n,
  Both: 3n,
} as const;

/** Values of {@linkcode Rights}, put together with `|`. */
export type Rights = bigint;

/**
 * Reads {@linkcode Rights}.
 *
 * @internal
 */
export function $readRights(r: Decoder, label: string | number): Rights {
  const value = r.u64();
  if ((value & ~0x3n) !== 0n) r.fail("bits", label);
  return value;
}

/**
 * Writes {@linkcode Rights}.
 *
 * @internal
 */
export function $writeRights(w: Encoder, value: Rights, label: string | number): void {
  w.u64(value, label);
  if ((value & ~0x3n) !== 0n) throw w.unknown("Rights", value, label);
}

/** `int32 kMax` */
export const kMax: -5 = -5;

/** `double kEndless` */
export const kEndless: number = Infinity;

/** `uint64 kLarge` */
export const kLarge = 12345678901234567890n;

/** `NetError kWorst` */
export const kWorst: NetError = 3;

/** `string kQuote` */
export const kQuote = "a \"quote\"";

/** The feature `kFeature`. */
export const kFeature = {
  name: "feature",
  default_state: true,
} as const;

/** A port of a machine. */
export type Port = number;

/** `array<string>` */
export type Names = string[];

/** One header line. */
export interface Header {
  /** `string name` */
  name: string;
  /** `Header.Kind kind` */
  kind: Header_Kind;
  /** `Names tags` */
  tags: Names;
  /** `array<int32, 3> numbers` */
  numbers: Int32Array;
  /** `Header? next` */
  next?: Header | undefined;
  /** `Port port` */
  port: Port;
  /** `map<string, Header?> parts` */
  parts: Map<string, Header | undefined>;
  /** `int64 size` */
  size: number;
  /** `Shared shared` */
  shared: Shared;
  /**
   * As it came.
   *
   * @since version 1
   * @deprecated
   */
  raw?: Uint8Array | undefined;
}

/**
 * What fields of {@linkcode Header} are by default, to start from: `{ ...HeaderDefaults }`.
 */
export const HeaderDefaults: { readonly kind: Header_Kind; readonly port: Port } = {
  kind: 0,
  port: 80,
};

/**
 * Reads {@linkcode Header}.
 *
 * @internal
 */
export function $readHeader(r: Decoder, label: string | number): Header {
  const at$ = r.openInner(label, 5);
  const flags0 = r.flagsAt(at$, 0b1);
  const nameHead = r.u32At(at$ + 1);
  const kind = $readHeader_Kind(r, "kind");
  const at1 = r.advance(10);
  const port = r.u16At(at1);
  r.range(port, 1, Infinity, "port");
  const size = r.int53At(at1 + 2, "size");
  const name = r.stringBody(nameHead, "name");
  const tagsCount = r.openArray(32, "tags");
  r.length(tagsCount, 0, 3, "");
  const tags: string[] = new Array(tagsCount);
  for (let i = 0; i < tagsCount; i++) tags[i] = r.text(i);
  r.leave();
  const numbers = r.numbers("i32", "numbers", 3);
  const next = (flags0 & 1) === 0 ? undefined : $readHeader(r, "next");
  const partsCount = r.openMap(33, "parts");
  const partsKeys: string[] = new Array(partsCount);
  for (let i = 0; i < partsCount; i++) partsKeys[i] = r.text(i);
  const parts = new Map<string, Header | undefined>();
  const partsPresence = r.bits(partsCount);
  for (let i = 0; i < partsCount; i++) parts.set(partsKeys[i]!, r.isSet(partsPresence, i) ? $readHeader(r, i) : undefined);
  if (parts.size !== partsCount) r.fail("map-key");
  r.leave();
  const shared = $readShared(r, "shared");
  let raw: Uint8Array | undefined;
  if (r.hasGroup()) {
    const g1 = r.openGroup();
    const flags1 = r.flags(0b1);
    raw = (flags1 & 1) === 0 ? undefined : r.byteString("raw");
    r.closeGroup(g1);
    if (!r.hasGroup() && raw == null) r.fail("version-group");
  }
  r.closeInner();
  return { name, kind, tags, numbers, next, port, parts, size, shared, raw };
}

/**
 * Writes {@linkcode Header}.
 *
 * @internal
 */
export function $writeHeader(w: Encoder, value: Header, label: string | number): void {
  w.object(value, "Header", label);
  const {
    name,
    kind,
    tags,
    numbers,
    next,
    port,
    parts,
    size,
    shared,
    raw,
  } = value;
  const kindSent: Header_Kind = kind === undefined ? 0 : kind;
  const portSent: Port = port === undefined ? 80 : port;
  const at$ = w.openInner(label, 5, 14);
  w.flagsAt(at$, next == null ? 0 : 1);
  w.stringHeadAt(at$ + 1, name, "name");
  $writeHeader_Kind(w, kindSent, "kind");
  const at1 = w.advance(10);
  w.u16At(at1, portSent, "port");
  w.range(portSent, 1, Infinity, "port");
  w.int53At(at1 + 2, size, "size");
  w.stringBody(at$ + 1, name, "name");
  const tagsCount = w.openArray(tags, "tags");
  w.length(tagsCount, 0, 3, "items", "");
  for (let i = 0; i < tagsCount; i++) w.text(tags[i]!, i);
  w.leave();
  w.numbers("i32", numbers, "numbers", 3);
  if (next != null) $writeHeader(w, next, "next");
  const [partsKeys, partsValues] = w.openMap(parts, "parts");
  for (let i = 0; i < partsKeys.length; i++) w.text(partsKeys[i]!, i);
  const partsValuesPresence = w.openBits(partsKeys.length);
  for (let i = 0; i < partsKeys.length; i++) {
    const item = partsValues[i];
    if (item == null) continue;
    w.setBit(partsValuesPresence, i);
    $writeHeader(w, item, i);
  }
  w.leave();
  $writeShared(w, shared, "shared");
  const says1 = raw != null;
  if (says1) {
    const g1 = w.openGroup(1);
    w.flags(raw == null ? 0 : 1);
    if (raw != null) w.byteString(raw, "raw");
    w.closeGroup(g1);
  }
  w.closeInner(at$);
}

/** The enum `Header.Kind`. */
export const Header_Kind = {
  Plain: 0,
  then: 1,
} as const;

/** A value of {@linkcode Header_Kind}. */
export type Header_Kind = (typeof Header_Kind)[keyof typeof Header_Kind];

/**
 * Reads {@linkcode Header_Kind}.
 *
 * @internal
 */
export function $readHeader_Kind(r: Decoder, label: string | number): Header_Kind {
  const value = r.i32();
  if (value < 0 || value > 1) r.fail("enum", label);
  return value as Header_Kind;
}

/**
 * Writes {@linkcode Header_Kind}.
 *
 * @internal
 */
export function $writeHeader_Kind(w: Encoder, value: Header_Kind, label: string | number): void {
  w.i32(value, label);
  if (value < 0 || value > 1) throw w.unknown("Header.Kind", value, label);
}

/** `int32 Header.kLimit` */
export const Header_kLimit = 8;

/**
 * Where something comes from.
 *
 * - `url`: Somewhere else.
 */
export type Source =
  | { readonly kind: "url"; readonly value: string }
  | { readonly kind: "units"; readonly value: Uint16Array }
  | { readonly kind: "header"; readonly value?: Header | undefined };

/**
 * Reads {@linkcode Source}.
 *
 * @internal
 */
export function $readSource(r: Decoder, label: string | number): Source {
  const u = r.openUnion(label);
  let value: Source;
  switch (r.tag) {
    case 0: {
      value = { kind: "url", value: r.text("url") };
      break;
    }
    case 1: {
      value = { kind: "units", value: r.numbers("u16", "units") };
      break;
    }
    case 2: {
      const isThere = r.flags(1) === 1;
      value = { kind: "header", value: isThere ? $readHeader(r, "header") : undefined };
      break;
    }
    default:
      return r.fail("union-tag");
  }
  r.closeUnion(u);
  return value;
}

/**
 * Writes {@linkcode Source}.
 *
 * @internal
 */
export function $writeSource(w: Encoder, value: Source, label: string | number): void {
  w.object(value, "Source", label);
  const { kind: kind$, value: member } = value;
  switch (kind$) {
    case "url": {
      const u = w.openUnion(0, label);
      w.text(member, "url");
      w.closeUnion(u);
      break;
    }
    case "units": {
      const u = w.openUnion(1, label);
      w.numbers("u16", member, "units");
      w.closeUnion(u);
      break;
    }
    case "header": {
      const u = w.openUnion(2, label);
      w.flags(member == null ? 0 : 1);
      if (member != null) {
        $writeHeader(w, member, "header");
      }
      w.closeUnion(u);
      break;
    }
    default:
      throw w.unknown("the kinds of Source", kind$, label);
  }
}

/** The struct `Point` as it is sent. {@linkcode Point} stands for it. */
export interface Point_Wire {
  /** `double x` */
  x: number;
  /** `double y` */
  y: number;
}

/** The struct `Point`. */
export type Point = Point$;

/**
 * Reads {@linkcode Point}.
 *
 * @internal
 */
export function $readPoint(r: Decoder, label: string | number): Point {
  const at$ = r.openInner(label, 16);
  const x = r.f64At(at$);
  const y = r.f64At(at$ + 8);
  r.closeInner();
  const wire: Point_Wire = { x, y };
  return r.convert(Point$, wire, label);
}

/**
 * Writes {@linkcode Point}.
 *
 * @internal
 */
export function $writePoint(w: Encoder, value: Point, label: string | number): void {
  const wire: Point_Wire = w.convert(Point$, value, label);
  w.object(wire, "Point", label);
  const { x, y } = wire;
  const at$ = w.openInner(label, 16);
  w.f64At(at$, x, "x");
  w.f64At(at$ + 8, y, "y");
  w.closeInner(at$);
}

/** The struct `Size`. */
export interface Size {
  /** `int32 width` */
  width: number;
  /** `int32 height` */
  height: number;
}

/**
 * What fields of {@linkcode Size} are by default, to start from: `{ ...SizeDefaults }`.
 */
export const SizeDefaults: { readonly width: number; readonly height: number } = {
  width: 3,
  height: 4,
};

/**
 * Reads {@linkcode Size}.
 *
 * @internal
 */
export function $readSize(r: Decoder, label: string | number): Size {
  const at$ = r.openInner(label, 8);
  const width = r.i32At(at$);
  const height = r.i32At(at$ + 4);
  r.closeInner();
  return { width, height };
}

/**
 * Writes {@linkcode Size}.
 *
 * @internal
 */
export function $writeSize(w: Encoder, value: Size, label: string | number): void {
  w.object(value, "Size", label);
  const { width, height } = value;
  const widthSent: number = width === undefined ? 3 : width;
  const heightSent: number = height === undefined ? 4 : height;
  const at$ = w.openInner(label, 8);
  w.i32At(at$, widthSent, "width");
  w.i32At(at$ + 4, heightSent, "height");
  w.closeInner(at$);
}

/** The struct `Mark`. */
export interface Mark {
  /** `Point at` */
  at: Point;
  /** `Size size` */
  size: Size;
  /**
   * `Size other`
   *
   * @since version 1
   */
  other: Size;
}

/**
 * What fields of {@linkcode Mark} are by default, to start from: `{ ...MarkDefaults }`.
 */
export const MarkDefaults: { readonly size: Size; readonly other: Size } = {
  get size(): Size { return { width: 3, height: 4 }; },
  get other(): Size { return { width: 3, height: 4 }; },
};

/**
 * Reads {@linkcode Mark}.
 *
 * @internal
 */
export function $readMark(r: Decoder, label: string | number): Mark {
  r.openInner(label);
  const at = $readPoint(r, "at");
  const size = $readSize(r, "size");
  let other: Size = { width: 3, height: 4 };
  if (r.hasGroup()) {
    const g1 = r.openGroup();
    other = $readSize(r, "other");
    r.closeGroup(g1);
    if (!r.hasGroup() && other != null && other.width === 3 && other.height === 4) r.fail("version-group");
  }
  r.closeInner();
  return { at, size, other };
}

/**
 * Writes {@linkcode Mark}.
 *
 * @internal
 */
export function $writeMark(w: Encoder, value: Mark, label: string | number): void {
  w.object(value, "Mark", label);
  const { at, size, other } = value;
  const sizeSent: Size = size === undefined ? { width: 3, height: 4 } : size;
  const otherSent: Size = other === undefined ? { width: 3, height: 4 } : other;
  const at$ = w.openInner(label, 0);
  $writePoint(w, at, "at");
  $writeSize(w, sizeSent, "size");
  const says1 =
    !(otherSent != null && otherSent.width === 3 && otherSent.height === 4);
  if (says1) {
    const g1 = w.openGroup(0);
    $writeSize(w, otherSent, "other");
    w.closeGroup(g1);
  }
  w.closeInner(at$);
}

/** Is told what happens. */
export interface Observer {
  /** Sends `OnChange`. */
  onChange(what: string): void;
}

class ObserverRemote extends RemoteBase implements Observer {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(Observer, pipe, options);
  }

  onChange(what: string): void {
    const w = this.$begin(0x2f75adc2, false);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, what, "what");
      w.stringBody(at, what, "what");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }
}

function dispatchObserver(impl: Implementation<Observer>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x2f75adc2: {
      const s = r.openStruct();
      const whatHead = r.stringHead();
      const what = r.stringBody(whatHead, "what");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.onChange(what));
      return;
    }
    default:
      call.unknownMethod();
  }
}

/** {@linkcode Observer} as a value, for `new Remote(Observer, pipe)` and the like. */
export const Observer: Interface<Observer> = {
  name: "golden.emission.Observer",
  methods: [
    [0x2f75adc2, "OnChange"],
  ],
  Remote: ObserverRemote,
  dispatch: dispatchObserver,
};

/** Does everything. */
export interface Everything {
  /**
   * Fetches `url`.
   *
   * @param url Which.
   */
  fetchURL(
    url: string,
    count?: number | undefined,
    extra?: Source | undefined,
    options?: CallOptions,
  ): Promise<Everything_FetchURL_Reply>;
  /** Sends `Observe`. */
  observe(
    url: string,
    observer: PendingRemote<Observer>,
    other?: PendingAssociatedReceiver<Observer> | undefined,
  ): void;
  /** Calls `Open`. */
  open(
    source: Source,
    names: readonly string[],
    options?: CallOptions,
  ): Promise<Result<Header, NetError>>;
  /** Calls `Close`. */
  close(options?: CallOptions): Promise<Result<void, string>>;
  /**
   * Calls `Both`.
   *
   * @deprecated use Open *\/ instead
   */
  both(options?: CallOptions): Promise<Result<Everything_Both_Reply, NetError>>;
  /**
   * Calls `Watch`.
   *
   * @since version 1
   */
  watch(
    path: string,
    items: StreamSource<Header>,
    late?: number | undefined,
  ): ReadableStream<Header | undefined>;
  /** Calls `Ping`. */
  ping(options?: CallOptions): Promise<void>;
  /** Sends `Keep`. */
  keep(
    names: ReadonlyMap<number, readonly string[]>,
    point: Point,
    file: FileHandle,
    any: Handle,
  ): void;
  /** Calls `Sort`. */
  sort(
    numbers: Int32Array | readonly number[],
    options?: CallOptions,
  ): Promise<Everything_Sort_Reply>;
  /** Calls `Rights`. */
  rights(
    rights: Rights,
    errors: readonly NetError[],
    options?: CallOptions,
  ): Promise<Everything_Rights_Reply>;
}

/** What whoever implements {@linkcode Everything} tells its callers. */
export interface Everything_Events {
  /** The event `OnSorted`. */
  onSorted(numbers: BigInt64Array | readonly bigint[]): void;
  /** So far. */
  onProgress(percent: number, note?: string | undefined): void;
  /** The event `OnPoint`. */
  onPoint(point: Point): void;
}

/** What {@linkcode Everything.fetchURL} resolves to. */
export interface Everything_FetchURL_Reply {
  /** `int32 status` */
  status: number;
  /** `bytes body` */
  body: Uint8Array;
  /** `array<Header> headers` */
  headers: Header[];
}

/** What {@linkcode Everything.both} resolves to, when it goes well. */
export interface Everything_Both_Reply {
  /** `int32 first` */
  first: number;
  /** `uint64 second` */
  second: bigint;
}

/** What {@linkcode Everything.sort} resolves to. */
export interface Everything_Sort_Reply {
  /** `array<int32> sorted` */
  sorted: Int32Array;
}

/** What {@linkcode Everything.rights} resolves to. */
export interface Everything_Rights_Reply {
  /** `Rights rights` */
  rights: Rights;
}

class EverythingRemote extends RemoteBase<Everything_Events> implements Everything {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(Everything, pipe, options);
  }

  fetchURL(
    url: string,
    count?: number | undefined,
    extra?: Source | undefined,
    options?: CallOptions,
  ): Promise<Everything_FetchURL_Reply> {
    const w = this.$begin(0x3b2024af, true);
    try {
      const countSent: number = count === undefined ? 3 : count;
      const at = w.openStruct(9);
      w.flagsAt(at, extra == null ? 0 : 1);
      w.stringHeadAt(at + 1, url, "url");
      w.i32At(at + 5, countSent, "count");
      w.stringBody(at + 1, url, "url");
      if (extra != null) $writeSource(w, extra, "extra");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(
      w,
      0x3b2024af,
      readEverything_FetchURL_Reply,
      this.$timeout(5000, options),
      4096,
    );
  }

  observe(
    url: string,
    observer: PendingRemote<Observer>,
    other?: PendingAssociatedReceiver<Observer> | undefined,
  ): void {
    const w = this.$begin(0x6efe8725, false);
    try {
      const at = w.openStruct(5, 8);
      w.flagsAt(at, other == null ? 0 : 1);
      w.stringHeadAt(at + 1, url, "url");
      writePendingRemote(w, observer, "observer");
      if (other != null) writeAssociatedReceiver(w, other, "other");
      w.stringBody(at + 1, url, "url");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w, 100);
  }

  open(
    source: Source,
    names: readonly string[],
    options?: CallOptions,
  ): Promise<Result<Header, NetError>> {
    const w = this.$begin(0x78274d01, true);
    try {
      const at = w.openStruct(0);
      $writeSource(w, source, "source");
      const namesCount = w.openArray(names, "names");
      w.length(namesCount, 0, 3, "items", "");
      for (let i = 0; i < namesCount; i++) w.text(names[i]!, i);
      w.leave();
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x78274d01, readEverything_Open_Reply, options);
  }

  close(options?: CallOptions): Promise<Result<void, string>> {
    const w = this.$begin(0x4da62572, true);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x4da62572, readEverything_Close_Reply, options);
  }

  both(options?: CallOptions): Promise<Result<Everything_Both_Reply, NetError>> {
    const w = this.$begin(0x38b32622, true);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x38b32622, readEverything_Both_Reply, options);
  }

  watch(
    path: string,
    items: StreamSource<Header>,
    late?: number | undefined,
  ): ReadableStream<Header | undefined> {
    const w = this.$begin(0x3ed9197f, false);
    const [stream, end] = this.$openStream();
    try {
      const at = w.openStruct(4, 8);
      w.stringHeadAt(at, path, "path");
      writeStream(w, items, "items", (w, item, label) => {
        w.need(9);
        $writeHeader(w, item, label);
      });
      writePipe(w, end, "end");
      w.stringBody(at, path, "path");
      const says1 = late != null;
      if (says1) {
        const g1 = w.openGroup(5);
        w.flags(late == null ? 0 : 1);
        if (late != null) w.i32(late, "late");
        w.closeGroup(g1);
      }
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
    return receiveStream(
      stream,
      readEverything_Watch_Item,
      "golden.emission.Everything.Watch",
    );
  }

  ping(options?: CallOptions): Promise<void> {
    const w = this.$begin(0x0a5ad294, true);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x0a5ad294, readEmptyReply, options);
  }

  keep(
    names: ReadonlyMap<number, readonly string[]>,
    point: Point,
    file: FileHandle,
    any: Handle,
  ): void {
    const w = this.$begin(0x3633febf, false);
    try {
      const at = w.openStruct(0, 8);
      writeFile(w, file, "file");
      writeHandle(w, any, "any");
      const [namesKeys, namesValues] = w.openMap(names, "names");
      w.need(namesKeys.length * 4);
      for (let i = 0; i < namesKeys.length; i++) w.i32(namesKeys[i]!, i);
      for (let i = 0; i < namesKeys.length; i++) {
        const item = namesValues[i]!;
        const itemCount = w.openArray(item, i);
        for (let i1 = 0; i1 < itemCount; i1++) w.text(item[i1]!, i1);
        w.leave();
      }
      w.leave();
      $writePoint(w, point, "point");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  sort(
    numbers: Int32Array | readonly number[],
    options?: CallOptions,
  ): Promise<Everything_Sort_Reply> {
    const w = this.$begin(0x28d5c4f5, true);
    try {
      const at = w.openStruct(0);
      w.numbers("i32", numbers, "numbers");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x28d5c4f5, readEverything_Sort_Reply, options);
  }

  rights(
    rights: Rights,
    errors: readonly NetError[],
    options?: CallOptions,
  ): Promise<Everything_Rights_Reply> {
    const w = this.$begin(0x66d58d97, true);
    try {
      const at = w.openStruct(0, 8);
      $writeRights(w, rights, "rights");
      const errorsCount = w.openArray(errors, "errors");
      w.need(errorsCount * 4);
      for (let i = 0; i < errorsCount; i++) $writeNetError(w, errors[i]!, i);
      w.leave();
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x66d58d97, readEverything_Rights_Reply, options);
  }
}

class EverythingEmitter extends EmitterBase implements Everything_Events {
  onSorted(numbers: BigInt64Array | readonly bigint[]): void {
    const w = this.$begin(0x4f93ce90);
    try {
      const at = w.openStruct(0);
      w.numbers("i64", numbers, "numbers");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  onProgress(percent: number, note?: string | undefined): void {
    const w = this.$begin(0x2067fe66);
    try {
      const at = w.openStruct(5, 4);
      w.flagsAt(at, note == null ? 0 : 1);
      w.i32At(at + 1, percent, "percent");
      const noteHead = note == null ? 0 : w.stringHead(note, "note");
      if (note != null) w.stringBody(noteHead, note, "note");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  onPoint(point: Point): void {
    const w = this.$begin(0x23be2fd5);
    try {
      const at = w.openStruct(0);
      $writePoint(w, point, "point");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w, 128);
  }
}

function readEverything_FetchURL_Reply(r: Decoder): Everything_FetchURL_Reply {
  const s = r.openStruct();
  const status = r.i32();
  const body = r.byteString("body");
  const headersCount = r.openArray(32, "headers");
  const headers: Header[] = new Array(headersCount);
  for (let i = 0; i < headersCount; i++) headers[i] = $readHeader(r, i);
  r.leave();
  r.closeStruct(s);
  return { status, body, headers };
}

function writeEverything_FetchURL_Reply(
  w: Encoder,
  value: Everything_FetchURL_Reply,
): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Everything.FetchURL must be an object: received ${String(value)}`,
    );
  }
  const { status, body, headers } = value;
  const at = w.openStruct(4);
  w.i32At(at, status, "status");
  w.byteString(body, "body");
  const headersCount = w.openArray(headers, "headers");
  for (let i = 0; i < headersCount; i++) $writeHeader(w, headers[i]!, i);
  w.leave();
  w.closeStruct(at);
}

function readEverything_Open_Reply(r: Decoder): Result<Header, NetError> {
  const s = r.openStruct(), u = r.openUnion("");
  let result: Result<Header, NetError>;
  switch (r.tag) {
    case 0: {
      result = { ok: true, value: $readHeader(r, "value") };
      break;
    }
    case 1: {
      result = { ok: false, error: $readNetError(r, "error") };
      break;
    }
    default:
      return r.fail("union-tag");
  }
  r.closeUnion(u);
  r.closeStruct(s);
  return result;
}

function writeEverything_Open_Reply(w: Encoder, result: Result<Header, NetError>): void {
  w.object(result, "a Result", "");
  const s$ = w.openStruct(0);
  switch (result.ok) {
    case true: {
      const u = w.openUnion(0, "");
      const value = result.value;
      $writeHeader(w, value, "value");
      w.closeUnion(u);
      break;
    }
    case false: {
      const u = w.openUnion(1, "");
      const error = result.error;
      $writeNetError(w, error, "error");
      w.closeUnion(u);
      break;
    }
    default:
      throw w.wrongType("a Result", result, "");
  }
  w.closeStruct(s$);
}

function readEverything_Close_Reply(r: Decoder): Result<void, string> {
  const s = r.openStruct(), u = r.openUnion("");
  let result: Result<void, string>;
  switch (r.tag) {
    case 0: {
      r.openInner("value");
      r.closeInner();
      result = { ok: true, value: undefined };
      break;
    }
    case 1: {
      result = { ok: false, error: r.text("error") };
      break;
    }
    default:
      return r.fail("union-tag");
  }
  r.closeUnion(u);
  r.closeStruct(s);
  return result;
}

function writeEverything_Close_Reply(w: Encoder, result: Result<void, string>): void {
  w.object(result, "a Result", "");
  const s$ = w.openStruct(0);
  switch (result.ok) {
    case true: {
      const u = w.openUnion(0, "");
      w.closeInner(w.openInner("value", 0));
      w.closeUnion(u);
      break;
    }
    case false: {
      const u = w.openUnion(1, "");
      const error = result.error;
      w.text(error, "error");
      w.closeUnion(u);
      break;
    }
    default:
      throw w.wrongType("a Result", result, "");
  }
  w.closeStruct(s$);
}

function readEverything_Both_Reply(r: Decoder): Result<Everything_Both_Reply, NetError> {
  const s = r.openStruct(), u = r.openUnion("");
  let result: Result<Everything_Both_Reply, NetError>;
  switch (r.tag) {
    case 0: {
      const at$ = r.openInner("value", 12);
      const first = r.i32At(at$);
      const second = r.u64At(at$ + 4);
      r.closeInner();
      result = { ok: true, value: { first, second } };
      break;
    }
    case 1: {
      result = { ok: false, error: $readNetError(r, "error") };
      break;
    }
    default:
      return r.fail("union-tag");
  }
  r.closeUnion(u);
  r.closeStruct(s);
  return result;
}

function writeEverything_Both_Reply(
  w: Encoder,
  result: Result<Everything_Both_Reply, NetError>,
): void {
  w.object(result, "a Result", "");
  const s$ = w.openStruct(0);
  switch (result.ok) {
    case true: {
      const u = w.openUnion(0, "");
      const value = result.value;
      w.object(value, "the values of the reply", "value");
      const { first, second } = value;
      const at$ = w.openInner("value", 12);
      w.i32At(at$, first, "first");
      w.u64At(at$ + 4, second, "second");
      w.closeInner(at$);
      w.closeUnion(u);
      break;
    }
    case false: {
      const u = w.openUnion(1, "");
      const error = result.error;
      $writeNetError(w, error, "error");
      w.closeUnion(u);
      break;
    }
    default:
      throw w.wrongType("a Result", result, "");
  }
  w.closeStruct(s$);
}

function readEverything_Watch_Item(r: Decoder): Header | undefined {
  const isThere = r.flags(1) === 1;
  const item = isThere ? $readHeader(r, "item") : undefined;
  return item;
}

function writeEverything_Watch_Item(w: Encoder, item: Header | undefined): void {
  w.need(9);
  w.flags(item == null ? 0 : 1);
  if (item != null) {
    $writeHeader(w, item, "item");
  }
}

function readEmptyReply(r: Decoder): void {
  r.closeStruct(r.openStruct());
}

function writeEmptyReply(w: Encoder): void {
  w.closeStruct(w.openStruct(0));
}

function readEverything_Sort_Reply(r: Decoder): Everything_Sort_Reply {
  const s = r.openStruct();
  const sorted = r.numbers("i32", "sorted");
  r.closeStruct(s);
  return { sorted };
}

function writeEverything_Sort_Reply(w: Encoder, value: Everything_Sort_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Everything.Sort must be an object: received ${String(value)}`,
    );
  }
  const { sorted } = value;
  const at = w.openStruct(0);
  w.numbers("i32", sorted, "sorted");
  w.closeStruct(at);
}

function readEverything_Rights_Reply(r: Decoder): Everything_Rights_Reply {
  const s = r.openStruct();
  const rights = $readRights(r, "rights");
  r.closeStruct(s);
  return { rights };
}

function writeEverything_Rights_Reply(w: Encoder, value: Everything_Rights_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Everything.Rights must be an object: received ${String(value)}`,
    );
  }
  const { rights } = value;
  const at = w.openStruct(0, 8);
  $writeRights(w, rights, "rights");
  w.closeStruct(at);
}

function dispatchEverything(impl: Implementation<Everything>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x3b2024af: {
      call.limit(4096);
      const s = r.openStruct();
      const at = r.advance(9);
      const flags0 = r.flagsAt(at, 0b1);
      const urlHead = r.u32At(at + 1);
      const count = r.i32At(at + 5);
      const url = r.stringBody(urlHead, "url");
      const extra = (flags0 & 1) === 0 ? undefined : $readSource(r, "extra");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.fetchURL(url, count, extra), writeEverything_FetchURL_Reply);
      return;
    }
    case 0x6efe8725: {
      call.limit(100);
      const s = r.openStruct();
      const at = r.advance(5);
      const flags0 = r.flagsAt(at, 0b1);
      const urlHead = r.u32At(at + 1);
      const observer = readPendingRemote<Observer>(r, "observer");
      const other = (flags0 & 1) === 0 ? undefined : readAssociatedReceiver<Observer>(r, "other");
      const url = r.stringBody(urlHead, "url");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.observe(url, observer, other));
      return;
    }
    case 0x78274d01: {
      const s = r.openStruct();
      const source = $readSource(r, "source");
      const namesCount = r.openArray(32, "names");
      r.length(namesCount, 0, 3, "");
      const names: string[] = new Array(namesCount);
      for (let i = 0; i < namesCount; i++) names[i] = r.text(i);
      r.leave();
      r.closeStruct(s);
      call.accept(true);
      call.result(() => impl.open(source, names), writeEverything_Open_Reply);
      return;
    }
    case 0x4da62572: {
      r.closeStruct(r.openStruct());
      call.accept(true);
      call.result(() => impl.close(), writeEverything_Close_Reply);
      return;
    }
    case 0x38b32622: {
      r.closeStruct(r.openStruct());
      call.accept(true);
      call.result(() => impl.both(), writeEverything_Both_Reply);
      return;
    }
    case 0x3ed9197f: {
      const s = r.openStruct();
      const pathHead = r.stringHead();
      const items = readStream(r, "items", (r, label) => {
        return $readHeader(r, label);
      });
      const end = readPipe(r, "end");
      const path = r.stringBody(pathHead, "path");
      let late: number | undefined;
      if (r.hasGroup()) {
        const g1 = r.openGroup();
        const flags0 = r.flags(0b1);
        late = (flags0 & 1) === 0 ? undefined : r.i32();
        r.closeGroup(g1);
        if (!r.hasGroup() && late == null) r.fail("version-group");
      }
      r.closeStruct(s);
      call.accept(false);
      sendStream(
        call,
        end,
        () => impl.watch(path, items, late),
        writeEverything_Watch_Item,
      );
      return;
    }
    case 0x0a5ad294: {
      r.closeStruct(r.openStruct());
      call.accept(true);
      call.reply(impl.ping(), writeEmptyReply);
      return;
    }
    case 0x3633febf: {
      const s = r.openStruct();
      const file = readFile(r, "file");
      const any = readHandle(r, "any");
      const namesCount = r.openMap(64, "names");
      const namesKeys: number[] = new Array(namesCount);
      for (let i = 0; i < namesCount; i++) namesKeys[i] = r.i32();
      const names = new Map<number, string[]>();
      for (let i = 0; i < namesCount; i++) {
        const itemCount = r.openArray(32, i);
        const item: string[] = new Array(itemCount);
        for (let i1 = 0; i1 < itemCount; i1++) item[i1] = r.text(i1);
        r.leave();
        names.set(namesKeys[i]!, item);
      }
      if (names.size !== namesCount) r.fail("map-key");
      r.leave();
      const point = $readPoint(r, "point");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.keep(names, point, file, any));
      return;
    }
    case 0x28d5c4f5: {
      const s = r.openStruct();
      const numbers = r.numbers("i32", "numbers");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.sort(numbers), writeEverything_Sort_Reply);
      return;
    }
    case 0x66d58d97: {
      const s = r.openStruct();
      const rights = $readRights(r, "rights");
      const errorsCount = r.openArray(32, "errors");
      const errors: NetError[] = new Array(errorsCount);
      for (let i = 0; i < errorsCount; i++) errors[i] = $readNetError(r, i);
      r.leave();
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.rights(rights, errors), writeEverything_Rights_Reply);
      return;
    }
    default:
      call.unknownMethod();
  }
}

function hearEverything(event: IncomingEvent<Everything_Events>): void {
  const r = event.decoder;
  switch (event.method) {
    case 0x4f93ce90: {
      const s = r.openStruct();
      const numbers = r.numbers("i64", "numbers");
      r.closeStruct(s);
      event.tell("onSorted", (listener) => listener(numbers));
      return;
    }
    case 0x2067fe66: {
      const s = r.openStruct();
      const at = r.advance(5);
      const flags0 = r.flagsAt(at, 0b1);
      const percent = r.i32At(at + 1);
      const noteHead = (flags0 & 1) === 0 ? 0 : r.stringHead();
      const note = (flags0 & 1) === 0 ? undefined : r.stringBody(noteHead, "note");
      r.closeStruct(s);
      event.tell("onProgress", (listener) => listener(percent, note));
      return;
    }
    case 0x23be2fd5: {
      event.limit(128);
      const s = r.openStruct();
      const point = $readPoint(r, "point");
      r.closeStruct(s);
      event.tell("onPoint", (listener) => listener(point));
      return;
    }
    default:
      event.unknownEvent();
  }
}

/**
 * {@linkcode Everything} as a value, for `new Remote(Everything, pipe)` and the like.
 */
export const Everything: Interface<Everything, Everything_Events> = {
  name: "golden.emission.Everything",
  methods: [
    [0x3b2024af, "FetchURL"],
    [0x6efe8725, "Observe"],
    [0x78274d01, "Open"],
    [0x4da62572, "Close"],
    [0x38b32622, "Both"],
    [0x3ed9197f, "Watch"],
    [0x0a5ad294, "Ping"],
    [0x3633febf, "Keep"],
    [0x28d5c4f5, "Sort"],
    [0x66d58d97, "Rights"],
  ],
  events: {
    names: [
      [0x4f93ce90, "OnSorted", "onSorted"],
      [0x2067fe66, "OnProgress", "onProgress"],
      [0x23be2fd5, "OnPoint", "onPoint"],
    ],
    Emitter: EverythingEmitter,
    hear: hearEverything,
  },
  isExtensible: true,
  Remote: EverythingRemote,
  dispatch: dispatchEverything,
};

/** The struct `Empty`. */
// deno-lint-ignore no-empty-interface
export interface Empty {
}

/**
 * Reads {@linkcode Empty}.
 *
 * @internal
 */
export function $readEmpty(r: Decoder, label: string | number): Empty {
  r.openInner(label);
  r.closeInner();
  return {};
}

/**
 * Writes {@linkcode Empty}.
 *
 * @internal
 */
export function $writeEmpty(w: Encoder, value: Empty, label: string | number): void {
  w.object(value, "Empty", label);
  w.closeInner(w.openInner(label, 0));
}

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
  name: "golden.emission.Nothing",
  methods: [],
  Remote: NothingRemote,
  dispatch: dispatchNothing,
};
