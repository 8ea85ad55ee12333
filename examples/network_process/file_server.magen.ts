// Generated from file_server.magen by magen. Do not edit: change the source and generate again.
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

/**
 * Serves files over HTTP to whoever reaches its port. It may read them, and listen, and nothing else.
 */
export interface FileServer {
  /**
   * Serves the files below `root` on a free port of this machine, until the process ends.
   */
  serve(root: string, options?: CallOptions): Promise<FileServer_Serve_Reply>;
}

/** What {@linkcode FileServer.serve} resolves to. */
export interface FileServer_Serve_Reply {
  /** `int32 port` */
  port: number;
}

class FileServerRemote extends RemoteBase implements FileServer {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(FileServer, pipe, options);
  }

  serve(root: string, options?: CallOptions): Promise<FileServer_Serve_Reply> {
    const w = this.$begin(0x7a0e0864, true);
    try {
      const at = w.openStruct(4);
      w.stringHeadAt(at, root, "root");
      w.stringBody(at, root, "root");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x7a0e0864, readFileServer_Serve_Reply, options);
  }
}

function readFileServer_Serve_Reply(r: Decoder): FileServer_Serve_Reply {
  const s = r.openStruct();
  const port = r.i32();
  r.closeStruct(s);
  return { port };
}

function writeFileServer_Serve_Reply(w: Encoder, value: FileServer_Serve_Reply): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `The reply of FileServer.Serve must be an object: received ${String(value)}`,
    );
  }
  const { port } = value;
  const at = w.openStruct(4);
  w.i32At(at, port, "port");
  w.closeStruct(at);
}

function dispatchFileServer(impl: Implementation<FileServer>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x7a0e0864: {
      const s = r.openStruct();
      const rootHead = r.stringHead();
      const root = r.stringBody(rootHead, "root");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.serve(root), writeFileServer_Serve_Reply);
      return;
    }
    default:
      call.unknownMethod();
  }
}

/**
 * {@linkcode FileServer} as a value, for `new Remote(FileServer, pipe)` and the like.
 */
export const FileServer: Interface<FileServer> = {
  name: "FileServer",
  methods: [
    [0x7a0e0864, "Serve"],
  ],
  Remote: FileServerRemote,
  dispatch: dispatchFileServer,
};
