import { randomUUIDv7 } from 'node:crypto'
import { type BillDocument, type BodyOf, toBase64Url } from '@nexus/sync'
import { invoiceOf, soldLine } from '@nexus/sync/testing'
import type { Database } from '../../../../db/database.ts'
import { closeDay } from '../../day-roots/close-day.ts'
import { exportJournal } from '../../export/export-journal.ts'
import { type JournalBench, openJournalBench } from '../open-for-test.ts'
import { rehome, type ScriptedTill, type TestKey, testKey } from '../scripted-till.ts'

/** Exports of a real server, each a list of lines, and what the tamperer can lay hands on besides. */
export type Exports = {
  enrolmentKey: string
  hqKey: string
  /** Of one register each; the first one has everything, the last one is another register's. */
  files: string[][]
  /** The first register, exported days before. */
  earlier: string[]
  /** The tamperer's own keys: he has none of the chain's. */
  own: { enrolment: TestKey; hq: TestKey; device: TestKey }
}

const anyLease = { hold: async () => undefined }
const dayMs = 86_400_000

/**
 * A chain of two registers over several days: epochs, a fork whose entries were re-homed, a hole, a hole that was
 * filled later, quarantined slots, returns, data of people, days without entries.
 */
export async function makeExports(database: Database): Promise<Exports> {
  const bench = await openJournalBench(database)
  const { secrets } = bench.context
  const push = (till: ScriptedTill, from: number, to?: number) =>
    bench.journal.push(bench.callerOf(till), till.push(from, to))
  const nextDay = async () => {
    bench.clock.advance(dayMs)
    await closeDay(bench.context, anyLease)
  }
  const exported = async (till: ScriptedTill, withoutPersonal = false) =>
    await Array.fromAsync(
      exportJournal(database.read, secrets, till.place.register, {
        exportedAt: bench.clock.now(),
        withoutPersonal,
      }),
    )

  const till = bench.till('KOR1A')
  const other = bench.till('KOR2A')
  trade(till, 12)
  trade(other, 9)
  await push(till, 1)
  await push(other, 1)
  await nextDay()

  // A hole that stays, one that fills the day after, and bytes that nobody can read.
  trade(till, 6)
  till.appendBytes(Buffer.from('{"not":"an entry"'))
  till.sale({ header: { seq: 9999 } })
  trade(till, 10)
  const stays = { fromSeq: 16, toSeq: 17, lastHash: till.entries[16]?.hash ?? '' }
  const fills = { fromSeq: 24, toSeq: 25, lastHash: till.entries[24]?.hash ?? '' }
  const caller = bench.callerOf(till)
  await push(till, 14, 15)
  await bench.journal.push(caller, { ...till.push(18, 23), hole: stays })
  await bench.journal.push(caller, { ...till.push(26), hole: fills })
  await nextDay()
  await push(till, 24, 25)
  trade(other, 3)
  await push(other, other.entries.length - 2)
  await nextDay()
  await nextDay()
  const earlier = await exported(till)

  // A clone went on without the shop: its entries are written again in the next life.
  const clone = cloneOf(bench, till)
  trade(till, 4)
  trade(clone, 3)
  await push(till, till.entries.length - 3)
  await push(clone, clone.entries.length - 2)
  const second = clone.nextEpoch('KOR1B')
  const head = clone.entries.at(-1)
  second.open({ epoch: clone.epoch, seq: head?.seq ?? 0, hash: head?.hash ?? '' })
  for (const entry of clone.entries.slice(-3)) rehome(second, clone.epoch, entry)
  trade(second, 8)
  await bench.journal.push(bench.callerOf(second), withInnerPersonal(second, clone))
  await nextDay()

  const third = second.nextEpoch('KOR1C')
  const last = second.entries.at(-1)
  third.open({ epoch: second.epoch, seq: last?.seq ?? 0, hash: last?.hash ?? '' })
  trade(third, 7)
  await push(third, 1)
  await nextDay()
  // Of today nothing is in a root yet.
  trade(third, 5)
  trade(other, 5)
  await push(third, third.entries.length - 4)
  await push(other, other.entries.length - 4)

  return {
    enrolmentKey: secrets.enrolment.publicKeySpki,
    hqKey: secrets.hq.publicKeySpki,
    files: [await exported(till), await exported(till, true), await exported(other)],
    earlier,
    own: { enrolment: testKey(), hq: testKey(), device: testKey() },
  }
}

/** Sales, one in three with a customer's number, one in four a return, and other acts between them. */
function trade(till: ScriptedTill, entries: number): void {
  for (let n = 0; n < entries; n++) {
    const seq = till.entries.length
    if (seq % 4 === 3) refund(till)
    else if (seq % 5 === 4) till.note()
    else if (seq % 3 === 0) till.sale({ personal: { mobile: `98000${String(seq).padStart(5, '0')}` } })
    else till.sale()
  }
}

function refund(till: ScriptedTill): void {
  const document: BillDocument = {
    ...invoiceOf([soldLine('a', 1, 1000, 5_900)], till.at),
    kind: 'C',
    number: till.nextNumber('C'),
    issueDate: '2026-11-22',
    of: { number: `${till.code}I26-000001`, identity: null, issueDate: '2026-11-22' },
  }
  const cart = randomUUIDv7()
  const out = { kind: 'cash', direction: 'out', reference: null, attempt: null } as const
  const body: BodyOf<'sale'> = {
    documents: [document],
    tenders: [{ ...out, amountMinor: document.totalMinor }],
    changeMinor: 0,
    recalledFrom: null,
    root: cart,
    language: 'en',
    personalHash: null,
  }
  till.append('sale', body, { cart })
}

/** The same device a second time, with everything that it had. */
function cloneOf(bench: JournalBench, till: ScriptedTill): ScriptedTill {
  const clone = bench.till(till.code)
  Object.assign(clone, {
    epoch: till.epoch,
    key: till.key,
    place: till.place,
    totals: till.totals,
    at: till.at,
  })
  clone.entries.splice(0, 1, ...till.entries)
  clone.numbersFrom(till)
  return clone
}

function withInnerPersonal(till: ScriptedTill, inner: ScriptedTill) {
  const push = till.push()
  const data = inner.entries
    .slice(-3)
    .flatMap(({ hash, personal }) =>
      personal ? [{ identity: hash, salt: toBase64Url(personal.salt), data: personal.data }] : [],
    )
  return { ...push, personal: [...push.personal, ...data] }
}
