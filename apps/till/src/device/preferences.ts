import type { Preferences } from './types.ts'

const KEY = 'nexus-preferences'
const DEFAULTS: Preferences = { language: 'en', sound: true, printer: 'browser' }

/** What was chosen on this device, with defaults for the rest. Never throws: blocked storage gives defaults. */
export function readPreferences(): Preferences {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    return typeof kept === 'object' ? { ...DEFAULTS, ...kept } : DEFAULTS
  } catch {
    return DEFAULTS
  }
}

/** Keeps some choices and returns all of them; they survive restarts and updates. */
export function keepPreferences(change: Partial<Preferences>): Preferences {
  const next = { ...readPreferences(), ...change }
  try {
    localStorage.setItem(KEY, JSON.stringify(next))
  } catch {
    // A full or blocked localStorage costs the choice at the next start, nothing else.
  }
  return next
}
