import type { Role } from '@nexus/contract'

/** A person of this store's roster, without the verifier: that never leaves the worker. */
export type TillPerson = {
  id: string
  name: string
  login: string
  role: Role
  language: string
  hasPin: boolean
}

/** Outcome of a PIN. `locked`: too many wrong ones; ask again after `retryAfterMs`. */
export type SignInResult =
  | { outcome: 'signed-in'; person: TillPerson }
  | { outcome: 'wrong-pin'; retryAfterMs: number }
  | { outcome: 'locked'; retryAfterMs: number }
  | { outcome: 'no-pin' }
  | { outcome: 'unknown-person' }

/** What a person chose on this device. Kept in localStorage: losing it costs a tap. */
export type Preferences = { language: string; sound: boolean; printer: 'browser' | 'usb' | 'serial' }
