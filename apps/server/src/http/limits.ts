/**
 * Counts failed attempts by caller's address in this process's memory: what slows a guesser down
 * before the counters of each account do. Only failures count, so a shop full of tills behind one
 * address is never held up.
 */
export type FailureLimit = {
  /** Seconds until this address may try again, or undefined when it may now. */
  waitSeconds(address: string, now: number): number | undefined
  failed(address: string, now: number): void
}

const windowMs = 60_000
const failuresMax = 20
/** Addresses remembered at a time; the oldest is forgotten first. */
const addressesMax = 10_000

export function failureLimit(): FailureLimit {
  const windows = new Map<string, { startedAt: number; failures: number }>()
  const open = (address: string, now: number) => {
    const window = windows.get(address)
    return window && now - window.startedAt < windowMs ? window : undefined
  }
  return {
    waitSeconds(address, now) {
      const window = open(address, now)
      if (!window || window.failures < failuresMax) return undefined
      return Math.ceil((window.startedAt + windowMs - now) / 1000)
    },
    failed(address, now) {
      const window = open(address, now)
      if (window) {
        window.failures++
        return
      }
      windows.delete(address)
      windows.set(address, { startedAt: now, failures: 1 })
      if (windows.size > addressesMax) windows.delete(windows.keys().next().value ?? '')
    },
  }
}
