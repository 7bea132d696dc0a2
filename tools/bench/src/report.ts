export type Figure = {
  /** What was measured, e.g. `sqlite, 16 callers`. */
  what: string
  /** By column name; units stand in the name, e.g. `CPU ms/sale`. */
  values: Record<string, number>
  /** Subject beside the reference of the same round. */
  ratio?: { of: string; value: number }
}
export type Findings = {
  figures: readonly Figure[]
  /** Each aim with what came out. */
  aims: readonly { aim: string; reached: boolean; measured: string }[]
  /** What a reader must know, e.g. a program that was missing. */
  notes: readonly string[]
}
export type Report = Findings & { name: string; at: string; machine: string; revision: string }
export type Run = {
  seconds: number
  rounds: number
  /** A chain that runs already, for the benchmark that measures one. */
  url: string | undefined
  /** Data folder of a chain that does not run, for the benchmark that reads one; undefined: it makes its own. */
  data: string | undefined
  say(line: string): void
}
export type Benchmark = (run: Run) => Promise<Findings>

/** The report as a table that stands in docs/performance.md. */
export function asTable(report: Report): string {
  const columns = [...new Set(report.figures.flatMap((figure) => Object.keys(figure.values)))]
  const rows = report.figures.map((figure) => [
    figure.what,
    ...columns.map((column) => (figure.values[column] === undefined ? '' : round(figure.values[column]))),
    figure.ratio ? `${round(figure.ratio.value)} × ${figure.ratio.of}` : '',
  ])
  const lines = [
    `${report.name} · ${report.at.slice(0, 16)}Z · ${report.revision} · ${report.machine}`,
    '',
    `| what | ${columns.join(' | ')} | ratio |`,
    `|---|${columns.map(() => '---:').join('|')}|---|`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    ...report.aims.map((aim) => `${aim.reached ? 'reached' : 'MISSED '}  ${aim.aim}: ${aim.measured}`),
    ...report.notes,
  ]
  return lines.join('\n')
}

/** Three significant figures, whole above 100. */
function round(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)))
}

/** Value at a share (0…1) of the sorted samples; nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5)
