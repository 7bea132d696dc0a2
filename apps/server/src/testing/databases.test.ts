import { expect, test } from 'vitest'
import { forEachDialect } from './databases.ts'

forEachDialect((dialect) => {
  test('each test gets an empty, migrated database of its own', async () => {
    const one = await dialect.open()
    await one.write((tx) => tx.insertInto('installation').values({ name: 'kind', value: 'shop' }).execute())
    const other = await dialect.open()
    expect(await other.read.selectFrom('installation').selectAll().execute()).toEqual([])
  })
  test('a database that an earlier test filled comes back empty', async () => {
    const database = await dialect.open()
    expect(await database.read.selectFrom('installation').selectAll().execute()).toEqual([])
  })
})
