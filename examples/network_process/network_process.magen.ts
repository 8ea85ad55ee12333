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
} from "@mage/ipc/generated-v1";

/** The process that alone may reach the network. */
export interface NetworkProcess {
  /**
   * Fetches `url` and throws the body away. `error` says why there is no answer, when there is none.
   */
  fetchURL(url: string, options?: CallOptions): Promise<NetworkProcess_FetchURL_Reply>;
  /**
   * Asks Deno what this process may do. Returns for each kind of permission whether it is granted, and
   * the ones of `hosts` that may be reached.
   */
  listPermissions(
    hosts: readonly string[],
    options?: CallOptions,
  ): Promise<NetworkProcess_ListPermissions_Reply>;
  /**
   * Tries to read `file` and to fetch `url`, neither of which this process was granted. Returns what
   * came of each: one sentence.
   */
  tryToEscape(
    file: string,
    url: string,
    options?: CallOptions,
  ): Promise<NetworkProcess_TryToEscape_Reply>;
}

/** What {@linkcode NetworkProcess.fetchURL} resolves to. */
export interface NetworkProcess_FetchURL_Reply {
  /** `int32 status` */
  status: number;
  /** `int64 bytes` */
  bytes: bigint;
  /** `string? error` */
  error?: string | undefined;
}

/** What {@linkcode NetworkProcess.listPermissions} resolves to. */
export interface NetworkProcess_ListPermissions_Reply {
  /** `string all` */
  all: string;
  /** `array<string> reachable` */
  reachable: string[];
}

/** What {@linkcode NetworkProcess.tryToEscape} resolves to. */
export interface NetworkProcess_TryToEscape_Reply {
  /** `array<string> outcomes` */
  outcomes: string[];
}

class NetworkProcessRemote extends RemoteBase implements NetworkProcess {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(NetworkProcess, pipe, options);
  }

  fetchURL(url: string, options?: CallOptions): Promise<NetworkProcess_FetchURL_Reply> {
    const w = this.$begin(0x14f21dec, true);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, url, "url");
      w.stringBody(at, url, "url");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x14f21dec, readNetworkProcess_FetchURL_Reply, options);
  }

  listPermissions(
    hosts: readonly string[],
    options?: CallOptions,
  ): Promise<NetworkProcess_ListPermissions_Reply> {
    const w = this.$begin(0x396663dc, true);
    try {
      const at = w.openStruct(0);
      const hostsCount = w.openArray(hosts, "hosts");
      for (let i = 0; i < hostsCount; i++) w.text(hosts[i]!, i);
      w.leave();
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(
      w,
      0x396663dc,
      readNetworkProcess_ListPermissions_Reply,
      options,
    );
  }

  tryToEscape(
    file: string,
    url: string,
    options?: CallOptions,
  ): Promise<NetworkProcess_TryToEscape_Reply> {
    const w = this.$begin(0x141a8cac, true);
    try {
      const at = w.openStruct(8);
      w.stringHeadAt(at, file, "file");
      w.stringHeadAt(at + 4, url, "url");
      w.stringBody(at, file, "file");
      w.stringBody(at + 4, url, "url");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x141a8cac, readNetworkProcess_TryToEscape_Reply, options);
  }
}

function readNetworkProcess_FetchURL_Reply(r: Decoder): NetworkProcess_FetchURL_Reply {
  const s = r.openStruct();
  const at = r.advance(13);
  const flags0 = r.flagsAt(at, 0b1);
  const status = r.i32At(at + 1);
  const bytes = r.i64At(at + 5);
  const errorHead = (flags0 & 1) === 0 ? 0 : r.stringHead();
  const error = (flags0 & 1) === 0 ? undefined : r.stringBody(errorHead, "error");
  r.closeStruct(s);
  return { status, bytes, error };
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
  const { status, bytes, error } = value;
  const at = w.openStruct(13, 4);
  w.flagsAt(at, error == null ? 0 : 1);
  w.i32At(at + 1, status, "status");
  w.i64At(at + 5, bytes, "bytes");
  const errorHead = error == null ? 0 : w.stringHead(error, "error");
  if (error != null) w.stringBody(errorHead, error, "error");
  w.closeStruct(at);
}

function readNetworkProcess_ListPermissions_Reply(
  r: Decoder,
): NetworkProcess_ListPermissions_Reply {
  const s = r.openStruct();
  const allHead = r.stringHead();
  const all = r.stringBody(allHead, "all");
  const reachableCount = r.openArray(32, "reachable");
  const reachable: string[] = new Array(reachableCount);
  for (let i = 0; i < reachableCount; i++) reachable[i] = r.text(i);
  r.leave();
  r.closeStruct(s);
  return { all, reachable };
}

function writeNetworkProcess_ListPermissions_Reply(
  w: Encoder,
  value: NetworkProcess_ListPermissions_Reply,
): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of NetworkProcess.ListPermissions must be an object: received ${String(value)}`,
    );
  }
  const { all, reachable } = value;
  const at = w.openStruct(4);
  w.stringHeadAt(at, all, "all");
  w.stringBody(at, all, "all");
  const reachableCount = w.openArray(reachable, "reachable");
  for (let i = 0; i < reachableCount; i++) w.text(reachable[i]!, i);
  w.leave();
  w.closeStruct(at);
}

function readNetworkProcess_TryToEscape_Reply(
  r: Decoder,
): NetworkProcess_TryToEscape_Reply {
  const s = r.openStruct();
  const outcomesCount = r.openArray(32, "outcomes");
  const outcomes: string[] = new Array(outcomesCount);
  for (let i = 0; i < outcomesCount; i++) outcomes[i] = r.text(i);
  r.leave();
  r.closeStruct(s);
  return { outcomes };
}

function writeNetworkProcess_TryToEscape_Reply(
  w: Encoder,
  value: NetworkProcess_TryToEscape_Reply,
): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of NetworkProcess.TryToEscape must be an object: received ${String(value)}`,
    );
  }
  const { outcomes } = value;
  const at = w.openStruct(0);
  const outcomesCount = w.openArray(outcomes, "outcomes");
  for (let i = 0; i < outcomesCount; i++) w.text(outcomes[i]!, i);
  w.leave();
  w.closeStruct(at);
}

function dispatchNetworkProcess(
  impl: Implementation<NetworkProcess>,
  call: Incoming,
): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x14f21dec: {
      const s = r.openStruct();
      const urlHead = r.stringHead();
      const url = r.stringBody(urlHead, "url");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.fetchURL(url), writeNetworkProcess_FetchURL_Reply);
      return;
    }
    case 0x396663dc: {
      const s = r.openStruct();
      const hostsCount = r.openArray(32, "hosts");
      const hosts: string[] = new Array(hostsCount);
      for (let i = 0; i < hostsCount; i++) hosts[i] = r.text(i);
      r.leave();
      r.closeStruct(s);
      call.accept(true);
      call.reply(
        impl.listPermissions(hosts),
        writeNetworkProcess_ListPermissions_Reply,
      );
      return;
    }
    case 0x141a8cac: {
      const s = r.openStruct();
      const at = r.advance(8);
      const fileHead = r.u32At(at);
      const urlHead = r.u32At(at + 4);
      const file = r.stringBody(fileHead, "file");
      const url = r.stringBody(urlHead, "url");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.tryToEscape(file, url), writeNetworkProcess_TryToEscape_Reply);
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
    [0x396663dc, "ListPermissions"],
    [0x141a8cac, "TryToEscape"],
  ],
  Remote: NetworkProcessRemote,
  dispatch: dispatchNetworkProcess,
};
