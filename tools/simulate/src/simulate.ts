import { lookForDefects, tableOf } from './defects/look-for-defects.ts'
import { type Options, readOptions, usage } from './options.ts'
import type { Played } from './play.ts'
import { addPlayed, openReport, type Report, saveReport, sharesOf } from './report.ts'
import { playInThread, shortenInThread } from './threads.ts'

/** Stories told in full; of further failures the seeds are named. */
const STORIES_MAX = 3
/** Between two lines of progress. */
const TELL_EVERY_MS = 10_000

/** `npm run simulate`: plays histories in threads and tells what broke. Ends with 1 where something did. */
try {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') console.log(usage)
  else process.exitCode = options.allDefects ? await findAll(options) : await simulateAll(options)
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`)
  process.exitCode = 2
}

async function findAll(options: Options): Promise<number> {
  const found = await lookForDefects(options, (line) => console.log(line))
  console.log(`\n${tableOf(found)}`)
  const missed = found.filter(({ seed }) => seed === undefined)
  console.log(`\n${found.length} defects, ${missed.length} not found`)
  return missed.length === 0 ? 0 : 1
}

async function simulateAll(options: Options): Promise<number> {
  const report = openReport(options)
  const began = performance.now()
  const before = { histories: report.histories, cpuMs: report.cpuMs }
  if (before.histories > 0)
    console.log(`${before.histories} of ${options.histories} were played before; going on`)
  let toldAt = began
  const onPlayed = (thread: number, played: Played) => {
    addPlayed(report, thread, played)
    if (options.report !== undefined) saveReport(options.report, report)
    if (performance.now() - toldAt < TELL_EVERY_MS) return
    toldAt = performance.now()
    const each = (toldAt - began) / (report.histories - before.histories)
    const left = ((options.histories - report.histories) * each) / 1000
    console.log(
      `${report.histories} of ${options.histories}, ${report.broken.length} broken, about ${Math.ceil(left)} s left`,
    )
  }
  await Promise.all(
    sharesOf(report).map(async (share, thread) => {
      if (share.first >= share.end) return
      await playInThread(share, options.defect, (played) => onPlayed(thread, played))
    }),
  )
  const seconds = (performance.now() - began) / 1000
  await tell(report, options)
  console.log(summaryOf(report, before, seconds))
  return report.broken.length + report.unequal.length === 0 ? 0 : 1
}

async function tell({ broken, unequal }: Report, { tills, faults, defect }: Options): Promise<void> {
  for (const { seed, violations } of broken.slice(0, STORIES_MAX)) {
    const { result, actions } = await shortenInThread(seed, { tills, faults }, defect)
    console.log(`\nSeed ${seed} breaks an invariant; of its actions it needs ${actions}:`)
    for (const line of result.story) console.log(`  ${line}`)
    console.log(`  (whole, it breaks: ${violations.join('; ')})`)
  }
  const others = broken.slice(STORIES_MAX).map(({ seed }) => seed)
  if (others.length > 0) console.log(`\nSo do the seeds ${others.join(', ')}`)
  if (broken.length > 0 && defect === undefined) {
    console.log(
      '\nWrite each of them into tools/simulate/corpus.json: it is played with every test from now on.',
    )
  }
  if (unequal.length > 0) console.log(`\nPlayed twice, these seeds differed: ${unequal.join(', ')}`)
}

function summaryOf(report: Report, before: { histories: number; cpuMs: number }, seconds: number): string {
  const { histories, facts, broken, twice } = report
  const played = histories - before.histories
  const { kinds, cuts, ...counts } = facts
  const figures = Object.entries(counts).map(([fact, count]) => `${fact} ${count}`)
  const byKind = Object.entries(kinds).sort((a, b) => b[1] - a[1])
  // None of n broken: with 95 % certainty fewer than 3 of n are (rule of three).
  const bound =
    broken.length === 0 ? `; with 95 % certainty fewer than 1 in ${Math.floor(histories / 3)}` : ''
  return [
    '',
    figures.join(', '),
    byKind.map(([kind, count]) => `${kind} ${count}`).join(', '),
    `the power went at ${Object.keys(cuts).length} different moments`,
    `least faults of a history ${report.faultsLeast}; ${twice} played twice`,
    ...(played > 0
      ? [
          `${((report.cpuMs - before.cpuMs) / played).toFixed(1)} ms CPU a history; ${((seconds * 1000) / played).toFixed(1)} ms by the clock, all threads together`,
        ]
      : []),
    `${histories} histories, ${broken.length} broken${bound}`,
  ].join('\n')
}
