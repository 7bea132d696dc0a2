import type { Page } from 'playwright-core'
import { scan } from '../../../tests/browser-device/scanner.ts'
import { openDevice } from '../../../tests/support/browser.ts'
import { enrol, openShift, signIn } from '../../../tests/support/counter.ts'
import { type Benchmark, percentile } from './report.ts'
import { makeTillChain } from './till-setup.ts'

const throttle = 6
const cartLines = 30
const scansPerRound = 60
/** Between two scans: nobody scans faster than three a second. */
const pauseMs = 300

/**
 * `till-scan`: 100,000 products on the device, a cart of 30 lines, Chromium slowed six times: from the
 * key event of Enter to the frame in which the line is painted. The reference is a bare page in the same
 * browser that appends one list item for a code found in a Map.
 */
export const benchmark: Benchmark = async ({ rounds, say }) => {
  const { chain, cashier, barcodes, enrolCode } = await makeTillChain(say)
  const device = await openDevice()
  try {
    const { page } = device
    await device.context.addInitScript(noteEnter)
    await enrol(page, chain.url, await enrolCode())
    await signIn(page, cashier.name, cashier.pin)
    await openShift(page)
    const next = codes(barcodes)
    for (let line = 0; line < cartLines; line++) await scan(page, next())
    const bare = await device.context.newPage()
    await bare.goto(`${chain.url}/health/live`)
    await openBare(bare)
    const own: number[] = []
    const reference: number[] = []
    for (let round = 0; round < rounds; round++) {
      for (const [target, samples] of [
        [bare, reference],
        [page, own],
      ] as const) {
        await target.bringToFront()
        // The cart stays at its length: what a scan added is taken off again.
        const after = target === page ? () => page.keyboard.press('Delete') : async () => undefined
        samples.push(...(await measure(target, next, after)))
      }
      say(
        `round ${round + 1}: p95 ${percentile(own, 0.95).toFixed(1)} ms, bare ${percentile(reference, 0.95).toFixed(1)} ms`,
      )
    }
    const figures = (samples: number[]) => ({
      'p50 ms': percentile(samples, 0.5),
      'p95 ms': percentile(samples, 0.95),
      'p99 ms': percentile(samples, 0.99),
      scans: samples.length,
    })
    const p95 = percentile(own, 0.95)
    return {
      figures: [
        { what: 'bare page', values: figures(reference) },
        {
          what: `till, ${cartLines} lines, ${throttle}× slowed`,
          values: figures(own),
          ratio: { of: "the bare page's p95", value: p95 / percentile(reference, 0.95) },
        },
      ],
      aims: [
        { aim: 'scan to painted line p95 ≤ 16 ms', reached: p95 <= 16, measured: `${p95.toFixed(1)} ms` },
      ],
      notes: [
        'Painted: the first frame after the line stands in the document has been handed to the compositor.',
      ],
    }
  } finally {
    await device.close()
    await chain.dispose()
  }
}

function codes(barcodes: readonly string[]): () => string {
  let index = 0
  // A stride without a common factor with 100,000 touches chunks all over the catalogue.
  return () => barcodes[(index++ * 7919) % barcodes.length] ?? ''
}

/** Times of some scans: each waits until the one before is painted. */
async function measure(page: Page, next: () => string, after: () => Promise<void>): Promise<number[]> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: throttle })
  const samples: number[] = []
  for (let n = 0; n < scansPerRound; n++) {
    const painted = page.evaluate(watchNextLine)
    // The page has begun to watch once it answers this.
    await page.evaluate(() => undefined)
    await scan(page, next())
    samples.push(await painted)
    await after()
    await page.waitForTimeout(pauseMs)
  }
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  await session.detach()
  return samples
}

type Watched = { enterAt?: number | undefined }

/** Put into every page before its own scripts: the till's scanner listener stops the Enter key for those behind it. */
function noteEnter(): void {
  const watched = globalThis as unknown as Watched
  addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Enter') watched.enterAt = performance.now()
    },
    { capture: true },
  )
}

/** In the page: resolves to the milliseconds from the Enter key's event to the end of the frame that shows its line. */
function watchNextLine(): Promise<number> {
  return new Promise((resolve) => {
    const watched = globalThis as unknown as Watched
    watched.enterAt = undefined
    const list = document.querySelector('ol')?.parentElement ?? document.body
    const observer = new MutationObserver(() => {
      const startedAt = watched.enterAt
      if (startedAt === undefined) return
      observer.disconnect()
      requestAnimationFrame(() => {
        // A task behind the frame's callbacks runs after its paint.
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => resolve(performance.now() - startedAt)
        port2.postMessage(undefined)
      })
    })
    observer.observe(list, { childList: true, subtree: true, characterData: true, attributes: true })
  })
}

async function openBare(page: Page): Promise<void> {
  await page.evaluate(() => {
    // Built in place: a document written anew would lose the listener that notes Enter.
    document.body.innerHTML = '<div><ol></ol></div>'
    const names = new Map<string, string>()
    const list = document.querySelector('ol')
    let typed = ''
    addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') {
        typed += event.key
        return
      }
      const item = document.createElement('li')
      item.textContent = names.get(typed) ?? typed
      list?.append(item)
      typed = ''
    })
  })
}
