import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { sizes } from './browser.ts'

/** What WCAG 2.2 AA asks, as far as a program can tell. */
const rules = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']
/** At the home size in both colours, on a tablet for the width alone, and once on a phone. */
const looks = [
  { size: 'home', colorScheme: 'light', byAxe: true },
  { size: 'home', colorScheme: 'dark', byAxe: true },
  { size: 'tablet', colorScheme: 'light', byAxe: false },
  { size: 'phone', colorScheme: 'light', byAxe: true },
] as const

/**
 * Looks at a screen as it stands: what axe finds, whether it is wider than the window, words that no
 * catalogue holds. With SCREENSHOTS set, pictures go to that folder. Answers one line for each fault. The
 * page is left at the home size in light colours.
 */
export async function faultsOf(page: Page, name: string): Promise<string[]> {
  const faults: string[] = []
  for (const { size, colorScheme, byAxe } of looks) {
    await page.setViewportSize(sizes[size])
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await settled(page)
    const look = `${name}-${size}-${colorScheme}`
    await picture(page, look)
    const found = [
      ...(byAxe ? await violations(page) : []),
      ...(await tooWide(page)),
      ...(await rawWords(page)),
    ]
    faults.push(...found.map((fault) => `${look}: ${fault}`))
  }
  await page.setViewportSize(sizes.home)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  return faults
}

/** Fonts are there and nothing that ends is still moving. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const ending = document
      .getAnimations()
      .filter((animation) => animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
    await Promise.allSettled(ending.map((animation) => animation.finished))
  })
}

async function violations(page: Page): Promise<string[]> {
  // By evaluation: the server's policy lets no foreign script into the page.
  await page.evaluate(`if (!window.axe) { ${axe.source} }`)
  return await page.evaluate(async (values) => {
    const { axe: inPage } = window as unknown as { axe: typeof axe } // as: put there by the line above
    const { violations: found } = await inPage.run(document, {
      runOnly: { type: 'tag', values },
      resultTypes: ['violations'],
    })
    return found.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) =>
        `${id} at ${target.join(' ')}: ${failureSummary}`.replace(/\s+/g, ' '),
      ),
    )
  }, rules)
}

/** Boxes that are wider than the window, or hide what does not fit them. */
async function tooWide(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const boxes = [document.scrollingElement, document.querySelector('#root')]
    return boxes.flatMap((box) =>
      box && box.scrollWidth > innerWidth
        ? [`${box.tagName} is ${box.scrollWidth} wide in a window of ${innerWidth}`]
        : [],
    )
  })
}

/** Words that no catalogue holds show their placeholders. */
async function rawWords(page: Page): Promise<string[]> {
  const text = await page.locator('body').innerText()
  return [...text.matchAll(/.*\{\w+[},].*/g)].map(([line]) => `raw words: ${line}`)
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}
