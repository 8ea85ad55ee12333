/** Our side of the comparison of codecs. @module */
import { Decoder } from "../../core/wire/decoder.ts";
import { Encoder } from "../../core/wire/encoder.ts";
import type { Codec, ObjectName } from "./codec_peers.ts";
import {
  $readFetchRequest,
  $readFetchResponse,
  $readRecord,
  $writeFetchRequest,
  $writeFetchResponse,
  $writeRecord,
} from "./codecs.magen.ts";

/** A writer and a reader, called from places of their own so that each is compiled for one type. */
export function ourCodec(of: ObjectName): Codec {
  const encoder = new Encoder(1 << 20, 64 * 1024), decoder = new Decoder();
  const begin = () => {
    encoder.at = encoder.start = 0;
    encoder.beginMessage(0, 1, 0);
  };
  const end = () => {
    encoder.finishMessage(1);
    encoder.open = false;
    return encoder.bytes.subarray(0, encoder.at);
  };
  const open = (bytes: Uint8Array | string) => {
    const { buffer, byteOffset, length } = bytes as Uint8Array<ArrayBuffer>;
    const view = new DataView(buffer, byteOffset, length);
    decoder.begin(bytes as Uint8Array, view, 0, length, []);
  };
  switch (of) {
    case "request":
      return {
        encode(value) {
          begin();
          $writeFetchRequest(encoder, value as never, "value");
          return end();
        },
        decode(bytes) {
          open(bytes);
          const value = $readFetchRequest(decoder, "value");
          decoder.finish();
          return value;
        },
      };
    case "response":
      return {
        encode(value) {
          begin();
          $writeFetchResponse(encoder, value as never, "value");
          return end();
        },
        decode(bytes) {
          open(bytes);
          const value = $readFetchResponse(decoder, "value");
          decoder.finish();
          return value;
        },
      };
    default:
      return {
        encode(value) {
          begin();
          $writeRecord(encoder, value as never, "value");
          return end();
        },
        decode(bytes) {
          open(bytes);
          const value = $readRecord(decoder, "value");
          decoder.finish();
          return value;
        },
      };
  }
}
