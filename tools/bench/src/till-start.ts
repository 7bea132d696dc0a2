import { setTimeout as sleep } from 'node:timers/promises'
import { scan } from '../../../tests/browser-device/scanner.ts'
import { openDevice } from '../../../tests/support/browser.ts'
import { cartRows, enrol, openShift, scanBox, signIn } from '../../../tests/support/counter.ts'
import { type Benchmark, median } from './report.ts'
import { makeTillChain } from './till-setup.ts'

/**
 * `till-start`: from navigation to the first accepted scan with 100,000 products on the device, and from an
 * empty profile (enrolment and sign-in by a person not counted: from the end of enrolment until a scan
 * finds its product). The reference is the navigation to a page without scripts of the same server.
 */
export const benchmark: Benchmark = async ({ rounds, say }) => {
  const { chain, cashier, barcodes, enrolCode } = await makeTillChain(say)
  const warm: number[] = []
  const cold: number[] = []
  const bare: number[] = []
  const launches: number[] = []
  try {
    for (let round = 0; round < rounds; round++) {
      const launchedAt = performance.now()
      const device = await openDevice()
      launches.push(performance.now() - launchedAt)
      try {
        let { page } = device
        await enrol(page, chain.url, await enrolCode())
        const enrolledAt = performance.now()
        await signIn(page, cashier.name, cashier.pin)
        await openShift(page)
        await scanUntilFound(page, barcodes[0] ?? '')
        cold.push(performance.now() - enrolledAt)
        await sleep(3000)
        page = await device.crashAndReopen()
        const bareAt = performance.now()
        await page.goto(`${chain.url}/health/live`)
        bare.push(performance.now() - bareAt)
        const startedAt = performance.now()
        await page.goto(`${chain.url}/till/`, { waitUntil: 'commit' })
        await page.getByLabel(`PIN of ${cashier.name}`).or(scanBox(page)).first().waitFor()
        const pinAt = performance.now()
        let typing = 0
        if (!(await scanBox(page).isVisible())) {
          await signIn(page, cashier.name, cashier.pin)
          typing = performance.now() - pinAt
        }
        await scanBox(page).waitFor()
        const rows = await cartRows(page).count()
        await scan(page, barcodes[round * 1000 + 500] ?? '')
        while ((await cartRows(page).count()) <= rows) await sleep(2)
        warm.push(performance.now() - startedAt - typing)
      } finally {
        await device.close()
      }
      say(
        `round ${round + 1}: start ${warm.at(-1)?.toFixed(0)} ms, empty profile ${cold.at(-1)?.toFixed(0)} ms, bare page ${bare.at(-1)?.toFixed(0)} ms`,
      )
    }
  } finally {
    await chain.dispose()
  }
  const [start, first] = [median(warm), median(cold)]
  return {
    figures: [
      { what: 'bare page of the same server', values: { ms: median(bare) } },
      { what: 'browser launch (apart)', values: { ms: median(launches) } },
      {
        what: 'navigation to first accepted scan',
        values: { ms: start },
        ratio: { of: 'the bare page', value: start / median(bare) },
      },
      {
        what: 'empty profile to first accepted scan',
        values: { ms: first },
        ratio: { of: 'the bare page', value: first / median(bare) },
      },
    ],
    aims: [
      { aim: 'start under 1 s', reached: start < 1000, measured: `${start.toFixed(0)} ms` },
      { aim: 'empty profile under 8 s', reached: first < 8000, measured: `${first.toFixed(0)} ms` },
    ],
    notes: [
      'The time in which a PIN is typed and checked is not counted in the start; opening the shift is counted in the empty profile.',
    ],
  }
}

async function scanUntilFound(page: Parameters<typeof scan>[0], code: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    await scan(page, code)
    await sleep(50)
    if (await page.getByRole('list', { name: 'Lines of the bill' }).isVisible()) return
  }
  throw new Error('no scan found its product')
}
