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
  const at = r.openInner(label$, 17);
  const flags0 = r.flagsAt(at, 0b1);
  const id = r.i32At(at + 1);
  const score = r.f64At(at + 5);
  const labelHead = r.u32At(at + 13);
  const isNew = (flags0 & 1) !== 0;
  const label = r.stringBody(labelHead, "label");
  r.closeInner();
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
  const at = w.openInner(label$, 17);
  w.flagsAt(at, w.bit(isNew, "isNew"));
  w.i32At(at + 1, id, "id");
  w.f64At(at + 5, score, "score");
  w.stringHeadAt(at + 13, label, "label");
  w.stringBody(at + 13, label, "label");
  w.closeInner(at);
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
  const at = r.openInner(label$, 21);
  const flags0 = r.flagsAt(at, 0b11);
  const id = r.u32At(at + 1);
  const created = r.i64At(at + 5);
  const score = r.f64At(at + 13);
  const isActive = (flags0 & 1) !== 0;
  const state = $readState(r, "state");
  const at1 = r.advance(8);
  const nameHead = r.u32At(at1);
  const pathHead = r.u32At(at1 + 4);
  const noteHead = (flags0 & 2) === 0 ? 0 : r.stringHead();
  const name = r.stringBody(nameHead, "name");
  const path = r.stringBody(pathHead, "path");
  const note = (flags0 & 2) === 0 ? undefined : r.stringBody(noteHead, "note");
  const tagsCount = r.openArray(32, "tags");
  const tags: string[] = new Array(tagsCount);
  for (let i = 0; i < tagsCount; i++) tags[i] = r.text(i);
  r.leave();
  const digest = r.byteString("digest");
  const itemsCount = r.openArray(32, "items");
  const items: Item[] = new Array(itemsCount);
  for (let i = 0; i < itemsCount; i++) items[i] = $readItem(r, i);
  r.leave();
  r.closeInner();
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
  const at = w.openInner(label$, 21, 16);
  w.flagsAt(at, w.bit(isActive, "isActive") | (note == null ? 0 : 2));
  w.u32At(at + 1, id, "id");
  w.i64At(at + 5, created, "created");
  w.f64At(at + 13, score, "score");
  $writeState(w, state, "state");
  const at1 = w.advance(8);
  w.stringHeadAt(at1, name, "name");
  w.stringHeadAt(at1 + 4, path, "path");
  const noteHead = note == null ? 0 : w.stringHead(note, "note");
  w.stringBody(at1, name, "name");
  w.stringBody(at1 + 4, path, "path");
  if (note != null) w.stringBody(noteHead, note, "note");
  const tagsCount = w.openArray(tags, "tags");
  for (let i = 0; i < tagsCount; i++) w.text(tags[i]!, i);
  w.leave();
  w.byteString(digest, "digest");
  const itemsCount = w.openArray(items, "items");
  for (let i = 0; i < itemsCount; i++) $writeItem(w, items[i]!, i);
  w.leave();
  w.closeInner(at);
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
  const at = r.openInner(label$, 4);
  const urlHead = r.u32At(at);
  const url = r.stringBody(urlHead, "url");
  r.closeInner();
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
  const at = w.openInner(label$, 4);
  w.stringHeadAt(at, url, "url");
  w.stringBody(at, url, "url");
  w.closeInner(at);
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
  r.openInner(label$);
  const body = r.byteString("body");
  r.closeInner();
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
  const at = w.openInner(label$, 0);
  w.byteString(body, "body");
  w.closeInner(at);
}
