import { setTimeout as sleep } from 'node:timers/promises'
import type { Forwarder } from '@nexus/sync'
import type { Logger } from 'pino'

/** Requests to headquarters that are under way at a time, each of another epoch. */
const lanes = 4

export type Forwarding = {
  /** Something new came in, or the line may be back. */
  wake(): void
  /** Lets requests under way finish. */
  stop(): Promise<void>
}

/** Drives the forwarding until it is stopped. A step that fails waits as long as the forwarder asks. */
export function startForwarding(forwarder: Forwarder, log: Logger): Forwarding {
  const stopping = new AbortController()
  let pauses = new Set<AbortController>()
  let wasConnected: boolean | undefined

  async function lane(): Promise<void> {
    while (!stopping.signal.aborted) {
      const outcome = await forwarder.step()
      if (outcome.kind === 'failed') {
        log.debug({ err: outcome.cause, epoch: outcome.epoch }, 'a step of forwarding failed')
      } else if (outcome.kind === 'taken-over') {
        log.warn(outcome, 'headquarters chose another branch; it was taken over')
      }
      if (forwarder.isConnected !== wasConnected) {
        wasConnected = forwarder.isConnected
        if (wasConnected) log.info('headquarters answers')
        else log.warn('headquarters does not answer: what comes in waits here')
      }
      // Lanes without work of their own look again when another one is done.
      const delayMs =
        outcome.kind === 'idle' ? Math.max(forwarder.nextDelayMs(), 25) : forwarder.nextDelayMs()
      if (delayMs > 0) await pause(delayMs)
    }
  }

  async function pause(ms: number): Promise<void> {
    const waking = new AbortController()
    pauses.add(waking)
    const signal = AbortSignal.any([waking.signal, stopping.signal])
    await sleep(ms, undefined, { signal }).catch(() => undefined)
    pauses.delete(waking)
  }

  const running = Promise.all(Array.from({ length: lanes }, lane))
  return {
    wake() {
      const asleep = pauses
      pauses = new Set()
      for (const waking of asleep) waking.abort()
    },
    async stop() {
      stopping.abort()
      await running
    },
  }
}
