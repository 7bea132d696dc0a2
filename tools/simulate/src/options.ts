import { parseArgs } from 'node:util'
import { defects } from './defects/defects.ts'
import { allFaults, type FaultKind, faultKinds } from './world/fault-kinds.ts'

/** What `npm run simulate` was asked to do. */
export type Options = {
  /** Seeds `first` to `first + histories - 1`. */
  histories: number
  first: number
  tills: number | undefined
  /** Kinds of faults that are played; undefined: all. */
  faults: FaultKind[] | undefined
  /** Name of a planted defect; undefined for the cores as they are. */
  defect: string | undefined
  /** Every planted defect is looked for in turn. */
  allDefects: boolean
  /** Threads. */
  jobs: number
  /** File that keeps what was done, so that a range goes on where it stopped; undefined: nothing is kept. */
  report: string | undefined
}

const faultList = Object.entries(faultKinds).map(([kind, what]) => `    ${kind.padEnd(13)} ${what}`)

export const usage = `npm run simulate -- [--histories N] [--seed S] [--tills K] [--faults LIST] [--jobs J] [--report FILE]
                      [--defect NAME] [--defects]

Plays N histories of tills, headquarters and often a store server, from seed S on: the real cores on simulated
clocks, disks and networks, with everything that can go wrong. A history that breaks an invariant is told as a
story, shortened to the actions that it needs; \`--histories 1 --seed S\` plays it again.

  --histories  how many, 200 where absent; with --defects how many to look for each, 2000 where absent
  --seed       the first seed, 1 where absent
  --tills      registers at the beginning; one or two by the seed where absent
  --faults     kinds of faults, with commas between; all where absent:
${faultList.join('\n')}
  --jobs       threads, 2 where absent
  --report     a JSON file of what was tried and broken; the same range goes on where it stopped
  --defect     takes one guard out of the cores: ${defects.map(({ name }) => name).join(', ')}
  --defects    looks for every defect and prints which invariant found it, and after how many histories`

/** Reads the command line. Throws with the option at fault and what it must be. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      histories: text,
      seed: text,
      tills: text,
      faults: text,
      jobs: text,
      report: text,
      defect: text,
      defects: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return 'help'
  const allDefects = values.defects ?? false
  if (values.defect !== undefined && !defects.some(({ name }) => name === values.defect)) {
    const names = defects.map(({ name }) => name).join(', ')
    throw new RangeError(`--defect ${values.defect}: there is none of this name. There are: ${names}`)
  }
  return {
    histories: wholeOf('histories', values.histories, 1, 10_000_000) ?? (allDefects ? 2_000 : 200),
    first: wholeOf('seed', values.seed, 1, 2 ** 31) ?? 1,
    tills: wholeOf('tills', values.tills, 1, 4),
    faults: values.faults === undefined ? undefined : kindsOf(values.faults),
    defect: values.defect,
    allDefects,
    jobs: wholeOf('jobs', values.jobs, 1, 64) ?? 2,
    report: values.report,
  }
}

function kindsOf(list: string): FaultKind[] {
  return list.split(',').map((text) => {
    const kind = allFaults.find((known) => known === text.trim())
    if (kind === undefined) {
      throw new RangeError(`--faults ${text}: there is no such kind. There are: ${allFaults.join(', ')}`)
    }
    return kind
  })
}

function wholeOf(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new RangeError(`--${name} ${text}: give a whole number from ${least} to ${most}`)
  }
  return number
}
