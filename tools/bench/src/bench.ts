import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import type { Benchmark, Report } from './report.ts'
import { asTable } from './report.ts'

/** `npm run bench -- NAME [--json] [--seconds N] [--rounds N] [--url URL] [--data DIR]`: a benchmark beside its bare reference. */
const names = [
  'sale-anchor',
  'till-scan',
  'till-start',
  'import',
  'office-lists',
  'pricing-core',
  'replay',
  'outage',
  'start',
  'till-checkout',
  'history-growth',
] as const

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    url: { type: 'string' },
    data: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
const wanted = positionals[0]
const known = names.find((name) => name === wanted)
if (values.help || !known) {
  console.log(`npm run bench -- NAME [--json] [--seconds N] [--rounds N] [--url URL] [--data DIR]

Names: ${names.join(', ')}
Each runs its reference in the same rounds and prints the ratio. --seconds is the length of one measured
stretch (default 4), --rounds how often reference and subject take turns (default 3). --url names
the running chain that office-lists measures, --data the folder of a chain that does not run, for replay.`)
  process.exit(values.help ? 0 : 2)
}

const module = (await import(`./${known}.ts`)) as { benchmark: Benchmark }
const report: Report = {
  name: known,
  at: new Date().toISOString(),
  machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
  revision: revision(),
  ...(await module.benchmark({
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    url: values.url,
    data: values.data,
    say: (line) => {
      if (!values.json) console.error(line)
    },
  })),
}
console.log(values.json ? JSON.stringify(report, null, 2) : asTable(report))
process.exit(0)

function revision(): string {
  if (!existsSync('.git')) return 'unknown'
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
}
