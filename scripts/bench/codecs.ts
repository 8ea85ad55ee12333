/**
 * How fast values are encoded and decoded beside the codecs of others, each in a process of its own, in
 * turn within each round.
 *
 * @module
 */
import { CODECS, type ObjectName } from "./codec_peers.ts";
import { median, Series } from "./report.ts";

const CHILD = new URL("./codec_child.ts", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url);
/** What the codecs of others are, to the last byte. Without their native parts. */
const LOCK = new URL("./codec_peers.lock", import.meta.url);
const WINDOW_MS = 150;
const WARM_UP_MS = 600;
const OBJECTS: Readonly<Record<ObjectName, string>> = {
  record: "record of 11 fields and 16 items",
  ascii: "the same, all ASCII",
  request: "request, a string of 50",
  response: "response, 1,024 bytes",
};
const OPERATIONS = ["encode", "decode"] as const;

/** A process that measures one codec. */
class CodecProcess implements AsyncDisposable {
  /** Bytes of each object, on average. */
  readonly bytes: Readonly<Record<ObjectName, number>>;
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: Lines;

  private constructor(process: Deno.ChildProcess, lines: Lines, first: string) {
    this.#process = process;
    this.#input = process.stdin.getWriter();
    this.#lines = lines;
    this.bytes = JSON.parse(first);
  }

  /** Starts one; `null` when the codec cannot be loaded, of which it has told. */
  static async start(name: string): Promise<CodecProcess | null> {
    const own = CODECS[name]!.isOurs === true
      ? ["--config", CONFIG.pathname, "--no-lock"]
      // What it loads is no matter of the project's.
      : ["--no-config", "--lock", LOCK.pathname, "--frozen", "--node-modules-dir=none"];
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--quiet", "--allow-read", "--allow-env", ...own]
        .concat([CHILD.href, name]),
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const lines = new Lines(process.stdout);
    const first = await lines.next();
    if (first !== null) return new CodecProcess(process, lines, first);
    await process.stdin.close().catch(() => {});
    await process.status;
    return null;
  }

  /** Thousand operations a second. */
  async run(of: ObjectName, operation: string, ms: number): Promise<number> {
    await this.#input.write(new TextEncoder().encode(`${of} ${operation} ${ms}\n`));
    const line = await this.#lines.next();
    if (line === null) throw new Error("A codec's process has ended");
    return Number(line);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close();
    await this.#lines.next();
    await this.#process.status;
  }
}

/** What a process prints, line by line. */
class Lines {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";

  constructor(bytes: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#reader = bytes.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** The next one; `null` when there are no more. */
  async next(): Promise<string | null> {
    for (;;) {
      const end = this.#text.indexOf("\n");
      if (end >= 0) {
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 1);
        return line;
      }
      const { done, value } = await this.#reader.read();
      if (done) return null;
      this.#text += value;
    }
  }
}

/** Figures of all codecs. */
export interface CodecFigures {
  /** Of ours beside each of the others. */
  readonly series: readonly Series[];
  /** For people. */
  readonly text: string;
}

/** Takes the figures of `rounds` rounds, after one to warm up. */
export async function measureCodecs(
  rounds: number,
  progress: (line: string) => void,
): Promise<CodecFigures> {
  await using running = new AsyncDisposableStack();
  const codecs = new Map<string, CodecProcess>(), figures = new Map<string, number[]>();
  for (const name of Object.keys(CODECS)) {
    progress(`starting ${name}`);
    const codec = await CodecProcess.start(name);
    if (codec === null) console.error(`${name} is left out: it could not be loaded`);
    else codecs.set(name, running.use(codec));
  }
  if (!codecs.has("ours")) throw new Error("Cannot measure without the library");
  for (let round = 0; round <= rounds; round++) {
    for (const of of Object.keys(OBJECTS) as ObjectName[]) {
      for (const operation of OPERATIONS) {
        for (const [name, codec] of codecs) {
          progress(`round ${round} of ${rounds}: ${OBJECTS[of]}, ${operation}, ${name}`);
          const figure = await codec.run(
            of,
            operation,
            round === 0 ? WARM_UP_MS : WINDOW_MS,
          );
          const key = `${name} ${of} ${operation}`;
          if (round === 0) figures.set(key, []);
          else figures.get(key)!.push(figure);
        }
      }
    }
  }
  progress("");
  return { series: seriesOf(codecs, figures), text: textOf(codecs, figures) };
}

function seriesOf(
  codecs: ReadonlyMap<string, CodecProcess>,
  figures: ReadonlyMap<string, readonly number[]>,
): Series[] {
  const all: Series[] = [];
  for (const of of Object.keys(OBJECTS) as ObjectName[]) {
    for (const operation of OPERATIONS) {
      for (const name of codecs.keys()) {
        if (name === "ours") continue;
        const series = new Series({
          name: `${of}-${operation}-${name}`,
          title: `${OBJECTS[of]}, ${operation}: ${CODECS[name]!.title}`,
          unit: "k/s",
          better: "higher",
        });
        series.ours.push(...figures.get(`ours ${of} ${operation}`)!);
        series.floor.push(...figures.get(`${name} ${of} ${operation}`)!);
        all.push(series);
      }
    }
  }
  return all;
}

/** Best and median of each, and by how much ours is the faster one. */
function textOf(
  codecs: ReadonlyMap<string, CodecProcess>,
  figures: ReadonlyMap<string, readonly number[]>,
): string {
  const lines: string[] = [
    "Thousands a second, best (median); x: how many times as fast ours is, best by best.",
    "Ours are written to and read from the buffers of a link, in which no view is made per message.",
    "Bytes that msgpackr and protobuf-es decode are views of the message; ours are copies, as are",
    "those of msgpackr where it says so.",
  ];
  for (const of of Object.keys(OBJECTS) as ObjectName[]) {
    lines.push(
      "",
      `${OBJECTS[of].padEnd(36)}  bytes${
        OPERATIONS.map((name) => name.padStart(27)).join("")
      }`,
    );
    for (const [name, { bytes }] of codecs) {
      const cells = OPERATIONS.map((operation) => {
        const own = figures.get(`${name} ${of} ${operation}`)!;
        const ours = figures.get(`ours ${of} ${operation}`)!;
        const best = Math.max(...own), ratio = Math.max(...ours) / best;
        return `${best.toFixed(0)} (${median(own).toFixed(0)})`.padStart(17) +
          (name === "ours" ? "" : `x ${ratio.toFixed(2)}`).padStart(10);
      });
      lines.push(
        `${CODECS[name]!.title.padEnd(36)}${`${bytes[of]}`.padStart(7)}${cells.join("")}`,
      );
    }
  }
  return lines.join("\n");
}
