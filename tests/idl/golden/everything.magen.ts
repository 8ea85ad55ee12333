// Generated from everything.magen by magen. Do not edit: change the source and generate again.
// deno-fmt-ignore-file
import {
  type CallOptions,
  type ConnHandle,
  type DataPipeConsumer,
  type DataPipeProducer,
  type Decoder,
  EmitterBase,
  type Encoder,
  type FileHandle,
  type Handle,
  type Implementation,
  type Incoming,
  type IncomingEvent,
  type Interface,
  type ListenerHandle,
  type MessagePipe,
  type Open,
  type PendingAssociatedReceiver,
  type PendingAssociatedRemote,
  type PendingReceiver,
  type PendingRemote,
  type PlatformHandle,
  RemoteBase,
  type RemoteOptions,
  type Result,
  type SharedBuffer,
  type StreamSource,
  readAssociatedReceiver,
  readAssociatedRemote,
  readBuffer,
  readConn,
  readConsumer,
  readFile,
  readHandle,
  readListener,
  readPendingReceiver,
  readPendingRemote,
  readPipe,
  readPlatform,
  readProducer,
  readStream,
  receiveStream,
  sendStream,
  writeAssociatedReceiver,
  writeAssociatedRemote,
  writeBuffer,
  writeConn,
  writeConsumer,
  writeFile,
  writeHandle,
  writeListener,
  writePendingReceiver,
  writePendingRemote,
  writePipe,
  writePlatform,
  writeProducer,
  writeStream,
} from "@mage/ipc/generated-v1";
import { Color as Color$ } from "./color.ts";
import {
  $readRectangle,
  $readTurn,
  $writeRectangle,
  $writeTurn,
  type Angle,
  type Rectangle,
  type Turn,
} from "./geometry.magen.ts";

/** How many tags a photo may have. */
export const kMaxTags = 16;

/** Bytes of the largest original. */
export const kMaxOriginalBytes = 1099511627775n;

/** Seconds before the beginning of time. */
export const kNever: -1n = -1n;

/** What a new album is called. */
export const kNewAlbum = "New \"album\"\n";

/** The ratio that pleases. */
export const kGoldenRatio = 1.618;

/** As far as one can see. */
export const kHorizon: number = Infinity;

/** Whether albums are shared unless somebody says otherwise. */
export const kSharedByDefault = false;

/** What nobody has rated yet. */
export const kNotRated: Rating = 0;

/** Whether photos are described by a machine. */
export const kDescriptions = {
  name: "PhotoDescriptions",
  default_state: false,
} as const;

/** How good a photo is. More may come. */
export const Rating = {
  /** Nobody has said. */
  None: 0,
  Poor: 1,
  Fair: 2,
  Good: 3,
  /** As good as it gets. */
  Best: 16,
  /**
   * What it was called before.
   *
   * @deprecated use kBest
   */
  Excellent: 16,
} as const;

/** A value of {@linkcode Rating}. */
export type Rating = Open<(typeof Rating)[keyof typeof Rating]>;

/** `value`, or `Rating.None` for one that has no name here. */
export function knownRating(value: Rating): (typeof Rating)[keyof typeof Rating] {
  switch (value) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 16:
      return value as (typeof Rating)[keyof typeof Rating];
    default:
      return Rating.None;
  }
}

/**
 * Reads {@linkcode Rating}.
 *
 * @internal
 */
export function $readRating(r: Decoder, _label$: string | number): Rating {
  return r.i32() as Rating;
}

/**
 * Writes {@linkcode Rating}.
 *
 * @internal
 */
export function $writeRating(w: Encoder, value$: Rating, label$: string | number): void {
  w.i32(value$, label$);
}

/** How far from the ground it was taken: below it, too. */
export const Level = {
  Submarine: -2,
  Underground: -1,
  Ground: 0,
  Air: 1,
} as const;

/** A value of {@linkcode Level}. */
export type Level = (typeof Level)[keyof typeof Level];

/**
 * Reads {@linkcode Level}.
 *
 * @internal
 */
export function $readLevel(r: Decoder, label$: string | number): Level {
  const value$ = r.i32();
  if (value$ < -2 || value$ > 1) r.fail("enum", label$);
  return value$ as Level;
}

/**
 * Writes {@linkcode Level}.
 *
 * @internal
 */
export function $writeLevel(w: Encoder, value$: Level, label$: string | number): void {
  w.i32(value$, label$);
  if (value$ < -2 || value$ > 1) throw w.unknown("Level", value$, label$);
}

/** What may be done with an album. */
export const Right = {
  Look: 1,
  Add: 2,
  Remove: 4,
  /** Anything. */
  All: 7,
} as const;

/** Values of {@linkcode Right}, put together with `|`. */
export type Right = number;

/**
 * Reads {@linkcode Right}.
 *
 * @internal
 */
export function $readRight(r: Decoder, label$: string | number): Right {
  const value$ = r.u8();
  if ((value$ & ~0x7) !== 0) r.fail("bits", label$);
  return value$;
}

/**
 * Writes {@linkcode Right}.
 *
 * @internal
 */
export function $writeRight(w: Encoder, value$: Right, label$: string | number): void {
  w.u8(value$, label$);
  if ((value$ & ~0x7) !== 0) throw w.unknown("Right", value$, label$);
}

/** What a search looks at. */
export const Scope = {
  Title: 1n,
  Place: 2n,
  Text: 9223372036854775808n,
} as const;

/** Values of {@linkcode Scope}, put together with `|`. */
export type Scope = bigint;

/**
 * Reads {@linkcode Scope}.
 *
 * @internal
 */
export function $readScope(r: Decoder, _label$: string | number): Scope {
  return r.u64();
}

/**
 * Writes {@linkcode Scope}.
 *
 * @internal
 */
export function $writeScope(w: Encoder, value$: Scope, label$: string | number): void {
  w.u64(value$, label$);
}

/** Which photo. */
export type PhotoId = number;

/** A word that describes a photo. */
export type Tag = string;

/** Tags, each with how sure it is. */
export type Tags = Map<Tag, number>;

/** The struct `Color` as it is sent. {@linkcode Color} stands for it. */
export interface Color_Wire {
  /** `uint8 red` */
  red: number;
  /** `uint8 green` */
  green: number;
  /** `uint8 blue` */
  blue: number;
}

/** A color. */
export type Color = Color$;

/**
 * Reads {@linkcode Color}.
 *
 * @internal
 */
export function $readColor(r: Decoder, label$: string | number): Color {
  const at$ = r.openInner(label$, 3);
  const red = r.u8At(at$);
  const green = r.u8At(at$ + 1);
  const blue = r.u8At(at$ + 2);
  r.closeInner();
  const wire: Color_Wire = { red, green, blue };
  return r.convert(Color$, wire, label$);
}

/**
 * Writes {@linkcode Color}.
 *
 * @internal
 */
export function $writeColor(w: Encoder, value$: Color, label$: string | number): void {
  const wire: Color_Wire = w.convert(Color$, value$, label$);
  w.object(wire, "Color", label$);
  const { red, green, blue } = wire;
  const at$ = w.openInner(label$, 3);
  w.u8At(at$, red, "red");
  w.u8At(at$ + 1, green, "green");
  w.u8At(at$ + 2, blue, "blue");
  w.closeInner(at$);
}

/** Who took a photo. Programs keep it, so it never changes. */
export interface Author {
  /** `string name` */
  name: string;
  /** `string? address` */
  address?: string | undefined;
  /**
   * `string? language`
   *
   * @since version 1
   */
  language?: string | undefined;
}

/**
 * Reads {@linkcode Author}.
 *
 * @internal
 */
export function $readAuthor(r: Decoder, label$: string | number): Author {
  const at$ = r.openInner(label$, 5);
  const flags0 = r.flagsAt(at$, 0b1);
  const nameHead = r.u32At(at$ + 1);
  const addressHead = (flags0 & 1) === 0 ? 0 : r.stringHead();
  const name = r.stringBody(nameHead, "name");
  r.length(name.length, 1, 200, "name");
  const address = (flags0 & 1) === 0 ? undefined : r.stringBody(addressHead, "address");
  let language: string | undefined;
  if (r.hasGroup()) {
    const g1 = r.openGroup();
    const flags1 = r.flags(0b1);
    const languageHead = (flags1 & 1) === 0 ? 0 : r.stringHead();
    language = (flags1 & 1) === 0 ? undefined : r.stringBody(languageHead, "language");
    r.closeGroup(g1);
    if (!r.hasGroup() && language == null) r.fail("version-group");
  }
  r.closeInner();
  return { name, address, language };
}

/**
 * Writes {@linkcode Author}.
 *
 * @internal
 */
export function $writeAuthor(w: Encoder, value$: Author, label$: string | number): void {
  w.object(value$, "Author", label$);
  const { name, address, language } = value$;
  const at$ = w.openInner(label$, 5, 4);
  w.flagsAt(at$, address == null ? 0 : 1);
  w.stringHeadAt(at$ + 1, name, "name");
  const addressHead = address == null ? 0 : w.stringHead(address, "address");
  w.length(name.length, 1, 200, "characters", "name");
  w.stringBody(at$ + 1, name, "name");
  if (address != null) w.stringBody(addressHead, address, "address");
  const says1 = language != null;
  if (says1) {
    const g1 = w.openGroup(5);
    w.flags(language == null ? 0 : 1);
    const languageHead = language == null ? 0 : w.stringHead(language, "language");
    if (language != null) w.stringBody(languageHead, language, "language");
    w.closeGroup(g1);
  }
  w.closeInner(at$);
}

/** What a camera writes down. */
export interface Exposure {
  /** `Exposure.Program program` */
  program: Exposure_Program;
  /** `int16 value` */
  value: number;
  /** `float seconds` */
  seconds: number;
  /** `bool flash` */
  flash: boolean;
  /** `uint16 speed` */
  speed: number;
}

/**
 * What fields of {@linkcode Exposure} are by default, to start from: `{ ...ExposureDefaults }`.
 */
export const ExposureDefaults: { readonly program: Exposure_Program; readonly value: number; readonly seconds: number; readonly flash: boolean; readonly speed: number } = {
  program: 1,
  value: -6,
  seconds: 0.009999999776482582,
  flash: false,
  speed: 100,
};

/**
 * Reads {@linkcode Exposure}.
 *
 * @internal
 */
export function $readExposure(r: Decoder, label$: string | number): Exposure {
  const at$ = r.openInner(label$, 1);
  const flags0 = r.flagsAt(at$, 0b1);
  const program = $readExposure_Program(r, "program");
  const at1 = r.advance(8);
  const value = r.i16At(at1);
  const seconds = r.f32At(at1 + 2);
  const flash = (flags0 & 1) !== 0;
  const speed = r.u16At(at1 + 6);
  r.closeInner();
  return { program, value, seconds, flash, speed };
}

/**
 * Writes {@linkcode Exposure}.
 *
 * @internal
 */
export function $writeExposure(w: Encoder, value$: Exposure, label$: string | number): void {
  w.object(value$, "Exposure", label$);
  const { program, value, seconds, flash, speed } = value$;
  const programSent: Exposure_Program = program === undefined ? 1 : program;
  const valueSent: number = value === undefined ? -6 : value;
  const secondsSent: number = seconds === undefined ? 0.009999999776482582 : seconds;
  const flashSent: boolean = flash === undefined ? false : flash;
  const speedSent: number = speed === undefined ? 100 : speed;
  const at$ = w.openInner(label$, 1, 12);
  w.flagsAt(at$, w.bit(flashSent, "flash"));
  $writeExposure_Program(w, programSent, "program");
  const at1 = w.advance(8);
  w.i16At(at1, valueSent, "value");
  w.f32At(at1 + 2, secondsSent, "seconds");
  w.u16At(at1 + 6, speedSent, "speed");
  w.closeInner(at$);
}

/** The program it was taken with. */
export const Exposure_Program = {
  Manual: 0,
  Automatic: 1,
} as const;

/** A value of {@linkcode Exposure_Program}. */
export type Exposure_Program = (typeof Exposure_Program)[keyof typeof Exposure_Program];

/**
 * Reads {@linkcode Exposure_Program}.
 *
 * @internal
 */
export function $readExposure_Program(r: Decoder, label$: string | number): Exposure_Program {
  const value$ = r.i32();
  if (value$ < 0 || value$ > 1) r.fail("enum", label$);
  return value$ as Exposure_Program;
}

/**
 * Writes {@linkcode Exposure_Program}.
 *
 * @internal
 */
export function $writeExposure_Program(
  w: Encoder,
  value$: Exposure_Program,
  label$: string | number,
): void {
  w.i32(value$, label$);
  if (value$ < 0 || value$ > 1) throw w.unknown("Exposure.Program", value$, label$);
}

/** The least that is not dark. */
export const Exposure_kDarkest: -6 = -6;

/** One photo. */
export interface Photo {
  /** `PhotoId id` */
  id: PhotoId;
  /**
   * `string title`
   *
   * @deprecated use `tags`
   */
  title: string;
  /** When it was taken, in microseconds. */
  takenAt: bigint;
  /** `uint64 original_bytes` */
  originalBytes: number;
  /** `Rating rating` */
  rating: Rating;
  /** `Level? level` */
  level?: Level | undefined;
  /** `bool is_private` */
  isPrivate: boolean;
  /** `bool? is_favorite` */
  isFavorite?: boolean | undefined;
  /** `Author? author` */
  author?: Author | undefined;
  /** `Exposure exposure` */
  exposure: Exposure;
  /** `Rectangle? face` */
  face?: Rectangle | undefined;
  /** `Turn turn` */
  turn: Turn;
  /** `Angle? horizon` */
  horizon?: Angle | undefined;
  /** `Color background` */
  background: Color;
  /** The eight bytes that all of its files begin with. */
  magic: Uint8Array;
  /** How much of each color there is. */
  histogram: Uint32Array;
  /** `array<double, 2>? place` */
  place?: Float64Array | undefined;
  /** `array<float> depths` */
  depths: Float32Array;
  /** `array<int64> edits` */
  edits: BigInt64Array;
  /** `Tags tags` */
  tags: Tags;
  /** What is on it. */
  contents: Content[];
  /** Looks at different sizes, by the length of their longer side. */
  previews: Map<number, Uint8Array | undefined>;
  /** Photos it was made from. */
  sources?: Photo[] | undefined;
  /**
   * Came with the second version of the library.
   *
   * @since version 1
   */
  note?: string | undefined;
  /**
   * `uint32 views`
   *
   * @since version 1
   */
  views: number;
  /**
   * `Rating machine_rating`
   *
   * @since version 2
   */
  machineRating: Rating;
  /**
   * `array<array<bool?>?>? mask`
   *
   * @since version 2
   */
  mask?: ((boolean | undefined)[] | undefined)[] | undefined;
}

/**
 * What fields of {@linkcode Photo} are by default, to start from: `{ ...PhotoDefaults }`.
 */
export const PhotoDefaults: { readonly rating: Rating; readonly exposure: Exposure; readonly turn: Turn; readonly machineRating: Rating } = {
  rating: 0,
  get exposure(): Exposure { return { program: 1, value: -6, seconds: 0.009999999776482582, flash: false, speed: 100 }; },
  turn: 0,
  machineRating: 2,
};

/**
 * Reads {@linkcode Photo}.
 *
 * @internal
 */
export function $readPhoto(r: Decoder, label$: string | number): Photo {
  const at$ = r.openInner(label$, 30);
  const flags0 = r.flagsAt(at$, 0b11111111);
  const flags1 = r.flagsAt(at$ + 1, 0b1);
  const id = r.int53At(at$ + 2, "id");
  r.range(id, 1, Infinity, "id");
  const titleHead = r.u32At(at$ + 10);
  const takenAt = r.i64At(at$ + 14);
  const originalBytes = r.uint53At(at$ + 22, "originalBytes");
  const rating = $readRating(r, "rating");
  const level = (flags0 & 1) === 0 ? undefined : $readLevel(r, "level");
  const isPrivate = (flags0 & 2) !== 0;
  if ((flags0 & 4) === 0 && (flags0 & 8) !== 0) r.fail("flags", "isFavorite");
  const isFavorite = (flags0 & 4) === 0 ? undefined : (flags0 & 8) !== 0;
  const turn = $readTurn(r, "turn");
  let horizon: number | undefined;
  if ((flags0 & 64) !== 0) {
    const horizonRead = r.f64();
    r.range(horizonRead, -180, 180, "horizon");
    horizon = horizonRead;
  }
  const title = r.stringBody(titleHead, "title");
  const author = (flags0 & 16) === 0 ? undefined : $readAuthor(r, "author");
  const exposure = $readExposure(r, "exposure");
  const face = (flags0 & 32) === 0 ? undefined : $readRectangle(r, "face");
  const background = $readColor(r, "background");
  const magic = r.numbers("u8", "magic", 8);
  const histogram = r.numbers("u32", "histogram");
  r.length(histogram.length, 0, 256, "histogram");
  const place = (flags0 & 128) === 0 ? undefined : r.numbers("f64", "place", 2);
  const depths = r.numbers("f32", "depths");
  const edits = r.numbers("i64", "edits");
  const tagsCount = r.openMap(64, "tags");
  r.length(tagsCount, 0, 16, "");
  const tagsKeys: Tag[] = new Array(tagsCount);
  for (let i = 0; i < tagsCount; i++) {
    const item = r.text(i);
    r.length(item.length, 1, 32, i);
    r.pattern(item, /^(?:[\p{L}\p{N} ]+)$/u, i);
    tagsKeys[i] = item;
  }
  const tags = new Map<Tag, number>();
  for (let i = 0; i < tagsCount; i++) tags.set(tagsKeys[i]!, r.f32());
  if (tags.size !== tagsCount) r.fail("map-key");
  r.leave();
  const contentsCount = r.openArray(128, "contents");
  const contents: Content[] = new Array(contentsCount);
  for (let i = 0; i < contentsCount; i++) contents[i] = $readContent(r, i);
  r.leave();
  const previewsCount = r.openMap(17, "previews");
  const previewsKeys: number[] = new Array(previewsCount);
  for (let i = 0; i < previewsCount; i++) previewsKeys[i] = r.u16();
  const previews = new Map<number, Uint8Array | undefined>();
  const previewsPresence = r.bits(previewsCount);
  for (let i = 0; i < previewsCount; i++) previews.set(previewsKeys[i]!, r.isSet(previewsPresence, i) ? r.byteString(i) : undefined);
  if (previews.size !== previewsCount) r.fail("map-key");
  r.leave();
  let sources: Photo[] | undefined;
  if ((flags1 & 1) !== 0) {
    const sourcesReadCount = r.openArray(32, "sources");
    const sourcesRead: Photo[] = new Array(sourcesReadCount);
    for (let i = 0; i < sourcesReadCount; i++) sourcesRead[i] = $readPhoto(r, i);
    r.leave();
    sources = sourcesRead;
  }
  let note: string | undefined;
  let views: number = 0;
  if (r.hasGroup()) {
    const g1 = r.openGroup();
    const flags2 = r.flags(0b1);
    const noteHead = (flags2 & 1) === 0 ? 0 : r.stringHead();
    views = r.u32();
    note = (flags2 & 1) === 0 ? undefined : r.stringBody(noteHead, "note");
    r.closeGroup(g1);
    if (!r.hasGroup() && note == null && views === 0) r.fail("version-group");
  }
  let machineRating: Rating = 2;
  let mask: ((boolean | undefined)[] | undefined)[] | undefined;
  if (r.hasGroup()) {
    const g2 = r.openGroup();
    const flags3 = r.flags(0b1);
    machineRating = $readRating(r, "machineRating");
    if ((flags3 & 1) !== 0) {
      const maskReadCount = r.openArray(1, "mask");
      const maskRead: ((boolean | undefined)[] | undefined)[] = new Array(maskReadCount);
      const maskReadPresence = r.bits(maskReadCount);
      for (let i = 0; i < maskReadCount; i++) {
        if (!r.isSet(maskReadPresence, i)) {
          maskRead[i] = undefined;
          continue;
        }
        const itemCount = r.openArray(2, i);
        const item: (boolean | undefined)[] = new Array(itemCount);
        const itemPresence = r.bits(itemCount);
        const itemBits = r.bits(itemCount);
        for (let i1 = 0; i1 < itemCount; i1++) {
          if (!r.isSet(itemPresence, i1) && r.isSet(itemBits, i1)) r.fail("flags", i1);
          item[i1] = r.isSet(itemPresence, i1) ? r.isSet(itemBits, i1) : undefined;
        }
        r.leave();
        maskRead[i] = item;
      }
      r.leave();
      mask = maskRead;
    }
    r.closeGroup(g2);
    if (!r.hasGroup() && machineRating === 2 && mask == null) r.fail("version-group");
  }
  r.closeInner();
  return {
    id,
    title,
    takenAt,
    originalBytes,
    rating,
    level,
    isPrivate,
    isFavorite,
    author,
    exposure,
    face,
    turn,
    horizon,
    background,
    magic,
    histogram,
    place,
    depths,
    edits,
    tags,
    contents,
    previews,
    sources,
    note,
    views,
    machineRating,
    mask,
  };
}

/**
 * Writes {@linkcode Photo}.
 *
 * @internal
 */
export function $writePhoto(w: Encoder, value$: Photo, label$: string | number): void {
  w.object(value$, "Photo", label$);
  const {
    id,
    title,
    takenAt,
    originalBytes,
    rating,
    level,
    isPrivate,
    isFavorite,
    author,
    exposure,
    face,
    turn,
    horizon,
    background,
    magic,
    histogram,
    place,
    depths,
    edits,
    tags,
    contents,
    previews,
    sources,
    note,
    views,
    machineRating,
    mask,
  } = value$;
  const ratingSent: Rating = rating === undefined ? 0 : rating;
  const exposureSent: Exposure = exposure === undefined ? { program: 1, value: -6, seconds: 0.009999999776482582, flash: false, speed: 100 } : exposure;
  const turnSent: Turn = turn === undefined ? 0 : turn;
  const machineRatingSent: Rating = machineRating === undefined ? 2 : machineRating;
  const at$ = w.openInner(label$, 30, 20);
  w.flagsAt(at$, 
    (level == null ? 0 : 1) |
    (w.bit(isPrivate, "isPrivate") << 1) |
    (isFavorite == null ? 0 : 4) |
    (isFavorite == null ? 0 : w.bit(isFavorite, "isFavorite") << 3) |
    (author == null ? 0 : 16) |
    (face == null ? 0 : 32) |
    (horizon == null ? 0 : 64) |
    (place == null ? 0 : 128),
  );
  w.flagsAt(at$ + 1, sources == null ? 0 : 1);
  w.int53At(at$ + 2, id, "id");
  w.range(id, 1, Infinity, "id");
  w.stringHeadAt(at$ + 10, title, "title");
  w.i64At(at$ + 14, takenAt, "takenAt");
  w.uint53At(at$ + 22, originalBytes, "originalBytes");
  $writeRating(w, ratingSent, "rating");
  if (level != null) $writeLevel(w, level, "level");
  $writeTurn(w, turnSent, "turn");
  if (horizon != null) {
    w.f64(horizon, "horizon");
    w.range(horizon, -180, 180, "horizon");
  }
  w.stringBody(at$ + 10, title, "title");
  if (author != null) $writeAuthor(w, author, "author");
  $writeExposure(w, exposureSent, "exposure");
  if (face != null) $writeRectangle(w, face, "face");
  $writeColor(w, background, "background");
  w.numbers("u8", magic, "magic", 8);
  w.length(w.numbers("u32", histogram, "histogram"), 0, 256, "items", "histogram");
  if (place != null) w.numbers("f64", place, "place", 2);
  w.numbers("f32", depths, "depths");
  w.numbers("i64", edits, "edits");
  const [tagsKeys, tagsValues] = w.openMap(tags, "tags");
  w.length(tagsKeys.length, 0, 16, "entries", "");
  for (let i = 0; i < tagsKeys.length; i++) {
    const item = tagsKeys[i]!;
    w.text(item, i);
    w.length(item.length, 1, 32, "characters", i);
    w.pattern(item, /^(?:[\p{L}\p{N} ]+)$/u, i);
  }
  w.need(tagsKeys.length * 4);
  for (let i = 0; i < tagsKeys.length; i++) w.f32(tagsValues[i]!, i);
  w.leave();
  const contentsCount = w.openArray(contents, "contents");
  for (let i = 0; i < contentsCount; i++) $writeContent(w, contents[i]!, i);
  w.leave();
  const [previewsKeys, previewsValues] = w.openMap(previews, "previews");
  w.need(previewsKeys.length * 2);
  for (let i = 0; i < previewsKeys.length; i++) w.u16(previewsKeys[i]!, i);
  const previewsValuesPresence = w.openBits(previewsKeys.length);
  for (let i = 0; i < previewsKeys.length; i++) {
    const item = previewsValues[i];
    if (item == null) continue;
    w.setBit(previewsValuesPresence, i);
    w.byteString(item, i);
  }
  w.leave();
  if (sources != null) {
    const sourcesCount = w.openArray(sources, "sources");
    for (let i = 0; i < sourcesCount; i++) $writePhoto(w, sources[i]!, i);
    w.leave();
  }
  const says2 = machineRatingSent !== 2 || mask != null;
  const says1 = says2 || note != null || views !== 0;
  if (says1) {
    const g1 = w.openGroup(9);
    w.flags(note == null ? 0 : 1);
    const noteHead = note == null ? 0 : w.stringHead(note, "note");
    w.u32(views, "views");
    if (note != null) w.stringBody(noteHead, note, "note");
    w.closeGroup(g1);
  }
  if (says2) {
    const g2 = w.openGroup(5);
    w.flags(mask == null ? 0 : 1);
    $writeRating(w, machineRatingSent, "machineRating");
    if (mask != null) {
      const maskCount = w.openArray(mask, "mask");
      const maskPresence = w.openBits(maskCount);
      for (let i = 0; i < maskCount; i++) {
        const item = mask[i];
        if (item == null) continue;
        w.setBit(maskPresence, i);
        const itemCount = w.openArray(item, i);
        const itemPresence = w.openBits(itemCount);
        const itemBits = w.openBits(itemCount);
        for (let i1 = 0; i1 < itemCount; i1++) {
          const item1 = item[i1];
          if (item1 == null) continue;
          w.setBit(itemPresence, i1);
          if (w.bit(item1, i1) === 1) w.setBit(itemBits, i1);
        }
        w.leave();
      }
      w.leave();
    }
    w.closeGroup(g2);
  }
  w.closeInner(at$);
}

/**
 * What a part of a photo shows. More may come.
 *
 * - `unknown`: Something nobody here knows.
 * - `person`: A person, by name.
 * - `legs`: An animal, and how many legs it has.
 * - `group`: A part that shows more.
 * - `picture`: A part of another photo.
 */
export type Content =
  | { readonly kind: "unknown"; readonly value?: number | undefined }
  | { readonly kind: "person"; readonly value: string }
  | { readonly kind: "legs"; readonly value: number }
  | { readonly kind: "group"; readonly value: Content[] }
  | { readonly kind: "picture"; readonly value: Photo };

/**
 * Reads {@linkcode Content}.
 *
 * @internal
 */
export function $readContent(r: Decoder, label$: string | number): Content {
  const u = r.openExtensible(label$);
  let value$: Content;
  switch (r.tag) {
    case 0: {
      const isThere = r.flags(1) === 1;
      value$ = { kind: "unknown", value: isThere ? r.u32() : undefined };
      break;
    }
    case 1: {
      const member = r.text("person");
      r.length(member.length, 0, 100, "person");
      value$ = { kind: "person", value: member };
      break;
    }
    case 2: {
      value$ = { kind: "legs", value: r.i8() };
      break;
    }
    case 3: {
      const memberCount = r.openArray(128, "group");
      const member: Content[] = new Array(memberCount);
      for (let i = 0; i < memberCount; i++) member[i] = $readContent(r, i);
      r.leave();
      value$ = { kind: "group", value: member };
      break;
    }
    case 4: {
      value$ = { kind: "picture", value: $readPhoto(r, "picture") };
      break;
    }
    default:
      r.skipMember();
      value$ = { kind: "unknown", value: undefined };
  }
  r.closeExtensible(u);
  return value$;
}

/**
 * Writes {@linkcode Content}.
 *
 * @internal
 */
export function $writeContent(w: Encoder, value$: Content, label$: string | number): void {
  w.object(value$, "Content", label$);
  const { kind, value: member } = value$;
  switch (kind) {
    case "unknown": {
      const u = w.openExtensible(0, label$);
      w.flags(member == null ? 0 : 1);
      if (member != null) {
        w.u32(member, "unknown");
      }
      w.closeExtensible(u);
      break;
    }
    case "person": {
      const u = w.openExtensible(1, label$);
      w.text(member, "person");
      w.length(member.length, 0, 100, "characters", "person");
      w.closeExtensible(u);
      break;
    }
    case "legs": {
      const u = w.openExtensible(2, label$);
      w.i8(member, "legs");
      w.closeExtensible(u);
      break;
    }
    case "group": {
      const u = w.openExtensible(3, label$);
      const memberCount = w.openArray(member, "group");
      for (let i = 0; i < memberCount; i++) $writeContent(w, member[i]!, i);
      w.leave();
      w.closeExtensible(u);
      break;
    }
    case "picture": {
      const u = w.openExtensible(4, label$);
      $writePhoto(w, member, "picture");
      w.closeExtensible(u);
      break;
    }
    default:
      throw w.unknown("the kinds of Content", kind, label$);
  }
}

/** What goes wrong. */
export type Failure =
  | { readonly kind: "notFound"; readonly value: string }
  | { readonly kind: "missingRight"; readonly value: Right }
  | { readonly kind: "limit"; readonly value: Limit };

/**
 * Reads {@linkcode Failure}.
 *
 * @internal
 */
export function $readFailure(r: Decoder, label$: string | number): Failure {
  const u = r.openUnion(label$);
  let value$: Failure;
  switch (r.tag) {
    case 0: {
      value$ = { kind: "notFound", value: r.text("notFound") };
      break;
    }
    case 1: {
      value$ = { kind: "missingRight", value: $readRight(r, "missingRight") };
      break;
    }
    case 2: {
      value$ = { kind: "limit", value: $readLimit(r, "limit") };
      break;
    }
    default:
      return r.fail("union-tag");
  }
  r.closeUnion(u);
  return value$;
}

/**
 * Writes {@linkcode Failure}.
 *
 * @internal
 */
export function $writeFailure(w: Encoder, value$: Failure, label$: string | number): void {
  w.object(value$, "Failure", label$);
  const { kind, value: member } = value$;
  switch (kind) {
    case "notFound": {
      const u = w.openUnion(0, label$);
      w.text(member, "notFound");
      w.closeUnion(u);
      break;
    }
    case "missingRight": {
      const u = w.openUnion(1, label$);
      $writeRight(w, member, "missingRight");
      w.closeUnion(u);
      break;
    }
    case "limit": {
      const u = w.openUnion(2, label$);
      $writeLimit(w, member, "limit");
      w.closeUnion(u);
      break;
    }
    default:
      throw w.unknown("the kinds of Failure", kind, label$);
  }
}

/** A limit that was met. */
export interface Limit {
  /** `uint64 max` */
  max: bigint;
  /** `double? actual` */
  actual?: number | undefined;
  /** `map<Level, string> texts` */
  texts: Map<Level, string>;
}

/**
 * Reads {@linkcode Limit}.
 *
 * @internal
 */
export function $readLimit(r: Decoder, label$: string | number): Limit {
  const at$ = r.openInner(label$, 9);
  const flags0 = r.flagsAt(at$, 0b1);
  const max = r.u64At(at$ + 1);
  const actual = (flags0 & 1) === 0 ? undefined : r.f64();
  const textsCount = r.openMap(64, "texts");
  const textsKeys: Level[] = new Array(textsCount);
  for (let i = 0; i < textsCount; i++) textsKeys[i] = $readLevel(r, i);
  const texts = new Map<Level, string>();
  for (let i = 0; i < textsCount; i++) texts.set(textsKeys[i]!, r.text(i));
  if (texts.size !== textsCount) r.fail("map-key");
  r.leave();
  r.closeInner();
  return { max, actual, texts };
}

/**
 * Writes {@linkcode Limit}.
 *
 * @internal
 */
export function $writeLimit(w: Encoder, value$: Limit, label$: string | number): void {
  w.object(value$, "Limit", label$);
  const { max, actual, texts } = value$;
  const at$ = w.openInner(label$, 9, 8);
  w.flagsAt(at$, actual == null ? 0 : 1);
  w.u64At(at$ + 1, max, "max");
  if (actual != null) w.f64(actual, "actual");
  const [textsKeys, textsValues] = w.openMap(texts, "texts");
  w.need(textsKeys.length * 4);
  for (let i = 0; i < textsKeys.length; i++) $writeLevel(w, textsKeys[i]!, i);
  for (let i = 0; i < textsKeys.length; i++) w.text(textsValues[i]!, i);
  w.leave();
  w.closeInner(at$);
}

/** Nothing at all, which some searches are made of. */
// deno-lint-ignore no-empty-interface
export interface Anything {
}

/**
 * Reads {@linkcode Anything}.
 *
 * @internal
 */
export function $readAnything(r: Decoder, label$: string | number): Anything {
  r.openInner(label$);
  r.closeInner();
  return {};
}

/**
 * Writes {@linkcode Anything}.
 *
 * @internal
 */
export function $writeAnything(w: Encoder, value$: Anything, label$: string | number): void {
  w.object(value$, "Anything", label$);
  w.closeInner(w.openInner(label$, 0));
}

/** What a search looks for. */
export type Query =
  | { readonly kind: "anything"; readonly value: Anything }
  | { readonly kind: "tag"; readonly value: Tag }
  | { readonly kind: "all"; readonly value: Map<string, Query> }
  | { readonly kind: "either"; readonly value: Query[] };

/**
 * Reads {@linkcode Query}.
 *
 * @internal
 */
export function $readQuery(r: Decoder, label$: string | number): Query {
  const u = r.openUnion(label$);
  let value$: Query;
  switch (r.tag) {
    case 0: {
      value$ = { kind: "anything", value: $readAnything(r, "anything") };
      break;
    }
    case 1: {
      const member = r.text("tag");
      r.length(member.length, 1, 32, "tag");
      r.pattern(member, /^(?:[\p{L}\p{N} ]+)$/u, "tag");
      value$ = { kind: "tag", value: member };
      break;
    }
    case 2: {
      const memberCount = r.openMap(96, "all");
      const memberKeys: string[] = new Array(memberCount);
      for (let i = 0; i < memberCount; i++) memberKeys[i] = r.text(i);
      const member = new Map<string, Query>();
      for (let i = 0; i < memberCount; i++) member.set(memberKeys[i]!, $readQuery(r, i));
      if (member.size !== memberCount) r.fail("map-key");
      r.leave();
      value$ = { kind: "all", value: member };
      break;
    }
    case 3: {
      const memberCount = r.openFixedArray(2, 64, "either");
      const member: Query[] = new Array(memberCount);
      for (let i = 0; i < memberCount; i++) member[i] = $readQuery(r, i);
      r.leave();
      value$ = { kind: "either", value: member };
      break;
    }
    default:
      return r.fail("union-tag");
  }
  r.closeUnion(u);
  return value$;
}

/**
 * Writes {@linkcode Query}.
 *
 * @internal
 */
export function $writeQuery(w: Encoder, value$: Query, label$: string | number): void {
  w.object(value$, "Query", label$);
  const { kind, value: member } = value$;
  switch (kind) {
    case "anything": {
      const u = w.openUnion(0, label$);
      $writeAnything(w, member, "anything");
      w.closeUnion(u);
      break;
    }
    case "tag": {
      const u = w.openUnion(1, label$);
      w.text(member, "tag");
      w.length(member.length, 1, 32, "characters", "tag");
      w.pattern(member, /^(?:[\p{L}\p{N} ]+)$/u, "tag");
      w.closeUnion(u);
      break;
    }
    case "all": {
      const u = w.openUnion(2, label$);
      const [memberKeys, memberValues] = w.openMap(member, "all");
      for (let i = 0; i < memberKeys.length; i++) w.text(memberKeys[i]!, i);
      for (let i = 0; i < memberKeys.length; i++) $writeQuery(w, memberValues[i]!, i);
      w.leave();
      w.closeUnion(u);
      break;
    }
    case "either": {
      const u = w.openUnion(3, label$);
      const memberCount = w.openFixedArray(member, 2, "either");
      for (let i = 0; i < memberCount; i++) $writeQuery(w, member[i]!, i);
      w.leave();
      w.closeUnion(u);
      break;
    }
    default:
      throw w.unknown("the kinds of Query", kind, label$);
  }
}

/** Things that are handed over once. */
export interface Delivery {
  /** `string label` */
  label: string;
  /** `MessagePipe? line` */
  line?: MessagePipe | undefined;
  /** `array<MessagePipe?> lines` */
  lines: (MessagePipe | undefined)[];
  /** `pending_remote<Watcher>? watcher` */
  watcher?: PendingRemote<Watcher> | undefined;
  /**
   * `map<string, MessagePipe>? named`
   *
   * @since version 1
   */
  named?: Map<string, MessagePipe> | undefined;
}

/**
 * Reads {@linkcode Delivery}.
 *
 * @internal
 */
export function $readDelivery(r: Decoder, label$: string | number): Delivery {
  const at$ = r.openInner(label$, 5);
  const flags0 = r.flagsAt(at$, 0b11);
  const labelHead = r.u32At(at$ + 1);
  const line = (flags0 & 1) === 0 ? undefined : readPipe(r, "line");
  const watcher = (flags0 & 2) === 0 ? undefined : readPendingRemote<Watcher>(r, "watcher");
  const label = r.stringBody(labelHead, "label");
  const linesCount = r.openArray(1, "lines");
  const lines: (MessagePipe | undefined)[] = new Array(linesCount);
  const linesPresence = r.bits(linesCount);
  for (let i = 0; i < linesCount; i++) lines[i] = r.isSet(linesPresence, i) ? readPipe(r, i) : undefined;
  r.leave();
  let named: Map<string, MessagePipe> | undefined;
  if (r.hasGroup()) {
    const g1 = r.openGroup();
    const flags1 = r.flags(0b1);
    if ((flags1 & 1) !== 0) {
      const namedReadCount = r.openMap(64, "named");
      const namedReadKeys: string[] = new Array(namedReadCount);
      for (let i = 0; i < namedReadCount; i++) namedReadKeys[i] = r.text(i);
      const namedRead = new Map<string, MessagePipe>();
      for (let i = 0; i < namedReadCount; i++) namedRead.set(namedReadKeys[i]!, readPipe(r, i));
      if (namedRead.size !== namedReadCount) r.fail("map-key");
      r.leave();
      named = namedRead;
    }
    r.closeGroup(g1);
    if (!r.hasGroup() && named == null) r.fail("version-group");
  }
  r.closeInner();
  return { label, line, lines, watcher, named };
}

/**
 * Writes {@linkcode Delivery}.
 *
 * @internal
 */
export function $writeDelivery(w: Encoder, value$: Delivery, label$: string | number): void {
  w.object(value$, "Delivery", label$);
  const { label, line, lines, watcher, named } = value$;
  const at$ = w.openInner(label$, 5, 8);
  w.flagsAt(at$, (line == null ? 0 : 1) | (watcher == null ? 0 : 2));
  w.stringHeadAt(at$ + 1, label, "label");
  if (line != null) writePipe(w, line, "line");
  if (watcher != null) writePendingRemote(w, watcher, "watcher");
  w.stringBody(at$ + 1, label, "label");
  const linesCount = w.openArray(lines, "lines");
  const linesPresence = w.openBits(linesCount);
  w.need(linesCount * 4);
  for (let i = 0; i < linesCount; i++) {
    const item = lines[i];
    if (item == null) continue;
    w.setBit(linesPresence, i);
    writePipe(w, item, i);
  }
  w.leave();
  const says1 = named != null;
  if (says1) {
    const g1 = w.openGroup(1);
    w.flags(named == null ? 0 : 1);
    if (named != null) {
      const [namedKeys, namedValues] = w.openMap(named, "named");
      for (let i = 0; i < namedKeys.length; i++) w.text(namedKeys[i]!, i);
      w.need(namedKeys.length * 4);
      for (let i = 0; i < namedKeys.length; i++) writePipe(w, namedValues[i]!, i);
      w.leave();
    }
    w.closeGroup(g1);
  }
  w.closeInner(at$);
}

/** Knows who took photos. Other programs rely on it, so it never changes. */
export interface Registry {
  /** Adds somebody and answers whether that was new. */
  register(
    author: Author,
    again: boolean,
    options?: CallOptions,
  ): Promise<Registry_Register_Reply>;
  /** Forgets all. */
  clear(): void;
}

/** What {@linkcode Registry.register} resolves to. */
export interface Registry_Register_Reply {
  /** `bool is_new` */
  isNew: boolean;
}

class RegistryRemote extends RemoteBase implements Registry {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(Registry, pipe, options);
  }

  register(
    author: Author,
    again: boolean,
    options?: CallOptions,
  ): Promise<Registry_Register_Reply> {
    const w = this.$begin(0x00000001, true);
    try {
      const at = w.openStruct(1);
      w.flagsAt(at, w.bit(again, "again"));
      $writeAuthor(w, author, "author");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x00000001, readRegistry_Register_Reply, options);
  }

  clear(): void {
    const w = this.$begin(0x00000002, false);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }
}

function readRegistry_Register_Reply(r: Decoder): Registry_Register_Reply {
  const s = r.openStruct();
  const flags0 = r.flags(0b1);
  const isNew = (flags0 & 1) !== 0;
  r.closeStruct(s);
  return { isNew };
}

function writeRegistry_Register_Reply(w: Encoder, value: Registry_Register_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Registry.Register must be an object: received ${String(value)}`,
    );
  }
  const { isNew } = value;
  const at = w.openStruct(1);
  w.flagsAt(at, w.bit(isNew, "isNew"));
  w.closeStruct(at);
}

function dispatchRegistry(impl: Implementation<Registry>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x00000001: {
      const s = r.openStruct();
      const flags0 = r.flags(0b1);
      const again = (flags0 & 1) !== 0;
      const author = $readAuthor(r, "author");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.register(author, again), writeRegistry_Register_Reply);
      return;
    }
    case 0x00000002: {
      r.closeStruct(r.openStruct());
      call.accept(false);
      call.done(impl.clear());
      return;
    }
    default:
      call.unknownMethod();
  }
}

/** {@linkcode Registry} as a value, for `new Remote(Registry, pipe)` and the like. */
export const Registry: Interface<Registry> = {
  name: "media.library.Registry",
  methods: [
    [0x00000001, "Register"],
    [0x00000002, "Clear"],
  ],
  Remote: RegistryRemote,
  dispatch: dispatchRegistry,
};

/** An album: photos in an order. */
export interface Album {
  /** Adds a photo. What is left out stays as it is. */
  add(
    photo: Photo,
    original?: Uint8Array | undefined,
    replace?: boolean | undefined,
    options?: CallOptions,
  ): Promise<Album_Add_Reply>;
  /** Removes photos; nobody waits for it. */
  remove(ids: readonly PhotoId[]): void;
  /** Looks one up. */
  find(
    id: PhotoId,
    language?: string | undefined,
    options?: CallOptions,
  ): Promise<Result<Photo, Failure>>;
  /** Says what may be done, and who may do it. */
  rights(options?: CallOptions): Promise<Album_Rights_Reply>;
  /** Counts, and says how long it took. */
  count(
    query: Query,
    scope?: Scope | undefined,
    order?: Album_Order | undefined,
    options?: CallOptions,
  ): Promise<Result<Album_Count_Reply, string>>;
  /** Sees to it that all is stored. */
  flush(options?: CallOptions): Promise<void>;
  /** Stores what there is to store, or says why not. */
  sync(options?: CallOptions): Promise<Result<void, Failure>>;
  /** All that match, one after the other. */
  search(query: Query, limit?: number | undefined): ReadableStream<Photo>;
  /** Photos from somewhere else. */
  receive(
    photos: StreamSource<Photo>,
    origin?: string | undefined,
    options?: CallOptions,
  ): Promise<Album_Receive_Reply>;
  /** Whoever wants to know about this album, and whoever speaks for it. */
  watch(
    watcher: PendingRemote<Watcher>,
    ordered?: PendingAssociatedRemote<Watcher> | undefined,
  ): void;
  /** Sends `Share`. */
  share(
    copy: PendingReceiver<Album>,
    watcher?: PendingAssociatedReceiver<Watcher> | undefined,
  ): void;
  /** What is larger than a message. */
  upload(
    from: DataPipeConsumer,
    progress?: MessagePipe | undefined,
    options?: CallOptions,
  ): Promise<Album_Upload_Reply>;
  /** Sends `Download`. */
  download(id: PhotoId, into: DataPipeProducer): void;
  /** Calls `Render`. */
  render(
    id: PhotoId,
    into: SharedBuffer,
    more: readonly (SharedBuffer | undefined)[],
    options?: CallOptions,
  ): Promise<void>;
  /** Sends `Publish`. */
  publish(
    file: FileHandle,
    conn: ConnHandle | undefined,
    listener: ListenerHandle | undefined,
    device: PlatformHandle | undefined,
    anything: Handle | undefined,
    log: MessagePipe,
  ): void;
  /** Sends `Quiet`. */
  quiet(): void;
}

/** What whoever implements {@linkcode Album} tells its callers. */
export interface Album_Events {
  /** Somebody added a photo. */
  onAdded(id: PhotoId, photo: Photo): void;
  /**
   * How far something is.
   *
   * @deprecated
   */
  onProgress(percent: number, text?: string | undefined): void;
}

/** What {@linkcode Album.add} resolves to. */
export interface Album_Add_Reply {
  /** `PhotoId id` */
  id: PhotoId;
}

/** What {@linkcode Album.rights} resolves to. */
export interface Album_Rights_Reply {
  /** `Right own` */
  own: Right;
  /** `map<string, Right> others` */
  others: Map<string, Right>;
  /**
   * `Scope scope`
   *
   * @since version 1
   */
  scope: Scope;
}

/** What {@linkcode Album.count} resolves to, when it goes well. */
export interface Album_Count_Reply {
  /** `uint32 photos` */
  photos: number;
  /** `double seconds` */
  seconds: number;
}

/** What {@linkcode Album.receive} resolves to. */
export interface Album_Receive_Reply {
  /** `uint32 count` */
  count: number;
}

/** What {@linkcode Album.upload} resolves to. */
export interface Album_Upload_Reply {
  /** `PhotoId? id` */
  id?: PhotoId | undefined;
}

class AlbumRemote extends RemoteBase<Album_Events> implements Album {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(Album, pipe, options);
  }

  add(
    photo: Photo,
    original?: Uint8Array | undefined,
    replace?: boolean | undefined,
    options?: CallOptions,
  ): Promise<Album_Add_Reply> {
    const w = this.$begin(0x469c622e, true);
    try {
      const replaceSent: boolean = replace === undefined ? false : replace;
      const at = w.openStruct(1);
      w.flagsAt(at, 
        (original == null ? 0 : 1) |
        (w.bit(replaceSent, "replace") << 1),
      );
      $writePhoto(w, photo, "photo");
      if (original != null) w.byteString(original, "original");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(
      w,
      0x469c622e,
      readAlbum_Add_Reply,
      this.$timeout(5000, options),
    );
  }

  remove(ids: readonly PhotoId[]): void {
    const w = this.$begin(0x53c035e8, false);
    try {
      const at = w.openStruct(0);
      const idsCount = w.openArray(ids, "ids");
      w.need(idsCount * 8);
      for (let i = 0; i < idsCount; i++) {
        const item = ids[i]!;
        w.int53(item, i);
        w.range(item, 1, Infinity, i);
      }
      w.leave();
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  find(
    id: PhotoId,
    language?: string | undefined,
    options?: CallOptions,
  ): Promise<Result<Photo, Failure>> {
    const w = this.$begin(0x28322c62, true);
    try {
      const at = w.openStruct(8);
      w.int53At(at, id, "id");
      w.range(id, 1, Infinity, "id");
      const says1 = language != null;
      if (says1) {
        const g1 = w.openGroup(5);
        w.flags(language == null ? 0 : 1);
        const languageHead = language == null ? 0 : w.stringHead(language, "language");
        if (language != null) w.stringBody(languageHead, language, "language");
        w.closeGroup(g1);
      }
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x28322c62, readAlbum_Find_Reply, options);
  }

  rights(options?: CallOptions): Promise<Album_Rights_Reply> {
    const w = this.$begin(0x10a29f00, true);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x10a29f00, readAlbum_Rights_Reply, options);
  }

  count(
    query: Query,
    scope?: Scope | undefined,
    order?: Album_Order | undefined,
    options?: CallOptions,
  ): Promise<Result<Album_Count_Reply, string>> {
    const w = this.$begin(0x49e2b85e, true);
    try {
      const scopeSent: Scope = scope === undefined ? 1n : scope;
      const orderSent: Album_Order = order === undefined ? 0 : order;
      const at = w.openStruct(0, 12);
      $writeScope(w, scopeSent, "scope");
      $writeAlbum_Order(w, orderSent, "order");
      $writeQuery(w, query, "query");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x49e2b85e, readAlbum_Count_Reply, options);
  }

  flush(options?: CallOptions): Promise<void> {
    const w = this.$begin(0x5489e707, true);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x5489e707, readEmptyReply, options);
  }

  sync(options?: CallOptions): Promise<Result<void, Failure>> {
    const w = this.$begin(0x6b058c29, true);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x6b058c29, readAlbum_Sync_Reply, options);
  }

  search(query: Query, limit?: number | undefined): ReadableStream<Photo> {
    const w = this.$begin(0x3a2c1bd8, false);
    const [stream, end] = this.$openStream();
    try {
      const limitSent: number = limit === undefined ? 100 : limit;
      const at = w.openStruct(4, 4);
      w.u32At(at, limitSent, "limit");
      w.range(limitSent, 1, 1000, "limit");
      writePipe(w, end, "end");
      $writeQuery(w, query, "query");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
    return receiveStream(
      stream,
      readAlbum_Search_Item,
      "media.library.Album.Search",
    );
  }

  receive(
    photos: StreamSource<Photo>,
    origin?: string | undefined,
    options?: CallOptions,
  ): Promise<Album_Receive_Reply> {
    const w = this.$begin(0x428d205c, true);
    try {
      const at = w.openStruct(1, 8);
      w.flagsAt(at, origin == null ? 0 : 1);
      writeStream(w, photos, "photos", (w, item, label) => {
        w.need(9);
        $writePhoto(w, item, label);
      });
      const originHead = origin == null ? 0 : w.stringHead(origin, "origin");
      if (origin != null) w.stringBody(originHead, origin, "origin");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x428d205c, readAlbum_Receive_Reply, options, 65536);
  }

  watch(
    watcher: PendingRemote<Watcher>,
    ordered?: PendingAssociatedRemote<Watcher> | undefined,
  ): void {
    const w = this.$begin(0x46d9095d, false);
    try {
      const at = w.openStruct(1, 8);
      w.flagsAt(at, ordered == null ? 0 : 1);
      writePendingRemote(w, watcher, "watcher");
      if (ordered != null) writeAssociatedRemote(w, ordered, "ordered");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  share(
    copy: PendingReceiver<Album>,
    watcher?: PendingAssociatedReceiver<Watcher> | undefined,
  ): void {
    const w = this.$begin(0x11a32fae, false);
    try {
      const at = w.openStruct(1, 8);
      w.flagsAt(at, watcher == null ? 0 : 1);
      writePendingReceiver(w, copy, "copy");
      if (watcher != null) writeAssociatedReceiver(w, watcher, "watcher");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  upload(
    from: DataPipeConsumer,
    progress?: MessagePipe | undefined,
    options?: CallOptions,
  ): Promise<Album_Upload_Reply> {
    const w = this.$begin(0x4d8e7cfd, true);
    try {
      const at = w.openStruct(1, 8);
      w.flagsAt(at, progress == null ? 0 : 1);
      writeConsumer(w, from, "from");
      if (progress != null) writePipe(w, progress, "progress");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x4d8e7cfd, readAlbum_Upload_Reply, options);
  }

  download(id: PhotoId, into: DataPipeProducer): void {
    const w = this.$begin(0x0c09e82a, false);
    try {
      const at = w.openStruct(8, 4);
      w.int53At(at, id, "id");
      w.range(id, 1, Infinity, "id");
      writeProducer(w, into, "into");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  render(
    id: PhotoId,
    into: SharedBuffer,
    more: readonly (SharedBuffer | undefined)[],
    options?: CallOptions,
  ): Promise<void> {
    const w = this.$begin(0x5c91228c, true);
    try {
      const at = w.openStruct(8, 4);
      w.int53At(at, id, "id");
      w.range(id, 1, Infinity, "id");
      writeBuffer(w, into, "into");
      const moreCount = w.openArray(more, "more");
      const morePresence = w.openBits(moreCount);
      w.need(moreCount * 4);
      for (let i = 0; i < moreCount; i++) {
        const item = more[i];
        if (item == null) continue;
        w.setBit(morePresence, i);
        writeBuffer(w, item, i);
      }
      w.leave();
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x5c91228c, readEmptyReply, options);
  }

  publish(
    file: FileHandle,
    conn: ConnHandle | undefined,
    listener: ListenerHandle | undefined,
    device: PlatformHandle | undefined,
    anything: Handle | undefined,
    log: MessagePipe,
  ): void {
    const w = this.$begin(0x01c71bf3, false);
    try {
      const at = w.openStruct(1, 24);
      w.flagsAt(at, 
        (conn == null ? 0 : 1) |
        (listener == null ? 0 : 2) |
        (device == null ? 0 : 4) |
        (anything == null ? 0 : 8),
      );
      writeFile(w, file, "file");
      if (conn != null) writeConn(w, conn, "conn");
      if (listener != null) writeListener(w, listener, "listener");
      if (device != null) writePlatform(w, device, "device");
      if (anything != null) writeHandle(w, anything, "anything");
      writePipe(w, log, "log");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  quiet(): void {
    const w = this.$begin(0x52a00365, false);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }
}

class AlbumEmitter extends EmitterBase implements Album_Events {
  onAdded(id: PhotoId, photo: Photo): void {
    const w = this.$begin(0x471143ba);
    try {
      const at = w.openStruct(8);
      w.int53At(at, id, "id");
      w.range(id, 1, Infinity, "id");
      $writePhoto(w, photo, "photo");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  onProgress(percent: number, text?: string | undefined): void {
    const w = this.$begin(0x5d7646dc);
    try {
      const at = w.openStruct(4);
      w.i32At(at, percent, "percent");
      w.range(percent, 0, 100, "percent");
      const says1 = text != null;
      if (says1) {
        const g1 = w.openGroup(5);
        w.flags(text == null ? 0 : 1);
        const textHead = text == null ? 0 : w.stringHead(text, "text");
        if (text != null) w.stringBody(textHead, text, "text");
        w.closeGroup(g1);
      }
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }
}

function readAlbum_Add_Reply(r: Decoder): Album_Add_Reply {
  const s = r.openStruct();
  const id = r.int53("id");
  r.range(id, 1, Infinity, "id");
  r.closeStruct(s);
  return { id };
}

function writeAlbum_Add_Reply(w: Encoder, value: Album_Add_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Album.Add must be an object: received ${String(value)}`,
    );
  }
  const { id } = value;
  const at = w.openStruct(8);
  w.int53At(at, id, "id");
  w.range(id, 1, Infinity, "id");
  w.closeStruct(at);
}

function readAlbum_Find_Reply(r: Decoder): Result<Photo, Failure> {
  const s = r.openStruct(), u = r.openUnion("");
  let result: Result<Photo, Failure>;
  switch (r.tag) {
    case 0: {
      result = { ok: true, value: $readPhoto(r, "value") };
      break;
    }
    case 1: {
      result = { ok: false, error: $readFailure(r, "error") };
      break;
    }
    default:
      return r.fail("union-tag");
  }
  r.closeUnion(u);
  r.closeStruct(s);
  return result;
}

function writeAlbum_Find_Reply(w: Encoder, result: Result<Photo, Failure>): void {
  w.object(result, "a Result", "");
  const s$ = w.openStruct(0);
  switch (result.ok) {
    case true: {
      const u = w.openUnion(0, "");
      const value$ = result.value;
      $writePhoto(w, value$, "value");
      w.closeUnion(u);
      break;
    }
    case false: {
      const u = w.openUnion(1, "");
      const error = result.error;
      $writeFailure(w, error, "error");
      w.closeUnion(u);
      break;
    }
    default:
      throw w.wrongType("a Result", result, "");
  }
  w.closeStruct(s$);
}

function readAlbum_Rights_Reply(r: Decoder): Album_Rights_Reply {
  const s = r.openStruct();
  const own = $readRight(r, "own");
  const othersCount = r.openMap(40, "others");
  const othersKeys: string[] = new Array(othersCount);
  for (let i = 0; i < othersCount; i++) othersKeys[i] = r.text(i);
  const others = new Map<string, Right>();
  for (let i = 0; i < othersCount; i++) others.set(othersKeys[i]!, $readRight(r, i));
  if (others.size !== othersCount) r.fail("map-key");
  r.leave();
  let scope: Scope = 0n;
  if (r.hasGroup()) {
    const g1 = r.openGroup();
    scope = $readScope(r, "scope");
    r.closeGroup(g1);
    if (!r.hasGroup() && scope === 0n) r.fail("version-group");
  }
  r.closeStruct(s);
  return { own, others, scope };
}

function writeAlbum_Rights_Reply(w: Encoder, value: Album_Rights_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Album.Rights must be an object: received ${String(value)}`,
    );
  }
  const { own, others, scope } = value;
  const at = w.openStruct(0, 1);
  $writeRight(w, own, "own");
  const [othersKeys, othersValues] = w.openMap(others, "others");
  for (let i = 0; i < othersKeys.length; i++) w.text(othersKeys[i]!, i);
  w.need(othersKeys.length);
  for (let i = 0; i < othersKeys.length; i++) $writeRight(w, othersValues[i]!, i);
  w.leave();
  const says1 = scope !== 0n;
  if (says1) {
    const g1 = w.openGroup(8);
    $writeScope(w, scope, "scope");
    w.closeGroup(g1);
  }
  w.closeStruct(at);
}

function readAlbum_Count_Reply(r: Decoder): Result<Album_Count_Reply, string> {
  const s = r.openStruct(), u = r.openUnion("");
  let result: Result<Album_Count_Reply, string>;
  switch (r.tag) {
    case 0: {
      const at$ = r.openInner("value", 12);
      const photos = r.u32At(at$);
      const seconds = r.f64At(at$ + 4);
      r.closeInner();
      result = { ok: true, value: { photos, seconds } };
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

function writeAlbum_Count_Reply(
  w: Encoder,
  result: Result<Album_Count_Reply, string>,
): void {
  w.object(result, "a Result", "");
  const s$ = w.openStruct(0);
  switch (result.ok) {
    case true: {
      const u = w.openUnion(0, "");
      const value$ = result.value;
      w.object(value$, "the values of the reply", "value");
      const { photos, seconds } = value$;
      const at$ = w.openInner("value", 12);
      w.u32At(at$, photos, "photos");
      w.f64At(at$ + 4, seconds, "seconds");
      w.closeInner(at$);
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

function readEmptyReply(r: Decoder): void {
  r.closeStruct(r.openStruct());
}

function writeEmptyReply(w: Encoder): void {
  w.closeStruct(w.openStruct(0));
}

function readAlbum_Sync_Reply(r: Decoder): Result<void, Failure> {
  const s = r.openStruct(), u = r.openUnion("");
  let result: Result<void, Failure>;
  switch (r.tag) {
    case 0: {
      r.openInner("value");
      r.closeInner();
      result = { ok: true, value: undefined };
      break;
    }
    case 1: {
      result = { ok: false, error: $readFailure(r, "error") };
      break;
    }
    default:
      return r.fail("union-tag");
  }
  r.closeUnion(u);
  r.closeStruct(s);
  return result;
}

function writeAlbum_Sync_Reply(w: Encoder, result: Result<void, Failure>): void {
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
      $writeFailure(w, error, "error");
      w.closeUnion(u);
      break;
    }
    default:
      throw w.wrongType("a Result", result, "");
  }
  w.closeStruct(s$);
}

function readAlbum_Search_Item(r: Decoder): Photo {
  const item = $readPhoto(r, "item");
  return item;
}

function writeAlbum_Search_Item(w: Encoder, item: Photo): void {
  w.need(9);
  $writePhoto(w, item, "item");
}

function readAlbum_Receive_Reply(r: Decoder): Album_Receive_Reply {
  const s = r.openStruct();
  const count = r.u32();
  r.closeStruct(s);
  return { count };
}

function writeAlbum_Receive_Reply(w: Encoder, value: Album_Receive_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Album.Receive must be an object: received ${String(value)}`,
    );
  }
  const { count } = value;
  const at = w.openStruct(4);
  w.u32At(at, count, "count");
  w.closeStruct(at);
}

function readAlbum_Upload_Reply(r: Decoder): Album_Upload_Reply {
  const s = r.openStruct();
  const flags0 = r.flags(0b1);
  let id: number | undefined;
  if ((flags0 & 1) !== 0) {
    const idRead = r.int53("id");
    r.range(idRead, 1, Infinity, "id");
    id = idRead;
  }
  r.closeStruct(s);
  return { id };
}

function writeAlbum_Upload_Reply(w: Encoder, value: Album_Upload_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of Album.Upload must be an object: received ${String(value)}`,
    );
  }
  const { id } = value;
  const at = w.openStruct(1, 8);
  w.flagsAt(at, id == null ? 0 : 1);
  if (id != null) {
    w.int53(id, "id");
    w.range(id, 1, Infinity, "id");
  }
  w.closeStruct(at);
}

function dispatchAlbum(impl: Implementation<Album>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x469c622e: {
      const s = r.openStruct();
      const flags0 = r.flags(0b11);
      const replace = (flags0 & 2) !== 0;
      const photo = $readPhoto(r, "photo");
      const original = (flags0 & 1) === 0 ? undefined : r.byteString("original");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.add(photo, original, replace), writeAlbum_Add_Reply);
      return;
    }
    case 0x53c035e8: {
      const s = r.openStruct();
      const idsCount = r.openArray(64, "ids");
      const ids: PhotoId[] = new Array(idsCount);
      for (let i = 0; i < idsCount; i++) {
        const item = r.int53(i);
        r.range(item, 1, Infinity, i);
        ids[i] = item;
      }
      r.leave();
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.remove(ids));
      return;
    }
    case 0x28322c62: {
      const s = r.openStruct();
      const id = r.int53("id");
      r.range(id, 1, Infinity, "id");
      let language: string | undefined;
      if (r.hasGroup()) {
        const g1 = r.openGroup();
        const flags0 = r.flags(0b1);
        const languageHead = (flags0 & 1) === 0 ? 0 : r.stringHead();
        language = (flags0 & 1) === 0 ? undefined : r.stringBody(languageHead, "language");
        r.closeGroup(g1);
        if (!r.hasGroup() && language == null) r.fail("version-group");
      }
      r.closeStruct(s);
      call.accept(true);
      call.result(() => impl.find(id, language), writeAlbum_Find_Reply);
      return;
    }
    case 0x10a29f00: {
      r.closeStruct(r.openStruct());
      call.accept(true);
      call.reply(impl.rights(), writeAlbum_Rights_Reply);
      return;
    }
    case 0x49e2b85e: {
      const s = r.openStruct();
      const scope = $readScope(r, "scope");
      const order = $readAlbum_Order(r, "order");
      const query = $readQuery(r, "query");
      r.closeStruct(s);
      call.accept(true);
      call.result(() => impl.count(query, scope, order), writeAlbum_Count_Reply);
      return;
    }
    case 0x5489e707: {
      r.closeStruct(r.openStruct());
      call.accept(true);
      call.reply(impl.flush(), writeEmptyReply);
      return;
    }
    case 0x6b058c29: {
      r.closeStruct(r.openStruct());
      call.accept(true);
      call.result(() => impl.sync(), writeAlbum_Sync_Reply);
      return;
    }
    case 0x3a2c1bd8: {
      const s = r.openStruct();
      const limit = r.u32();
      r.range(limit, 1, 1000, "limit");
      const end = readPipe(r, "end");
      const query = $readQuery(r, "query");
      r.closeStruct(s);
      call.accept(false);
      sendStream(call, end, () => impl.search(query, limit), writeAlbum_Search_Item);
      return;
    }
    case 0x428d205c: {
      call.limit(65536);
      const s = r.openStruct();
      const flags0 = r.flags(0b1);
      const photos = readStream(r, "photos", (r, label) => {
        return $readPhoto(r, label);
      });
      const originHead = (flags0 & 1) === 0 ? 0 : r.stringHead();
      const origin = (flags0 & 1) === 0 ? undefined : r.stringBody(originHead, "origin");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.receive(photos, origin), writeAlbum_Receive_Reply);
      return;
    }
    case 0x46d9095d: {
      const s = r.openStruct();
      const flags0 = r.flags(0b1);
      const watcher = readPendingRemote<Watcher>(r, "watcher");
      const ordered = (flags0 & 1) === 0 ? undefined : readAssociatedRemote<Watcher>(r, "ordered");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.watch(watcher, ordered));
      return;
    }
    case 0x11a32fae: {
      const s = r.openStruct();
      const flags0 = r.flags(0b1);
      const copy = readPendingReceiver<Album>(r, "copy");
      const watcher = (flags0 & 1) === 0 ? undefined : readAssociatedReceiver<Watcher>(r, "watcher");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.share(copy, watcher));
      return;
    }
    case 0x4d8e7cfd: {
      const s = r.openStruct();
      const flags0 = r.flags(0b1);
      const from = readConsumer(r, "from");
      const progress = (flags0 & 1) === 0 ? undefined : readPipe(r, "progress");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.upload(from, progress), writeAlbum_Upload_Reply);
      return;
    }
    case 0x0c09e82a: {
      const s = r.openStruct();
      const id = r.int53("id");
      r.range(id, 1, Infinity, "id");
      const into = readProducer(r, "into");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.download(id, into));
      return;
    }
    case 0x5c91228c: {
      const s = r.openStruct();
      const id = r.int53("id");
      r.range(id, 1, Infinity, "id");
      const into = readBuffer(r, "into");
      const moreCount = r.openArray(1, "more");
      const more: (SharedBuffer | undefined)[] = new Array(moreCount);
      const morePresence = r.bits(moreCount);
      for (let i = 0; i < moreCount; i++) more[i] = r.isSet(morePresence, i) ? readBuffer(r, i) : undefined;
      r.leave();
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.render(id, into, more), writeEmptyReply);
      return;
    }
    case 0x01c71bf3: {
      const s = r.openStruct();
      const flags0 = r.flags(0b1111);
      const file = readFile(r, "file");
      const conn = (flags0 & 1) === 0 ? undefined : readConn(r, "conn");
      const listener = (flags0 & 2) === 0 ? undefined : readListener(r, "listener");
      const device = (flags0 & 4) === 0 ? undefined : readPlatform(r, "device");
      const anything = (flags0 & 8) === 0 ? undefined : readHandle(r, "anything");
      const log = readPipe(r, "log");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.publish(file, conn, listener, device, anything, log));
      return;
    }
    case 0x52a00365: {
      r.closeStruct(r.openStruct());
      call.accept(false);
      call.done(impl.quiet());
      return;
    }
    default:
      call.unknownMethod();
  }
}

function hearAlbum(event: IncomingEvent<Album_Events>): void {
  const r = event.decoder;
  switch (event.method) {
    case 0x471143ba: {
      const s = r.openStruct();
      const id = r.int53("id");
      r.range(id, 1, Infinity, "id");
      const photo = $readPhoto(r, "photo");
      r.closeStruct(s);
      event.tell("onAdded", (listener) => listener(id, photo));
      return;
    }
    case 0x5d7646dc: {
      const s = r.openStruct();
      const percent = r.i32();
      r.range(percent, 0, 100, "percent");
      let text: string | undefined;
      if (r.hasGroup()) {
        const g1 = r.openGroup();
        const flags0 = r.flags(0b1);
        const textHead = (flags0 & 1) === 0 ? 0 : r.stringHead();
        text = (flags0 & 1) === 0 ? undefined : r.stringBody(textHead, "text");
        r.closeGroup(g1);
        if (!r.hasGroup() && text == null) r.fail("version-group");
      }
      r.closeStruct(s);
      event.tell("onProgress", (listener) => listener(percent, text));
      return;
    }
    default:
      event.unknownEvent();
  }
}

/** {@linkcode Album} as a value, for `new Remote(Album, pipe)` and the like. */
export const Album: Interface<Album, Album_Events> = {
  name: "media.library.Album",
  methods: [
    [0x469c622e, "Add"],
    [0x53c035e8, "Remove"],
    [0x28322c62, "Find"],
    [0x10a29f00, "Rights"],
    [0x49e2b85e, "Count"],
    [0x5489e707, "Flush"],
    [0x6b058c29, "Sync"],
    [0x3a2c1bd8, "Search"],
    [0x428d205c, "Receive"],
    [0x46d9095d, "Watch"],
    [0x11a32fae, "Share"],
    [0x4d8e7cfd, "Upload"],
    [0x0c09e82a, "Download"],
    [0x5c91228c, "Render"],
    [0x01c71bf3, "Publish"],
    [0x52a00365, "Quiet"],
  ],
  events: {
    names: [
      [0x471143ba, "OnAdded", "onAdded"],
      [0x5d7646dc, "OnProgress", "onProgress"],
    ],
    Emitter: AlbumEmitter,
    hear: hearAlbum,
  },
  isExtensible: true,
  Remote: AlbumRemote,
  dispatch: dispatchAlbum,
};

/** How photos are put in order. */
export const Album_Order = {
  Newest: 0,
  Oldest: 1,
} as const;

/** A value of {@linkcode Album_Order}. */
export type Album_Order = (typeof Album_Order)[keyof typeof Album_Order];

/**
 * Reads {@linkcode Album_Order}.
 *
 * @internal
 */
export function $readAlbum_Order(r: Decoder, label$: string | number): Album_Order {
  const value$ = r.i32();
  if (value$ < 0 || value$ > 1) r.fail("enum", label$);
  return value$ as Album_Order;
}

/**
 * Writes {@linkcode Album_Order}.
 *
 * @internal
 */
export function $writeAlbum_Order(
  w: Encoder,
  value$: Album_Order,
  label$: string | number,
): void {
  w.i32(value$, label$);
  if (value$ < 0 || value$ > 1) throw w.unknown("Album.Order", value$, label$);
}

/** How many photos come at a time. */
export const Album_kPage = 50;

/** Is told about changes. */
export interface Watcher {
  /** Sends `OnChange`. */
  onChange(
    ids: readonly PhotoId[],
    ratings?: ReadonlyMap<PhotoId, Rating> | undefined,
  ): void;
  /** Sends `OnEnd`. */
  onEnd(code: number, at: bigint, few: number, more: bigint): void;
}

class WatcherRemote extends RemoteBase implements Watcher {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(Watcher, pipe, options);
  }

  onChange(
    ids: readonly PhotoId[],
    ratings?: ReadonlyMap<PhotoId, Rating> | undefined,
  ): void {
    const w = this.$begin(0x65b52ff9, false);
    try {
      const at = w.openStruct(1);
      w.flagsAt(at, ratings == null ? 0 : 1);
      const idsCount = w.openArray(ids, "ids");
      w.need(idsCount * 8);
      for (let i = 0; i < idsCount; i++) {
        const item = ids[i]!;
        w.int53(item, i);
        w.range(item, 1, Infinity, i);
      }
      w.leave();
      if (ratings != null) {
        const [ratingsKeys, ratingsValues] = w.openMap(ratings, "ratings");
        w.need(ratingsKeys.length * 8);
        for (let i = 0; i < ratingsKeys.length; i++) {
          const item = ratingsKeys[i]!;
          w.int53(item, i);
          w.range(item, 1, Infinity, i);
        }
        w.need(ratingsKeys.length * 4);
        for (let i = 0; i < ratingsKeys.length; i++) $writeRating(w, ratingsValues[i]!, i);
        w.leave();
      }
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  onEnd(code: number, at: bigint, few: number, more: bigint): void {
    const w = this.$begin(0x4c6df6ee, false);
    try {
      const at$ = w.openStruct(19);
      w.i16At(at$, code, "code");
      w.i64At(at$ + 2, at, "at");
      w.i8At(at$ + 10, few, "few");
      w.u64At(at$ + 11, more, "more");
      w.closeStruct(at$);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }
}

function dispatchWatcher(impl: Implementation<Watcher>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x65b52ff9: {
      const s = r.openStruct();
      const flags0 = r.flags(0b1);
      const idsCount = r.openArray(64, "ids");
      const ids: PhotoId[] = new Array(idsCount);
      for (let i = 0; i < idsCount; i++) {
        const item = r.int53(i);
        r.range(item, 1, Infinity, i);
        ids[i] = item;
      }
      r.leave();
      let ratings: Map<PhotoId, Rating> | undefined;
      if ((flags0 & 1) !== 0) {
        const ratingsReadCount = r.openMap(96, "ratings");
        const ratingsReadKeys: PhotoId[] = new Array(ratingsReadCount);
        for (let i = 0; i < ratingsReadCount; i++) {
          const item = r.int53(i);
          r.range(item, 1, Infinity, i);
          ratingsReadKeys[i] = item;
        }
        const ratingsRead = new Map<PhotoId, Rating>();
        for (let i = 0; i < ratingsReadCount; i++) ratingsRead.set(ratingsReadKeys[i]!, $readRating(r, i));
        if (ratingsRead.size !== ratingsReadCount) r.fail("map-key");
        r.leave();
        ratings = ratingsRead;
      }
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.onChange(ids, ratings));
      return;
    }
    case 0x4c6df6ee: {
      const s = r.openStruct();
      const at$ = r.advance(19);
      const code = r.i16At(at$);
      const at = r.i64At(at$ + 2);
      const few = r.i8At(at$ + 10);
      const more = r.u64At(at$ + 11);
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.onEnd(code, at, few, more));
      return;
    }
    default:
      call.unknownMethod();
  }
}

/** {@linkcode Watcher} as a value, for `new Remote(Watcher, pipe)` and the like. */
export const Watcher: Interface<Watcher> = {
  name: "media.library.Watcher",
  methods: [
    [0x65b52ff9, "OnChange"],
    [0x4c6df6ee, "OnEnd"],
  ],
  Remote: WatcherRemote,
  dispatch: dispatchWatcher,
};
