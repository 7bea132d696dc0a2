import { describe, expect, test } from 'vitest'
import { decodeEntry } from '../entry/decode.ts'
import type { BillDocument, Entry } from '../entry/schema.ts'
import { sameTotals, totalsAfter, zeroTotals } from '../entry/totals.ts'
import { cashSale, counterContext, invoiceOf, soldLine, tenInTheMorning } from '../testing/bills.ts'
import { uuidOf } from '../testing/entries.ts'
import { type MemoryPortal, memoryPortal } from '../testing/memory-portal.ts'
import type { CrashPoint } from '../testing/memory-ports.ts'
import { MemoryServer } from '../testing/memory-server.ts'
import { directTransport, enrolledTill, type MemoryTill, pushAll, startTill } from '../testing/memory-till.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { registerInvoice } from './invoices.ts'
import type { DocumentDraft, SaleDraft } from './types.ts'

const cart = uuidOf(500)
const day = 86_400_000
const request = { buyer: '29AABCC1234D1Z5', total: 49_900 }

type World = { server: MemoryServer; portal: MemoryPortal; till: MemoryTill }

async function openShop(): Promise<World> {
  const server = new MemoryServer(seededRandom(7), () => tenInTheMorning)
  return { server, portal: memoryPortal(), till: await enrolledTill(server, { wallMs: tenInTheMorning }) }
}

async function restart({ server, portal, till }: World): Promise<World> {
  till.power.cut()
  const { disk } = till
  const again = await startTill(directTransport(server), { disk, seed: 99, wallMs: tenInTheMorning })
  return { server, portal, till: again }
}

function saleOf(of: string, kind: DocumentDraft['kind'] = 'I', more: Partial<BillDocument> = {}): SaleDraft {
  const draft = cashSale(of, [soldLine('1', 1, 1000, 49_900)])
  const documents = draft.body.documents.map((document) => ({ ...document, ...more, kind }))
  return { ...draft, body: { ...draft.body, documents } }
}

const ask = ({ till, portal }: World, issuedAt = tenInTheMorning) =>
  registerInvoice(till.journal, portal.port(till.power), {
    cart,
    context: counterContext,
    kind: 'I',
    issuedAt,
    request,
  })

/** What a cashier does, from the buyer's GSTIN to the bill. */
async function sellWithIrn(world: World): Promise<string> {
  const answer = await ask(world)
  if (answer.outcome !== 'registered') return answer.outcome
  await world.till.journal.completeSale(saleOf(cart, 'I', { irn: answer.irn }))
  return answer.outcome
}

/** The portal is away: the cart ends with a slip, and its invoice follows. */
async function sellBySlip(world: World): Promise<void> {
  const { journal } = world.till
  const slip = (await journal.completeSale(saleOf(cart, 'P'))).identity
  const answer = await ask(world)
  if (answer.outcome !== 'registered') return
  const document = invoiceOf([soldLine('1', 1, 1000, 49_900)])
  await journal.issueInvoice({ slip, context: counterContext, document, irn: answer.irn, signedQr: null })
}

function entriesOf({ till }: World): Entry[] {
  const { head, entries } = till.disk
  return [...entries.values()].flatMap(({ bytes }) => {
    const decoded = decodeEntry(bytes)
    return decoded.kind === 'ok' && decoded.entry.epoch === head?.epoch ? [decoded.entry] : []
  })
}

/** What became of each number of the series of invoices: exactly one of the three (I7). */
function fates(world: World): string[] {
  const entries = entriesOf(world)
  const issued = entries.flatMap((entry) => {
    if (entry.type === 'sale') return entry.body.documents
    return entry.type === 'invoice-issued' ? [entry.body.document] : []
  })
  const pending = world.till.journal.status().invoices.numbers
  const last = world.till.disk.head?.series.I26?.number ?? 0
  return Array.from({ length: last }, (_, index) => {
    const number = `T001I26-${String(index + 1).padStart(6, '0')}`
    const found = [
      ...issued.flatMap((document) => (document.number === number ? ['issued'] : [])),
      ...entries.flatMap((entry) =>
        entry.type === 'number-cancelled' && entry.body.number === number ? ['cancelled'] : [],
      ),
      ...pending.flatMap((note) => (note.number === number ? ['pending'] : [])),
    ]
    return found.join(' and ')
  })
}

/** Totals along the chain are what each entry states (JRN-18). */
function totalsFit(world: World): boolean {
  let totals = zeroTotals
  return entriesOf(world).every((entry) => {
    totals = totalsAfter(totals, entry)
    return entry.totals === null || sameTotals(entry.totals, totals)
  })
}

const types = (world: World) => entriesOf(world).map(({ type }) => type)

describe('numbers of e-invoices', () => {
  test('[JRN-14d] number and date are journalled before the IRN is asked, and the sale repeats both', async () => {
    const world = await openShop()
    const { journal, clock } = world.till
    const answer = await ask(world)
    expect(types(world)).toEqual(['epoch-opened', 'invoice-intent'])
    expect(answer).toEqual({
      outcome: 'registered',
      number: 'T001I26-000001',
      issueDate: '2026-11-22',
      irn: 'irn-T001I26-000001',
      signedQr: null,
    })
    // Other carts go on meanwhile, over midnight.
    await journal.completeSale(saleOf(uuidOf(501)))
    clock.advance(day)
    const pricing = { ...invoiceOf([]).pricing, pricedAt: tenInTheMorning + day }
    const later = await journal.completeSale(saleOf(uuidOf(502), 'I', { pricing }))
    expect(later.entry.body.documents[0]).toMatchObject({ number: 'T001I26-000003', issueDate: '2026-11-23' })
    const sale = await journal.completeSale(saleOf(cart, 'I', { irn: 'irn-T001I26-000001' }))
    expect(sale.entry.body.documents[0]).toMatchObject({ number: 'T001I26-000001', issueDate: '2026-11-22' })
    expect((await journal.completeSale(saleOf(uuidOf(503), 'I', { pricing }))).numbers).toEqual([
      'T001I26-000004',
    ])
    expect(fates(world)).toEqual(['issued', 'issued', 'issued', 'issued'])
  })

  test('[JRN-14d] a credit note takes its own number, beside the invoice of the same cart', async () => {
    const { till } = await openShop()
    const draft = { cart, context: counterContext, issuedAt: tenInTheMorning, request }
    const [invoice, note] = [
      await till.journal.takeInvoiceNumber({ ...draft, kind: 'I' }),
      await till.journal.takeInvoiceNumber({ ...draft, kind: 'C' }),
    ]
    expect([invoice.number, note.number]).toEqual(['T001I26-000001', 'T001C26-000001'])
    const [back] = saleOf(cart, 'C').body.documents
    const sale = saleOf(cart)
    if (back === undefined) throw new Error('a sale has a document')
    const both = { ...sale, body: { ...sale.body, documents: [back, ...sale.body.documents] } }
    expect((await till.journal.completeSale(both)).numbers).toEqual([note.number, invoice.number])
    expect(till.journal.status().invoices.numbers).toEqual([])
  })

  test('[JRN-14d] a retry uses the same number, also after a start; another request is refused', async () => {
    let world = await openShop()
    world.portal.isAway = true
    expect(await ask(world)).toEqual({ outcome: 'pending', number: 'T001I26-000001' })
    expect(await ask(world)).toEqual({ outcome: 'pending', number: 'T001I26-000001' })
    world = await restart(world)
    expect(world.till.journal.status().invoices.numbers).toMatchObject([
      { number: 'T001I26-000001', cart, kind: 'I', issueDate: '2026-11-22', slip: null },
    ])
    const changed = { cart, context: counterContext, kind: 'I', issuedAt: tenInTheMorning } as const
    await expect(
      world.till.journal.takeInvoiceNumber({ ...changed, request: { ...request, total: 1 } }),
    ).rejects.toMatchObject({ code: 'invoice-open' })
    world.portal.isAway = false
    expect(await sellWithIrn(world)).toBe('registered')
    expect(types(world)).toEqual(['epoch-opened', 'invoice-intent', 'sale'])
    expect(fates(world)).toEqual(['issued'])
  })

  test('[JRN-14d] a definite refusal, or giving up, cancels the number; the next bill takes the next one', async () => {
    const world = await openShop()
    const { journal } = world.till
    world.portal.refusals.set('T001I26-000001', 'gstin-cancelled')
    expect(await ask(world)).toEqual({
      outcome: 'refused',
      number: 'T001I26-000001',
      code: 'gstin-cancelled',
    })
    world.portal.isAway = true
    expect(await ask(world)).toEqual({ outcome: 'pending', number: 'T001I26-000002' })
    const giveUp = { number: 'T001I26-000002', context: counterContext, reason: 'buyer-left' }
    await journal.cancelInvoiceNumber(giveUp)
    expect(await journal.cancelInvoiceNumber(giveUp)).toBeUndefined()
    expect((await journal.completeSale(saleOf(cart))).numbers).toEqual(['T001I26-000003'])
    expect(fates(world)).toEqual(['cancelled', 'cancelled', 'issued'])
  })

  test('[JRN-14d, JRN-14aa] a number outlives its epoch: the bill repeats it and the new series begins at one', async () => {
    const world = await openShop()
    const { journal } = world.till
    world.portal.isAway = true
    await ask(world)
    await pushAll(journal)
    // The clock is set back: bills go on in a new epoch (JRN-13h).
    await journal.confirmClock(tenInTheMorning - day)
    await pushAll(journal)
    await journal.append({
      type: 'drawer-opened',
      context: counterContext,
      body: { drawer: null, reason: 'x' },
    })
    expect(journal.status().epochs).toHaveLength(2)
    world.portal.isAway = false
    expect(await sellWithIrn(world)).toBe('registered')
    const [bill] = await journal.lastBills(1)
    expect(bill?.entry.body.documents[0]?.number).toBe('T001I26-000001')
    const code = journal.status().head?.code
    expect(code).not.toBe('T001')
    expect((await journal.completeSale(saleOf(uuidOf(501)))).numbers).toEqual([`${code}I26-000001`])
  })
})

describe('provisional slips', () => {
  test('[JRN-14da, JRN-18b, JRN-18d] a slip counts nothing; its invoice books revenue and tax from the next sale on', async () => {
    const world = await openShop()
    const { journal } = world.till
    const slip = await journal.completeSale(saleOf(cart, 'P'))
    expect(slip.numbers).toEqual(['T001P26-000001'])
    expect(slip.entry.totals).toMatchObject({ sales: 1, documents: 1, soldMinor: 0, taxMinor: 0 })
    expect(journal.status().invoices.slips).toEqual([{ cart, identity: slip.identity }])
    await sellBySlip(world)
    const issued = entriesOf(world).find(({ type }) => type === 'invoice-issued')
    expect(issued).toMatchObject({
      cart: null,
      totals: null,
      body: { slip: slip.identity, irn: 'irn-T001I26-000001', document: { number: 'T001I26-000001' } },
    })
    expect(journal.status().invoices).toEqual({ numbers: [], slips: [] })
    const next = await journal.completeSale(saleOf(uuidOf(501)))
    expect(next.entry.totals).toMatchObject({ sales: 2, documents: 3, soldMinor: 99_800 })
    expect(totalsFit(world)).toBe(true)
  })

  test('[JRN-14da] a slip is invoiced once: the same again gives the first one', async () => {
    const world = await openShop()
    const { journal } = world.till
    await sellBySlip(world)
    const slip = (await journal.lastBills(1))[0]?.identity ?? ''
    const document = invoiceOf([soldLine('1', 1, 1000, 49_900)])
    const again = { slip, context: counterContext, document, irn: 'other', signedQr: null }
    expect(await journal.issueInvoice(again)).toMatchObject({ repeated: true, seq: 4 })
    expect(types(world)).toEqual(['epoch-opened', 'sale', 'invoice-intent', 'invoice-issued'])
    await expect(journal.issueInvoice({ ...again, slip: 'A'.repeat(43) })).rejects.toMatchObject({
      code: 'no-slip',
    })
  })

  test('[JRN-14da] no invoice of a slip without a number that was journalled first', async () => {
    const { till } = await openShop()
    const { identity: slip } = await till.journal.completeSale(saleOf(cart, 'P'))
    const document = invoiceOf([soldLine('1', 1, 1000, 49_900)])
    const draft = { slip, context: counterContext, document, irn: 'irn', signedQr: null }
    await expect(till.journal.issueInvoice(draft)).rejects.toMatchObject({ code: 'no-invoice-number' })
  })

  test('[JRN-14da] an IRN that was asked for before the line dropped is the slip’s: same number, one invoice', async () => {
    const world = await openShop()
    world.portal.isAway = true
    expect(await ask(world)).toMatchObject({ outcome: 'pending' })
    world.portal.isAway = false
    await sellBySlip(world)
    expect(fates(world)).toEqual(['issued'])
    expect(types(world)).toEqual(['epoch-opened', 'invoice-intent', 'sale', 'invoice-issued'])
  })
})

const points: readonly CrashPoint[] = [
  'before-primary',
  'after-primary',
  'before-twin',
  'torn-twin',
  'after-twin',
  'before-send',
  'after-send',
]
const steps = [1, 2, 3].flatMap((nth) => points.map((point) => [point, nth] as const))

describe('crashes', () => {
  test.each(steps)(
    '[JRN-14d, I7] %s, time %i: issued, cancelled or pending, and the same number in the end',
    async (point, nth) => {
      for (const refused of [false, true]) {
        let world = await openShop()
        if (refused) world.portal.refusals.set('T001I26-000001', 'refused')
        world.till.power.plan(point, nth)
        await Promise.race([sellWithIrn(world), world.till.power.crashed])
        world = await restart(world)
        expect(['', 'issued', 'cancelled', 'pending']).toContain(fates(world).join())
        if (world.till.journal.status().invoices.numbers.length > 0 || fates(world).length === 0) {
          await sellWithIrn(world)
        } else if (!refused && (await world.till.journal.findSaleByCart(cart)) === undefined) {
          throw new Error('Neither the number nor the sale is left')
        }
        expect(fates(world)).toEqual([refused ? 'cancelled' : 'issued'])
        expect([...world.portal.irns.keys()]).toEqual(refused ? [] : ['T001I26-000001'])
      }
    },
  )

  test.each(steps)(
    '[JRN-14da, I7] %s, time %i of a slip: its invoice is issued once, by one number',
    async (point, nth) => {
      let world = await openShop()
      world.till.power.plan(point, nth)
      await Promise.race([sellBySlip(world), world.till.power.crashed])
      world = await restart(world)
      expect(['', 'issued', 'pending']).toContain(fates(world).join())
      const { slips } = world.till.journal.status().invoices
      const sold = await world.till.journal.findSaleByCart(cart)
      // What waits is offered; a cart that was not sold is sold.
      if (sold === undefined || slips.length > 0) await sellBySlip(world)
      expect(fates(world)).toEqual(['issued'])
      expect(types(world).filter((type) => type === 'invoice-issued' || type === 'sale')).toEqual([
        'sale',
        'invoice-issued',
      ])
      expect(world.till.journal.status().invoices).toEqual({ numbers: [], slips: [] })
      expect(totalsFit(world)).toBe(true)
    },
  )
})
