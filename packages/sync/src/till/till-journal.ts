import { addDays, parseBillNumber, startOfDate } from '@nexus/domain'
import { decodeEntry } from '../entry/decode.ts'
import { checkpointBytes } from '../entry/hash.ts'
import { entryLine, journalFileLine } from '../entry/journal-file.ts'
import type { SignedCheckpoint } from '../messages.ts'
import type { EntryRecord, Signer, TillPorts } from '../ports.ts'
import { noInvoices, pendingInvoices } from './invoices.ts'
import { JournalCore, type TillApp } from './journal-core.ts'
import type { EpochNote, NotesRecord } from './records.ts'
import type { FindingWithBytes } from './recover.ts'
import { forgetSome, usualRetention } from './retention.ts'
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
 *
 * @param kept what stays below `durable` (JRN-9e); simulations, whose days are short, give less
 */
export async function openTillJournal(
  ports: TillPorts,
  app: TillApp,
  kept = usualRetention,
): Promise<TillJournal> {
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
    beginAttempt: (draft) => core.serial(() => core.beginAttempt(draft)),
    noteAttempt: (attempt, progress) => core.noteAttempt(attempt, progress),
    endAttempt: (end) => core.serial(() => core.endAttempt(end)),
    attemptState: (attempt) => core.attemptState(attempt),
    takeInvoiceNumber: (draft) => core.serial(() => core.takeInvoiceNumber(draft)),
    cancelInvoiceNumber: (options) => core.serial(() => core.cancelInvoiceNumber(options)),
    issueInvoice: (draft) => core.serial(() => core.issueInvoice(draft)),
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
    forgetOld: () => core.serial(() => forgetSome(core, kept)),
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
  const { notStored, notAtHq, notDurable } = core.waiting
  const { rehome } = head
  return {
    state: stateOf(core),
    register: notes?.register || null,
    store: notes?.store || null,
    head: core.isEnrolled
      ? { epoch: head.epoch, code: notes?.epochs.at(-1)?.code ?? '', seq: head.seq, hash: head.hash }
      : null,
    shortHash: head.hash.slice(0, 8),
    hop: notes?.hop.name ?? '',
    notStored,
    notAtHq,
    notDurable,
    inDoubt: core.inDoubt,
    failedCopy: core.copies.failed,
    newEpoch: notes?.newEpoch ?? null,
    attempts: core.openAttempts(),
    invoices: pendingInvoices(head.invoices ?? noInvoices),
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
  for (const note of notes.epochs) yield* exportEpoch(core, notes, note)
}

/**
 * Each row of entries is signed anew, so that a file that ends early proves what it has, and so does what
 * lies below a hole.
 */
async function* exportEpoch(core: JournalCore, notes: NotesRecord, note: EpochNote): AsyncGenerator<string> {
  const { epoch } = note
  const signer = await core.ports.keys.open(note.keyId)
  const { seq: lastSeq, hash: lastHash } = core.lastOf(note)
  yield journalFileLine({ kind: 'epoch', epoch })
  let next = 1
  for (let more = true; more; ) {
    const records = await core.copies.readEntries(epoch, next, 200)
    more = records.length === 200
    for (const row of rowsOf(records)) {
      const [first, last] = [row[0], row.at(-1)]
      if (first === undefined || last === undefined) continue
      const hashBefore = decodeEntry(first.bytes).outline.prevHash
      if (first.seq > next && hashBefore !== null) {
        // Neither copy has these slots any more (JRN-10f); the entry behind them names the last one's hash.
        const hole = { fromSeq: next, toSeq: first.seq - 1, lastHash: hashBefore }
        yield journalFileLine({ kind: 'hole', epoch, hole })
      }
      const signed = signer ? await signedHead(notes.register, signer, last) : notes.checkpoint
      const { checkpoint } = signed ?? {}
      const isInRow = checkpoint !== undefined && checkpoint.seq >= first.seq && checkpoint.seq <= last.seq
      if (signed && isInRow && checkpoint.epoch === epoch)
        yield journalFileLine({ kind: 'checkpoint', signed })
      yield* entriesWithPersonal(core, row)
      next = last.seq + 1
    }
  }
  if (lastSeq >= next) {
    yield journalFileLine({ kind: 'hole', epoch, hole: { fromSeq: next, toSeq: lastSeq, lastHash } })
  }
}

/** Entries that follow each other without a gap. */
function rowsOf(records: readonly EntryRecord[]): EntryRecord[][] {
  const rows: EntryRecord[][] = []
  for (const record of records) {
    const row = rows.at(-1)
    if (row?.at(-1)?.seq === record.seq - 1) row.push(record)
    else rows.push([record])
  }
  return rows
}

async function* entriesWithPersonal(
  core: JournalCore,
  records: readonly EntryRecord[],
): AsyncGenerator<string> {
  const identities = records.flatMap(({ hash, bytes }) => identitiesWithPersonal(hash, bytes))
  const items = new Map((await core.copies.readPersonal(identities)).map((item) => [item.identity, item]))
  for (const { epoch, seq, hash, bytes } of records) {
    yield entryLine(epoch, seq, bytes)
    for (const identity of identitiesWithPersonal(hash, bytes)) {
      const item = items.get(identity)
      if (item !== undefined) yield journalFileLine({ kind: 'personal', item })
    }
  }
}

async function signedHead(
  register: string,
  signer: Signer,
  { epoch, seq, hash }: EntryRecord,
): Promise<SignedCheckpoint> {
  const checkpoint = { register, epoch, seq, hash, keyId: signer.keyId }
  return { checkpoint, signature: await signer.sign(checkpointBytes(checkpoint)) }
}

/** Identities in an entry's bytes whose data may be kept beside it: its own, and that of a re-homed one. */
function identitiesWithPersonal(hash: string, bytes: Uint8Array): string[] {
  const decoded = decodeEntry(bytes)
  if (decoded.kind !== 'ok') return []
  if (decoded.entry.type === 'rehomed') return [decoded.entry.body.identity]
  const { body } = decoded.entry
  return 'personalHash' in body && body.personalHash !== null ? [hash] : []
}
