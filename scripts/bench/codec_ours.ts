/** Our side of the comparison of codecs. @module */
import { Decoder } from "../../core/wire/decoder.ts";
import { Encoder } from "../../core/wire/encoder.ts";
import type { Codec, Encoded, ObjectName } from "./codec_peers.ts";
import {
  $readFetchRequest,
  $readFetchResponse,
  $readRecord,
  $writeFetchRequest,
  $writeFetchResponse,
  $writeRecord,
} from "./codecs.magen.ts";

/** Where a message lies in what was read. */
interface Region {
  readonly start: number;
  readonly length: number;
}

/**
 * A writer and a reader, called from places of their own so that each is compiled for one type. As on a link,
 * messages are written behind one another and read where they arrived.
 */
export function ourCodec(of: ObjectName): Codec {
  const encoder = new Encoder(1 << 20, 64 * 1024), decoder = new Decoder();
  const written = { length: 0 }, none: object[] = [];
  const bytes = new Uint8Array(256 * 1024), view = new DataView(bytes.buffer);
  let arrived = 0;
  const begin = () => {
    encoder.at = encoder.start = 0;
    encoder.beginMessage(0, 1, 0);
  };
  const end = () => {
    encoder.finishMessage(1);
    encoder.open = false;
    written.length = encoder.at;
    return written;
  };
  const keep = ({ length }: Encoded): Region => {
    const start = arrived;
    bytes.set(encoder.bytes.subarray(0, length), start);
    arrived = (start + length + 7) & ~7;
    return { start, length };
  };
  const open = (encoded: Encoded) => {
    const { start, length } = encoded as Region;
    decoder.begin(bytes, view, start, start + length, none);
  };
  switch (of) {
    case "request":
      return {
        keep,
        encode(value) {
          begin();
          $writeFetchRequest(encoder, value as never, "value");
          return end();
        },
        decode(encoded) {
          open(encoded);
          const value = $readFetchRequest(decoder, "value");
          decoder.finish();
          return value;
        },
      };
    case "response":
      return {
        keep,
        encode(value) {
          begin();
          $writeFetchResponse(encoder, value as never, "value");
          return end();
        },
        decode(encoded) {
          open(encoded);
          const value = $readFetchResponse(decoder, "value");
          decoder.finish();
          return value;
        },
      };
    default:
      return {
        keep,
        encode(value) {
          begin();
          $writeRecord(encoder, value as never, "value");
          return end();
        },
        decode(encoded) {
          open(encoded);
          const value = $readRecord(decoder, "value");
          decoder.finish();
          return value;
        },
      };
  }
}
