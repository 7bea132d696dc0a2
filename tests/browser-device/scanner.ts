import type { Page } from 'playwright-core'

const GAP_S = 0.004

/**
 * Types a code as a scanner does, ending with Enter. The keys bear the times of a scanner however long
 * the machine takes to send them: a busy machine's own pace would be a person's.
 */
export async function scan(page: Page, text: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  let timestamp = Date.now() / 1000
  for (const key of [...text, 'Enter']) {
    timestamp += GAP_S
    const typed = key === 'Enter' ? '\r' : key
    const code = key === 'Enter' ? 13 : key.toUpperCase().charCodeAt(0)
    const event = { key, windowsVirtualKeyCode: code, timestamp }
    await session.send('Input.dispatchKeyEvent', {
      ...event,
      type: 'keyDown',
      text: typed,
      unmodifiedText: typed,
    })
    await session.send('Input.dispatchKeyEvent', { ...event, type: 'keyUp' })
  }
  await session.detach()
}
