import { expect, test } from 'vitest'
import { forEachDialect } from '../../testing/index.ts'
import { auditPage } from './queries.ts'
import { recordAudit } from './record-audit.ts'
import type { AuditEntry } from './sql.ts'

const asha = '01890000-0000-7000-8000-00000000a5a0'
const day = Date.UTC(2026, 10, 22, 20) // 23 November, 01:30 in India
const entry = (change: Partial<AuditEntry>): AuditEntry => ({
  at: day,
  by: asha,
  how: 'back-office',
  subject: 'store',
  subjectId: 's1',
  label: 'KOR Koramangala',
  before: null,
  after: { name: 'Koramangala' },
  ...change,
})
const namesOf = async () => new Map([[asha, 'Asha']])

forEachDialect((dialect) => {
  test('what was changed is told as it was before and after, newest first', async () => {
    const database = await dialect.open()
    await database.write(async (tx) => {
      await recordAudit(tx, entry({}))
      await recordAudit(tx, [
        entry({ at: day + 1, before: { name: 'Koramangala' }, after: { name: 'कोरमंगला' } }),
        entry({ at: day + 2, by: null, how: 'seed', subject: 'product', subjectId: '7', label: 'Kajal' }),
      ])
    })
    const page = await auditPage(database.read, namesOf, {})
    expect(page.total).toBe(3)
    expect(page.totalIsExact).toBe(true)
    expect(page.rows.map(({ id: _, ...row }) => row)).toEqual([
      {
        ...entry({ at: day + 2, how: 'seed', subject: 'product', subjectId: '7', label: 'Kajal' }),
        by: null,
        byId: null,
      },
      {
        ...entry({ at: day + 1, before: { name: 'Koramangala' }, after: { name: 'कोरमंगला' } }),
        by: 'Asha',
        byId: asha,
      },
      { ...entry({}), by: 'Asha', byId: asha },
    ])
  })

  test('filters by thing, person, part of a name and day of India', async () => {
    const database = await dialect.open()
    await database.write((tx) =>
      recordAudit(tx, [
        entry({ label: 'first' }),
        entry({ label: 'second', subject: 'staff', subjectId: 'p1', by: null }),
        entry({ label: 'third 100%', at: day - 3 * 3600_000 }), // 22 November, 22:30 in India
      ]),
    )
    const labels = async (query: Parameters<typeof auditPage>[2]) =>
      (await auditPage(database.read, namesOf, query)).rows.map((row) => row.label)
    expect(await labels({ subject: 'staff' })).toEqual(['second'])
    expect(await labels({ subject: 'store', subjectId: 's1', sort: 'at' })).toEqual(['first', 'third 100%'])
    expect(await labels({ by: asha })).toEqual(['third 100%', 'first'])
    expect(await labels({ q: 'IRD 100%' })).toEqual(['third 100%'])
    expect(await labels({ until: '2026-11-22' })).toEqual(['third 100%'])
    expect(await labels({ from: '2026-11-23', until: '2026-11-23' })).toEqual(['second', 'first'])
    await expect(labels({ from: '2026-02-30' })).rejects.toMatchObject({ code: 'request/invalid' })
  })

  test('pages do not overlap, and counting stops at ten thousand', async () => {
    const database = await dialect.open()
    const many = Array.from({ length: 10_001 }, (_, n) => entry({ label: `n${n}` }))
    await database.write((tx) => recordAudit(tx, many))
    const first = await auditPage(database.read, namesOf, { pageSize: 2 })
    const second = await auditPage(database.read, namesOf, { page: 2, pageSize: 2 })
    expect([...first.rows, ...second.rows].map((row) => row.label)).toEqual([
      'n10000',
      'n9999',
      'n9998',
      'n9997',
    ])
    expect([first.total, first.totalIsExact]).toEqual([10_000, false])
  })
})
