/**
 * Figures of both sides, round by round, and what they say. Absolute figures belong to
 * one machine and one minute; ratios are taken within a round, where both sides met the
 * same noise.
 *
 * @module
 */
import type { Workload } from "./workload.ts";

/** The figures of one workload. */
export class Series {
  /** What was measured. */
  readonly workload: Workload;
  /** The library's figures, one a round. */
  readonly ours: number[] = [];
  /** The floor's, or none where there is no floor. */
  readonly floor: number[] = [];

  /** Starts without figures. */
  constructor(workload: Workload) {
    this.workload = workload;
  }

  /**
   * The median over the rounds of ours divided by the floor's; `null` without a floor.
   */
  get medianRatio(): number | null {
    if (this.floor.length === 0) return null;
    return median(this.ours.map((figure, round) => figure / this.floor[round]!));
  }

  /** Our best round divided by the floor's best; `null` without a floor. */
  get bestRatio(): number | null {
    if (this.floor.length === 0) return null;
    return this.best(this.ours) / this.best(this.floor);
  }

  /** The best of `figures`. */
  best(figures: readonly number[]): number {
    return this.workload.better === "lower" ? Math.min(...figures) : Math.max(...figures);
  }

  /** Everything, for programs. */
  toJSON(): Record<string, unknown> {
    const { name, unit, better } = this.workload;
    const { ours, floor, medianRatio, bestRatio } = this;
    return { name, unit, better, ours, floor, medianRatio, bestRatio };
  }
}

/** The middle one; of an even number, the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b), half = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[half]!;
  return (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The figures as a table. */
export function table(all: readonly Series[]): string {
  const rows = [["", "unit", "floor", "ours", "ours/floor", "best/best", "better"]];
  for (const series of all) {
    const { workload, floor, ours, medianRatio, bestRatio } = series;
    rows.push([
      workload.title,
      workload.unit,
      floor.length === 0 ? "" : figure(median(floor)),
      figure(median(ours)),
      medianRatio === null ? "" : medianRatio.toFixed(2),
      bestRatio === null ? "" : bestRatio.toFixed(2),
      workload.better,
    ]);
  }
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => row[column]!.length))
  );
  return rows.map((row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)
    ).join("  ")
  ).join("\n");
}

function figure(value: number): string {
  return value.toPrecision(3).includes("e")
    ? value.toFixed(0)
    : `${+value.toPrecision(3)}`;
}
