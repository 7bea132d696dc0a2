import type { Progress } from './sync-rulebook.ts'

export type ToRulebookWorker =
  | { kind: 'sync'; token: string }
  /** A part was found damaged on this device: get it again. */
  | { kind: 'refetch'; token: string; hash: string }

export type FromRulebookWorker =
  | { kind: 'progress'; progress: Progress }
  | { kind: 'done'; changed: boolean }
  /** `code` of the problem or fault; `offline` when no answer came. */
  | { kind: 'failed'; code: string }
