import type { Progress } from './sync-rulebook.ts'

/** Origin of the hop ('' is the page's own) and this device's token there. */
export type HopAccess = { baseUrl: string; token: string }

export type ToRulebookWorker =
  | { kind: 'sync'; access: HopAccess }
  /** A part was found damaged on this device: get it again. */
  | { kind: 'refetch'; access: HopAccess; hash: string }

export type FromRulebookWorker =
  | { kind: 'progress'; progress: Progress }
  | { kind: 'done'; changed: boolean }
  /** `code` of the problem or fault; `offline` when no answer came. */
  | { kind: 'failed'; code: string }
