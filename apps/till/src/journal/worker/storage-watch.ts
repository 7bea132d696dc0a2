import type { StorageRoom } from '../types.ts'
import { dropRulebook, measureRoom } from './storage-room.ts'

/** Room goes slowly, and comes back when somebody acts: then people wait for the till. */
const LOOK_EVERY_MS = { fine: 60_000, low: 60_000, none: 5000 } as const

export type StorageFacts = {
  persisted: boolean
  quotaBytes: number | null
  usageBytes: number | null
  room: StorageRoom
}

/** Follows what this device may keep, so that a full disk is known before somebody has paid. */
export class StorageWatch {
  readonly #onLook: () => Promise<void>
  #facts: StorageFacts = { persisted: false, quotaBytes: null, usageBytes: null, room: 'fine' }
  /** Neither copy took the last write: however much room there seems to be, none was there. */
  #isRefused = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #stopped = false

  /** `onLook` runs after each look. */
  constructor(onLook: () => Promise<void>) {
    this.#onLook = onLook
  }

  get facts(): StorageFacts {
    return this.#isRefused ? { ...this.#facts, room: 'none' } : this.#facts
  }

  /** Looks now, and from then on by itself. Never rejects. */
  async look(): Promise<void> {
    clearTimeout(this.#timer)
    try {
      const persisted = await navigator.storage.persisted()
      const { quota = null, usage = null } = await navigator.storage.estimate()
      this.#facts = { persisted, quotaBytes: quota, usageBytes: usage, room: await measureRoom() }
      await this.#onLook()
    } catch {
      // What was known stays known until the next look.
    }
    clearTimeout(this.#timer)
    if (!this.#stopped) this.#timer = setTimeout(() => void this.look(), LOOK_EVERY_MS[this.facts.room])
  }

  /** Neither copy took a write: the caches go first (JRN-2e), the journal never. */
  async makeRoom(): Promise<void> {
    this.#isRefused = true
    await dropRulebook().catch(() => undefined) // Without one there is nothing to give.
  }

  /** Both copies take writes again. */
  settle(): void {
    this.#isRefused = false
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }
}
