import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingBrowser } from '../support/browser.ts'
import {
  billNumbers,
  buildPage,
  call,
  enrolled,
  isReady,
  openTill as openTillOn,
  sell,
  signIn,
  statusWhere,
} from './device.ts'
import { isChain, people, readChain } from './hop.ts'
import { backends, storesIn } from './storage-backend.ts'

const missing = missingBrowser()
let built: Awaited<ReturnType<typeof buildPage>>
beforeAll(async () => {
  if (!missing) built = await buildPage()
})
afterAll(() => built?.remove())
const inBrowser = test.skipIf(missing !== undefined)

/** Deletes the first copy while no till is open. */
async function loseDatabase(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/till/?idle`)
  await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const request = indexedDB.deleteDatabase('nexus-journal')
        request.onsuccess = resolve
        request.onerror = reject
      }),
  )
}

/** Numbers of the first series, 1 to n. */
const series = (count: number) =>
  Array.from({ length: count }, (_, at) => `KOR1AB26-${String(at + 1).padStart(6, '0')}`)

/** Browsers change the engine below IndexedDB: each promise holds on both (F10). */
describe.each(backends)('on $name', ({ name, flags }) => {
  const openTill = () => openTillOn(built.folder, { flags })

  inBrowser('[F10] the journal lies in the files of this engine and of no other', async () => {
    await using till = await openTill()
    const page = await enrolled(till)
    const numbers = [await sell(page), await sell(page)]
    expect(await storesIn(till.profile)).toEqual([name])
    expect(await billNumbers(page)).toEqual(numbers)
  })

  inBrowser(
    '[JRN-1, F24] whatever was acknowledged before a kill is there after it, in its place',
    async () => {
      await using till = await openTill()
      const page = await enrolled(till)
      await till.hop.stop()
      const acknowledged: string[] = []
      await page.exposeFunction('acknowledge', (number: string) => void acknowledged.push(number))
      const selling = page
        .evaluate(async () => {
          for (;;) await window.acknowledge?.(await window.till.sell())
        })
        .catch(() => undefined)
      while (acknowledged.length < 40) await new Promise((resolve) => setTimeout(resolve, 5))
      await till.hop.start()
      const again = await till.crashAndReopen()
      await selling
      const known = [...acknowledged]

      await again.goto(`${till.hop.url}/till/`)
      const status = await statusWhere(again, isReady, 'ready again')
      const kept = await billNumbers(again)
      expect(kept).toEqual(series(kept.length))
      expect(kept.slice(0, known.length)).toEqual(known)
      // At most the sale that was under way is there without anybody having seen its acknowledgement.
      expect(kept.length - known.length).toBeLessThanOrEqual(2)
      expect(status.inDoubt?.numbers).toEqual(kept.slice(-1))
      expect(status.shift?.floatMinor).toBe(50_000)
    },
  )

  inBrowser(
    '[JRN-1, F01, F04] every write is strict, every entry is flushed to the second copy',
    async () => {
      await using till = await openTill()
      const page = await enrolled(till)
      const worker = page.workers().find((one) => one.url().includes('journal-worker'))
      await worker?.evaluate(() => {
        const seen = { durabilities: [] as (string | undefined)[], flushes: 0 }
        Object.assign(globalThis, { seen })
        const { transaction } = IDBDatabase.prototype
        IDBDatabase.prototype.transaction = function (stores, mode, options) {
          if (mode === 'readwrite') seen.durabilities.push(options?.durability)
          return transaction.call(this, stores, mode, options)
        }
        // as: the library of this test knows pages, not workers.
        const handle = (
          globalThis as unknown as { FileSystemSyncAccessHandle: { prototype: { flush(): void } } }
        ).FileSystemSyncAccessHandle.prototype
        const { flush } = handle
        handle.flush = function () {
          seen.flushes += 1
          return flush.call(this)
        }
      })
      const numbers = [await sell(page), await sell(page)]
      // as: put there above.
      const seen = await worker?.evaluate(
        () => (globalThis as unknown as { seen: { durabilities: string[]; flushes: number } }).seen,
      )
      expect(numbers).toEqual(series(2))
      expect(seen?.flushes).toBe(2)
      expect(seen?.durabilities.length).toBeGreaterThanOrEqual(2)
      expect(new Set(seen?.durabilities)).toEqual(new Set(['strict']))
    },
  )

  inBrowser(
    '[JRN-1j, JRN-1g, F03] a transaction that is undone after each request of it succeeded is no completion',
    async () => {
      await using till = await openTill()
      const page = await enrolled(till)
      await sell(page)
      const worker = page.workers().find((one) => one.url().includes('journal-worker'))
      await worker?.evaluate(() => {
        const open = new Map<IDBTransaction, number>()
        const { put, add } = IDBObjectStore.prototype
        const undoAfter = (request: IDBRequest, { transaction }: IDBObjectStore) => {
          open.set(transaction, (open.get(transaction) ?? 0) + 1)
          request.addEventListener('success', () => {
            const left = (open.get(transaction) ?? 1) - 1
            open.set(transaction, left)
            if (left === 0) transaction.abort()
          })
          return request
        }
        IDBObjectStore.prototype.put = function (...given) {
          return undoAfter(put.apply(this, given), this)
        }
        IDBObjectStore.prototype.add = function (...given) {
          return undoAfter(add.apply(this, given), this)
        }
      })
      // The files have it, and people are told; nothing says that the database has it.
      expect(await sell(page)).toBe('KOR1AB26-000002')
      await statusWhere(page, ({ storage }) => storage.failedCopy === 'primary', 'told')
      await page.goto(`${till.hop.url}/till/`)
      await statusWhere(page, isReady, 'ready again')
      expect(await billNumbers(page)).toEqual(series(2))
      expect(await sell(page)).toBe('KOR1AB26-000003')
      await statusWhere(page, ({ waiting }) => waiting.entries === 0, 'pushed')
      const epoch = [...till.hop.entries.keys()][0] ?? ''
      const told = readChain(till.hop, epoch).filter((entry) => entry.type === 'incident')
      expect(told.map(({ body }) => body)).toContainEqual(expect.objectContaining({ kind: 'copy-failed' }))
    },
  )

  inBrowser(
    '[JRN-8] what was sold while the hop was away arrives once, in order, byte for byte',
    async () => {
      await using till = await openTill()
      const page = await enrolled(till)
      await sell(page)
      await till.hop.stop()
      for (let count = 0; count < 5; count++) await sell(page)
      const away = await statusWhere(page, ({ hop }) => !hop.reachable, 'away')
      expect(away.waiting.sales).toBeGreaterThanOrEqual(5)
      await till.hop.start()
      await page.evaluate(() => window.till.journal.nudge())
      await statusWhere(page, ({ waiting, hop }) => waiting.entries === 0 && hop.reachable, 'pushed')

      const epoch = [...till.hop.entries.keys()][0] ?? ''
      const sales = readChain(till.hop, epoch).filter((entry) => entry.type === 'sale')
      expect(sales.flatMap(({ body }) => body.documents.map(({ number }) => number))).toEqual(series(6))
      expect(await isChain(till.hop, epoch)).toBe(true)
      const [bill] = await page.evaluate(() => window.till.journal.lastBills(1))
      expect(bill?.where).toBe('hq')
    },
  )

  inBrowser('a token that the hop refuses is renewed by another hello', async () => {
    await using till = await openTill()
    const page = await enrolled(till)
    till.hop.expireTokens()
    await sell(page)
    await statusWhere(page, ({ waiting, hop }) => waiting.entries === 0 && hop.reachable, 'pushed')
    expect(till.hop.asked.filter((asked) => asked === 'POST /v1/till/hello').length).toBeGreaterThanOrEqual(2)
  })

  inBrowser(
    '[JRN-3] the second copy alone rebuilds the till: same epoch, every bill, people by name',
    async () => {
      await using till = await openTill()
      const page = await enrolled(till)
      for (let count = 0; count < 3; count++) await sell(page)
      const before = await statusWhere(page, ({ waiting }) => waiting.entries === 0, 'pushed')
      await till.hop.stop()
      await sell(page)
      await till.hop.start()
      await loseDatabase(page, till.hop.url)
      await page.goto(`${till.hop.url}/till/`)
      const status = await statusWhere(page, isReady, 'rebuilt')
      expect(await billNumbers(page)).toEqual(series(4))
      expect(status.findings.map(({ kind }) => kind)).toContain('primary-lost')
      expect(status.people.map(({ name }) => name)).toEqual(people.map(({ name }) => name))
      expect(before.head?.epoch).toBeDefined()
      expect(await sell(page)).toBe('KOR1AB26-000005')
    },
  )

  inBrowser('[JRN-3] the first copy alone rebuilds the second', async () => {
    await using till = await openTill()
    const page = await enrolled(till)
    for (let count = 0; count < 3; count++) await sell(page)
    const emptyFiles = async () => {
      await page.goto(`${till.hop.url}/till/?idle`)
      return page.evaluate(async () => {
        const root = await navigator.storage.getDirectory()
        const folder = await root.getDirectoryHandle('nexus-journal')
        const names: string[] = []
        // as: TypeScript's library does not know that folders can be listed.
        for await (const name of (folder as unknown as { keys(): AsyncIterable<string> }).keys())
          names.push(name)
        await root.removeEntry('nexus-journal', { recursive: true })
        return names
      })
    }
    expect(await emptyFiles()).toContain('journal.1.1')
    await page.goto(`${till.hop.url}/till/`)
    const status = await statusWhere(page, isReady, 'ready')
    expect(status.findings.map(({ kind }) => kind)).toContain('twin-lost')
    expect(await billNumbers(page)).toEqual(series(3))

    // The mended second copy is as good as the first was: now it rebuilds that one.
    expect(await sell(page)).toBe('KOR1AB26-000004')
    await loseDatabase(page, till.hop.url)
    await page.goto(`${till.hop.url}/till/`)
    await statusWhere(page, isReady, 'ready')
    expect(await billNumbers(page)).toEqual(series(4))
  })

  inBrowser(
    '[JRN-6a, JRN-6d, F27] a second window is read-only and says so, until it takes over',
    async () => {
      await using till = await openTill()
      const first = await enrolled(till)
      await sell(first)
      const second = await till.context.newPage()
      await second.goto(`${till.hop.url}/till/`)
      await statusWhere(second, ({ state }) => state === 'read-only', 'read-only')
      await expect(sell(second)).rejects.toThrow('Another window owns this register')
      expect(await sell(first)).toBe('KOR1AB26-000002')

      await second.evaluate(() => window.till.journal.takeOver())
      await statusWhere(second, isReady, 'owner')
      await statusWhere(first, ({ state }) => state === 'read-only', 'read-only')
      await expect(sell(first)).rejects.toThrow('Another window owns this register')
      expect(await sell(second)).toBe('KOR1AB26-000003')

      await second.close()
      await statusWhere(first, isReady, 'owner again')
      expect(await sell(first)).toBe('KOR1AB26-000004')
      expect(await billNumbers(first)).toEqual(series(4))
    },
  )

  inBrowser(
    'a PIN is checked without the hop; wrong ones are counted over a restart and locked',
    async () => {
      await using till = await openTill()
      const page = await enrolled(till)
      const away = async () => {
        await till.hop.start()
        await page.reload()
        await statusWhere(page, isReady, 'ready')
        await till.hop.stop()
      }
      await till.hop.stop()
      await away()
      expect((await page.evaluate(() => window.till.journal.getStatus())).signedIn).toBeNull()
      expect(await signIn(page)).toBe('signed-in')
      expect(await signIn(page, '1111')).toBe('wrong-pin')
      expect(await signIn(page, '2222')).toBe('wrong-pin')
      await away()
      expect(await signIn(page, '3333')).toBe('wrong-pin')
      expect(await signIn(page)).toBe('locked')
      await away()
      expect(await signIn(page)).toBe('locked')
      // Somebody else is not locked out by it.
      const other = await call(page, (api) =>
        api.journal.signIn('0190a1b2-0000-7000-8000-0000000000a2', '8052'),
      )
      expect(other.outcome).toBe('signed-in')
    },
  )

  inBrowser(
    '[JRN-11a, JRN-11c, F23] a receipt that nobody confirmed is in doubt after a restart; its next copy is a duplicate',
    async () => {
      await using till = await openTill()
      let page = await enrolled(till)
      const number = await sell(page)
      page = await till.crashAndReopen()
      await page.goto(`${till.hop.url}/till/`)
      const status = await statusWhere(page, isReady, 'ready')
      expect(status.inDoubt?.numbers).toEqual([number])
      const printed = await call(page, async ({ journal }) => {
        const [bill] = await journal.lastBills(1)
        const identity = bill?.identity ?? ''
        const job = crypto.randomUUID()
        await journal.beginReprint(identity, job, 'in-doubt')
        const before = journal.getStatus().inDoubt !== null
        // The printer had no paper: the same job again is no other reprint.
        await journal.beginReprint(identity, job, 'in-doubt')
        await journal.confirmPrint(identity, job)
        return { prints: bill?.prints, before }
      })
      expect(printed).toEqual({ prints: 1, before: true })
      await statusWhere(page, ({ inDoubt, waiting }) => inDoubt === null && waiting.entries === 0, 'settled')
      const epoch = [...till.hop.entries.keys()][0] ?? ''
      const reprints = readChain(till.hop, epoch).filter((entry) => entry.type === 'reprint')
      expect(reprints.map(({ body }) => body)).toMatchObject([{ number, copy: 2, reason: 'in-doubt' }])
    },
  )

  inBrowser('[JRN-12] the exported journal holds every entry as it was sent', async () => {
    await using till = await openTill()
    const page = await enrolled(till)
    await sell(page)
    await statusWhere(page, ({ waiting }) => waiting.entries === 0, 'pushed')
    const { fileName, text } = await call(page, async ({ journal }) => {
      const { fileName, content } = await journal.exportJournal()
      return { fileName, text: await content.text() }
    })
    expect(fileName).toMatch(/^nexus-journal-KOR1A-\d{4}-\d\d-\d\d\.jsonl$/)
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; bytes?: string }) // as: the file's own form
    const [sent] = till.hop.entries.values()
    expect(lines.filter(({ kind }) => kind === 'entry').map(({ bytes }) => bytes)).toEqual(
      sent?.map((bytes) => Buffer.from(bytes).toString('base64url')),
    )
    expect(lines.some(({ kind }) => kind === 'personal')).toBe(true)
  })

  inBrowser('a shift closes with what the cash should be, and the next one opens', async () => {
    await using till = await openTill()
    const page = await enrolled(till)
    await sell(page, 12_300)
    await sell(page, 7700)
    const { summary, closed, next } = await call(page, async ({ journal }) => {
      const summary = await journal.shiftSummary()
      const count = { totalMinor: 69_900, pieces: [{ denominationMinor: 100, count: 699 }] }
      await journal.closeShift(count, null)
      await new Promise((resolve) => setTimeout(resolve, 100))
      const closed = journal.getStatus().shift
      const next = await journal.openShift(count, false)
      return { summary, closed, next }
    })
    expect(summary).toMatchObject({ sales: 2, soldMinor: 20_000, expectedCashMinor: 70_000 })
    expect(closed).toBeNull()
    expect(next.floatMinor).toBe(69_900)
    await statusWhere(page, ({ waiting }) => waiting.entries === 0, 'pushed')
    const epoch = [...till.hop.entries.keys()][0] ?? ''
    const entry = readChain(till.hop, epoch).find(({ type }) => type === 'shift-closed')
    expect(entry?.body).toMatchObject({ expectedMinor: 70_000, differenceMinor: -100 })
  })

  inBrowser(
    '[JRN-16b, F54, F53] a newer program may grow the schema under an open window, and the older one still opens it',
    async () => {
      await using till = await openTill()
      const page = await enrolled(till)
      await sell(page)
      const newer = await till.context.newPage()
      await newer.goto(`${till.hop.url}/till/?idle`)
      await newer.evaluate(
        () =>
          new Promise((resolve, reject) => {
            const request = indexedDB.open('nexus-journal', 7)
            request.onupgradeneeded = () => request.result.createObjectStore('of-a-newer-program')
            request.onblocked = reject
            request.onsuccess = () => resolve(request.result.close())
          }),
      )
      await sell(page)
      const status = await page.evaluate(() => window.till.journal.getStatus())
      expect(status.storage.failedCopy).toBeNull()
      await page.reload()
      await statusWhere(page, isReady, 'ready')
      expect(await sell(page)).toBe('KOR1AB26-000003')
      expect(await billNumbers(page)).toEqual(series(3))
    },
  )

  inBrowser(
    '[JRN-3m, F05, F06] with all of the origin cleared the till says that it is none, and sells again once enrolled',
    async () => {
      await using till = await openTill()
      const page = await enrolled(till)
      await sell(page)
      // Refused here, as by most browsers at first: the page is told, whose panel says what to do.
      expect((await page.evaluate(() => window.till.journal.getStatus())).storage.persisted).toBe(false)
      await statusWhere(page, ({ waiting }) => waiting.entries === 0, 'pushed')
      await page.goto('about:blank')
      const session = await till.context.newCDPSession(page)
      const { origin } = new URL(till.hop.url)
      await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
      await page.goto(`${till.hop.url}/till/`)
      await statusWhere(page, ({ state }) => state === 'not-enrolled', 'no till')
      await expect(sell(page)).rejects.toThrow()
      till.hop.codes.add('KOR-5678')
      await page.evaluate((code) => window.till.journal.enrol(code), 'KOR-5678')
      // A series of its own: no number of the lost epoch comes again.
      expect(await sell(page)).toMatch(/^KOR[^1]AB26-000001$/)
    },
  )

  inBrowser(
    '[JRN-12b, F07] a register whose entries are nowhere else is not removed without a manager’s word and then a file',
    async () => {
      await using till = await openTill()
      const page = await enrolled(till)
      await till.hop.stop()
      await sell(page)
      const remove = () => page.evaluate(() => window.till.journal.removeRegister())
      const approve = (at: number) =>
        page.evaluate(([id, pin]) => window.till.journal.approveRemoval(id, pin, 'broken'), [
          people[at]?.id ?? '',
          people[at]?.pin ?? '',
        ] as const)
      const save = () => page.evaluate(async () => void (await window.till.journal.exportJournal()))
      await expect(remove()).rejects.toThrow('nowhere else')
      await expect(approve(0)).rejects.toThrow('A manager decides')
      await save()
      await expect(remove()).rejects.toThrow('nowhere else')
      expect(await approve(1)).toMatchObject({ outcome: 'signed-in' })
      // The file of before does not tell of the approval.
      await expect(remove()).rejects.toThrow('nowhere else')
      await save()
      await remove()
      await till.hop.start()
      await page.reload()
      await statusWhere(page, ({ state }) => state === 'not-enrolled', 'removed')
    },
  )
})
