import { DatabaseSync } from 'node:sqlite'
import { listTaxClasses, type Problem, type ProblemBody, putTaxClass } from '@nexus/contract'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { sqlitePath } from '../db/open.ts'
import { openShop, type Shop } from '../testing/index.ts'

const taxClass = (id: string) => ({
  params: { taxClassId: id },
  body: {
    name: 'x'.repeat(120),
    rates: Array.from({ length: 50 }, (_, from) => ({ from, kind: 'taxable' as const, rateBp: 1800 })),
  },
})
const idsIn = async (shop: Shop) => (await shop.call(listTaxClasses, {})).taxClasses.map((one) => one.id)

test('[F62] a database that another process has locked: 503 with a time to come back, nothing half done', async () => {
  await using shop = await openShop({ SQLITE_BUSY_MS: '50' })
  const other = new DatabaseSync(sqlitePath(shop.context.config.DATA_DIR))
  other.exec('BEGIN IMMEDIATE')
  const { params, body } = taxClass('A1')
  const answer = await shop.fetch(`/v1/tax-classes/${params.taxClassId}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
  expect(await answer.json()).toMatchObject({
    code: 'server/busy',
    retry: 'later',
  } satisfies Partial<ProblemBody>)
  expect(await idsIn(shop)).not.toContain('A1')
  other.exec('ROLLBACK')
  other.close()
  await shop.call(putTaxClass, taxClass('A1'))
  expect(await idsIn(shop)).toContain('A1')
})

test('a full disk: 507 with what to do, earlier writes are all there, and it works again when there is room', async () => {
  await using shop = await openShop()
  const { database } = shop.context
  const allowPages = async (count: number) =>
    await database.write((tx) => sql`PRAGMA max_page_count = ${sql.lit(count)}`.execute(tx))
  await allowPages(1)
  const stored: string[] = []
  let refusal: Problem | undefined
  // Free places inside known pages take some rows before a new page is needed.
  for (let next = 1; refusal === undefined && next < 100; next++) {
    try {
      await shop.call(putTaxClass, taxClass(`A${next}`))
      stored.push(`A${next}`)
    } catch (error) {
      refusal = error as Problem
    }
  }
  expect(refusal?.code).toBe('server/disk-full')
  expect(refusal?.message).toContain('free space')
  expect((await idsIn(shop)).filter((id) => /^A\d/.test(id)).toSorted()).toEqual(stored.toSorted())
  await allowPages(1_000_000)
  await shop.call(putTaxClass, taxClass('B1'))
  expect(await idsIn(shop)).toContain('B1')
})
