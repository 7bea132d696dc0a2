import { describe, expect, test } from 'vitest'
import { toBase64Url } from '../canonical/base64url.ts'
import { decodeEntry } from '../entry/decode.ts'
import type { Entry } from '../entry/schema.ts'
import type { TillPorts } from '../ports.ts'
import { verifyChain } from '../server/verify-chain.ts'
import { cashSale, counterContext, invoiceOf, soldLine, tenInTheMorning } from '../testing/bills.ts'
import { type Disk, emptyDisk, memoryVerify, nodeSha256 } from '../testing/memory-ports.ts'
import { MemoryServer } from '../testing/memory-server.ts'
import {
  directTransport,
  enrolledTill,
  type MemoryTill,
  pushAll,
  startTill,
  testApp,
} from '../testing/memory-till.ts'
import { readJournalFile } from '../testing/read-journal-file.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { openTillJournal } from './till-journal.ts'
import { type Finding, JournalRefusal, type SaleDraft, type TillJournal } from './types.ts'

const day = 86_400_000

async function openShop(): Promise<{ server: MemoryServer; till: MemoryTill }> {
  const server = new MemoryServer(seededRandom(7), () => tenInTheMorning)
  return { server, till: await enrolledTill(server, { wallMs: tenInTheMorning }) }
}

/** The same device after its power came back. */
async function restart(
  server: MemoryServer,
  { disk, power }: MemoryTill,
  wallMs = tenInTheMorning,
): Promise<MemoryTill> {
  power.cut()
  return await startTill(directTransport(server), { disk, seed: 99, wallMs })
}

let carts = 0
function saleOf(pricedAt = tenInTheMorning): SaleDraft {
  carts++
  return cashSale(
    seededRandom(carts).uuid(tenInTheMorning + carts),
    [soldLine('1', 1, 1000, 49_900)],
    pricedAt,
  )
}

function entriesOf(disk: Disk): Entry[] {
  return [...disk.entries.values()].flatMap(({ bytes }) => {
    const decoded = decodeEntry(bytes)
    return decoded.kind === 'ok' ? [decoded.entry] : []
  })
}

function incidentsOf(disk: Disk): string[] {
  return entriesOf(disk).flatMap((entry) => (entry.type === 'incident' ? [entry.body.kind] : []))
}

/** Entries that are no sales, and the hop has them: the next start has nothing to compare. */
async function openDrawer({ journal }: MemoryTill, times: number): Promise<void> {
  const body = { drawer: null, reason: 'x' }
  for (let n = 0; n < times; n++) {
    await journal.append({ type: 'drawer-opened', context: counterContext, body })
  }
  await pushAll(journal)
}

/** Lets a promise that waits for nothing but microtasks get as far as it can. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve))
}

/** Advances time until the promise settles. */
async function whileTimeGoesBy<T>(till: MemoryTill, promise: Promise<T>): Promise<T> {
  let done = false
  const watched = promise.finally(() => {
    done = true
  })
  watched.catch(() => undefined)
  for (let n = 0; n < 50 && !done; n++) {
    await turn()
    if (!done) till.clock.advance(5_000)
  }
  return await watched
}

describe('completion', () => {
  test('[JRN-1a, JRN-1c] a completed sale, its number and the head stand in both copies', async () => {
    const { till } = await openShop()
    const sale = await till.journal.completeSale(saleOf())
    expect(sale).toMatchObject({ copies: 'both', repeated: false, numbers: ['T001I26-000001'], seq: 2 })
    expect(till.disk.entries.get(`${sale.epoch}/2`)?.hash).toBe(sale.identity)
    expect(till.disk.head).toMatchObject({ seq: 2, hash: sale.identity, series: { I26: { number: 1 } } })
    const text = Buffer.concat([...till.disk.segments.values()]).toString('latin1')
    expect(text).toContain('T001I26-000001')
  })

  test('[JRN-1a] a sale is not complete before the second copy is flushed', async () => {
    const { till } = await openShop()
    till.power.plan('before-twin')
    let completed = false
    void till.journal.completeSale(saleOf()).then(() => {
      completed = true
    })
    await turn()
    expect(till.disk.head?.seq).toBe(2)
    expect(completed).toBe(false)
  })

  test('[JRN-1e, F29] one cart ends once: the same sale again gives the first one', async () => {
    const { till } = await openShop()
    const draft = saleOf()
    const [first, second] = await Promise.all([
      till.journal.completeSale(draft),
      till.journal.completeSale(draft),
    ])
    expect(second).toMatchObject({ identity: first.identity, numbers: first.numbers, repeated: true })
    expect(till.journal.status().head?.seq).toBe(2)
  })

  test('[JRN-1e] a voided cart is not sold and a sold one is not voided', async () => {
    const { till } = await openShop()
    const draft = saleOf()
    const body = { reason: 'left', lines: 1, grossMinor: 49_900, recalledFrom: null, root: draft.cart }
    const voided = { type: 'void-cart', cart: draft.cart, context: counterContext, body } as const
    await till.journal.append(voided)
    await expect(till.journal.completeSale(draft)).rejects.toMatchObject({ code: 'cart-ended' })
    await expect(till.journal.append(voided)).rejects.toMatchObject({ code: 'cart-ended' })
    expect(await till.journal.findSaleByCart(draft.cart)).toBeUndefined()
  })

  test('[JRN-1f] what the database committed before it failed is not written again under another seq', async () => {
    const { till } = await openShop()
    till.power.primaryFails = 'error-after-commit'
    const draft = saleOf()
    const sale = await till.journal.completeSale(draft)
    till.power.primaryFails = false
    expect(sale).toMatchObject({ copies: 'both', seq: 2, repeated: false })
    expect((await till.journal.completeSale(draft)).seq).toBe(2)
    expect(entriesOf(till.disk).filter(({ type }) => type === 'sale')).toHaveLength(1)
  })

  test('[JRN-1f] nor is any other entry that the database committed before it failed', async () => {
    const { till } = await openShop()
    till.power.primaryFails = 'error-after-commit'
    const body = { drawer: null, reason: 'change' }
    await till.journal.append({ type: 'drawer-opened', context: counterContext, body })
    expect(entriesOf(till.disk).map(({ type }) => type)).toEqual(['epoch-opened', 'drawer-opened'])
  })

  test('[JRN-1e] one cart ends once on the files alone too', async () => {
    const { till } = await openShop()
    till.power.primaryFails = 'error'
    const draft = saleOf()
    const first = await till.journal.completeSale(draft)
    expect(await till.journal.completeSale(draft)).toMatchObject({ identity: first.identity, repeated: true })
  })

  test('[JRN-1g, F12] if the database fails the till completes on the files, loudly, with an incident', async () => {
    const { server, till } = await openShop()
    till.power.primaryFails = 'error'
    const sale = await till.journal.completeSale(saleOf())
    expect(sale.copies).toBe('twin-only')
    expect(till.journal.status()).toMatchObject({ failedCopy: 'primary', head: { seq: 3 } })
    till.power.primaryFails = false
    const again = await restart(server, till)
    expect(await again.journal.findSaleByCart(sale.entry.cart ?? '')).toMatchObject({
      identity: sale.identity,
    })
    expect(incidentsOf(till.disk)).toContain('copy-failed')
    await pushAll(again.journal)
    expect(server.rows.effects.get(sale.identity)).toBe(1)
  })

  test('[JRN-1g] if the files fail the till completes on the database, with an incident', async () => {
    const { till } = await openShop()
    till.power.twinFails = true
    expect((await till.journal.completeSale(saleOf())).copies).toBe('primary-only')
    expect(incidentsOf(till.disk)).toEqual(['copy-failed'])
    till.power.twinFails = false
    await till.journal.repairCopies()
    expect(till.journal.status().failedCopy).toBeNull()
    expect((await till.journal.completeSale(saleOf())).copies).toBe('both')
  })

  test('[JRN-1g] a repaired database has everything that it missed', async () => {
    const { till } = await openShop()
    till.power.primaryFails = 'error'
    const sale = await till.journal.completeSale(saleOf())
    till.power.primaryFails = false
    await till.journal.repairCopies()
    expect(till.disk.entries.get(`${sale.epoch}/${sale.seq}`)?.hash).toBe(sale.identity)
    expect(till.disk.head?.hash).toBe(till.journal.status().head?.hash)
  })

  test('[JRN-1h, F11] after 5 s without an answer the till asks what became of the sale and goes on with the files', async () => {
    const { till } = await openShop()
    till.power.primaryFails = 'silent'
    const sale = await whileTimeGoesBy(till, till.journal.completeSale(saleOf()))
    expect(sale.copies).toBe('twin-only')
    // It goes on selling without waiting again.
    expect((await till.journal.completeSale(saleOf())).copies).toBe('twin-only')
  })

  test('[JRN-1h] when neither copy answers nothing is complete, and the same sale can be tried again', async () => {
    const { till } = await openShop()
    till.power.primaryFails = 'error'
    till.power.twinFails = true
    const draft = saleOf()
    await expect(till.journal.completeSale(draft)).rejects.toMatchObject({ code: 'storage-failed' })
    till.power.primaryFails = false
    till.power.twinFails = false
    await till.journal.repairCopies()
    till.clock.advance(60_000)
    // The very same bytes: should the first try have been written after all, it is the same entry.
    const sale = await till.journal.completeSale(draft)
    expect(sale).toMatchObject({ numbers: ['T001I26-000001'], entry: { at: tenInTheMorning } })
  })

  test('[JRN-1i, F02] nothing of a completion waits for the network', async () => {
    const server = new MemoryServer(seededRandom(7), () => tenInTheMorning)
    const { disk } = await enrolledTill(server, { wallMs: tenInTheMorning })
    const dead = () => new Promise<never>(() => undefined)
    const transport = { enrol: dead, hello: dead, push: dead, heartbeat: dead }
    const till = await startTill(transport, { disk, seed: 3, wallMs: tenInTheMorning })
    // Neither before anything was asked nor while a request has no answer.
    expect(await till.journal.completeSale(saleOf())).toMatchObject({ copies: 'both' })
    void till.journal.pushOnce()
    expect(await till.journal.completeSale(saleOf())).toMatchObject({ copies: 'both' })
  })

  test('[JRN-1d, JRN-4c, F15] the identity is the SHA-256 of the bytes, worked out before the transaction opens', async () => {
    const { till } = await openShop()
    const events: string[] = []
    const { primary, sha256 } = till.ports
    const ports: TillPorts = {
      ...till.ports,
      sha256: (bytes) => {
        events.push('hash')
        return sha256(bytes)
      },
      primary: {
        ...primary,
        change: async (change) => {
          events.push('open')
          const outcome = await primary.change(change)
          events.push(outcome)
          return outcome
        },
      },
    }
    const journal = await openTillJournal(ports, testApp)
    events.length = 0
    const { identity, epoch, seq } = await journal.completeSale(saleOf())
    expect(events).toEqual(['hash', 'open', 'committed'])
    const bytes = till.disk.entries.get(`${epoch}/${seq}`)?.bytes ?? new Uint8Array()
    expect(identity).toBe(toBase64Url(nodeSha256(bytes)))
  })

  test('[JRN-4d] places count from 1 without gaps and each entry names the one before', async () => {
    const { till } = await openShop()
    for (let n = 0; n < 3; n++) await till.journal.completeSale(saleOf())
    const entries = [...till.disk.entries.values()]
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
    const links = entries.slice(1).map(({ bytes }) => decodeEntry(bytes).outline.prevHash)
    expect(links).toEqual(entries.slice(0, -1).map(({ hash }) => hash))
  })

  test('[JRN-7d] a cart that was held and recalled here stays the same cart and ends once', async () => {
    const { till } = await openShop()
    const draft = saleOf()
    const { cart } = draft
    const held = { lines: [], recalledFrom: null, root: cart }
    await till.journal.append({
      type: 'hold',
      cart,
      context: counterContext,
      body: held,
      personal: { name: 'Asha' },
    })
    await till.journal.append({
      type: 'recall',
      cart,
      context: counterContext,
      body: { recalledFrom: cart, root: cart },
    })
    expect(await till.journal.findSaleByCart(cart)).toBeUndefined()
    await till.journal.completeSale(draft)
    expect((await till.journal.findSaleByCart(cart))?.entry.cart).toBe(cart)
  })

  test('an entry before enrolment is refused', async () => {
    const server = new MemoryServer(seededRandom(7), () => tenInTheMorning)
    const till = await startTill(directTransport(server), { wallMs: tenInTheMorning })
    expect(till.journal.status().state).toBe('new')
    await expect(till.journal.completeSale(saleOf())).rejects.toBeInstanceOf(JournalRefusal)
  })

  test('[JRN-4b] a text that is not well-formed is refused, and the till goes on', async () => {
    const { till } = await openShop()
    const sale = saleOf()
    const odd = { ...sale, body: { ...sale.body, language: '\ud800' } }
    await expect(till.journal.completeSale(odd)).rejects.toMatchObject({ code: 'malformed' })
    expect((await till.journal.completeSale(sale)).seq).toBe(2)
  })
})

describe('numbers', () => {
  test('[JRN-14ad, JRN-14ae, F45, F46] numbers of a series have no gaps, whatever is voided or refused between', async () => {
    const { till } = await openShop()
    const numbers: string[] = []
    for (let n = 0; n < 3; n++) {
      numbers.push(...(await till.journal.completeSale(saleOf())).numbers)
      const cart = saleOf().cart
      const body = { reason: 'left', lines: 1, grossMinor: 1, recalledFrom: null, root: cart }
      await till.journal.append({ type: 'void-cart', cart, context: counterContext, body })
    }
    expect(numbers).toEqual(['T001I26-000001', 'T001I26-000002', 'T001I26-000003'])
  })

  test('[JRN-14a] each kind and each financial year has a series of its own', async () => {
    const { till } = await openShop()
    const sale = saleOf()
    const [invoice] = sale.body.documents
    if (invoice === undefined) throw new Error('A sale has a document')
    const exchange = {
      ...sale,
      body: { ...sale.body, documents: [{ ...invoice, kind: 'C' as const }, invoice] },
    }
    expect((await till.journal.completeSale(exchange)).numbers).toEqual(['T001C26-000001', 'T001I26-000001'])
    const nextYear = Date.UTC(2027, 2, 31, 18, 30)
    expect((await till.journal.completeSale(saleOf(nextYear - 1))).numbers).toEqual(['T001I26-000002'])
    expect((await till.journal.completeSale(saleOf(nextYear))).numbers).toEqual(['T001I27-000001'])
  })

  test.each(['I', 'B', 'C', 'R', 'P', 'G'] as const)(
    '[JRN-14ab, JRN-14ac] a document of kind %s bears its letter and the year in which the financial year begins',
    async (kind) => {
      const { till } = await openShop()
      const sale = saleOf(Date.UTC(2027, 0, 15))
      const documents = sale.body.documents.map((each) => ({ ...each, kind }))
      const { numbers } = await till.journal.completeSale({ ...sale, body: { ...sale.body, documents } })
      expect(numbers).toEqual([`T001${kind}26-000001`])
    },
  )

  test('[JRN-4f] an entry of a cart names it, one outside of any names none', async () => {
    const { till } = await openShop()
    const draft = saleOf()
    const body = { drawer: null, reason: 'change' }
    expect((await till.journal.completeSale(draft)).entry.cart).toBe(draft.cart)
    const drawer = await till.journal.append({ type: 'drawer-opened', context: counterContext, body })
    expect(drawer.entry.cart).toBeNull()
  })

  test('[JRN-14ad, F22] after a restart the series goes on', async () => {
    const { server, till } = await openShop()
    await till.journal.completeSale(saleOf())
    const again = await restart(server, till)
    expect((await again.journal.completeSale(saleOf())).numbers).toEqual(['T001I26-000002'])
  })

  test('[JRN-14a] a new epoch numbers by its own code from one on', async () => {
    const { server, till } = await openShop()
    await till.journal.completeSale(saleOf())
    await till.journal.confirmClock(tenInTheMorning + day)
    await till.journal.completeSale(saleOf(tenInTheMorning + day))
    await till.journal.confirmClock(tenInTheMorning)
    const sale = await till.journal.completeSale(saleOf())
    expect(sale.numbers).toEqual(['T002I26-000001'])
    await pushAll(till.journal)
    expect(server.rows.effects.get(sale.identity)).toBe(1)
  })
})

describe('start', () => {
  test('[JRN-3a, JRN-3d, F13] a crash between the copies is mended: the files get what the database has', async () => {
    const { server, till } = await openShop()
    till.power.plan('before-twin')
    const draft = saleOf()
    void till.journal.completeSale(draft)
    await turn()
    const again = await restart(server, till)
    expect(again.journal.findings()).toMatchObject([{ kind: 'twin-poorer', seq: 2 }])
    expect(await again.journal.completeSale(draft)).toMatchObject({ repeated: true, seq: 2 })
    expect(incidentsOf(till.disk)).toEqual(['start/twin-poorer'])
    const { segments } = till.disk
    const rebuilt = await restart(server, { ...again, disk: { ...emptyDisk(), segments } })
    expect(await rebuilt.journal.findSaleByCart(draft.cart)).toBeDefined()
  })

  test('[JRN-3a] a torn record of the files is passed over and written anew', async () => {
    const { server, till } = await openShop()
    till.power.plan('torn-twin')
    void till.journal.completeSale(saleOf())
    await turn()
    const again = await restart(server, till)
    expect(again.journal.findings()).toMatchObject([{ kind: 'twin-poorer', seq: 2 }])
    const third = await restart(server, again)
    expect(third.journal.findings()).toEqual([])
  })

  test('[JRN-3a, F08, F09] what only the files have comes back into the database', async () => {
    const { server, till } = await openShop()
    await till.journal.completeSale(saleOf())
    const earlier = structuredClone({ ...till.disk, segments: new Map() })
    const last = await till.journal.completeSale(saleOf())
    Object.assign(till.disk, { head: earlier.head, entries: earlier.entries, endings: earlier.endings })
    const again = await restart(server, till)
    expect(again.journal.findings()).toMatchObject([{ kind: 'primary-poorer', seq: 3 }])
    expect(await again.journal.findSaleByCart(last.entry.cart ?? '')).toMatchObject({
      identity: last.identity,
    })
    expect((await again.journal.completeSale(saleOf())).numbers).toEqual(['T001I26-000003'])
  })

  test('[JRN-3c] with the files gone the till sells on and writes them anew', async () => {
    const { server, till } = await openShop()
    await till.journal.completeSale(saleOf())
    till.disk.segments.clear()
    const again = await restart(server, till)
    expect(again.journal.findings().map(({ kind }) => kind)).toEqual(['twin-lost', 'twin-poorer'])
    expect((await again.journal.completeSale(saleOf())).copies).toBe('both')
    expect((await restart(server, again)).journal.findings()).toEqual([])
  })

  test('[JRN-3l] with the files alone the till rebuilds the database and goes on in its epoch', async () => {
    const { server, till } = await openShop()
    const first = await till.journal.completeSale({ ...saleOf(), personal: { name: 'Asha' } })
    const { segments } = till.disk
    const again = await restart(server, { ...till, disk: { ...emptyDisk(), segments } })
    expect(again.journal.findings()).toMatchObject([{ kind: 'primary-lost' }])
    const next = await again.journal.completeSale(saleOf())
    expect(next).toMatchObject({ epoch: first.epoch, numbers: ['T001I26-000002'], copies: 'both' })
    expect(await again.journal.personalOf(first.identity)).toEqual({ name: 'Asha' })
    expect(await again.journal.pushOnce()).toMatchObject({ kind: 'failed' })
    expect(again.journal.status().newEpoch).toBe('key-lost')
  })

  test('[JRN-3l] at the next contact it enrols a new key and epoch, and the old one is sent under it', async () => {
    const { server, till } = await openShop()
    const code = till.journal.status().register ?? ''
    const first = await till.journal.completeSale(saleOf())
    const { segments } = till.disk
    const again = await restart(server, { ...till, disk: { ...emptyDisk(), segments } })
    await again.journal.pushOnce()
    await again.journal.enrol({ code, storage: { persisted: true, quotaBytes: null, usageBytes: null } })
    const next = await again.journal.completeSale(saleOf())
    expect(next.epoch).not.toBe(first.epoch)
    await pushAll(again.journal)
    expect([server.rows.effects.get(first.identity), server.rows.effects.get(next.identity)]).toEqual([1, 1])
  })

  test('a code of another register is refused before anything of this one is given up', async () => {
    const { server, till } = await openShop()
    const own = till.journal.status().register ?? ''
    const other = server.issueCode()
    const sold = await till.journal.completeSale(saleOf())
    const { segments } = till.disk
    const again = await restart(server, { ...till, disk: { ...emptyDisk(), segments } })
    await again.journal.pushOnce()
    const enrol = (code: string) =>
      again.journal.enrol({ code, storage: { persisted: true, quotaBytes: null, usageBytes: null } })
    await expect(enrol(other)).rejects.toMatchObject({ code: 'other-register' })
    expect(again.journal.status()).toMatchObject({ register: own, newEpoch: 'key-lost' })
    const next = await again.journal.completeSale(saleOf())
    expect(next.epoch).toBe(sold.epoch)
    await enrol(own)
    await pushAll(again.journal)
    expect([server.rows.effects.get(sold.identity), server.rows.effects.get(next.identity)]).toEqual([1, 1])
  })

  test('[JRN-3m, F05, F06] with neither copy the device is no till', async () => {
    const { server, till } = await openShop()
    const again = await restart(server, { ...till, disk: emptyDisk() })
    expect(again.journal.status().state).toBe('new')
  })

  test('[JRN-2d] of two entries for one place the one that its successor links to wins, the other is told', async () => {
    const { server, till } = await openShop()
    const before = structuredClone(till.disk)
    till.power.primaryFails = 'error'
    const winner = await till.journal.completeSale(saleOf())
    const successor = await till.journal.completeSale(saleOf())
    till.power.primaryFails = false
    // The database commits another entry for that place after all.
    const rival = await startTill(directTransport(server), { disk: before, seed: 5, wallMs: tenInTheMorning })
    const loser = await rival.journal.completeSale(saleOf())
    const lost = rival.disk.entries.get(`${loser.epoch}/${loser.seq}`)?.bytes ?? new Uint8Array()
    const { head, entries, endings, lastSeqs } = rival.disk
    Object.assign(till.disk, { head, entries, endings, lastSeqs })
    const again = await restart(server, till)
    const bills = await again.journal.lastBills(5)
    expect(bills.map(({ identity }) => identity)).toEqual([successor.identity, winner.identity])
    const told = entriesOf(till.disk).find(
      (entry) => entry.type === 'incident' && entry.body.kind === 'start/two-entries',
    )
    expect(told).toMatchObject({ body: { bytes: toBase64Url(lost), place: { seq: 2 } } })
    expect((await again.journal.completeSale(saleOf())).numbers).toEqual(['T001I26-000003'])
  })

  test('[JRN-2d] of two last entries the database’s wins', async () => {
    const { server, till } = await openShop()
    const disk = structuredClone(till.disk)
    const other = await startTill(directTransport(server), { disk, seed: 5, wallMs: tenInTheMorning })
    await other.journal.completeSale(saleOf())
    const survivor = await till.journal.completeSale(saleOf())
    for (const [name, bytes] of other.disk.segments) till.disk.segments.set(name, bytes)
    const again = await restart(server, till)
    expect((await again.journal.lastBills(1))[0]?.identity).toBe(survivor.identity)
    expect(again.journal.findings().map(({ kind }) => kind)).toContain('two-entries')
  })

  test('[JRN-3e, JRN-3f, JRN-3g] a broken chain ends the epoch: the next entry opens the spare', async () => {
    const { server, till } = await openShop()
    for (let n = 0; n < 3; n++) await till.journal.completeSale(saleOf())
    const other = await openShop()
    for (let n = 0; n < 3; n++) await other.till.journal.completeSale(saleOf())
    const { epoch = '' } = till.journal.status().head ?? {}
    const key = `${epoch}/3`
    const foreign = other.till.disk.entries.get(`${other.till.journal.status().head?.epoch}/3`)
    if (foreign === undefined) throw new Error('Both tills wrote a third entry')
    till.disk.entries.set(key, { ...foreign, epoch })
    till.disk.segments.clear()
    const again = await restart(server, till)
    expect(again.journal.findings().map(({ kind }) => kind)).toContain('chain-broken')
    const sale = await again.journal.completeSale(saleOf())
    expect(sale.epoch).not.toBe(epoch)
    expect(sale.numbers).toEqual(['T002I26-000001'])
  })

  test('[JRN-10f] a record that neither copy can verify is a hole; its bytes travel in an incident', async () => {
    const { server, till } = await openShop()
    for (let n = 0; n < 3; n++) await till.journal.completeSale(saleOf())
    const { epoch = '' } = till.journal.status().head ?? {}
    const record = till.disk.entries.get(`${epoch}/3`)
    if (record === undefined) throw new Error('The till wrote a third entry')
    const damaged = Uint8Array.from(record.bytes)
    damaged[100] = (damaged[100] ?? 0) ^ 1
    till.disk.entries.set(`${epoch}/3`, { ...record, bytes: damaged })
    till.disk.segments.clear()
    const again = await restart(server, till)
    const told = entriesOf(till.disk).find(
      (entry) => entry.type === 'incident' && entry.body.kind === 'start/damaged',
    )
    expect(told).toMatchObject({ epoch, body: { bytes: toBase64Url(damaged), place: { epoch, seq: 3 } } })
    till.disk.entries.delete(`${epoch}/3`)
    await pushAll(again.journal)
    expect(server.rows.epochs.get(epoch)?.holes).toMatchObject([
      { fromSeq: 3, toSeq: 3, lastHash: record.hash },
    ])
    expect(server.rows.epochs.get(epoch)?.head.seq).toBe(again.journal.status().head?.seq)
    // Its file names the hole too, and what lies below it is signed as well.
    const [saved] = (await readJournalFile(again.journal.exportLines())).epochs
    if (saved === undefined) throw new Error('The file has an epoch')
    const tools = { sha256: nodeSha256, verify: memoryVerify, enrolmentKeys: ['enrolment-key'] }
    const head = again.journal.status().head?.seq
    expect(verifyChain({ ...saved, trusted: null }, tools)).toMatchObject({
      firstBad: null,
      holes: [{ fromSeq: 3, toSeq: 3, lastHash: record.hash }],
      signedSeq: head,
    })
  })

  test('[JRN-3b] damage older than the last checkpoint is found in idle time and mended', async () => {
    const { server, till } = await openShop()
    for (let n = 0; n < 3; n++) await till.journal.completeSale(saleOf())
    await pushAll(till.journal)
    const { epoch = '' } = till.journal.status().head ?? {}
    const record = till.disk.entries.get(`${epoch}/2`)
    if (record === undefined) throw new Error('The till wrote a second entry')
    till.disk.entries.set(`${epoch}/2`, { ...record, bytes: Uint8Array.of(1) })
    const again = await restart(server, till)
    expect(again.journal.findings()).toEqual([])
    expect((await again.journal.checkOlder()).map(({ kind }) => kind)).toContain('primary-poorer')
    expect((await again.journal.lastBills(3)).at(-1)?.identity).toBe(record.hash)
  })

  test('[JRN-3b] damage and loss are found at both ends of each portion, and nothing else is', async () => {
    const { server, till } = await openShop()
    await openDrawer(till, 299)
    const { epoch = '', seq } = till.journal.status().head ?? {}
    expect(seq).toBe(300)
    for (const at of [1, 100, 101, 200]) {
      const record = till.disk.entries.get(`${epoch}/${at}`)
      if (record === undefined) throw new Error(`The till wrote no entry ${at}`)
      till.disk.entries.set(`${epoch}/${at}`, { ...record, bytes: Uint8Array.of(1) })
    }
    const again = await restart(server, till)
    const places = (findings: readonly Finding[]) =>
      findings
        .map(({ kind, seq }) => [kind, seq] as const)
        .sort(([, one], [, two]) => (one ?? 0) - (two ?? 0))
    expect(places(await again.journal.checkOlder())).toEqual([
      ['primary-poorer', 1],
      ['primary-poorer', 1],
      ['primary-poorer', 100],
      ['primary-poorer', 101],
      ['primary-poorer', 200],
    ])
    const other = await restart(server, again)
    other.disk.segments.clear()
    expect(places(await other.journal.checkOlder())).toEqual([
      ['damaged', 1],
      ['twin-poorer', 2],
      ['damaged', 100],
      ['damaged', 101],
      ['damaged', 200],
    ])
  })

  test('[JRN-3b] a sale waits for one portion of the check in idle time, never for the whole', async () => {
    const { server, till } = await openShop()
    await openDrawer(till, 450)
    let hashed = 0
    let sold: Promise<number> | undefined
    const sha256 = (bytes: Uint8Array) => {
      hashed++
      // In the midst of the second portion.
      if (hashed === 150) sold = journal.completeSale(saleOf()).then(() => hashed)
      return nodeSha256(bytes)
    }
    const journal: TillJournal = await openTillJournal({ ...till.ports, sha256 }, testApp)
    hashed = 0
    expect(await journal.checkOlder()).toEqual([])
    expect(hashed).toBeGreaterThan(450)
    expect(await sold).toBeLessThan(150 + 100 + 10)
    expect((await restart(server, till)).journal.findings()).toEqual([])
  })

  test('[JRN-6a, JRN-6b, JRN-6c, JRN-6d, F27, F54, F55] a new window takes over; the old one fails its fence and writes nothing', async () => {
    const { server, till } = await openShop()
    const other = await startTill(directTransport(server), {
      disk: till.disk,
      seed: 4,
      wallMs: tenInTheMorning,
    })
    await expect(till.journal.completeSale(saleOf())).rejects.toMatchObject({ code: 'not-owner' })
    expect(till.journal.status().state).toBe('lost')
    expect((await other.journal.completeSale(saleOf())).seq).toBe(2)
    await expect(till.journal.completeSale(saleOf())).rejects.toMatchObject({ code: 'not-owner' })
  })

  test('[JRN-2b, JRN-2c, F17] each owner writes a segment of its own and start reads them all', async () => {
    const { server, till } = await openShop()
    await till.journal.completeSale(saleOf())
    const again = await restart(server, till)
    await again.journal.completeSale(saleOf())
    const names = [...till.disk.segments.keys()]
    expect(new Set(names.map((name) => name.split('.')[1])).size).toBe(2)
    const { segments } = till.disk
    const rebuilt = await restart(server, { ...again, disk: { ...emptyDisk(), segments } })
    expect(await rebuilt.journal.lastBills(5)).toHaveLength(2)
  })
})

describe('what people see', () => {
  test('[JRN-11a, F23] after a crash the last sale is in doubt until somebody saw its receipt', async () => {
    const { server, till } = await openShop()
    const sale = await till.journal.completeSale(saleOf())
    const again = await restart(server, till)
    expect(again.journal.status().inDoubt).toMatchObject({
      identity: sale.identity,
      numbers: ['T001I26-000001'],
      totalMinor: 49_900,
    })
    await again.journal.confirmReceipt(sale.identity)
    expect(again.journal.status().inDoubt).toBeNull()
    expect((await restart(server, again)).journal.status().inDoubt).toBeNull()
  })

  test('[JRN-11a] a receipt that was confirmed is not in doubt after a crash', async () => {
    const { server, till } = await openShop()
    const sale = await till.journal.completeSale(saleOf())
    await till.journal.confirmReceipt(sale.identity)
    expect((await restart(server, till)).journal.status().inDoubt).toBeNull()
  })

  test('[JRN-11b] a reprint is journalled with the id of its job', async () => {
    const { till } = await openShop()
    const { identity, numbers } = await till.journal.completeSale(saleOf())
    const job = till.random.uuid(tenInTheMorning)
    const body = { identity, number: numbers[0] ?? '', job, copy: 1, reason: null }
    await till.journal.append({ type: 'reprint', context: counterContext, body })
    expect(entriesOf(till.disk).at(-1)).toMatchObject({ type: 'reprint', body: { job, identity, copy: 1 } })
  })

  test('[JRN-18g] the status carries place and short hash of the head, for bill, slip and screen', async () => {
    const { till } = await openShop()
    const { identity } = await till.journal.completeSale(saleOf())
    expect(till.journal.status()).toMatchObject({ head: { seq: 2 }, shortHash: identity.slice(0, 8) })
  })

  test('[JRN-12a, F07] the status says how many entries and what sum are only here, since when', async () => {
    const { till } = await openShop()
    await pushAll(till.journal)
    expect(till.journal.status().notStored).toEqual({ entries: 0, sales: 0, soldMinor: 0, oldestAt: null })
    till.clock.advance(60_000)
    await till.journal.completeSale(saleOf())
    till.clock.advance(60_000)
    await till.journal.completeSale(saleOf())
    await till.journal.append({
      type: 'drawer-opened',
      context: counterContext,
      body: { drawer: null, reason: 'x' },
    })
    const since = tenInTheMorning + 60_000
    expect(till.journal.status().notStored).toEqual({
      entries: 3,
      sales: 2,
      soldMinor: 99_800,
      oldestAt: since,
    })
    expect(till.journal.status().notDurable).toMatchObject({ entries: 4, sales: 2, soldMinor: 99_800 })
    await pushAll(till.journal)
    expect(till.journal.status().notStored.entries).toBe(0)
    expect(till.journal.status().notDurable.entries).toBe(4)
  })

  test('[JRN-12b] the exported file holds every byte, and the verifier finds no fault in it', async () => {
    const { till } = await openShop()
    const sale = await till.journal.completeSale({ ...saleOf(), personal: { name: 'Asha' } })
    await pushAll(till.journal)
    const file = await readJournalFile(till.journal.exportLines())
    expect(file.header?.register).toBe(till.journal.status().register)
    expect(file.personal.map(({ identity }) => identity)).toEqual([sale.identity])
    const [epoch] = file.epochs
    if (epoch === undefined) throw new Error('The file has an epoch')
    const tools = { sha256: nodeSha256, verify: memoryVerify, enrolmentKeys: ['enrolment-key'] }
    const report = verifyChain({ ...epoch, trusted: null }, tools)
    expect(report).toMatchObject({ firstBad: null, provenSeq: 2, signedSeq: 2, totals: { sales: 1 } })
  })

  test('the last bills are read back newest first, one by its number', async () => {
    const { till } = await openShop()
    const made = []
    for (let n = 0; n < 60; n++) made.push((await till.journal.completeSale(saleOf())).identity)
    const bills = await till.journal.lastBills(55)
    expect(bills.map(({ identity }) => identity)).toEqual(made.toReversed().slice(0, 55))
    expect((await till.journal.findBill('T001I26-000007'))?.identity).toBe(made[6])
    expect(await till.journal.findBill('T001I26-000099')).toBeUndefined()
  })

  test('[JRN-4j] a bill with a fault that the schema denies still completes, and people are told', async () => {
    const { till } = await openShop()
    const draft = saleOf()
    const lines = [soldLine('a uid that is too long', 1, 1000, 100)]
    const odd = { ...draft, body: { ...draft.body, documents: [invoiceOf(lines)] } }
    expect(await till.journal.completeSale(odd)).toMatchObject({ copies: 'both' })
    expect(incidentsOf(till.disk)).toEqual(['schema-failed'])
  })
})

describe('time', () => {
  test('[JRN-13b, JRN-13c, F41] the till’s time is the trusted instant plus monotonic time, whatever the wall says', async () => {
    const { till } = await openShop()
    till.clock.advance(90_000)
    till.clock.setWall(0)
    const { entry } = await till.journal.completeSale(saleOf())
    expect(entry).toMatchObject({ at: tenInTheMorning + 90_000, trustAgeMs: 90_000, monotonicMs: 90_000 })
    expect(entry.clockOffsetMs).toBe(-entry.at)
    expect(entry.bootId).toBe(till.clock.bootId)
  })

  test('[JRN-13d] a clock that jumps by more than 120 s is journalled before the next sale, once', async () => {
    const { till } = await openShop()
    till.clock.setWall(tenInTheMorning + 119_000)
    await till.journal.completeSale(saleOf())
    expect(till.journal.status().clockSkewMs).toBe(0)
    till.clock.setWall(tenInTheMorning + 121_000)
    expect(till.journal.status().clockSkewMs).toBe(121_000)
    await till.journal.completeSale(saleOf())
    await till.journal.completeSale(saleOf())
    const jumps = entriesOf(till.disk).filter(({ type }) => type === 'clock-changed')
    expect(jumps).toMatchObject([{ seq: 3, body: { skewMs: 121_000, wallAfter: tenInTheMorning + 121_000 } }])
  })

  test('[JRN-13b] after a restart the wall says how much time went by, and never that it went back', async () => {
    const { server, till } = await openShop()
    await till.journal.completeSale(saleOf())
    const later = await restart(server, till, tenInTheMorning + 3_600_000)
    expect(later.journal.status()).toMatchObject({ at: tenInTheMorning + 3_600_000, trustAgeMs: 3_600_000 })
    const dead = await restart(server, later, 0)
    expect(dead.journal.status()).toMatchObject({ at: tenInTheMorning, trustAgeMs: null })
    expect((await dead.journal.completeSale(saleOf())).entry).toMatchObject({
      at: tenInTheMorning,
      trustAgeMs: null,
    })
  })

  test('[JRN-13b] the cashier’s confirmation is a trusted instant', async () => {
    const { till } = await openShop()
    await till.journal.confirmClock(tenInTheMorning + 600_000)
    till.clock.advance(1_000)
    expect(till.journal.status()).toMatchObject({ at: tenInTheMorning + 601_000, trustAgeMs: 1_000 })
  })

  test('[JRN-13e, F42] the trading day is the shift’s, whatever the clock says', async () => {
    const { till } = await openShop()
    till.clock.advance(2 * day)
    expect((await till.journal.completeSale(saleOf())).entry.tradingDay).toBe('2026-11-22')
  })

  test('[JRN-13f] the issue date is the local date of pricedAt, not of completion', async () => {
    const { till } = await openShop()
    const beforeMidnight = Date.UTC(2026, 10, 22, 18, 29, 59)
    const { entry } = await till.journal.completeSale(saleOf(beforeMidnight))
    expect(entry.body.documents[0]?.issueDate).toBe('2026-11-22')
    const after = await till.journal.completeSale(saleOf(beforeMidnight + 1_000))
    expect(after.entry.body.documents[0]?.issueDate).toBe('2026-11-23')
  })

  test('[JRN-13g] without another epoch to number from a date is held, never set back, and people are told', async () => {
    const { till } = await openShop()
    till.disk.keys.clear()
    await till.journal.completeSale(saleOf(tenInTheMorning + day))
    const { entry } = await till.journal.completeSale(saleOf())
    expect(entry.body.documents[0]).toMatchObject({ number: 'T001I26-000002', issueDate: '2026-11-23' })
    expect(incidentsOf(till.disk)).toEqual(['issue-date-held'])
  })

  test('[JRN-13h] a correction of the clock that would set dates back takes a new epoch', async () => {
    const { server, till } = await openShop()
    await till.journal.confirmClock(tenInTheMorning + day)
    const early = await till.journal.completeSale(saleOf(tenInTheMorning + day))
    // The server's answer says that it is still today.
    expect(await till.journal.pushOnce()).toEqual({ kind: 'greeted' })
    expect(till.journal.status().newEpoch).toBe('clock')
    expect(await till.journal.pushOnce()).toEqual({ kind: 'epoch-opened' })
    const sale = await till.journal.completeSale(saleOf())
    expect(sale.epoch).not.toBe(early.epoch)
    expect(sale.entry.body.documents[0]?.issueDate).toBe('2026-11-22')
    await pushAll(till.journal)
    expect(server.rows.effects.get(early.identity)).toBe(1)
  })
})

describe('totals and personal data', () => {
  test('[JRN-18a] sales and shift closings state the totals, other entries none', async () => {
    const { till } = await openShop()
    const first = await till.journal.completeSale(saleOf())
    const drawer = await till.journal.append({
      type: 'drawer-opened',
      context: counterContext,
      body: { drawer: null, reason: 'x' },
    })
    const second = await till.journal.completeSale(saleOf())
    expect(first.entry.totals).toMatchObject({ sales: 1, soldMinor: 49_900, taxMinor: 7_612 })
    expect(drawer.entry.totals).toBeNull()
    expect(second.entry.totals).toMatchObject({ sales: 2, soldMinor: 99_800 })
  })

  test('[JRN-19a, JRN-19b] the entry holds the hash of salt and data; equal data have different hashes', async () => {
    const { server, till } = await openShop()
    const first = await till.journal.completeSale({ ...saleOf(), personal: { name: 'Asha', mobile: '98' } })
    const second = await till.journal.completeSale({ ...saleOf(), personal: { mobile: '98', name: 'Asha' } })
    const item = till.disk.personal.get(first.identity)
    expect(item?.data).toBe('{"mobile":"98","name":"Asha"}')
    const hash = nodeSha256(
      Buffer.concat([Buffer.from(item?.salt ?? '', 'base64url'), Buffer.from(item?.data ?? '')]),
    )
    expect(first.entry.body.personalHash).toBe(toBase64Url(hash))
    expect(second.entry.body.personalHash).not.toBe(first.entry.body.personalHash)
    const bytes = till.disk.entries.get(`${first.epoch}/${first.seq}`)?.bytes ?? new Uint8Array()
    expect(Buffer.from(bytes).toString()).not.toContain('Asha')
    await pushAll(till.journal)
    expect(server.rows.personal.get(first.identity)).toEqual(item)
  })

  test('[JRN-4p, JRN-19h] issue date, personalHash and a buyer’s GSTIN stand in the body', async () => {
    const { till } = await openShop()
    const draft = saleOf()
    const documents = draft.body.documents.map((each) => ({ ...each, buyerGstin: '29AAGCB7383J1Z4' }))
    const { entry } = await till.journal.completeSale({ ...draft, body: { ...draft.body, documents } })
    expect(entry.body.documents[0]).toMatchObject({ buyerGstin: '29AAGCB7383J1Z4', issueDate: '2026-11-22' })
    expect(entry.body).toHaveProperty('personalHash')
  })

  test('[JRN-19c] personalHash is null where there is nothing personal', async () => {
    const { till } = await openShop()
    expect((await till.journal.completeSale(saleOf())).entry.body.personalHash).toBeNull()
  })

  test('[JRN-19f, JRN-19g] erasure takes data and salt off both copies; the chain still verifies', async () => {
    const { server, till } = await openShop()
    const sale = await till.journal.completeSale({ ...saleOf(), personal: { name: 'Asha Rao' } })
    const hello = server.hello.bind(server)
    server.hello = (request) => ({ ...hello(request), erasures: { version: 1, identities: [sale.identity] } })
    await pushAll(till.journal)
    expect(await till.journal.personalOf(sale.identity)).toBeUndefined()
    const files = Buffer.concat([...till.disk.segments.values()]).toString('latin1')
    expect(files).not.toContain('Asha Rao')
    const again = await restart(server, till)
    expect(again.journal.findings()).toEqual([])
    expect((await again.journal.lastBills(1))[0]?.identity).toBe(sale.identity)
  })
})
