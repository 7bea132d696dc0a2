import type { InvoicePortal } from '../till/invoices.ts'
import { Power } from './memory-ports.ts'

/** An invoice portal in memory: it survives its callers, and gives a number the same IRN whenever it is asked. */
export type MemoryPortal = {
  /** IRN by number. */
  irns: Map<string, string>
  /** Codes with which it refuses numbers. */
  refusals: Map<string, string>
  /** How often it was asked. */
  asked: number
  /** The portal as a till with this power sees it; `isAway`: no answer comes. */
  port(power?: Power): InvoicePortal
  isAway: boolean
}

export function memoryPortal(): MemoryPortal {
  const portal: MemoryPortal = {
    irns: new Map(),
    refusals: new Map(),
    asked: 0,
    isAway: false,
    port: (power = new Power()) => ({
      async register({ number }) {
        await power.alive()
        if (power.passes('before-send')) await power.alive()
        if (portal.isAway) throw new Error('The portal does not answer')
        portal.asked++
        const code = portal.refusals.get(number)
        const irn = portal.irns.get(number) ?? `irn-${number}`
        if (code === undefined) portal.irns.set(number, irn)
        if (power.passes('after-send')) await power.alive()
        return code === undefined ? { kind: 'registered', irn, signedQr: null } : { kind: 'refused', code }
      },
    }),
  }
  return portal
}
