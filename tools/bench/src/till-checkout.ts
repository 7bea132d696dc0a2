import { buildPage, enrolled, isReady, openTill, statusWhere } from '../../../tests/browser-device/device.ts'
import { type Benchmark, median, percentile } from './report.ts'

const retainedEntries = 20_000
const salesARound = 100

/**
 * `till-checkout`: from "pay" to both copies durable, without a line; and the start of a till that keeps
 * 20,000 entries. The reference is a bare worker that writes records of the same size with the same
 * durability: one strict transaction, one flushed append.
 */
export const benchmark: Benchmark = async ({ rounds, say }) => {
  const built = await buildPage()
  try {
    await using till = await openTill(built.folder)
    const page = await enrolled(till)
    till.hop.isCutOff = true
    const sell = (count: number) =>
      page.evaluate(async (times) => {
        const taken: number[] = []
        for (let sale = 0; sale < times; sale++) {
          const at = performance.now()
          await window.till.sell()
          taken.push(performance.now() - at)
        }
        return taken
      }, count)
    await sell(20)
    const worker = page.workers().find((one) => one.url().includes('journal-worker'))
    if (!worker) throw new Error('the journal has no worker')
    const own: number[] = []
    const bare: number[] = []
    for (let round = 0; round < rounds; round++) {
      own.push(...(await sell(salesARound)))
      bare.push(...(await worker.evaluate(writeBare, salesARound)))
      say(
        `round ${round + 1}: p95 ${percentile(own, 0.95).toFixed(1)} ms, bare ${percentile(bare, 0.95).toFixed(1)} ms`,
      )
    }
    say(`selling until ${retainedEntries} entries are kept`)
    for (;;) {
      const { head } = await page.evaluate(() => window.till.journal.getStatus())
      const missing = retainedEntries - (head?.seq ?? 0)
      if (missing <= 0) break
      await sell(Math.min(500, missing))
    }
    const late = await sell(salesARound)
    const starts: number[] = []
    for (let start = 0; start < 5; start++) {
      await page.goto(`${till.hop.url}/till/?idle`)
      const at = performance.now()
      await page.goto(`${till.hop.url}/till/`, { waitUntil: 'commit' })
      await page.waitForFunction(() => window.till?.journal.getStatus().state === 'ready', undefined, {
        polling: 5,
      })
      starts.push(performance.now() - at)
      await statusWhere(page, isReady, 'ready')
      say(`start ${start + 1} with ${retainedEntries} entries: ${starts.at(-1)?.toFixed(0)} ms`)
    }
    const [p95, start] = [percentile(own, 0.95), median(starts)]
    return {
      figures: [
        {
          what: 'bare record into both stores',
          values: {
            'p50 ms': median(bare),
            'p95 ms': percentile(bare, 0.95),
            'p99 ms': percentile(bare, 0.99),
          },
        },
        {
          what: 'pay to both copies durable',
          values: { 'p50 ms': median(own), 'p95 ms': p95, 'p99 ms': percentile(own, 0.99) },
          ratio: { of: "the bare record's p50", value: median(own) / median(bare) },
        },
        {
          what: `the same behind ${retainedEntries} entries`,
          values: {
            'p50 ms': median(late),
            'p95 ms': percentile(late, 0.95),
            'p99 ms': percentile(late, 0.99),
          },
          ratio: { of: 'its p50 with few', value: median(late) / median(own) },
        },
        { what: `start with ${retainedEntries} entries`, values: { 'p50 ms': start } },
      ],
      aims: [
        { aim: 'pay to durable: p95 within 50 ms', reached: p95 <= 50, measured: `${p95.toFixed(1)} ms` },
        {
          aim: 'start with 20,000 entries within 1 s',
          reached: start <= 1000,
          measured: `${start.toFixed(0)} ms`,
        },
      ],
      notes: [],
    }
  } finally {
    built.remove()
  }
}

/** Runs in the journal's worker, beside the journal, on stores of its own; answers the time of each record. */
async function writeBare(count: number): Promise<number[]> {
  const bytes = new Uint8Array(2500).fill(65)
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open('bare', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('records', { autoIncrement: true })
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error)
  })
  const root = await navigator.storage.getDirectory()
  const file = await root.getFileHandle('bare', { create: true })
  // as: the page's library of types knows no worker.
  const handle = await (
    file as unknown as { createSyncAccessHandle(): Promise<BareFile> }
  ).createSyncAccessHandle()
  const taken: number[] = []
  for (let n = 0; n < count; n++) {
    const at = performance.now()
    await new Promise<void>((resolve, reject) => {
      const tx = db.transaction('records', 'readwrite', { durability: 'strict' })
      tx.objectStore('records').put({ bytes })
      tx.oncomplete = () => resolve()
      tx.onabort = () => reject(tx.error)
    })
    handle.write(bytes, { at: handle.getSize() })
    handle.flush()
    taken.push(performance.now() - at)
  }
  handle.close()
  db.close()
  return taken
}

type BareFile = {
  write(bytes: Uint8Array, options: { at: number }): number
  getSize(): number
  flush(): void
  close(): void
}
