/**
 * The one module that generated code imports. Its shape is versioned: files that were generated long
 * ago keep working while the runtime under them changes.
 *
 * @module
 */
import type { Binding } from "../system/binding.ts";
import { MessagePipe } from "../system/message_pipe.ts";
import type { Decoder } from "../wire/decoder.ts";
import type { Encoder } from "../wire/encoder.ts";

export type {
  CallOptions,
  Implementation,
  Incoming,
  Interface,
  InterfaceNames,
} from "./interface.ts";
export { RemoteBase } from "./remote.ts";
export type { RemoteControl } from "./remote.ts";
export type { Decoder } from "../wire/decoder.ts";
export type { Encoder } from "../wire/encoder.ts";
export { MessagePipe } from "../system/message_pipe.ts";

/** Attaches an endpoint and appends its index. */
export function writePipe(encoder: Encoder, value: MessagePipe, name: string): void {
  (encoder.owner as Binding).attach(encoder, value, name);
}

/** Takes the next attached endpoint. */
export function readPipe(decoder: Decoder): MessagePipe {
  const handle = decoder.handle();
  return handle instanceof MessagePipe ? handle : decoder.fail("handle-kind");
}
