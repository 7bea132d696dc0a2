import type { Options } from '../options.ts'
import { playInThread } from '../threads.ts'
import { defects } from './defects.ts'

/** What became of one planted defect. `seed` undefined: no history found it. */
export type Found = {
  name: string
  file: string
  seed: number | undefined
  /** What broke, first. */
  violation: string
  histories: number
  ms: number
}

/** Looks for each planted defect until a history breaks an invariant, at most `histories` of them. */
export async function lookForDefects(
  {
    histories,
    first,
    tills,
    faults,
    jobs,
  }: Pick<Options, 'histories' | 'first' | 'tills' | 'faults' | 'jobs'>,
  tell: (line: string) => void,
): Promise<Found[]> {
  const waiting = [...defects]
  const found: Found[] = []
  const work = async () => {
    for (let defect = waiting.shift(); defect !== undefined; defect = waiting.shift()) {
      const { name, patches } = defect
      const one: Found = {
        name,
        file: patches[0]?.file ?? '',
        seed: undefined,
        violation: '',
        histories: 0,
        ms: 0,
      }
      const began = performance.now()
      const share = { first, end: first + histories, step: 1, tills, faults, stopsAtFirst: true }
      await playInThread(share, name, (played) => {
        one.histories += played.histories
        const [broken] = played.broken
        if (broken !== undefined) Object.assign(one, { seed: broken.seed, violation: broken.violations[0] })
      })
      one.ms = Math.round(performance.now() - began)
      found.push(one)
      tell(
        `${one.seed === undefined ? '✗' : '✓'} ${name}: ${one.violation || 'not found'} (${one.histories})`,
      )
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
  const order = new Map(defects.map(({ name }, at) => [name, at]))
  return found.sort((a, b) => (order.get(a.name) ?? 0) - (order.get(b.name) ?? 0))
}

/** The table of docs/reliability.md. */
export function tableOf(found: readonly Found[]): string {
  const rows = found.map(({ name, file, violation, histories, ms }) => {
    const module = file.split('/').at(-1) ?? ''
    const invariant = violation === '' ? 'not found' : violation.split(':', 1)[0]
    return `| ${name} | \`${module}\` | ${invariant} | ${histories} | ${ms} |`
  })
  return ['| defect | planted in | found by | histories | ms |', '|---|---|---|---:|---:|', ...rows].join(
    '\n',
  )
}
