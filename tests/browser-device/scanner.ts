import type { Page } from 'playwright-core'

const GAP_S = 0.004
const NAMED_KEYS = new Map([
  ['Enter', { code: 13, text: '\r' }],
  ['Backspace', { code: 8, text: '' }],
])

/**
 * Types a code as a scanner does, ending with Enter. The keys bear the times of a scanner however long
 * the machine takes to send them: a busy machine's own pace would be a person's.
 */
export async function scan(page: Page, text: string): Promise<void> {
  await typeFast(page, [...text, 'Enter'])
}

/** Keys at a scanner's pace. */
export async function typeFast(page: Page, keys: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  let timestamp = Date.now() / 1000
  for (const key of keys) {
    timestamp += GAP_S
    const named = NAMED_KEYS.get(key)
    const typed = named?.text ?? key
    const code = named?.code ?? key.toUpperCase().charCodeAt(0)
    const event = { key, windowsVirtualKeyCode: code, timestamp }
    await session.send('Input.dispatchKeyEvent', {
      ...event,
      type: typed === '' ? 'rawKeyDown' : 'keyDown',
      text: typed,
      unmodifiedText: typed,
    })
    await session.send('Input.dispatchKeyEvent', { ...event, type: 'keyUp' })
  }
  await session.detach()
}
