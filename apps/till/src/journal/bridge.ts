import type { JournalClient, JournalStatus } from './types.ts'

/** What the page may ask of the journal worker: the asynchronous members of `JournalClient`. */
export type JournalCommands = Omit<JournalClient, 'getStatus' | 'subscribe' | 'nudge'>
export type CommandName = keyof JournalCommands

export type ToWorker = { kind: 'ask'; id: number; command: CommandName; args: unknown[] } | { kind: 'nudge' }

export type FromWorker =
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'refusal'; id: number; code: string | undefined; message: string }
  | { kind: 'status'; status: JournalStatus }
