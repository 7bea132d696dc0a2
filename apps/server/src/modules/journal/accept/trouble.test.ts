import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { isBusy, isDatabaseTrouble } from '../../../db/errors.ts'
import { migrate } from '../../../db/migrate.ts'
import { openMysql } from '../../../db/mysql.ts'
import { openSqlite, SqliteError } from '../../../db/sqlite.ts'
import { emptyMysqlUrl, forEachDialect } from '../../../testing/index.ts'
import { openJournalBench } from '../testing/open-for-test.ts'
import { pushesMax } from './accept-queue.ts'

async function counted(database: Database): Promise<number> {
  return (await database.read.selectFrom('bill').select('seq').execute()).length
}

/** Holds the write lock of every head until released, as another process would. */
async function lockHeads(database: Database): Promise<() => Promise<void>> {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  let held = () => {}
  const isHeld = new Promise<void>((resolve) => {
    held = resolve
  })
  const done = database.write(async (tx) => {
    await sql`UPDATE journal_head SET moved_at = moved_at`.execute(tx)
    held()
    await released
  })
  await isHeld
  return async () => {
    release()
    await done
  }
}

forEachDialect((dialect) => {
  test('a till that comes while too many wait is told to come again, and nothing of it is stored', async () => {
    const database = await dialect.open()
    const bench = await openJournalBench(database)
    const till = bench.till()
    till.sale()
    const caller = bench.callerOf(till)
    await bench.journal.push(caller, till.push(1, 1))
    const release = await lockHeads(database)
    const push = till.push(2)
    const waiting = Promise.all(Array.from({ length: pushesMax }, () => bench.journal.push(caller, push)))
    await expect(bench.journal.push(caller, push)).rejects.toMatchObject({
      code: 'server/busy',
      facts: { retryAfterSeconds: 2 },
    })
    await release()
    for (const { head } of await waiting) expect(head.seq).toBe(2)
    expect(await counted(database)).toBe(1)
    expect((await bench.journal.push(caller, push)).head.seq).toBe(2)
  })

  if (dialect.name !== 'mysql') return

  test('a database that is gone answers nobody, and the same pushes are taken when it is back', async () => {
    const url = await emptyMysqlUrl()
    const proxy = await throughProxy(url)
    await migrate(proxy.database, { now: 0 })
    const bench = await openJournalBench(proxy.database)
    const till = bench.till()
    till.sale()
    proxy.break('always')
    await expect(bench.journal.push(bench.callerOf(till), till.push())).rejects.toMatchObject({
      code: 'server/busy',
    })
    proxy.break('nowhere')
    expect((await bench.journal.push(bench.callerOf(till), till.push())).head.seq).toBe(2)
    expect(await counted(proxy.database)).toBe(1)
  })

  /** A way to the database that breaks at COMMIT: before it arrives there, or before its answer is heard. */
  async function throughProxy(url: string) {
    const { hostname, port, pathname, username } = new URL(url)
    let breakAt: 'nowhere' | 'before-commit' | 'after-commit' | 'always' = 'nowhere'
    const server = createServer((client) => {
      const upstream = connect(Number(port), hostname)
      let deaf = false
      client.on('data', (chunk) => {
        const commit = breakAt !== 'nowhere' && isCommit(chunk)
        if (commit && breakAt !== 'after-commit') {
          client.destroy()
          upstream.destroy()
        } else {
          deaf ||= commit
          upstream.write(chunk)
        }
        if (commit && breakAt !== 'always') breakAt = 'nowhere'
      })
      upstream.on('data', (chunk) => {
        if (deaf) client.destroy()
        else client.write(chunk)
      })
      client.on('error', () => undefined).on('close', () => upstream.destroy())
      upstream.on('error', () => undefined).on('close', () => client.destroy())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const own = (server.address() as AddressInfo).port
    const limits = { read: 2, write: 2, acquireMs: 5000, queryMs: 20_000 }
    const database = await openMysql(`mysql://${username}@127.0.0.1:${own}${pathname}`, limits)
    onTestFinished(async () => {
      await database.close()
      server.close()
    })
    return {
      database,
      break(at: typeof breakAt) {
        breakAt = at
      },
    }
  }

  test.each(['before-commit', 'after-commit'] as const)(
    'a connection lost %s answers nobody until the heads are read back',
    async (at) => {
      const url = await emptyMysqlUrl()
      const proxy = await throughProxy(url)
      await migrate(proxy.database, { now: 0 })
      const bench = await openJournalBench(proxy.database)
      const tills = [bench.till('K1'), bench.till('K2')]
      for (const till of tills) till.sale()
      proxy.break(at)
      const answers = await Promise.all(
        tills.map((till) => bench.journal.push(bench.callerOf(till), till.push())),
      )
      expect(answers.map(({ head }) => head.seq)).toEqual([2, 2])
      expect(await counted(proxy.database)).toBe(2)
      const takings = await proxy.database.read.selectFrom('takings_hour').select('bills').execute()
      expect(takings.reduce((sum, row) => sum + row.bills, 0)).toBe(2)
      expect(await proxy.database.read.selectFrom('journal_quarantine').select('seq').execute()).toEqual([])
    },
  )
})

/** A packet of MySQL's protocol: four bytes of length and number, the command 3 (query), its text. */
function isCommit(packet: Buffer): boolean {
  return packet[4] === 3 && packet.subarray(5).toString('latin1').toLowerCase() === 'commit'
}

test('a database that another process keeps locked stores nothing, and the same push is taken afterwards', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-locked-'))
  const path = join(folder, 'nexus.db')
  const [database, other] = [
    await openSqlite(path, { readers: 1, busyMs: 30 }),
    await openSqlite(path, { readers: 1, busyMs: 5000 }),
  ]
  onTestFinished(async () => {
    await database.close()
    await other.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await migrate(database, { now: 0 })
  const bench = await openJournalBench(database)
  const tills = [bench.till('K1'), bench.till('K2')]
  for (const till of tills) till.sale()
  const pushes = () => tills.map((till) => bench.journal.push(bench.callerOf(till), till.push()))
  const release = await lockHeads(other)
  for (const outcome of await Promise.allSettled(pushes())) {
    expect(outcome.status === 'rejected' && isBusy(outcome.reason)).toBe(true)
  }
  expect(await counted(database)).toBe(0)
  await release()
  expect((await Promise.all(pushes())).map(({ head }) => head.seq)).toEqual([2, 2])
  expect(await counted(database)).toBe(2)
  expect(await database.read.selectFrom('journal_quarantine').select('seq').execute()).toEqual([])
})

test('trouble of the database is told apart from trouble of an entry', () => {
  const mysql = (errno: number) => Object.assign(new Error('refused'), { errno })
  const trouble = [
    Object.assign(new Error('closed'), { fatal: true }),
    mysql(1213),
    mysql(1021),
    mysql(1290),
    new SqliteError('disk I/O error', 10 | (2 << 8)),
    new SqliteError('database is locked', 5),
    new SqliteError('full', 13),
  ]
  const ofEntries = [
    new TypeError('not a function'),
    mysql(1264),
    mysql(1062),
    new SqliteError('constraint', 2067),
  ]
  expect(trouble.map(isDatabaseTrouble)).toEqual(trouble.map(() => true))
  expect(ofEntries.map(isDatabaseTrouble)).toEqual(ofEntries.map(() => false))
})
