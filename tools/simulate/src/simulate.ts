import { Worker } from 'node:worker_threads'
import { type Options, readOptions, usage } from './options.ts'
import { optionsOf, type Played } from './play.ts'
import { addPlayed, openReport, type Report, saveReport, sharesOf } from './report.ts'
import { shorten } from './shorten.ts'

/** Stories told in full; of further failures the seeds are named. */
const STORIES_MAX = 3
/** Between two lines of progress. */
const TELL_EVERY_MS = 10_000

/** `npm run simulate`: plays histories in threads and tells what broke. Ends with 1 where something did. */
try {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') console.log(usage)
  else process.exitCode = await simulateAll(options)
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`)
  process.exitCode = 2
}

async function simulateAll(options: Options): Promise<number> {
  const report = openReport(options)
  const began = performance.now()
  const before = report.histories
  if (before > 0) console.log(`${before} of ${options.histories} were played before; going on`)
  let toldAt = began
  const onPlayed = (thread: number, played: Played) => {
    addPlayed(report, thread, played)
    if (options.report !== undefined) saveReport(options.report, report)
    if (performance.now() - toldAt < TELL_EVERY_MS) return
    toldAt = performance.now()
    const each = (toldAt - began) / (report.histories - before)
    const left = ((options.histories - report.histories) * each) / 1000
    console.log(
      `${report.histories} of ${options.histories}, ${report.broken.length} broken, about ${Math.ceil(left)} s left`,
    )
  }
  await Promise.all(
    sharesOf(report).map((share, thread) => {
      if (share.first >= share.end) return undefined
      return new Promise<void>((resolve, reject) => {
        const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: share })
        worker.on('message', (played: Played) => onPlayed(thread, played))
        worker.on('error', reject)
        worker.on('exit', (code) =>
          code === 0 ? resolve() : reject(new Error(`A thread ended with ${code}`)),
        )
      })
    }),
  )
  const seconds = (performance.now() - began) / 1000
  await tell(report, options)
  console.log(summaryOf(report, before, seconds))
  return report.broken.length + report.unequal.length === 0 ? 0 : 1
}

async function tell({ broken, unequal }: Report, options: Options): Promise<void> {
  for (const { seed, violations } of broken.slice(0, STORIES_MAX)) {
    const { result, actions } = await shorten(seed, optionsOf(options))
    console.log(`\nSeed ${seed} breaks an invariant; of its actions it needs ${actions}:`)
    for (const line of result.trace) console.log(`  ${line}`)
    for (const violation of result.violations) console.log(`  ✗ ${violation}`)
    console.log(`  (whole, it breaks: ${violations.join('; ')})`)
  }
  const others = broken.slice(STORIES_MAX).map(({ seed }) => seed)
  if (others.length > 0) console.log(`\nSo do the seeds ${others.join(', ')}`)
  if (unequal.length > 0) console.log(`\nPlayed twice, these seeds differed: ${unequal.join(', ')}`)
}

function summaryOf(report: Report, before: number, seconds: number): string {
  const { histories, facts, broken, twice } = report
  const played = histories - before
  const figures = Object.entries(facts).map(([fact, count]) => `${fact} ${count}`)
  // None of n broken: with 95 % certainty fewer than 3 of n are (rule of three).
  const bound =
    broken.length === 0 ? `; with 95 % certainty fewer than 1 in ${Math.floor(histories / 3)}` : ''
  return [
    '',
    figures.join(', '),
    `least faults of a history ${report.faultsLeast}; ${twice} played twice`,
    ...(played > 0 ? [`${((seconds * 1000) / played).toFixed(1)} ms a history, all threads together`] : []),
    `${histories} histories, ${broken.length} broken${bound}`,
  ].join('\n')
}
