import { existsSync, writeFileSync } from 'node:fs'
import {
  type BillDocument,
  type BodyOf,
  bodies,
  type DocumentLine,
  type EntryType,
  fromUtf8,
  type SignedCheckpoint,
} from '@nexus/sync'
import { invoiceOf, soldLine } from '@nexus/sync/testing'
import { rehome, ScriptedTill, testKey, type Written } from '../testing/scripted-till.ts'

/** What a file of this folder holds. */
export type RecordedJournals = {
  /** SubjectPublicKeyInfo, base64url: signed the certificates. */
  enrolmentKey: string
  epochs: {
    register: string
    store: string
    epoch: string
    /** Of the last entry. */
    checkpoint: SignedCheckpoint
    personal: { identity: string; salt: string; data: string }[]
    entries: { hash: string; text: string }[]
  }[]
}

const id = (n: number) => `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
const hash = (letter: string) => `${letter.repeat(42)}A`
const none = { personalHash: null }
const count = {
  totalMinor: 205_000,
  pieces: [
    { denominationMinor: 50_000, count: 4 },
    { denominationMinor: 1000, count: 5 },
  ],
}
const place = { epoch: id(900), seq: 7 }

/** A line with everything that a line may have. */
function fullLine(): DocumentLine {
  return {
    ...soldLine('f', 2, 3000, 9900),
    offers: [
      { id: 7, amountMinor: 100 },
      { id: 9, amountMinor: 50, code: 'DIW23' },
    ],
    discountMinor: 400,
    giftOf: 4,
    manual: { percentBp: 500, reason: 'damaged', approval: id(70) },
    manualMinor: 200,
    pointsMinor: 50,
    salesperson: id(12),
  }
}

function returnedLine(identity: string): DocumentLine {
  const of = { number: 'KOR1AI26-000001', identity, uid: 'a', fromMilli: 0, toMilli: 1000 }
  return { ...soldLine('r', 1, 1000, 11_800), of, returnReason: 'unwanted', condition: 'sellable' }
}

class Recorder {
  readonly till: ScriptedTill
  readonly #at0: number

  constructor(till: ScriptedTill) {
    this.till = till
    this.#at0 = till.at
    till.shift = id(21)
    till.staff = id(11)
  }

  write<T extends EntryType>(
    type: T,
    body: BodyOf<T>,
    header: Record<string, unknown> = {},
    personal?: Record<string, unknown>,
  ): Written {
    this.till.at = this.#at0 + this.till.entries.length * 60_000
    return this.till.append(type, body, header, personal)
  }

  document(
    kind: BillDocument['kind'],
    lines: DocumentLine[],
    more: Partial<BillDocument> = {},
  ): BillDocument {
    const number = this.till.nextNumber(kind)
    return { ...invoiceOf(lines, this.till.at), kind, number, issueDate: '2026-11-22', ...more }
  }

  sale(
    documents: BillDocument[],
    tenders: BodyOf<'sale'>['tenders'],
    cart: string,
    more: Partial<BodyOf<'sale'>> = {},
    personal?: Record<string, unknown>,
  ): Written {
    const body = {
      documents,
      tenders,
      changeMinor: 0,
      recalledFrom: null,
      root: cart,
      language: 'en',
      ...none,
      ...more,
    }
    return this.write('sale', body, { cart }, personal)
  }
}

const cash = (amountMinor: number, direction: 'in' | 'out' = 'in') =>
  ({
    kind: 'cash',
    direction,
    amountMinor,
    handedMinor: amountMinor,
    reference: null,
    attempt: null,
  }) as const

/** A day of one register with an entry of every type, plain ones and those that have everything. */
function writeDay(till: ScriptedTill, next: ScriptedTill): void {
  const day = new Recorder(till)
  day.write('shift-opened', { drawer: id(31), float: count, clockConfirmed: true, ...none })
  day.write('sign-in', { offline: true, staffUnverified: true, ...none }, { staffUnverified: true })
  day.write('attendance', { action: 'in', ...none })
  const first = day.sale([day.document('I', [soldLine('a', 1, 2000, 11_800)])], [cash(23_600)], id(101))
  const pricing: BillDocument['pricing'] = {
    ...invoiceOf([], till.at).pricing,
    tier: 'gold',
    isStaff: true,
    isFirstPurchase: true,
    uses: [{ offer: 7, customer: 1, total: 20, givenMinor: 3000 }],
    coupons: [{ code: 'DIW23', state: 'usable' }, { code: 'OLD' }],
    manual: { amountMinor: 100, reason: 'regular', approval: null },
    pointsMinor: 50,
  }
  const upi = {
    kind: 'upi',
    direction: 'in',
    amountMinor: 20_000,
    reference: 'UTR77',
    attempt: id(41),
  } as const
  day.write(
    'payment-intent',
    {
      attempt: id(41),
      kind: 'upi',
      provider: 'upi-qr',
      amountMinor: 20_000,
      direction: 'in',
      reference: 'tr41',
      expiresAt: null,
      ...none,
    },
    { cart: id(102) },
  )
  day.write(
    'payment-result',
    {
      attempt: id(41),
      state: 'paid',
      by: 'provider',
      amountMinor: 20_000,
      providerReference: 'UTR77',
      detail: { code: 'upi/success', params: { bank: 'ABC', fee: 0, late: false, note: null } },
      ...none,
    },
    { cart: id(102) },
  )
  const full = day.document('I', [fullLine(), soldLine('g', 3, 500, 20_000)], {
    pricing,
    buyerGstin: '29AABCC1234D1Z5',
    irn: 'a'.repeat(64),
    signedQr: 'signed.qr.text',
  })
  day.sale(
    [full],
    [upi, cash(full.totalMinor - 20_000)],
    id(102),
    { changeMinor: 100 },
    { buyer: { name: 'Meera' } },
  )
  const back = day.document('C', [returnedLine(first.hash)], {
    of: { number: 'KOR1AI26-000001', identity: first.hash, issueDate: '2026-11-22' },
  })
  // An exchange, a bill of supply in a recalled cart, a refund without GST, a gift-card receipt.
  day.sale([back, day.document('I', [soldLine('a', 4, 1000, 9900)])], [cash(1900, 'out')], id(103))
  const exempt = {
    ...soldLine('a', 5, 1000, 5000),
    taxKind: 'exempt',
    rateBp: 0,
    taxableMinor: 5000,
    cgstMinor: 0,
    roundOffMinor: 0,
  } as const
  const supply = { taxableMinor: 5000, cgstMinor: 0, roundOffMinor: 0, taxes: [] }
  day.sale([day.document('B', [exempt], supply)], [cash(5000)], id(104), {
    recalledFrom: id(105),
    root: id(105),
    language: 'hi',
  })
  day.sale([day.document('R', [returnedLine(first.hash)])], [cash(11_800, 'out')], id(106))
  const card = {
    kind: 'card',
    direction: 'in',
    amountMinor: 100_000,
    reference: 'A1B2 ****0042',
    attempt: null,
  } as const
  day.sale([day.document('G', [soldLine('a', 6, 1000, 100_000)])], [card], id(107))
  writeInvoices(day)
  writeCash(day)
  writeServers(day)
  day.write('shift-closed', {
    drawer: id(31),
    count,
    expectedMinor: 204_000,
    differenceMinor: 1000,
    reason: 'found',
    notDurable: 12,
    covers: [{ epoch: till.epoch, lastSeq: till.entries.length, except: [3] }],
    tenders: [{ kind: 'cash', inMinor: 205_000, outMinor: 1000, count: 4 }],
    ...none,
  })
  const covers = [{ epoch: till.epoch, lastSeq: till.entries.length, except: [] }]
  day.write('day-settled', { covers, totals: { cashMinor: 205_000 }, approvedBy: id(11), ...none })
  day.write('sign-out', { reason: 'shift-over', notDurable: 3, ...none })

  next.open()
  const later = new Recorder(next)
  // An entry that another branch of the first epoch lost, once more.
  const clone = new ScriptedTill(
    { privateKey: next.key.privateKey },
    { place: till.place, epoch: till.epoch, code: till.code },
  )
  clone.entries.push(...till.entries.slice(0, 2))
  const lost = clone.sale({ number: 'KOR1AI26-000090', cart: id(110) })
  rehome(next, till.epoch, lost)
  later.write('renumbered', {
    identity: lost.hash,
    oldNumber: 'KOR1AI26-000090',
    number: next.nextNumber(),
    kind: 'I',
    issueDate: '2026-11-23',
    ...none,
  })
}

function writeInvoices(day: Recorder): void {
  const { till } = day
  const number = till.nextNumber()
  const intent = { kind: 'I', issueDate: '2026-11-22' } as const
  day.write('invoice-intent', { ...intent, number, requestHash: hash('r'), ...none }, { cart: id(108) })
  day.write('number-cancelled', { ...intent, number, reason: 'gstin-cancelled', ...none }, { cart: id(108) })
  const lines = [soldLine('a', 7, 2000, 59_000)]
  const transfer = {
    kind: 'upi',
    direction: 'in',
    amountMinor: 118_000,
    reference: 'UTR78',
    attempt: null,
  } as const
  const slip = day.sale([day.document('P', lines)], [transfer], id(109))
  const document = day.document('I', lines)
  day.write(
    'invoice-intent',
    { ...intent, number: document.number, requestHash: hash('s'), ...none },
    { cart: id(109) },
  )
  day.write('invoice-issued', { slip: slip.hash, document, irn: 'b'.repeat(64), signedQr: null, ...none })
  const job = { job: id(51), copy: 2, reason: 'paper-jam' }
  day.write('reprint', { identity: slip.hash, number: document.number, ...job, ...none })
  const recovered = { ...document, number: 'KOR9ZI26-000003' }
  day.write('recovered-bill', {
    oldNumber: 'KOR9ZI26-000003',
    issueDate: '2026-11-22',
    document: recovered,
    tenders: [transfer],
    ...none,
  })
}

function writeCash(day: Recorder): void {
  const amount = { drawer: id(31), amountMinor: 1000, reason: 'tea', attachment: hash('a'), ...none }
  day.write('cash-in', { ...amount, drawer: null, attachment: null })
  day.write('cash-out', amount)
  day.write('safe-drop', { drawer: id(31), count, bag: 'B-17', ...none })
  day.write('cash-count', { drawer: id(31), purpose: 'spot', count, ...none })
  day.write('shift-handover', { from: id(11), to: id(12), count: null, ...none })
  day.write('drawer-opened', { drawer: id(31), reason: 'change', ...none })
  day.write(
    'hold',
    { lines: [{ uid: 'a', product: 1 }], recalledFrom: null, root: id(120), ...none },
    { cart: id(120) },
    { name: 'Ravi' },
  )
  day.write('recall', { recalledFrom: id(120), root: id(120), ...none }, { cart: id(121) })
  day.write(
    'void-cart',
    { reason: 'customer-left', lines: 1, grossMinor: 11_800, recalledFrom: id(120), root: id(120), ...none },
    { cart: id(121) },
  )
  day.write('price-override', {
    uid: 'a',
    product: 1,
    fromMinor: 11_800,
    toMinor: 9900,
    reason: 'shelf',
    approval: id(70),
    ...none,
  })
  day.write('approval', {
    approval: id(70),
    action: 'price-override',
    outcome: 'approved',
    by: id(12),
    how: 'pin',
    amountMinor: -1900,
    fingerprint: hash('f'),
    reason: null,
    ...none,
  })
  day.write('stock-count-line', {
    count: id(80),
    product: 1,
    batch: 10,
    quantityMilli: -2000,
    state: 'sellable',
    zone: null,
    ...none,
  })
  day.write('incident', {
    kind: 'copy-failed',
    params: { copy: 'twin', n: 1, loud: true, why: null },
    place,
    bytes: 'AAAA',
    ...none,
  })
  day.write(
    'clock-changed',
    {
      wallBefore: day.till.at,
      wallAfter: day.till.at + 300_000,
      skewMs: 300_000,
      confirmedBy: null,
      ...none,
    },
    { clockOffsetMs: 300_000 },
  )
  day.write('app-updated', { from: '1.0.0', to: '1.1.0', ...none })
  day.write('training', { action: 'sale', lines: 2, totalMinor: 100, ...none })
}

/** What servers write; in a till's journal it takes its slot and waits (JRN-20). */
function writeServers(day: Recorder): void {
  day.write('handover', {
    register: id(5),
    epoch: id(900),
    declaration: 'tail-unknown',
    afterSeq: 7,
    lostNumbers: ['KOR1AI26-000070'],
    reason: 'stolen',
    ...none,
  })
  day.write('quarantine-released', { identity: hash('q'), place, outcome: 'act', reason: 'newer', ...none })
  day.write('hole-lost', { epoch: id(900), fromSeq: 3, toSeq: 4, reason: 'wiped', ...none })
  day.write('fork-rehomed', { identity: hash('k'), place, bytes: 'AAAA' })
  day.write('payment-resolved', {
    attempt: id(41),
    state: 'failed',
    amountMinor: 20_000,
    providerReference: null,
    ...none,
  })
  day.write('sub-grant', {
    grant: id(60),
    of: id(61),
    register: id(5),
    subject: 'gift-card',
    amount: 100_000,
    expiresAt: day.till.at,
    ...none,
  })
  day.write('month-closed', {
    month: '2026-11',
    gstin: '29AABCC1234D1Z5',
    covers: [{ epoch: id(900), lastSeq: 7, except: [] }],
    totals: { soldMinor: 1 },
    ...none,
  })
}

function recorded(till: ScriptedTill): RecordedJournals['epochs'][number] {
  const last = till.entries.at(-1)
  const push = till.push()
  return {
    register: till.place.register,
    store: till.place.store,
    epoch: till.epoch,
    checkpoint: till.checkpoint(till.entries.length, last?.hash ?? ''),
    personal: push.personal,
    entries: till.entries.map((entry) => ({ hash: entry.hash, text: fromUtf8(entry.bytes) })),
  }
}

const enrolment = testKey()
const till = new ScriptedTill(enrolment, {
  place: { tenant: id(1), store: id(2), register: id(3) },
  epoch: id(901),
  code: 'KOR1A',
})
till.open()
const next = new ScriptedTill(enrolment, { place: till.place, epoch: id(902), code: 'KOR1B' })
writeDay(till, next)
const journals: RecordedJournals = {
  enrolmentKey: enrolment.publicKey,
  epochs: [recorded(till), recorded(next)],
}

const name = process.argv[2] ?? ''
const path = new URL(`${name}.json`, import.meta.url)
if (!/^entries-v[0-9a-z-]+$/.test(name) || existsSync(path)) {
  throw new Error(
    'Say the name of a new file, e.g. entries-v1-refunds: what was recorded is never written again',
  )
}
writeFileSync(path, `${JSON.stringify(journals, null, 2)}\n`)
const types = new Set(
  journals.epochs.flatMap(({ entries }) => entries.map(({ text }) => JSON.parse(text).type)),
)
console.log(`${name}: ${types.size} of ${Object.keys(bodies).length} types`)
