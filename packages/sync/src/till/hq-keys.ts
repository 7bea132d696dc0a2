import { markBytes } from '../entry/hash.ts'
import { readHqKey } from '../entry/hq-key.ts'
import type { Mark, ServerKeys } from '../messages.ts'
import type { Verify } from '../ports.ts'
import type { NotesRecord } from './records.ts'

/**
 * Notes with HQ's key for marks. The enrolment key is believed once, with the enrolment that the device
 * began with; afterwards only a key of HQ that it signed, however it comes here.
 */
export async function withKeys(
  verify: Verify,
  notes: NotesRecord,
  keys: ServerKeys | undefined,
): Promise<NotesRecord> {
  if (keys === undefined) return notes
  const enrolment = notes.keys?.enrolment ?? keys.enrolment
  const read = readHqKey(keys.hq.key)
  if (read === undefined || !(await verify(enrolment, read.bytes, keys.hq.signature))) return notes
  return { ...notes, keys: { enrolment, hq: read.key.publicKey } }
}

/** Whether HQ signed this mark, as far as the till knows HQ's key. */
export async function isOfHq(
  verify: Verify,
  { keys }: Pick<NotesRecord, 'keys'>,
  kind: 'received' | 'durable',
  mark: Mark,
): Promise<boolean> {
  if (keys === undefined || mark.signature === null) return false
  return await verify(keys.hq, markBytes(kind, mark), mark.signature)
}
