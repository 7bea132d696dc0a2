import { parseArgs } from 'node:util'
import { plantedDefects } from '@nexus/sync/testing'

/** What `npm run simulate` was asked to do. */
export type Options = {
  /** Seeds `first` to `first + histories - 1`. */
  histories: number
  first: number
  tills: number | undefined
  /** Name of a planted defect; undefined for the real core. */
  defect: string | undefined
  /** Threads. */
  jobs: number
  /** File that keeps what was done, so that a range goes on where it stopped; undefined: nothing is kept. */
  report: string | undefined
}

export const usage = `npm run simulate -- [--histories N] [--seed S] [--tills K] [--jobs J] [--report FILE]
                      [--defect NAME]

Plays N histories of K tills and a hop, from seed S on: the real cores on simulated clocks, disks and
networks, with everything that can go wrong. A history that breaks an invariant is told as a story, shortened
to the actions that it needs; \`--histories 1 --seed S\` plays it again.

  --histories  how many, 200 where absent
  --seed       the first seed, 1 where absent
  --tills      registers at the beginning; one to three by the seed where absent
  --jobs       threads, 2 where absent
  --report     a JSON file of what was tried and broken; the same range goes on where it stopped
  --defect     plants a defect in the server: ${Object.keys(plantedDefects).join(', ')}`

/** Reads the command line. Throws with the option at fault and what it must be. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      histories: text,
      seed: text,
      tills: text,
      jobs: text,
      report: text,
      defect: text,
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return 'help'
  if (values.defect !== undefined && !Object.hasOwn(plantedDefects, values.defect)) {
    throw new RangeError(
      `--defect ${values.defect}: there is none of this name. There are: ${Object.keys(plantedDefects).join(', ')}`,
    )
  }
  return {
    histories: wholeOf('histories', values.histories, 1, 10_000_000) ?? 200,
    first: wholeOf('seed', values.seed, 1, 2 ** 31) ?? 1,
    tills: wholeOf('tills', values.tills, 1, 5),
    defect: values.defect,
    jobs: wholeOf('jobs', values.jobs, 1, 64) ?? 2,
    report: values.report,
  }
}

function wholeOf(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new RangeError(`--${name} ${text}: give a whole number from ${least} to ${most}`)
  }
  return number
}
