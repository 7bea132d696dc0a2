import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PushAnswer } from '@nexus/sync'
import { expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { migrate } from '../../../db/migrate.ts'
import { openMysql } from '../../../db/mysql.ts'
import { openSqlite } from '../../../db/sqlite.ts'
import { emptyMysqlUrl, forEachDialect } from '../../../testing/index.ts'
import type { FromServer, KillPlan, ToServer } from '../testing/killable-server.ts'
import { ScriptedTill, testKey } from '../testing/scripted-till.ts'

const salesEach = 30
const tillCount = 4

/** Where the data lies, opened for the test's own look at it. */
async function openHome(
  dialect: 'sqlite' | 'mysql',
): Promise<{ database: Database; where: Partial<KillPlan> }> {
  const limits = { read: 2, write: 2, acquireMs: 10_000, queryMs: 30_000 }
  if (dialect === 'mysql') {
    const mysql = await emptyMysqlUrl()
    const database = await openMysql(mysql, limits)
    onTestFinished(() => database.close())
    await migrate(database, { now: 0 })
    return { database, where: { mysql } }
  }
  const folder = mkdtempSync(join(tmpdir(), 'nexus-kill-'))
  const sqlite = join(folder, 'nexus.db')
  const database = await openSqlite(sqlite, { readers: 1, busyMs: 5000 })
  onTestFinished(async () => {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await migrate(database, { now: 0 })
  return { database, where: { sqlite } }
}

/** One life of the server: pushes of every till from what it was told, one in flight each, until the end. */
async function live(plan: KillPlan, tills: readonly ScriptedTill[], told: number[], killAfterMs?: number) {
  const child = fork(new URL('../testing/killable-server.ts', import.meta.url), [JSON.stringify(plan)])
  const waiting = new Map<number, (answer: PushAnswer | undefined) => void>()
  let nextId = 1
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message: FromServer) => {
      if ('ready' in message) return resolve()
      waiting.get(message.id)?.(message.answer ?? undefined)
      waiting.delete(message.id)
    })
  })
  const ended = endOf(child)
  void ended.then(() => {
    for (const resolve of waiting.values()) resolve(undefined)
  })
  await Promise.race([ready, ended])
  if (killAfterMs !== undefined) void sleep(killAfterMs).then(() => child.kill('SIGKILL'))
  const ask = (message: Omit<ToServer, 'id'>) =>
    new Promise<PushAnswer | undefined>((resolve) => {
      const id = nextId++
      waiting.set(id, resolve)
      if (!child.connected) return resolve(undefined)
      child.send({ id, ...message } satisfies ToServer, (error) => error && resolve(undefined))
    })
  await Promise.all(
    tills.map(async (till, n) => {
      const { register, store } = till.place
      const caller = { kind: 'device', registerId: register, storeId: store, epoch: till.epoch } as const
      for (;;) {
        const from = (told[n] ?? 0) + 1
        if (from > till.entries.length) return
        const answer = await ask({
          caller,
          request: till.push(from, Math.min(from + 2, till.entries.length)),
        })
        if (answer === undefined) return
        expect(answer.head.seq).toBeGreaterThanOrEqual(told[n] ?? 0)
        told[n] = answer.head.seq
      }
    }),
  )
  child.kill('SIGKILL')
  await ended
}

function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

forEachDialect((dialect) => {
  test('[JRN-7a] a server killed again and again in mid-push loses nothing it acknowledged and doubles nothing', async () => {
    const { database, where } = await openHome(dialect.name)
    const enrolment = testKey()
    const tills = Array.from({ length: tillCount }, (_, n) => new ScriptedTill(enrolment, { code: `K${n}` }))
    for (const till of tills) {
      till.open()
      for (let sale = 0; sale < salesEach; sale++) till.sale()
    }
    const plan: KillPlan = {
      ...where,
      enrolment: String(enrolment.privateKey.export({ format: 'pem', type: 'pkcs8' })),
      registers: Object.fromEntries(tills.map((till, n) => [till.place.register, n + 1])),
      at: 'never',
      nth: 1,
    }
    const told = tills.map(() => 0)
    const lives: { at: KillPlan['at']; nth: number; killAfterMs?: number }[] = [
      { at: 'writing', nth: 1 },
      { at: 'answering', nth: 1 },
      { at: 'writing', nth: 7 },
      { at: 'answering', nth: 13 },
      { at: 'never', nth: 1, killAfterMs: 3 },
      { at: 'never', nth: 1, killAfterMs: 15 },
      { at: 'writing', nth: 20 },
      { at: 'never', nth: 1 },
    ]
    for (const { killAfterMs, ...point } of lives) {
      await live({ ...plan, ...point }, tills, told, killAfterMs)
      const heads = await database.read.selectFrom('journal_entry').select('hash').execute()
      const held = new Set(heads.map((row) => Buffer.from(row.hash).toString('base64url')))
      for (const [n, till] of tills.entries()) {
        for (const { seq, hash } of till.entries.slice(0, told[n])) {
          expect(held.has(hash), `entry ${seq} of till ${n} was acknowledged`).toBe(true)
        }
      }
    }
    expect(told).toEqual(tills.map(() => salesEach + 1))
    const bills = await database.read.selectFrom('bill').select('number').execute()
    expect(new Set(bills.map((bill) => bill.number)).size).toBe(tillCount * salesEach)
    expect(bills.length).toBe(tillCount * salesEach)
    const takings = await database.read.selectFrom('takings_hour').selectAll().execute()
    expect(takings.reduce((sum, row) => sum + row.bills, 0)).toBe(tillCount * salesEach)
    const events = await database.read.selectFrom('outbox').select('id').execute()
    expect(events.length).toBe(tillCount * salesEach)
  })
})
