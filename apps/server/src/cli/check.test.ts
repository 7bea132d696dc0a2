import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { openContext } from '../context.ts'
import { stockProjector } from '../modules/inventory/index.ts'
import { openJournalBench } from '../modules/journal/testing/open-for-test.ts'
import { salesProjector } from '../modules/sales/index.ts'
import { commandLine } from './testing/run.ts'

test('[I2, I4] nexus check prints what holds, names what does not, and fails then', async () => {
  const line = commandLine()
  expect((await line.run(['migrate'])).code).toBe(0)
  const empty = await line.run(['check'])
  expect(empty).toMatchObject({ code: 0 })
  expect(empty.output).toContain('0 entries read')
  expect(empty.output).toMatch(/I4 +holds/)

  const context = await openContext(readConfig({ DATA_DIR: join(line.folder, 'data'), LOG_LEVEL: 'silent' }))
  const bench = await openJournalBench(context.database, { projectors: [salesProjector, stockProjector] })
  const till = bench.till()
  till.sale()
  till.sale()
  await bench.journal.push(bench.callerOf(till), till.push())
  await context.database.write((tx) =>
    sql.raw('UPDATE bill SET total_minor = total_minor + 1 WHERE seq = 3').execute(tx),
  )
  await context.database.close()
  const { code, output } = await line.run(['check'])
  expect(code).toBe(1)
  expect(output).toContain('3 entries read')
  expect(output).toMatch(/I4 +BROKEN at 1/)
  expect(output).toContain(
    `I4 rows-differ: epoch ${till.epoch}, entry 3, ledger bills, figure I totalMinor, expected 11800, stored 11801`,
  )
  expect(output).toContain('docs/runbooks/invariant-broken.md')
  expect(
    JSON.parse((await line.run(['check', '--json'])).output.split('\n\nSomething')[0] ?? ''),
  ).toMatchObject({
    breaches: [{ invariant: 'I4', seq: 3 }],
  })
})
