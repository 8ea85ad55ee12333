/**
 * How a child is started: the options of `Invitation.spawn`, and what of them makes sense together.
 *
 * @module
 */
import type { Limits } from "../core/limits.ts";
import { type BadMessageHandler, PlatformHandle, SharedBuffer } from "./child.ts";
import type { ChildPermissions } from "./permissions.ts";
import { checkPlace } from "./private_directory.ts";
import type { Child } from "./spawn.ts";

/** How to start a child. */
export interface SpawnOptions {
  /**
   * What the child runs in and is joined over.
   *
   * - `unix`, the default: a process, joined over a socket path that is gone once it has joined. Starts
   *   soonest.
   * - `inherited`: a process that is born with its link, so that it needs no permission for it, not even
   *   for the moment of joining.
   * - `worker`: a thread of this process. No process of its own protects this one from it.
   */
  readonly link?: "unix" | "inherited" | "worker";
  /**
   * What it may do. Default: nothing, apart from what joining takes, which it gives back. `inherit`, for a
   * worker alone: whatever this program may.
   */
  readonly permissions?: ChildPermissions | "inherit";
  /** Its arguments, as in `Deno.args`. */
  readonly args?: readonly string[];
  /** Its environment variables, for those it has permission to read. Nothing else is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its working directory. Default: the one of this process. */
  readonly cwd?: string | URL;
  /**
   * Its `deno.json`, which resolves what it imports by name. Default: the one that `deno run` finds,
   * beside the script or above it; `false` for none.
   */
  readonly config?: string | URL | false;
  /**
   * Path of the socket to join on, which must not exist. Default: a fresh one in a fresh private
   * directory, for which this process needs open read, write and net permissions; with a path it needs
   * them for that path only. Its directory should be of mode 700, which is checked if it may be read.
   */
  readonly socket?: string;
  /**
   * Whether a child that is a process may be linked directly to other children that have this option and
   * the same kind of link; workers always are. Without it what children say to each other passes through
   * this process.
   * Children that may be linked could also talk past their pipes, without anybody's consent but their
   * own: leave it out where one must not get at what the other has.
   *
   * With `unix` they are linked over sockets in a private directory, made among the temporary files or, for
   * a string, in the directory of that name; it has places for eight children at a time, and stays behind,
   * empty, when this process is killed. With `inherited`
   * it is `true`, and each child can be linked to the eight started before it and the eight after it,
   * once.
   */
  readonly siblings?: true | string;
  /**
   * Whether the child is given a private directory, over which it can map what this process made with
   * `createSharedFile`, and this process what the child did. It may read and write there and nowhere else:
   * so it can fill the disk. The directory is made among the temporary files or, for a string, in the directory
   * of that name, which has to be on the file system on which the files are made. It goes with the child, and
   * stays behind when this process is killed or ends by an uncaught error.
   */
  readonly sharedFiles?: true | string;
  /**
   * What the child, with link `inherited`, is born with, without any permission: 16 handles at most, which are
   * borrowed. It uses them once it is sent a handle.
   *
   * - Shared buffers that this process has made with `createSharedFile`: it maps them without a directory.
   * - Handles on what this process has wrapped of `node:fs` and `node:net`: what it unwraps is the file or the
   *   socket itself, which goes on when this process ends.
   *
   * It has them as long as it lives, whether or not it is sent a handle, also after it has closed its own:
   * buffers with the rights of the handles at this moment, files with all that they were opened for.
   */
  readonly descriptors?: readonly (SharedBuffer | PlatformHandle)[];
  /**
   * Whether the child, with link `inherited`, is given the sockets and listeners of `node:net` themselves that
   * it is sent handles on, at any time, instead of being served; files are served.
   *
   * A child can then make this process run out of memory: the runtime reads what comes over the channel that
   * they are passed over at any length.
   */
  readonly passSockets?: boolean;
  /**
   * Whether the child stays out of the network of this process. No other child ever becomes known to it, nor
   * it to them: endpoints that are passed on to it, or come from it, are served through this process, as
   * long as both live. There is exactly one pipe, the main one, and no siblings.
   *
   * ```ts ignore
   * await using child = await Invitation.spawn("./plugin.ts", { isolated: true });
   * using plugin = new Remote(Plugin, child.pipe);
   * ```
   */
  readonly isolated?: boolean;
  /**
   * Names of pipes to hand over besides `main`. Each side extracts its end by name: this one from what
   * `Invitation.spawn` resolves to. An invitation of your own has `attach` for that.
   */
  readonly pipes?: readonly string[];
  /**
   * What the child may cost. Default: `LIMITS.child`. `maxFrameBytes` goes both ways: no frame is longer
   * than either side takes.
   */
  readonly limits?: Partial<Limits>;
  /**
   * Told of messages from the child that make no sense, and last that it is gone. Default: whoever
   * `setDefaultBadMessageHandler` set.
   *
   * ```ts ignore
   * onBadMessage: ({ from, error }) => {
   *   console.error("ending the plugin:", error);
   *   from?.kill();
   * },
   * ```
   */
  readonly onBadMessage?: BadMessageHandler<Child>;
  /** Milliseconds the child has to join. Default 10,000. */
  readonly deadlineMs?: number;
  /** Gives up when it fires, as long as the child has not joined. */
  readonly signal?: AbortSignal;
  /** Its standard input, once it has joined. Default `null`: at its end. */
  readonly stdin?: "null" | "piped";
  /** Its standard output. Default `inherit`. */
  readonly stdout?: "inherit" | "null" | "piped";
  /** Its standard error. Default `inherit`; its end is kept for error messages either way. */
  readonly stderr?: "inherit" | "null";
  /** Who invites. With `child`, the child calls `Invitation.send` and this side accepts. */
  readonly inviter?: "parent" | "child";
}

/** How many things a child can be born with. */
const MAX_DESCRIPTORS = 16;

const LINKS = ["unix", "inherited", "worker"] as const;
const EVERY: readonly string[] = LINKS;
const PROCESSES: readonly string[] = ["unix", "inherited"];

/** For which links each option is. */
const OPTIONS: Readonly<Record<keyof SpawnOptions, readonly string[]>> = {
  link: EVERY,
  permissions: EVERY,
  args: PROCESSES,
  env: PROCESSES,
  cwd: PROCESSES,
  config: PROCESSES,
  socket: ["unix"],
  siblings: EVERY,
  sharedFiles: EVERY,
  descriptors: ["inherited"],
  passSockets: ["inherited"],
  isolated: EVERY,
  pipes: EVERY,
  limits: EVERY,
  onBadMessage: EVERY,
  deadlineMs: EVERY,
  signal: EVERY,
  stdin: PROCESSES,
  stdout: PROCESSES,
  stderr: PROCESSES,
  inviter: EVERY,
};

/** Throws, naming what is wrong, unless the options are known and make sense together. */
export function checkSpawnOptions(options: SpawnOptions): void {
  const { link = "unix", deadlineMs = 0.5 } = options;
  if (!LINKS.includes(link)) {
    throw new TypeError(
      `Option 'link' must be one of ${LINKS.join(", ")}: received ${link}`,
    );
  }
  for (const [key, value] of Object.entries(options)) {
    if (!Object.hasOwn(OPTIONS, key)) {
      throw new TypeError(
        `Unknown option '${key}': it must be one of ${Object.keys(OPTIONS).join(", ")}`,
      );
    }
    const links = OPTIONS[key as keyof SpawnOptions];
    if (value !== undefined && !links.includes(link)) {
      throw new TypeError(
        `Option '${key}' makes no sense with link '${link}': it is for ${
          links.join(" and ")
        }`,
      );
    }
  }
  if (options.permissions === "inherit" && link !== "worker") {
    throw new TypeError(
      `Option 'permissions' cannot be inherit with link '${link}': a process is given what is named, only a worker can inherit`,
    );
  }
  const { siblings = true } = options;
  if (siblings !== true && (typeof siblings !== "string" || link !== "unix")) {
    throw new TypeError(
      `Option 'siblings' must be true${
        link === "unix" ? " or a directory" : ` with link '${link}'`
      }: received ${siblings}`,
    );
  }
  checkShared(options);
  if (options.isolated && options.siblings !== undefined) {
    throw new TypeError(
      "Option 'siblings' makes no sense with 'isolated': an isolated child is linked to this process alone",
    );
  }
  if (!(deadlineMs > 0 && deadlineMs < 2 ** 31)) {
    throw new RangeError(
      `Option 'deadlineMs' must be above zero and below 2^31: received ${deadlineMs}`,
    );
  }
  for (const arg of options.args ?? []) checkText("args", arg);
  for (const [name, value] of Object.entries(options.env ?? {})) {
    checkText("env", name);
    checkText("env", value);
    if (name === "" || name.includes("=")) {
      throw new TypeError(
        `Option 'env' must have names of variables: received '${name}'`,
      );
    }
  }
  if (options.inviter === "child" && options.pipes !== undefined) {
    throw new TypeError(
      "Option 'pipes' is for the side that invites: pass it to Invitation.send",
    );
  }
}

function checkShared(
  { sharedFiles = true, descriptors = [], passSockets = false }: SpawnOptions,
): void {
  if (sharedFiles !== true) {
    if (typeof sharedFiles !== "string") {
      throw new TypeError(
        `Option 'sharedFiles' must be true or a directory: received ${sharedFiles}`,
      );
    }
    checkPlace("sharedFiles", sharedFiles);
    if (sharedFiles.includes(",")) {
      throw new TypeError(
        `Option 'sharedFiles' cannot have a comma in it: received ${sharedFiles}`,
      );
    }
  }
  if (typeof passSockets !== "boolean") {
    throw new TypeError(
      `Option 'passSockets' must be true or false: received ${passSockets}`,
    );
  }
  if (!Array.isArray(descriptors) || descriptors.length > MAX_DESCRIPTORS) {
    throw new TypeError(
      `Option 'descriptors' must be a list of at most ${MAX_DESCRIPTORS} handles: received ${
        Array.isArray(descriptors) ? `${descriptors.length} of them` : descriptors
      }`,
    );
  }
  for (const one of descriptors) {
    if (one instanceof PlatformHandle) continue;
    if (!(one instanceof SharedBuffer)) {
      throw new TypeError(
        `Option 'descriptors' must list shared buffers and platform handles: received ${typeof one}`,
      );
    }
    if (one.backing === "thread") {
      throw new TypeError(
        "Option 'descriptors' must list shared buffers with a descriptor: received a SharedArrayBuffer; make it with createSharedFile",
      );
    }
  }
}

/** An operating system takes no other text. */
function checkText(option: string, text: unknown): void {
  if (typeof text === "string" && !text.includes("\0")) return;
  throw new TypeError(
    `Option '${option}' must hold strings without NUL: received ${JSON.stringify(text)}`,
  );
}
