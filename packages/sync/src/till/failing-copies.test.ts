import { expect, test } from 'vitest'
import { cashSale, counterContext, soldLine, tenInTheMorning } from '../testing/bills.ts'
import { MemoryServer } from '../testing/memory-server.ts'
import { directTransport, enrolledTill, pushAll, startTill } from '../testing/memory-till.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { readSegment } from './twin-record.ts'

// What the simulation found: one copy fails, then the other.

const wallMs = tenInTheMorning
const newServer = () => new MemoryServer(seededRandom(7), () => wallMs)
const cart = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const sale = (n: number) => cashSale(cart(n), [soldLine('1', n, 1000, 49_900)])
const drawer = {
  type: 'drawer-opened',
  context: counterContext,
  body: { drawer: null, reason: 'change' },
} as const

test('[JRN-1h] an entry that both copies refused is not brought to life by a repair', async () => {
  const till = await enrolledTill(newServer(), { wallMs })
  till.power.primaryFails = 'error'
  till.power.twinFails = true
  await expect(till.journal.append(drawer)).rejects.toThrow('Neither copy of the journal took the entry')
  till.power.primaryFails = false
  till.power.twinFails = false
  await till.journal.repairCopies()
  const held = [...till.disk.segments.values()].flatMap((bytes) => readSegment(bytes).entries)
  expect(held.filter(({ bytes }) => String(Buffer.from(bytes)).includes('drawer-opened'))).toEqual([])
})

test('[JRN-1h, JRN-2d] what a failing copy wrote although it was refused gives way to the entry that took its place', async () => {
  const server = newServer()
  const till = await enrolledTill(server, { wallMs })
  till.power.primaryFails = 'error'
  till.power.twinFails = 'error-after-write'
  await expect(till.journal.completeSale(sale(1))).rejects.toThrow(
    'Neither copy of the journal took the entry',
  )
  till.power.twinFails = false
  await till.journal.repairCopies()
  // Nobody was told that it is complete, and the cart is open.
  const completed = await till.journal.completeSale(sale(2))
  const again = await till.journal.completeSale(sale(1))
  expect([completed.copies, again.copies]).toEqual(['twin-only', 'twin-only'])
  expect(again.seq).toBeGreaterThan(completed.seq)
  till.power.cut()
  const next = await startTill(directTransport(server), { disk: till.disk, seed: 2, wallMs })
  expect(next.journal.findings()).toContainEqual(expect.objectContaining({ kind: 'two-entries' }))
  await pushAll(next.journal)
  expect(server.rows.identities.get(completed.identity)?.state).toBe('acted')
  expect(server.rows.identities.get(again.identity)?.state).toBe('acted')
})

test('[JRN-2d] of two entries at the end of the second copy the later one counts', async () => {
  const server = newServer()
  const till = await enrolledTill(server, { wallMs })
  till.power.primaryFails = 'error'
  // The incident about the first copy stands behind this one; nothing stands behind the last one.
  await till.journal.completeSale(sale(9))
  till.power.twinFails = 'error-after-write'
  await expect(till.journal.completeSale(sale(1))).rejects.toThrow(
    'Neither copy of the journal took the entry',
  )
  till.power.twinFails = false
  await till.journal.repairCopies()
  const completed = await till.journal.completeSale(sale(2))
  till.power.cut()
  const next = await startTill(directTransport(server), { disk: till.disk, seed: 2, wallMs })
  await pushAll(next.journal)
  expect(server.rows.identities.get(completed.identity)?.state).toBe('acted')
})

test('[JRN-19e] personal data travels from the second copy while the first one fails', async () => {
  const server = newServer()
  const till = await enrolledTill(server, { wallMs })
  const { identity } = await till.journal.completeSale({ ...sale(1), personal: { name: 'Asha' } })
  till.power.primaryFails = 'error'
  await till.journal.append(drawer)
  // The entry stands in the first copy alone until it fails: its data must not stay behind.
  for (let step = 0; step < 4; step++) {
    till.power.primaryFails = 'error'
    await till.journal.pushOnce()
  }
  expect(server.rows.personal.get(identity)?.data).toBe('{"name":"Asha"}')
})

test('[JRN-19e] what start writes to the second copy brings its personal data along', async () => {
  const till = await enrolledTill(newServer(), { wallMs })
  till.power.twinFails = true
  const { identity, copies } = await till.journal.completeSale({ ...sale(1), personal: { name: 'Asha' } })
  expect(copies).toBe('primary-only')
  till.power.cut()
  const next = await startTill(directTransport(newServer()), { disk: till.disk, seed: 2, wallMs })
  expect(next.journal.findings()).toMatchObject([{ kind: 'twin-poorer' }])
  const held = [...till.disk.segments.values()].flatMap((bytes) => readSegment(bytes).personal)
  expect(held.map((item) => item.identity)).toContain(identity)
})

test('[JRN-19i, JRN-2a] wherever the second copy ends, what it holds of an entry includes its personal data', async () => {
  const till = await enrolledTill(newServer(), { wallMs })
  const sold = []
  for (const n of [1, 2, 3, 4]) {
    // Two that both copies take, two that the next start writes to the second one.
    till.power.twinFails = n > 2
    sold.push(await till.journal.completeSale({ ...sale(n), personal: { name: 'Asha'.repeat(500) } }))
  }
  till.power.cut()
  await startTill(directTransport(newServer()), { disk: till.disk, seed: 2, wallMs })
  const identities = new Set(sold.map(({ identity }) => identity))
  let checked = 0
  for (const bytes of till.disk.segments.values()) {
    for (let end = 0; end <= bytes.length; end++) {
      const { entries, personal } = readSegment(bytes.subarray(0, end))
      const held = new Set(personal.map(({ identity }) => identity))
      for (const { hash } of entries.filter((entry) => identities.has(entry.hash))) {
        checked++
        if (!held.has(hash)) throw new Error(`At byte ${end} an entry is without its personal data`)
      }
    }
  }
  expect(checked).toBeGreaterThan(4)
})

test('[JRN-3a, JRN-19i] personal data that the second copy lost come back with the next start, and with the check of what is older', async () => {
  const server = newServer()
  const till = await enrolledTill(server, { wallMs })
  const older = await till.journal.completeSale({ ...sale(1), personal: { name: 'Asha' } })
  await till.journal.append(drawer)
  await pushAll(till.journal)
  const newer = await till.journal.completeSale({ ...sale(2), personal: { name: 'Vimala' } })
  till.power.cut()
  for (const [name, bytes] of till.disk.segments) {
    const altered = Buffer.from(bytes)
    for (const text of ['Asha', 'Vimala']) {
      const at = altered.indexOf(text)
      if (at >= 0) altered[at] = 0
    }
    till.disk.segments.set(name, Uint8Array.from(altered))
  }
  const held = () => [...till.disk.segments.values()].flatMap((bytes) => readSegment(bytes).personal)
  expect(held()).toEqual([])
  const next = await startTill(directTransport(server), { disk: till.disk, seed: 2, wallMs })
  expect(held().map(({ identity }) => identity)).toEqual([newer.identity])
  await next.journal.checkOlder()
  expect(held().map(({ identity }) => identity)).toEqual([newer.identity, older.identity])
  await next.journal.checkOlder()
  expect(held()).toHaveLength(2)
})

test.each(['error', 'silent'] as const)(
  '[JRN-2f, JRN-1e] a database that gives no answer (%s) has not said that the cart is open',
  async (trouble) => {
    const till = await enrolledTill(newServer(), { wallMs })
    const first = await till.journal.completeSale(sale(1))
    till.power.primaryFails = trouble
    const again = till.journal.completeSale(sale(1))
    const isDone = again.then(() => true)
    while (!(await Promise.race([isDone, new Promise((resolve) => setTimeout(resolve))]))) {
      till.clock.advance(6_000)
    }
    expect(await again).toMatchObject({ identity: first.identity, repeated: true })
  },
)

test('[JRN-2f, JRN-10f] entries that the database fails to read are sent from the files, and are no hole', async () => {
  const server = newServer()
  const till = await enrolledTill(server, { wallMs })
  await pushAll(till.journal)
  const { identity, epoch } = await till.journal.completeSale(sale(1))
  till.power.primaryFails = 'error'
  await till.journal.pushOnce()
  expect(server.rows.identities.get(identity)?.state).toBe('acted')
  expect(server.rows.epochs.get(epoch)?.holes).toEqual([])
})

test('[JRN-3b, JRN-19e] what the first copy lost below the checkpoint comes back with its personal data', async () => {
  const server = newServer()
  const till = await enrolledTill(server, { wallMs })
  const atFirst = server.backup()
  const { identity, epoch, seq } = await till.journal.completeSale({ ...sale(1), personal: { name: 'Asha' } })
  await till.journal.append(drawer)
  await pushAll(till.journal)
  till.power.cut()
  till.disk.entries.delete(`${epoch}/${seq}`)
  till.disk.personal.delete(identity)
  const next = await startTill(directTransport(server), { disk: till.disk, seed: 2, wallMs })
  await next.journal.checkOlder()
  // Restored headquarters ask for everything again.
  server.restore(atFirst)
  await next.journal.pushOnce()
  await pushAll(next.journal)
  expect(server.rows.identities.get(identity)?.state).toBe('acted')
  expect(server.rows.personal.get(identity)?.data).toBe('{"name":"Asha"}')
})

test('[JRN-3a, JRN-3l] an enrolment that the first copy has forgotten comes back from the second', async () => {
  const server = newServer()
  const till = await startTill(directTransport(server), { wallMs })
  const code = server.issueCode()
  // The notes of the enrolment are written, its first entry is not: the disk had lied.
  await till.journal.enrol({ code, storage: { persisted: true, quotaBytes: null, usageBytes: null } })
  const epoch = till.disk.head?.epoch
  till.power.cut()
  till.disk.entries.clear()
  till.disk.lastSeqs.clear()
  if (till.disk.head !== undefined) till.disk.head = { ...till.disk.head, epoch: '', seq: 0, hash: '' }
  const next = await startTill(directTransport(server), { disk: till.disk, seed: 2, wallMs })
  expect(next.journal.status()).toMatchObject({ state: 'ready', head: { epoch } })
  await next.journal.completeSale(sale(1))
  await pushAll(next.journal)
  expect(server.rows.epochs.get(epoch ?? '')?.head.seq).toBeGreaterThanOrEqual(2)
})

test('[JRN-1h, JRN-2f] a repair that a full disk refuses is not taken for done, whatever else stands there', async () => {
  const server = newServer()
  const till = await enrolledTill(server, { wallMs })
  // An epoch that is longer than the next one, its last entry damaged in the first copy.
  for (let n = 10; n < 20; n++) await till.journal.completeSale(sale(n))
  await till.journal.confirmClock(wallMs + 86_400_000)
  const tomorrow = cashSale(cart(4), [soldLine('1', 4, 1000, 100)], wallMs + 86_400_000)
  const older = await till.journal.completeSale(tomorrow)
  await till.journal.confirmClock(wallMs)
  const place = `${older.epoch}/${older.seq}`
  await till.journal.completeSale(sale(5))
  const record = till.disk.entries.get(place)
  if (record === undefined) throw new Error('The sale is on the device')
  till.disk.entries.set(place, { ...record, bytes: record.bytes.with(200, 0).slice() })
  await till.journal.checkOlder()
  till.power.primaryFails = 'full'
  const sold = await till.journal.completeSale(sale(6))
  expect([sold.copies, sold.epoch === older.epoch, sold.seq < older.seq]).toEqual(['twin-only', false, true])
  await till.journal.repairCopies()
  expect(till.journal.status().failedCopy).toBe('primary')
  till.power.primaryFails = false
  await till.journal.repairCopies()
  expect(till.disk.entries.get(`${sold.epoch}/${sold.seq}`)?.hash).toBe(sold.identity)
  expect((await till.journal.completeSale(sale(7))).seq).toBeGreaterThan(sold.seq)
  await pushAll(till.journal)
  expect(server.rows.identities.get(sold.identity)?.state).toBe('acted')
})

test('[JRN-6c] a window whose first copy fails sees its successor by the second', async () => {
  const server = newServer()
  const first = await enrolledTill(server, { wallMs })
  first.power.primaryFails = 'error'
  expect((await first.journal.completeSale(sale(1))).copies).toBe('twin-only')
  const second = await startTill(directTransport(server), { disk: first.disk, seed: 2, wallMs })
  await second.journal.completeSale(sale(2))
  await expect(first.journal.completeSale(sale(3))).rejects.toMatchObject({ code: 'not-owner' })
})

test('[JRN-10f, JRN-2a] what was damaged on the device since start is sent from the other copy', async () => {
  const server = newServer()
  const till = await enrolledTill(server, { wallMs })
  await pushAll(till.journal)
  const { identity, epoch, seq } = await till.journal.completeSale(sale(1))
  const record = till.disk.entries.get(`${epoch}/${seq}`)
  if (record === undefined) throw new Error('The sale is in the first copy')
  const bytes = record.bytes.slice()
  bytes[300] = (bytes[300] ?? 0) ^ 0x20
  till.disk.entries.set(`${epoch}/${seq}`, { ...record, bytes })
  await pushAll(till.journal)
  expect(server.rows.identities.get(identity)?.state).toBe('acted')
  expect(server.rows.quarantine.size).toBe(0)
})

test('[JRN-8j] a head is not believed while the entry at its place cannot be read', async () => {
  const server = newServer()
  const till = await enrolledTill(server, { wallMs })
  const first = await till.journal.completeSale(sale(1))
  // A clone was faster: the server has another sale at the same place.
  const clone = await startTill(directTransport(server), {
    disk: { ...structuredClone(till.disk), entries: new Map(till.disk.entries) },
    seed: 2,
    wallMs,
  })
  till.power.cut()
  await clone.journal.completeSale(sale(2))
  await pushAll(clone.journal)
  const { epoch } = first
  const other = await startTill(directTransport(server), { disk: till.disk, seed: 3, wallMs })
  await other.journal.completeSale(sale(3))
  other.power.primaryFails = 'error'
  other.power.twinFails = true
  await expect(other.journal.append(drawer)).rejects.toThrow('Neither copy')
  expect((await other.journal.pushOnce()).kind).toBe('failed')
  expect(till.disk.notes?.hop.agreed[epoch]).toBeUndefined()
})
