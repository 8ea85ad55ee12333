// Generated from codecs.magen by magen. Do not edit: change the source and generate again.
// deno-fmt-ignore-file
import type { Decoder, Encoder } from "@mage/ipc/generated-v1";

/** How a record is. */
export const State = {
  Unknown: 0,
  Open: 1,
  Closed: 2,
} as const;

/** A value of {@linkcode State}. */
export type State = (typeof State)[keyof typeof State];

/**
 * Reads {@linkcode State}.
 *
 * @internal
 */
export function $readState(r: Decoder, label$: string | number): State {
  const value = r.i32();
  if (value < 0 || value > 2) r.fail("enum", label$);
  return value as State;
}

/**
 * Writes {@linkcode State}.
 *
 * @internal
 */
export function $writeState(w: Encoder, value: State, label$: string | number): void {
  w.i32(value, label$);
  if (value < 0 || value > 2) throw w.unknown("State", value, label$);
}

/** Part of a record. */
export interface Item {
  /** `int32 id` */
  id: number;
  /** `double score` */
  score: number;
  /** `string label` */
  label: string;
  /** `bool is_new` */
  isNew: boolean;
}

/**
 * Reads {@linkcode Item}.
 *
 * @internal
 */
export function $readItem(r: Decoder, label$: string | number): Item {
  const s = r.openInner(label$);
  const flags0 = r.flags(0b1);
  const id = r.i32();
  const score = r.f64();
  const labelHead = r.stringHead();
  const isNew = (flags0 & 1) !== 0;
  const label = r.stringBody(labelHead, "label");
  r.closeInner(s);
  return { id, score, label, isNew };
}

/**
 * Writes {@linkcode Item}.
 *
 * @internal
 */
export function $writeItem(w: Encoder, value: Item, label$: string | number): void {
  w.object(value, "Item", label$);
  const { id, score, label, isNew } = value;
  const s = w.openInner(17, label$);
  w.flags(w.bit(isNew, "isNew"));
  w.i32(id, "id");
  w.f64(score, "score");
  const labelHead = w.stringHead(label, "label");
  w.stringBody(labelHead, label, "label");
  w.closeInner(s);
}

/** The object that is measured. */
export interface Record {
  /** `uint32 id` */
  id: number;
  /** `int64 created` */
  created: bigint;
  /** `double score` */
  score: number;
  /** `bool is_active` */
  isActive: boolean;
  /** `State state` */
  state: State;
  /** `string name` */
  name: string;
  /** `string path` */
  path: string;
  /** `string? note` */
  note?: string | undefined;
  /** `array<string> tags` */
  tags: string[];
  /** `bytes digest` */
  digest: Uint8Array;
  /** `array<Item> items` */
  items: Item[];
}

/**
 * Reads {@linkcode Record}.
 *
 * @internal
 */
export function $readRecord(r: Decoder, label$: string | number): Record {
  const s = r.openInner(label$);
  const flags0 = r.flags(0b11);
  const id = r.u32();
  const created = r.i64();
  const score = r.f64();
  const isActive = (flags0 & 1) !== 0;
  const state = $readState(r, "state");
  const nameHead = r.stringHead();
  const pathHead = r.stringHead();
  const noteHead = (flags0 & 2) === 0 ? 0 : r.stringHead();
  const name = r.stringBody(nameHead, "name");
  const path = r.stringBody(pathHead, "path");
  const note = (flags0 & 2) === 0 ? undefined : r.stringBody(noteHead, "note");
  const tagsCount = r.openArray(32, "tags");
  const tags: string[] = [];
  for (let i = 0; i < tagsCount; i++) tags.push(r.text(i));
  r.leave();
  const digest = r.byteString("digest");
  const itemsCount = r.openArray(32, "items");
  const items: Item[] = [];
  for (let i = 0; i < itemsCount; i++) items.push($readItem(r, i));
  r.leave();
  r.closeInner(s);
  return {
    id,
    created,
    score,
    isActive,
    state,
    name,
    path,
    note,
    tags,
    digest,
    items,
  };
}

/**
 * Writes {@linkcode Record}.
 *
 * @internal
 */
export function $writeRecord(w: Encoder, value: Record, label$: string | number): void {
  w.object(value, "Record", label$);
  const {
    id,
    created,
    score,
    isActive,
    state,
    name,
    path,
    note,
    tags,
    digest,
    items,
  } = value;
  const s = w.openInner(37, label$);
  w.flags(w.bit(isActive, "isActive") | (note == null ? 0 : 2));
  w.u32(id, "id");
  w.i64(created, "created");
  w.f64(score, "score");
  $writeState(w, state, "state");
  const nameHead = w.stringHead(name, "name");
  const pathHead = w.stringHead(path, "path");
  const noteHead = note == null ? 0 : w.stringHead(note, "note");
  w.stringBody(nameHead, name, "name");
  w.stringBody(pathHead, path, "path");
  if (note != null) w.stringBody(noteHead, note, "note");
  const tagsCount = w.openArray(tags, "tags");
  for (let i = 0; i < tagsCount; i++) w.text(tags[i]!, i);
  w.leave();
  w.byteString(digest, "digest");
  const itemsCount = w.openArray(items, "items");
  for (let i = 0; i < itemsCount; i++) $writeItem(w, items[i]!, i);
  w.leave();
  w.closeInner(s);
}

/** The request of a small call. */
export interface FetchRequest {
  /** `string url` */
  url: string;
}

/**
 * Reads {@linkcode FetchRequest}.
 *
 * @internal
 */
export function $readFetchRequest(r: Decoder, label$: string | number): FetchRequest {
  const s = r.openInner(label$);
  const urlHead = r.stringHead();
  const url = r.stringBody(urlHead, "url");
  r.closeInner(s);
  return { url };
}

/**
 * Writes {@linkcode FetchRequest}.
 *
 * @internal
 */
export function $writeFetchRequest(
  w: Encoder,
  value: FetchRequest,
  label$: string | number,
): void {
  w.object(value, "FetchRequest", label$);
  const { url } = value;
  const s = w.openInner(4, label$);
  const urlHead = w.stringHead(url, "url");
  w.stringBody(urlHead, url, "url");
  w.closeInner(s);
}

/** The answer to one. */
export interface FetchResponse {
  /** `bytes body` */
  body: Uint8Array;
}

/**
 * Reads {@linkcode FetchResponse}.
 *
 * @internal
 */
export function $readFetchResponse(r: Decoder, label$: string | number): FetchResponse {
  const s = r.openInner(label$);
  const body = r.byteString("body");
  r.closeInner(s);
  return { body };
}

/**
 * Writes {@linkcode FetchResponse}.
 *
 * @internal
 */
export function $writeFetchResponse(
  w: Encoder,
  value: FetchResponse,
  label$: string | number,
): void {
  w.object(value, "FetchResponse", label$);
  const { body } = value;
  const s = w.openInner(0, label$);
  w.byteString(body, "body");
  w.closeInner(s);
}
