/**
 * Loads sources with all that they import, and checks each of them once.
 *
 * Pure: whoever calls says what is in a file. A file is checked after those that it imports; an import that
 * leads back to itself is reported and left out.
 *
 * @module
 */
import { enabledItems } from "./attributes.ts";
import {
  check,
  type CheckedFile,
  type ProgramContext,
  type ResolvedImport,
} from "./check.ts";
import { type Diagnostic, DiagnosticList } from "../diagnostic.ts";
import { tokenize } from "../syntax/lexer.ts";
import type { Module, Origin } from "./model.ts";
import { parse } from "../syntax/parser.ts";
import { folderOf, normalPath, pathIn } from "./source_path.ts";
import { STD_PATH, STD_SOURCE, STD_SPECIFIER } from "./std_source.ts";
import { didYouMean } from "../suggest.ts";
import type { Span } from "../syntax/token.ts";
import type { FileNode, ImportNode } from "../syntax/tree.ts";

/** The longest source that is looked at, in UTF-16 units. */
export const MAX_SOURCE_UNITS: number = 4 * 1024 * 1024;

/** Where sources come from. */
export interface ProgramHost {
  /** The text of a file; undefined when there is none. Asked once for each path. */
  read(path: string): string | undefined;
}

/** How to look at a program. */
export interface ProgramOptions {
  /** Folders in which imports are looked for, when they are not beside the file. None by default. */
  readonly roots?: readonly string[] | undefined;
  /** What `[EnableIf]` asks for. None by default. */
  readonly features?: Iterable<string> | undefined;
}

/** What a source means. */
export interface Analysis {
  /** What the source is called. */
  readonly path: string;
  /** In the order of the source. */
  readonly diagnostics: readonly Diagnostic[];
  /** Missing when there is an error, here or in something that is imported. */
  readonly module?: Module | undefined;
}

/** An import that led to a file. */
export interface ImportedPath {
  /** The path of the file. */
  readonly path: string;
  /** Where it is imported. */
  readonly span: Span;
}

/** One file of a program. */
export interface ProgramFile extends Analysis {
  /** Its text. */
  readonly source: string;
  /** What it imports; what comes with the library is not among it. */
  readonly imports: readonly ImportedPath[];
}

/** Some files, and all that they import. */
export interface Program {
  /** By path: those that were asked for, in that order, and then the others. Only files that exist. */
  readonly files: ReadonlyMap<string, ProgramFile>;
}

/** Checks the files at `paths` and all that they import. */
export function analyzeProgram(
  paths: Iterable<string>,
  host: ProgramHost,
  options: ProgramOptions = {},
): Program {
  const loader = new Loader(host, options);
  const asked = [...paths].map(normalPath);
  for (const path of asked) loader.load(path);
  const files = new Map<string, ProgramFile>();
  for (const path of asked) {
    const file = loader.file(path);
    if (file !== undefined) files.set(path, file);
  }
  for (const [path, file] of loader.files()) {
    if (!files.has(path)) files.set(path, file);
  }
  return { files };
}

/** A file on its way. */
interface Loading {
  readonly path: string;
  readonly origin: Origin;
  readonly source: string;
  readonly diagnostics: DiagnosticList;
  readonly tree: FileNode;
  /** Those that the features leave. */
  readonly imports: readonly ImportNode[];
  readonly resolved: ResolvedImport[];
  readonly importedPaths: ImportedPath[];
  /** Whether the files that it imports are being loaded. */
  isOpen: boolean;
  checked: CheckedFile | undefined;
}

class Loader {
  readonly #host: ProgramHost;
  readonly #roots: readonly string[];
  readonly #program: ProgramContext;
  /** Files by path; undefined for those that do not exist. */
  readonly #files = new Map<string, Loading | undefined>();

  constructor(host: ProgramHost, { roots = [], features = [] }: ProgramOptions) {
    this.#host = host;
    this.#roots = roots.map(normalPath);
    this.#program = {
      features: new Set(features),
      index: new WeakMap(),
      resources: new Set(),
    };
  }

  /** Loads a file and all that it imports, unless that has been done. */
  load(path: string): void {
    // Not a recursion: imports may be nested deeper than calls.
    const open: Loading[] = [];
    const enter = (file: Loading | undefined) => {
      if (file === undefined || file.checked !== undefined) return;
      file.isOpen = true;
      open.push(file);
    };
    enter(this.#open(path));
    for (let top; (top = open.at(-1)) !== undefined;) {
      const node = top.imports[top.resolved.length];
      if (node === undefined) {
        this.#check(top);
        top.isOpen = false;
        open.pop();
        continue;
      }
      const file = this.#find(top, node);
      if (file === undefined) {
        top.resolved.push({ node, scope: undefined });
      } else if (file.checked !== undefined) {
        if (file.origin.specifier === undefined) {
          top.importedPaths.push({ path: file.path, span: node.path });
        }
        top.resolved.push({ node, scope: file.checked.scope });
      } else if (file.isOpen) {
        reportCycle(open.slice(open.indexOf(file)));
        top.resolved.push({ node, scope: undefined });
      } else {
        enter(file);
      }
    }
  }

  /** What became of the file at `path`. */
  file(path: string): ProgramFile | undefined {
    const loading = this.#files.get(path);
    return loading && finished(loading);
  }

  /** What became of the files, without those that come with the library. */
  *files(): Iterable<[string, ProgramFile]> {
    for (const [path, loading] of this.#files) {
      if (loading?.origin.specifier === undefined && loading !== undefined) {
        yield [path, finished(loading)];
      }
    }
  }

  #check(file: Loading): void {
    const { tree, origin, resolved, diagnostics } = file;
    const input = { file: tree, origin, imports: resolved, program: this.#program };
    file.checked = check(input, diagnostics);
  }

  /** The file that an import leads to; undefined after a report. */
  #find(from: Loading, node: ImportNode): Loading | undefined {
    const { text } = node.path;
    if (text === STD_PATH) return this.#open(STD_PATH, STD_SOURCE, STD_SPECIFIER);
    const isPath = text !== "" && !text.startsWith("/") && !/[\\\p{Cc}]/u.test(text);
    // Nothing else is read: what is in it would be shown with what is wrong with it.
    const isSource = text.endsWith(".magen");
    const searched: string[] = [];
    const folders = isPath && isSource ? [folderOf(from.path), ...this.#roots] : [];
    for (const folder of folders) {
      const path = pathIn(folder, text);
      if (searched.includes(path)) continue;
      const file = this.#open(path);
      if (file !== undefined) return file;
      searched.push(path);
    }
    const std = didYouMean(text, [STD_PATH]);
    const hint = !isPath
      ? "; write a path relative to this file, with '/'"
      : !isSource
      ? std || "; the name of a source ends with .magen"
      : std || ` (searched: ${searched.join(", ")}); mend the path, or add a root`;
    const message = `file not found: import ${JSON.stringify(text)}${hint}`;
    from.diagnostics.error("MG0008", node.path, message);
    return undefined;
  }

  /** Reads and parses a file, once. */
  #open(path: string, text?: string, specifier?: string): Loading | undefined {
    const key = specifier === undefined ? path : `<${path}>`;
    if (this.#files.has(key)) return this.#files.get(key);
    const source = text ?? this.#host.read(path);
    const file = source === undefined
      ? undefined
      : this.#parse({ path, specifier }, source);
    this.#files.set(key, file);
    return file;
  }

  #parse(origin: Origin, source: string): Loading {
    const diagnostics = new DiagnosticList();
    let read = source;
    if (source.length > MAX_SOURCE_UNITS) {
      const start = { offset: 0, line: 1, column: 1 };
      const message = `the file is longer than ${MAX_SOURCE_UNITS} characters; split it`;
      diagnostics.error("MG0011", { start, end: start }, message);
      read = "module too_long;";
    }
    const tree = parse(tokenize(read, diagnostics), diagnostics);
    return {
      path: origin.path,
      origin,
      source,
      diagnostics,
      tree,
      imports: enabledItems(tree.imports, this.#program.features),
      resolved: [],
      importedPaths: [],
      isOpen: false,
      checked: undefined,
    };
  }
}

function finished(
  { path, source, diagnostics, checked, importedPaths }: Loading,
): ProgramFile {
  const analysis = {
    path,
    source,
    diagnostics: diagnostics.sorted(),
    imports: importedPaths,
  };
  return checked === undefined || checked.scope.isBroken
    ? analysis
    : { ...analysis, module: checked.module };
}

/** Names of a long circle that are shown. */
const MAX_CHAIN = 8;

/** Reports a circle at the import through which it was entered. */
function reportCycle(circle: readonly Loading[]): void {
  const paths = circle.map(({ path }) => path);
  const shown = paths.length > MAX_CHAIN
    ? [...paths.slice(0, MAX_CHAIN - 1), "...", paths.at(-1)!]
    : paths;
  const chain = [...shown, paths[0]!].join(" -> ");
  const message = `files import each other in a circle: ${chain}; ` +
    "move what both need into a file of its own";
  const [entry] = circle;
  const node = entry!.imports[entry!.resolved.length]!;
  entry!.diagnostics.error("MG0009", node.path, message);
}
