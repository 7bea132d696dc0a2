import type { Breach } from '@nexus/contract'
import { bookParts } from '../build-app.ts'
import { checkBooks } from '../modules/journal/index.ts'
import { CommandError, defineCommand } from './command.ts'
import { openForCommand } from './open-for-command.ts'

/** What each invariant says, in a line. */
const meanings: Record<string, string> = {
  I2: 'stored bytes are what the tills wrote',
  I3: 'every chain links from its first entry to its head',
  I4: 'bills, taxes, tenders and stock equal the journals',
  I5: 'everything that was acknowledged is here',
  I7: 'every bill number is explained, by one bill each',
  I8: 'closed periods and growing totals stand',
  I10: 'every loss was told to people',
}

export const command = defineCommand({
  summary: 'Check all books against the journals, and name what does not agree.',
  options: { json: { type: 'boolean', help: 'Print what was found as JSON.' } },
  more: `Reads every entry from its bytes and changes nothing; a server may run beside it. The worker does the same
every hour for what is new. Fails when something is broken; docs/runbooks/invariant-broken.md says what to do.`,
  async run({ values, io }) {
    await using context = await openForCommand(io)
    const { database, clock } = context
    const round = checkBooks({ ...bookParts, database, now: () => clock.now() }, 'all', undefined)
    let step = await round.next()
    while (!step.done) step = await round.next()
    const { results, breaches, entries, startedAt, finishedAt } = step.value
    if (values.json) io.print(JSON.stringify(step.value, null, 2))
    else {
      const seconds = ((finishedAt - startedAt) / 1000).toFixed(1)
      io.print(`${entries.toLocaleString('en-IN')} entries read in ${seconds} s.\n`)
      for (const { invariant, broken } of results) {
        const verdict = broken > 0 ? `BROKEN at ${broken}` : 'holds'
        io.print(`${invariant.padEnd(4)} ${verdict.padEnd(14)} ${meanings[invariant] ?? ''}`)
      }
      if (breaches.length > 0) io.print(`\n${breaches.map(describe).join('\n')}`)
    }
    const broken = results.reduce((sum, result) => sum + result.broken, 0)
    if (broken > 0) {
      throw new CommandError(
        '\nSomething does not agree. Tills sell on; see docs/runbooks/invariant-broken.md.',
      )
    }
  },
})

/** One line a breach: which invariant, what, where, and the figures. */
function describe({ invariant, kind, params, epoch, seq }: Breach): string {
  const facts = Object.entries(params).map(([name, value]) => `${name} ${value}`)
  const place = epoch === null ? [] : [`epoch ${epoch}${seq === null ? '' : `, entry ${seq}`}`]
  return `${invariant} ${kind}: ${[...place, ...facts].join(', ')}`
}
