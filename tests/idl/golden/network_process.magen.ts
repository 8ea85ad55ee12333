// Generated from network_process.magen by magen. Do not edit: change the source and generate again.
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
  readPipe,
  writePipe,
} from "@mage/ipc/generated-v1";

/** The process that alone may reach the network. */
export interface NetworkProcess {
  /** Fetches `url` and resolves to the whole body. */
  fetchURL(
    url: string,
    fresh: boolean,
    options?: CallOptions,
  ): Promise<NetworkProcess_FetchURL_Reply>;
  /** Tells `observer` about every request from now on. */
  observe(observer: MessagePipe): void;
  /** Calls `Tag`. */
  tag(tags: readonly string[], options?: CallOptions): Promise<void>;
}

/** What {@linkcode NetworkProcess.fetchURL} resolves to. */
export interface NetworkProcess_FetchURL_Reply {
  /** `int32 status` */
  status: number;
  /** `bytes body` */
  body: Uint8Array;
  /** `string? error` */
  error?: string | undefined;
}

class NetworkProcessRemote extends RemoteBase implements NetworkProcess {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(NetworkProcess, pipe, options);
  }

  fetchURL(
    url: string,
    fresh: boolean,
    options?: CallOptions,
  ): Promise<NetworkProcess_FetchURL_Reply> {
    const w = this.$begin(0x14f21dec, true);
    try {
      const at = w.openStruct(5);
      w.flagsAt(at, w.bit(fresh, "fresh"));
      w.stringHeadAt(at + 1, url, "url");
      w.stringBody(at + 1, url, "url");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x14f21dec, readNetworkProcess_FetchURL_Reply, options);
  }

  observe(observer: MessagePipe): void {
    const w = this.$begin(0x35a41c43, false);
    try {
      const at = w.openStruct(0, 4);
      writePipe(w, observer, "observer");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  tag(tags: readonly string[], options?: CallOptions): Promise<void> {
    const w = this.$begin(0x18b976da, true);
    try {
      const at = w.openStruct(0);
      const tagsCount = w.openArray(tags, "tags");
      for (let i = 0; i < tagsCount; i++) w.text(tags[i]!, i);
      w.leave();
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x18b976da, readEmptyReply, options);
  }
}

function readNetworkProcess_FetchURL_Reply(r: Decoder): NetworkProcess_FetchURL_Reply {
  const s = r.openStruct();
  const at = r.advance(5);
  const flags0 = r.flagsAt(at, 0b1);
  const status = r.i32At(at + 1);
  const errorHead = (flags0 & 1) === 0 ? 0 : r.stringHead();
  const body = r.byteString("body");
  const error = (flags0 & 1) === 0 ? undefined : r.stringBody(errorHead, "error");
  r.closeStruct(s);
  return { status, body, error };
}

function writeNetworkProcess_FetchURL_Reply(
  w: Encoder,
  value: NetworkProcess_FetchURL_Reply,
): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of NetworkProcess.FetchURL must be an object: received ${String(value)}`,
    );
  }
  const { status, body, error } = value;
  const at = w.openStruct(5, 4);
  w.flagsAt(at, error == null ? 0 : 1);
  w.i32At(at + 1, status, "status");
  const errorHead = error == null ? 0 : w.stringHead(error, "error");
  w.byteString(body, "body");
  if (error != null) w.stringBody(errorHead, error, "error");
  w.closeStruct(at);
}

function readEmptyReply(r: Decoder): void {
  r.closeStruct(r.openStruct());
}

function writeEmptyReply(w: Encoder): void {
  w.closeStruct(w.openStruct(0));
}

function dispatchNetworkProcess(
  impl: Implementation<NetworkProcess>,
  call: Incoming,
): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x14f21dec: {
      const s = r.openStruct();
      const at = r.advance(5);
      const flags0 = r.flagsAt(at, 0b1);
      const urlHead = r.u32At(at + 1);
      const fresh = (flags0 & 1) !== 0;
      const url = r.stringBody(urlHead, "url");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.fetchURL(url, fresh), writeNetworkProcess_FetchURL_Reply);
      return;
    }
    case 0x35a41c43: {
      const s = r.openStruct();
      const observer = readPipe(r, "observer");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.observe(observer));
      return;
    }
    case 0x18b976da: {
      const s = r.openStruct();
      const tagsCount = r.openArray(32, "tags");
      const tags: string[] = new Array(tagsCount);
      for (let i = 0; i < tagsCount; i++) tags[i] = r.text(i);
      r.leave();
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.tag(tags), writeEmptyReply);
      return;
    }
    default:
      call.unknownMethod();
  }
}

/**
 * {@linkcode NetworkProcess} as a value, for `new Remote(NetworkProcess, pipe)` and the like.
 */
export const NetworkProcess: Interface<NetworkProcess> = {
  name: "NetworkProcess",
  methods: [
    [0x14f21dec, "FetchURL"],
    [0x35a41c43, "Observe"],
    [0x18b976da, "Tag"],
  ],
  Remote: NetworkProcessRemote,
  dispatch: dispatchNetworkProcess,
};

/** Watches requests. Implemented by whoever is curious. */
export interface RequestObserver {
  /**
   * Sends `OnRequest`.
   *
   * @param url Where the request goes.
   * @param size In bytes, when it is known.
   */
  onRequest(url: string, startedAt: bigint, size?: number | undefined): void;
  /** Sends `OnIdle`. */
  onIdle(): void;
}

class RequestObserverRemote extends RemoteBase implements RequestObserver {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(RequestObserver, pipe, options);
  }

  onRequest(url: string, startedAt: bigint, size?: number | undefined): void {
    const w = this.$begin(0x11c0fc9d, false);
    try {
      const at = w.openStruct(13, 4);
      w.flagsAt(at, size == null ? 0 : 1);
      w.stringHeadAt(at + 1, url, "url");
      w.i64At(at + 5, startedAt, "startedAt");
      if (size != null) w.u32(size, "size");
      w.stringBody(at + 1, url, "url");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }

  onIdle(): void {
    const w = this.$begin(0x7f6b5096, false);
    try {
      w.closeStruct(w.openStruct(0));
    } catch (error) {
      throw w.cancel(error);
    }
    this.$send(w);
  }
}

function dispatchRequestObserver(
  impl: Implementation<RequestObserver>,
  call: Incoming,
): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x11c0fc9d: {
      const s = r.openStruct();
      const at = r.advance(13);
      const flags0 = r.flagsAt(at, 0b1);
      const urlHead = r.u32At(at + 1);
      const startedAt = r.i64At(at + 5);
      const size = (flags0 & 1) === 0 ? undefined : r.u32();
      const url = r.stringBody(urlHead, "url");
      r.closeStruct(s);
      call.accept(false);
      call.done(impl.onRequest(url, startedAt, size));
      return;
    }
    case 0x7f6b5096: {
      r.closeStruct(r.openStruct());
      call.accept(false);
      call.done(impl.onIdle());
      return;
    }
    default:
      call.unknownMethod();
  }
}

/**
 * {@linkcode RequestObserver} as a value, for `new Remote(RequestObserver, pipe)` and the like.
 */
export const RequestObserver: Interface<RequestObserver> = {
  name: "RequestObserver",
  methods: [
    [0x11c0fc9d, "OnRequest"],
    [0x7f6b5096, "OnIdle"],
  ],
  Remote: RequestObserverRemote,
  dispatch: dispatchRequestObserver,
};
