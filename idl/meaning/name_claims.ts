/**
 * Names that may be had only once: in the source, and in the TypeScript made of it.
 *
 * @module
 */
import type { DiagnosticCode, DiagnosticList } from "../diagnostic.ts";
import type { ChosenName } from "./naming.ts";
import type { Span } from "../syntax/token.ts";

interface Owner {
  /** Who has the name, in words. */
  readonly what: string;
  readonly span: Span;
}

/** The names of one scope: of a list of fields, of an interface, of all that a file exports. */
export class NameClaims {
  readonly #diagnostics: DiagnosticList;
  readonly #source = new Map<string, Owner>();
  readonly #typeScript = new Map<string, Owner>();

  /** Makes a scope without names. */
  constructor(diagnostics: DiagnosticList) {
    this.#diagnostics = diagnostics;
  }

  /** Takes a name of the source. Returns whether it was free, and reports with `code` when not. */
  declare(name: string, span: Span, code: DiagnosticCode, message: string): boolean {
    const first = this.#source.get(name);
    if (first === undefined) {
      this.#source.set(name, { what: name, span });
      return true;
    }
    this.#diagnostics.error(code, span, message, {
      message: code === "MG0202" ? "first defined here" : "first declared here",
      span: first.span,
    });
    return false;
  }

  /** Takes a name of TypeScript for `what`, or reports who has it. */
  claim(tsName: string, what: string, span: Span): void {
    const other = this.#typeScript.get(tsName);
    if (other === undefined) {
      this.#typeScript.set(tsName, { what, span });
      return;
    }
    const message = `${other.what} and ${what} both become '${tsName}' in TypeScript; ` +
      "rename one of them";
    this.#diagnostics.error("MG0308", span, message, {
      message: "the other one",
      span: other.span,
    });
  }

  /** The name that TypeScript gets. Warns when JavaScript has a meaning for the one it would have got. */
  chosen({ name, taken }: ChosenName, span: Span): string {
    if (taken !== undefined) {
      const message = `'${taken}' has a meaning in JavaScript; it is renamed '${name}'`;
      this.#diagnostics.warning("MG0309", span, message);
    }
    return name;
  }
}
