/**
 * A child process without the library: a socket in a private directory, and the three
 * grants that connecting to it takes.
 *
 * @module
 */

/** A child that has connected. */
export class BareProcess implements AsyncDisposable {
  /** The socket to it. */
  readonly conn: Deno.UnixConn;
  readonly #process: Deno.ChildProcess;

  private constructor(conn: Deno.UnixConn, process: Deno.ChildProcess) {
    this.conn = conn;
    this.#process = process;
  }

  /**
   * Starts `script` with the path of a socket as its argument and waits until it has
   * connected.
   */
  static async start(script: URL): Promise<BareProcess> {
    const directory = await Deno.makeTempDir({ prefix: "bench-" });
    const path = `${directory}/s`;
    using listener = Deno.listen({ transport: "unix", path });
    const process = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--cached-only",
        "--quiet",
        "--no-config",
        `--allow-read=${path}`,
        `--allow-write=${path}`,
        `--allow-net=unix:${path}`,
        decodeURIComponent(script.pathname),
        path,
      ],
      stdin: "null",
    }).spawn();
    const gone = process.status.then(({ code }) => {
      throw new Error(`${script} exited with code ${code} before it connected`);
    });
    try {
      return new BareProcess(await Promise.race([listener.accept(), gone]), process);
    } finally {
      gone.catch(() => {});
      await Deno.remove(directory, { recursive: true });
    }
  }

  /** Ends the stream to the child, upon which it exits, and waits for that. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.conn.closeWrite();
    await this.#process.status;
    this.conn.close();
  }
}
