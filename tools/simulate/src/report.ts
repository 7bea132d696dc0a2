import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Options } from './options.ts'
import { addFacts, noFacts, type Played, type Share } from './play.ts'

/** What was tried and broken, as its file has it. */
export type Report = {
  /** What the histories were; another range or defect is another report. */
  of: Pick<Options, 'histories' | 'first' | 'tills' | 'faults' | 'defect' | 'jobs'>
  histories: number
  facts: Played['facts']
  faultsLeast: number
  broken: Played['broken']
  twice: number
  unequal: number[]
  /** Of all threads, user and system. */
  cpuMs: number
  /** By thread: the seed that it plays next. */
  next: number[]
}

function newReport({ histories, first, tills, faults, defect, jobs }: Options): Report {
  return {
    of: { histories, first, tills, faults, defect, jobs },
    histories: 0,
    facts: noFacts(),
    faultsLeast: Number.MAX_SAFE_INTEGER,
    broken: [],
    twice: 0,
    unequal: [],
    cpuMs: 0,
    next: Array.from({ length: jobs }, (_, at) => first + at),
  }
}

/** The report of a file, or a new one. Throws where the file is of other histories. */
export function openReport(options: Options): Report {
  const fresh = newReport(options)
  if (options.report === undefined || !existsSync(options.report)) return fresh
  // as: written by saveReport.
  const known = JSON.parse(readFileSync(options.report, 'utf8')) as Report
  if (JSON.stringify(known.of) !== JSON.stringify(JSON.parse(JSON.stringify(fresh.of)))) {
    throw new RangeError(
      `--report ${options.report}: it is of other histories (${JSON.stringify(known.of)}); name another file`,
    )
  }
  return known
}

/** Written whole beside the old one and put in its place, so that a kill leaves one of the two. */
export function saveReport(file: string, report: Report): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(report, null, 2)}\n`)
  renameSync(`${file}.new`, file)
}

export function addPlayed(report: Report, thread: number, played: Played): void {
  report.histories += played.histories
  addFacts(report.facts, played.facts)
  report.faultsLeast = Math.min(report.faultsLeast, played.faultsLeast)
  report.broken.push(...played.broken)
  report.twice += played.twice
  report.unequal.push(...played.unequal)
  report.cpuMs += played.cpuMs
  report.next[thread] = played.next
}

/** What each thread has still to play. */
export function sharesOf({ of, next }: Report): Share[] {
  const { tills, faults, first, histories, jobs } = of
  return next.map((from) => ({ first: from, end: first + histories, step: jobs, tills, faults }))
}
