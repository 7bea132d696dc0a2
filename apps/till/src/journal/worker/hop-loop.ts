import type { TillJournal } from '@nexus/sync'
import { codeOf } from './refusals.ts'

/** Drives the journal's conversation with its hop: one step after another, as often as the journal asks. */
export class HopLoop {
  readonly #journal: TillJournal
  readonly #afterStep: (news: boolean) => Promise<void>
  #problem: string | null = null
  #running = true
  #nextAtMs = 0
  #wake: () => void = () => undefined

  /** `afterStep` runs after each step; `news`: something may have changed. */
  constructor(journal: TillJournal, afterStep: (news: boolean) => Promise<void>) {
    this.#journal = journal
    this.#afterStep = afterStep
  }

  /** Code of the last failure; null after an answer. */
  get problem(): string | null {
    return this.#problem
  }

  async run(): Promise<void> {
    while (this.#running && !this.#isOver()) {
      await this.#afterStep(await this.#step())
      if (this.#running) await this.#sleep(this.#journal.nextPushDelayMs())
    }
  }

  /** Another window's journal, or a register that was handed over and has sent its last entry (JRN-21c). */
  #isOver(): boolean {
    const { state, notStored } = this.#journal.status()
    return state === 'lost' || (state === 'retired' && notStored.entries === 0 && this.#problem === null)
  }

  /** How long until the next try, ms. */
  get pauseMs(): number {
    return Math.max(0, this.#nextAtMs - performance.now())
  }

  async #step(): Promise<boolean> {
    const before = this.#problem
    const outcome = await this.#journal.pushOnce()
    if (outcome.kind === 'failed') this.#problem = codeOf(outcome.cause) ?? 'failed'
    else if (outcome.kind !== 'idle' && outcome.kind !== 'not-enrolled') this.#problem = null
    return outcome.kind !== 'idle' || this.#problem !== before
  }

  /** Ends the pause before the next step. */
  wake(): void {
    this.#wake()
  }

  /** An entry was written: send it now, unless the hop does not answer; then the back-off decides (JRN-8). */
  wakeUnlessFailing(): void {
    if (this.#problem === null) this.#wake()
  }

  stop(): void {
    this.#running = false
    this.#wake()
  }

  #sleep(ms: number): Promise<void> {
    this.#nextAtMs = performance.now() + ms
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
