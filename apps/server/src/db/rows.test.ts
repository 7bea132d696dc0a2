import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { forEachDialect } from '../testing/index.ts'
import { addToRows, insertRows, replaceRows } from './rows.ts'

interface CellTable {
  a: number
  b: number
  text: string | null
}
declare module './database.ts' {
  interface Schema {
    cell_for_test: CellTable
  }
}

forEachDialect((dialect) => {
  async function open() {
    const database = await dialect.open()
    await database.write(async (tx) => {
      await sql`DROP TABLE IF EXISTS cell_for_test`.execute(tx)
      await sql`CREATE TABLE cell_for_test (a INTEGER NOT NULL PRIMARY KEY, b BIGINT NOT NULL, text VARCHAR(20))`.execute(
        tx,
      )
    })
    return database
  }

  test.each([0, 1, 7, 8, 9, 64, 67, 5000])('every one of %i rows is inserted, once', async (count) => {
    const database = await open()
    const rows = Array.from({ length: count }, (_, a) => ({ a, b: a * 2, text: a % 2 ? null : `t${a}` }))
    await database.write((tx) => insertRows(tx, 'cell_for_test', rows))
    expect(await database.read.selectFrom('cell_for_test').selectAll().orderBy('a').execute()).toEqual(rows)
  })

  test('a replaced row takes the place of the one with its key', async () => {
    const database = await open()
    await database.write((tx) => insertRows(tx, 'cell_for_test', [{ a: 1, b: 1, text: 'old' }]))
    await database.write((tx) =>
      replaceRows(tx, 'cell_for_test', [
        { a: 1, b: 2, text: 'new' },
        { a: 2, b: 3, text: null },
      ]),
    )
    expect(await database.read.selectFrom('cell_for_test').selectAll().orderBy('a').execute()).toEqual([
      { a: 1, b: 2, text: 'new' },
      { a: 2, b: 3, text: null },
    ])
  })

  test('amounts are added to what is there, and begin where nothing is', async () => {
    const database = await open()
    const add = (rows: { a: number; b: number }[]) =>
      database.write((tx) =>
        // The column that is left out may be NULL.
        addToRows(tx, 'cell_for_test', ['a'], rows as CellTable[]),
      )
    await add([{ a: 1, b: 10 }])
    await add([
      { a: 1, b: -3 },
      { a: 2, b: 5 },
    ])
    const rows = await database.read.selectFrom('cell_for_test').select(['a', 'b']).orderBy('a').execute()
    expect(rows).toEqual([
      { a: 1, b: 7 },
      { a: 2, b: 5 },
    ])
  })
})
