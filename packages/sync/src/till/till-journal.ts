import { addDays, parseBillNumber, startOfDate } from '@nexus/domain'
import { decodeEntry } from '../entry/decode.ts'
import { entryLine, journalFileLine } from '../entry/journal-file.ts'
import type { TillPorts } from '../ports.ts'
import { JournalCore, type TillApp } from './journal-core.ts'
import type { FindingWithBytes } from './recover.ts'
import { settleDay } from './settle-day.ts'
import { SyncLoop } from './sync-loop.ts'
import { skewLimitMs } from './till-time.ts'
import {
  type Finding,
  type JournalBill,
  JournalRefusal,
  type JournalStatus,
  type PersonalData,
  type TillJournal,
} from './types.ts'

/**
 * Opens the journal of this device: takes it over from any other window, checks and mends both copies.
 * Opens on an empty device too; `enrol` then makes it a till. Never refuses a till that has its identity.
 */
export async function openTillJournal(ports: TillPorts, app: TillApp): Promise<TillJournal> {
  const core = new JournalCore(ports, app)
  const loop = new SyncLoop(core)
  await core.start()
  return {
    status: () => statusOf(core, loop),
    findings: () => withoutBytes(core.findings),
    onChange: (listener) => core.onChange(listener),
    enrol: (options) => loop.enrol(options),
    append: (draft) => core.serial(() => core.append(draft)),
    settleDay: (settlement) => core.serial(() => settleDay(core, settlement)),
    completeSale: (draft) => core.serial(() => core.completeSale(draft)),
    findSaleByCart: (cart) => core.findSaleByCart(cart),
    lastBills: (count) => take(core.bills(), count),
    findBill: (number) => findBill(core, number),
    findReturns: (number, issueDate) => findReturns(core, number, issueDate),
    personalOf: (identity) => personalOf(core, identity),
    confirmReceipt: (identity) => core.serial(() => core.confirmReceipt(identity)),
    confirmClock: (at) => core.serial(() => confirmClock(core, at)),
    pushOnce: () => loop.step(),
    nextPushDelayMs: () => loop.nextDelayMs(),
    checkOlder: async () => withoutBytes(await core.checkOlder()),
    repairCopies: () => core.serial(() => core.repairCopies()),
    exportLines: () => exportLines(core),
    close: () => core.close(),
  }
}

function withoutBytes(findings: readonly FindingWithBytes[]): Finding[] {
  return findings.map(({ kind, epoch, seq }) => ({ kind, epoch, seq }))
}

function statusOf(core: JournalCore, loop: SyncLoop): JournalStatus {
  const { head, notes } = core
  const { at, trustAgeMs, clockOffsetMs } = core.time()
  const { notStored, notDurable } = core.waiting
  const { rehome } = head
  return {
    state: stateOf(core),
    register: notes?.register || null,
    store: notes?.store || null,
    head: core.isEnrolled
      ? { epoch: head.epoch, code: notes?.epochs.at(-1)?.code ?? '', seq: head.seq, hash: head.hash }
      : null,
    shortHash: head.hash.slice(0, 8),
    notStored,
    notDurable,
    inDoubt: core.inDoubt,
    failedCopy: core.copies.failed,
    newEpoch: notes?.newEpoch ?? null,
    rehoming: rehome === null ? 0 : Math.max(0, rehome.lastSeq - rehome.nextSeq + 1),
    clockSkewMs: Math.abs(clockOffsetMs) > skewLimitMs ? clockOffsetMs : 0,
    at,
    trustAgeMs,
    contactAt: loop.contactAt,
    minimumApp: loop.minimumApp,
    epochs: notes?.epochs ?? [],
  }
}

function stateOf(core: JournalCore): JournalStatus['state'] {
  if (core.isLost) return 'lost'
  if (!core.isEnrolled) return 'new'
  return core.notes?.retired ? 'retired' : 'ready'
}

async function confirmClock(core: JournalCore, at: number): Promise<void> {
  if (core.notes !== undefined) await core.saveNotes(core.trust(core.notes, at, 'cashier'))
}

async function take(bills: AsyncGenerator<JournalBill>, count: number): Promise<JournalBill[]> {
  const taken: JournalBill[] = []
  if (count > 0) {
    for await (const bill of bills) {
      taken.push(bill)
      if (taken.length === count) break
    }
  }
  return taken
}

async function findBill(core: JournalCore, number: string): Promise<JournalBill | undefined> {
  const code = parseBillNumber(number)?.code
  // Another till's number: nothing is read for it.
  if (code === undefined || !core.notes?.epochs.some((epoch) => epoch.code === code)) return undefined
  for await (const bill of core.bills()) {
    if (bill.entry.body.documents.some((document) => document.number === number)) return bill
  }
  return undefined
}

/** Looks back to the bill itself where it stands here, else to the day before its date. */
async function findReturns(core: JournalCore, number: string, issueDate: string): Promise<JournalBill[]> {
  // Clocks of two tills may be apart by minutes, never by a day.
  const since = startOfDate(addDays(issueDate, -1))
  const found: JournalBill[] = []
  for await (const bill of core.bills()) {
    const { at, body } = bill.entry
    if (at < since) break
    if (body.documents.some(({ lines }) => lines.some(({ of }) => of?.number === number))) found.push(bill)
    if (body.documents.some((document) => document.number === number)) break
  }
  return found
}

async function personalOf(core: JournalCore, identity: string): Promise<PersonalData | undefined> {
  const [item] = await core.copies.readPersonal([identity])
  return item && JSON.parse(item.data)
}

async function* exportLines(core: JournalCore): AsyncGenerator<string> {
  const { notes } = core
  if (notes === undefined || !core.isEnrolled) {
    throw new JournalRefusal('not-enrolled', 'This till has no journal yet')
  }
  const { tenant, store, register } = notes
  const exportedAt = core.time().at
  yield journalFileLine({ kind: 'nexus-journal', version: 1, tenant, store, register, exportedAt })
  for (const { epoch, certificate } of notes.epochs) {
    yield journalFileLine({ kind: 'epoch', epoch, certificate })
    for (let from = 1, more = true; more; ) {
      const records = await core.copies.readEntries(epoch, from, 200)
      for (const { seq, bytes } of records) yield entryLine(epoch, seq, bytes)
      const identities = records.flatMap(({ hash, bytes }) => (hasPersonal(bytes) ? [hash] : []))
      for (const item of await core.copies.readPersonal(identities)) {
        yield journalFileLine({ kind: 'personal', item })
      }
      from = (records.at(-1)?.seq ?? 0) + 1
      more = records.length === 200
    }
  }
  if (notes.checkpoint !== null) yield journalFileLine({ kind: 'checkpoint', signed: notes.checkpoint })
}

function hasPersonal(bytes: Uint8Array): boolean {
  const decoded = decodeEntry(bytes)
  if (decoded.kind !== 'ok' || !('personalHash' in decoded.entry.body)) return false
  return decoded.entry.body.personalHash !== null
}
