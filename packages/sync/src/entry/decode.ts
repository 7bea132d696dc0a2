import type { Entry } from './schema.ts'

/** What can be told of an entry's bytes even where they fail; null: not to be told. */
export type Outline = {
  epoch: string | null
  seq: number | null
  prevHash: string | null
  type: string | null
  at: number | null
}

/** Outcome of reading an entry's bytes. Nothing but `ok` has effects; the others wait (JRN-10). */
export type Decoded =
  | { kind: 'ok'; entry: Entry; outline: Outline }
  | { kind: 'unreadable' | 'unknown-type' | 'schema-failed' | 'too-large'; outline: Outline }
