import type { RulebookStore } from './types.ts'

export type RulebookOptions = {
  /** Token of this device; `refresh` when the last one was refused. Rejects while offline. */
  deviceToken(refresh: boolean): Promise<string>
}

/** Opens what this device holds. Returns at once; the state tells when a version can be sold from. */
export function openRulebook(_options: RulebookOptions): RulebookStore {
  throw new Error('being built')
}
