/** What the terminal shows of the results. */
import type { Ceiling } from "./ceilings.js";
import { type ContestantName, contestantNames } from "./contestants.js";
import type { PointResult, WorkResult } from "./results.js";
import { verdict } from "./rows.js";
import { number, table } from "./table.js";

export function ratesTable(results: readonly WorkResult[]): string {
  const names = contestantNames.filter((name) => results.some(({ row }) => row.rates[name]));
  const rows = results
    .filter(({ combine }) => combine !== "series")
    .map(({ row }) => [
      row.title,
      ...names.map((name) => {
        const rate = row.rates[name];
        return rate ? `${number(rate.median)} (${number(rate.lowest)}–${number(rate.highest)})` : "not available";
      }),
    ]);
  return `Examples a second: median (lowest–highest round)\n\n${table(["work", ...names], rows)}`;
}

export function ratiosTable(results: readonly WorkResult[]): string {
  const rows = results.flatMap(({ row }) =>
    row.ratios.map((ratio) => [
      row.title,
      `${ratio.of} ÷ ${ratio.to}`,
      number(ratio.speedup.median),
      `${number(ratio.speedup.lowest)}–${number(ratio.speedup.highest)}`,
      ratio.floor === null ? "" : number(ratio.floor),
      ratio.goal === null ? "" : number(ratio.goal),
      verdict(ratio),
    ]),
  );
  const head = ["work", "ours ÷ theirs", "times as fast", "rounds", "floor", "goal", ""];
  return `How many times as fast we are: median of the rounds' own ratios\n\n${table(head, rows)}`;
}

export function pointsTable(results: readonly WorkResult[]): string {
  const rows = results.flatMap(({ row, points }) =>
    points.map((point) => [
      row.work,
      point.label,
      point.density.map((share) => (100 * share).toFixed(1)).join(" "),
      ...microseconds(point, ["ours 1 thread", "ours 2 threads", "PyTorch", "PyTorch as installed", "PyTorch by hand"]),
      point.operations === null ? "" : number(point.operations.total / 1e6),
      point.shareOfCeiling === null ? "" : `${(100 * point.shareOfCeiling).toFixed(0)} %`,
    ]),
  );
  const head = [
    "work",
    "at",
    "active, %",
    "1 thread, µs",
    "2 threads, µs",
    "PyTorch, µs",
    "as installed, µs",
    "by hand, µs",
    "10⁶ multiply-adds",
    "share of ceiling",
  ];
  return `Time a step (of inference: all examples), and what it had to compute\n\n${table(head, rows)}`;
}

export function memoryTable(results: readonly WorkResult[]): string {
  const points = results.flatMap(({ row, points }) => points.slice(0, 1).map((point) => ({ row, point })));
  const names = contestantNames.filter((name) => points.some(({ point }) => point.outcomes[name]));
  const rows = points.map(({ row, point }) => [
    row.title,
    ...names.map((name) => {
      const outcome = point.outcomes[name];
      return outcome ? number(outcome.peakBytes / 2 ** 20) : "";
    }),
  ]);
  return `Peak memory of the process, MiB\n\n${table(["work", ...names], rows)}`;
}

export function ceilingTable(ceilings: readonly Ceiling[]): string {
  const last = ceilings.at(-1)!;
  const row = (name: string, pick: (ceiling: Ceiling) => number, unit: string) => {
    const values = ceilings.map(pick);
    return [name, number(Math.max(...values)), number(Math.min(...values)), unit];
  };
  const rows = [
    row("multiply-adds in registers", (c) => c.gigaMultiplyAdds, "10⁹/s"),
    ...Object.keys(last.gigabytesRead).map((size) => row(`read ${size}`, (c) => c.gigabytesRead[size]!, "GB/s")),
    ...Object.keys(last.gigabytesUpdated).map((size) =>
      row(`read and write ${size}`, (c) => c.gigabytesUpdated[size]!, "GB/s"),
    ),
  ];
  return `What one thread of this machine can do in WebAssembly, measured before every work\n\n${table(["", "highest", "lowest", ""], rows)}`;
}

export function warnings(results: readonly WorkResult[]): string[] {
  const lines = new Set<string>();
  for (const { points, row } of results)
    for (const { outcomes, label } of points)
      for (const [name, outcome] of Object.entries(outcomes))
        if (!outcome.sameWhenCold)
          lines.add(`${row.work}, ${label}: the first pass of ${name} gave other numbers than the later ones.`);
  return [...lines];
}

function microseconds({ outcomes }: PointResult, names: readonly ContestantName[]): string[] {
  return names.map((name) => (outcomes[name] ? number(outcomes[name].medianSeconds * 1e6) : ""));
}
