import { readdirSync, readFileSync } from 'node:fs'
import {
  bodies,
  decodeEntry,
  EntryHeader,
  encodeEntry,
  fromUtf8,
  type PushRequest,
  prepareEntry,
  toBase64Url,
} from '@nexus/sync'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { forEachDialect } from '../../../testing/index.ts'
import { couponProjector } from '../../coupons/index.ts'
import { stockProjector } from '../../inventory/index.ts'
import { paymentProjector } from '../../payments/index.ts'
import { salesProjector } from '../../sales/index.ts'
import { shiftProjector } from '../../shifts/index.ts'
import { projectorsWith, rebuildProjections } from '../index.ts'
import { sha256 } from '../sha256.ts'
import { openJournalBench } from '../testing/open-for-test.ts'
import { testKey } from '../testing/scripted-till.ts'
import type { RecordedJournals } from './record.ts'

const names = readdirSync(import.meta.dirname)
  .filter((name) => /^entries-.*\.json$/.test(name))
  .map((name) => name.replace(/\.json$/, ''))

const journalsOf = (name: string) =>
  JSON.parse(readFileSync(`${import.meta.dirname}/${name}.json`, 'utf8')) as RecordedJournals // as: written by record.ts
const recorded = names.map((name) => ({ name, journals: journalsOf(name) }))
const entries = recorded.flatMap(({ journals }) => journals.epochs.flatMap((epoch) => epoch.entries))
const projectors = [salesProjector, stockProjector, shiftProjector, couponProjector, paymentProjector]

/** Everything that is derived, and what is kept aside. */
const tables = [
  'bill',
  'bill_line',
  'bill_return',
  'bill_tax',
  'tender',
  'bill_reprint',
  'slip_invoice',
  'takings_hour',
  'takings_tender',
  'stock_move',
  'shift',
  'shift_sum',
  'coupon_use',
  'coupon_redemption',
  'payment_intent',
  'payment_result',
  'payment_tender',
  'payment_attempt',
  'incident',
  'discrepancy',
  'journal_quarantine',
  'journal_head',
  'entry_identity',
] as const

/** A line a row, with its members in the order of their names: dialects have them in their own. */
async function dump(database: Database): Promise<string> {
  const lines: string[] = []
  for (const table of tables) {
    const { rows } = await sql<object>`SELECT * FROM ${sql.table(table)}`.execute(database.read)
    lines.push(table, ...rows.map((row) => `  ${textOf(row)}`).sort())
  }
  return `${lines.join('\n')}\n`
}

function textOf(row: object): string {
  const members = Object.entries(row).map(([member, value]) => {
    const isBytes = value instanceof Uint8Array
    return [member, isBytes ? Buffer.from(value).toString('hex').slice(0, 64) : value] as const
  })
  return JSON.stringify(Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1))))
}

function pushOf({
  register,
  epoch,
  checkpoint,
  personal,
  entries: own,
}: RecordedJournals['epochs'][number]): PushRequest {
  return {
    requestId: '01890000-0000-7000-8000-00000000ffff',
    register,
    epoch,
    firstSeq: 1,
    entries: own.map(({ text }) => toBase64Url(Buffer.from(text))),
    personal,
    hole: null,
    checkpoint,
  }
}

test('[JRN-16b, JRN-4o] every recorded entry is read as it was written, and means the same bytes', () => {
  expect(entries.length).toBeGreaterThan(40)
  for (const { hash, text } of entries) {
    const bytes = Buffer.from(text)
    expect(toBase64Url(sha256(bytes))).toBe(hash)
    const decoded = decodeEntry(bytes)
    if (decoded.kind !== 'ok') throw new Error(`${decoded.kind}: ${text.slice(0, 300)}`)
    expect(decoded.entry.v).toBe(JSON.parse(text).v)
    expect(fromUtf8(encodeEntry(decoded.entry))).toBe(text)
  }
})

test('[JRN-16b] there is a recorded entry of every type that this release writes or reads', () => {
  const types = new Set(entries.map(({ text }) => JSON.parse(text).type as string))
  expect(Object.keys(bodies).filter((type) => !types.has(type))).toEqual([])
})

test('[JRN-4o] no release reads a version whose members may mean something else', () => {
  expect(EntryHeader.properties.v.const).toBe(1)
  const [{ text } = { text: '' }] = entries
  const next = Buffer.from(JSON.stringify({ ...JSON.parse(text), v: 2 }))
  expect(prepareEntry(next, sha256).decoded.kind).toBe('schema-failed')
})

test('[JRN-16b, JRN-4n] members that a newer release adds do not keep an entry from being read', () => {
  for (const { text } of entries) {
    const entry = JSON.parse(text)
    const grown = { ...entry, ofTomorrow: 1, body: { ...entry.body, ofTomorrow: { a: [1] } } }
    expect(decodeEntry(Buffer.from(JSON.stringify(grown))).kind).toBe('ok')
  }
})

forEachDialect((dialect) => {
  test.each(recorded)(
    '[JRN-16b, JRN-4o] $name replays on an empty database to the recorded projections',
    async ({ name, journals }) => {
      const database = await dialect.open()
      const unused = testKey()
      const enrolment = { privateKey: unused.privateKey, publicKeySpki: journals.enrolmentKey, keyId: '' }
      const hq = { privateKey: unused.privateKey, publicKeySpki: unused.publicKey, keyId: unused.keyId }
      const bench = await openJournalBench(database, { projectors }, { enrolment, hq })
      for (const epoch of journals.epochs) {
        const { store: storeId, register: registerId } = epoch
        const caller = { kind: 'device', registerId, storeId, epoch: epoch.epoch } as const
        const answer = await bench.journal.push(caller, pushOf(epoch))
        expect(answer.head).toMatchObject({ seq: epoch.entries.length, hash: epoch.entries.at(-1)?.hash })
        bench.clock.advance(60_000)
      }
      const found = await dump(database)
      const path = `${import.meta.dirname}/projections/${name}.txt`
      await expect(found).toMatchFileSnapshot(path)
      await rebuildProjections(database, projectorsWith(projectors))
      expect(await dump(database)).toEqual(found)
    },
  )
})
