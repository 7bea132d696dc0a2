import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readConfig } from '../../config.ts'
import { openContext } from '../../context.ts'
import { sqlitePath } from '../../db/open.ts'
import { prepareDatabase } from '../../prepare-database.ts'
import { countStart } from './continuity.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nexus-starts-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** One start of a server over the folder; answers whether the data was seen as replaced. */
async function start(crash?: 'before the count'): Promise<boolean> {
  const config = readConfig({ DATA_DIR: folder, LOG_LEVEL: 'silent', SQLITE_READERS: '1' })
  const context = await openContext(config)
  try {
    await prepareDatabase(context)
    let said = false
    const database = crash
      ? { ...context.database, write: async () => Promise.reject(new Error('killed')) }
      : context.database
    const replaced = await countStart({ config, database }, async () => {
      said = true
    }).catch(() => false)
    expect(said).toBe(replaced)
    return replaced
  } finally {
    await context.database.close()
  }
}
const kept = () => join(folder, 'kept.db')

test('[JRN-9] ordinary starts see the same data', async () => {
  expect([await start(), await start(), await start()]).toEqual([false, false, false])
})

test('[JRN-9] an older copy of the database in place is noticed, once', async () => {
  await start()
  copyFileSync(sqlitePath(folder), kept())
  await start()
  copyFileSync(kept(), sqlitePath(folder))
  expect([await start(), await start()]).toEqual([true, false])
})

test('[JRN-9] a database that came without its folder is noticed', async () => {
  await start()
  rmSync(join(folder, 'starts'))
  expect(await start()).toBe(true)
})

test('[JRN-9] a server killed while it counts makes no false alarm', async () => {
  await start()
  await start('before the count')
  expect(await start()).toBe(false)
})

test('[JRN-9] a torn count is noticed, not believed', async () => {
  await start()
  writeFileSync(join(folder, 'starts'), '')
  expect(await start()).toBe(true)
})
