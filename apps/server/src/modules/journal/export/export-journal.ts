import {
  decodeEntry,
  entryLine,
  journalFileLine,
  prepareEntry,
  type SignedCertificate,
  toBase64Url,
} from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import { sha256 } from '../sha256.ts'
import { entriesAfter, epochsOfRegister, findPersonal } from './sql.ts'

const portion = 500

/**
 * A register's journal as this server holds it, line by line in the form that tills export too
 * (JRN-12), for `nexus verify`. Nothing comes out of a register that has no entries here. Erased data
 * of people is left out; the chain holds without it (JRN-19).
 */
export async function* exportJournal(db: Db, register: string, exportedAt: number): AsyncGenerator<string> {
  const epochs = await epochsOfRegister(db, register)
  const [first] = epochs
  if (!first) return
  const { tenant, store } = first
  yield journalFileLine({ kind: 'nexus-journal', version: 1, tenant, store, register, exportedAt })
  for (const epoch of epochs) {
    let seq = 0
    for (;;) {
      const entries = await entriesAfter(db, epoch, seq, portion)
      for (const entry of entries) {
        if (seq === 0)
          yield journalFileLine({
            kind: 'epoch',
            epoch: epoch.epoch,
            certificate: certificateIn(entry.bytes),
          })
        seq = entry.seq
        yield entryLine(epoch.epoch, seq, entry.bytes)
        if (entry.salt && entry.data) {
          const item = { identity: toBase64Url(entry.hash), salt: toBase64Url(entry.salt), data: entry.data }
          yield journalFileLine({ kind: 'personal', item })
        }
        // A re-homed entry brings its data along under its own identity.
        const { inner } = prepareEntry(entry.bytes, sha256)
        const item = inner && (await findPersonal(db, inner.hash))
        if (item) yield journalFileLine({ kind: 'personal', item })
      }
      if (entries.length < portion) break
    }
    if (epoch.checkpoint) yield journalFileLine({ kind: 'checkpoint', signed: epoch.checkpoint })
  }
}

/** Entry 1 carries the epoch's certificate; an epoch whose beginning is a declared hole has none to show. */
function certificateIn(bytes: Uint8Array): SignedCertificate {
  const decoded = decodeEntry(bytes)
  if (decoded.kind !== 'ok' || decoded.entry.type !== 'epoch-opened')
    return { certificate: 'none', signature: 'none' }
  const { certificate, certificateSignature } = decoded.entry.body
  return { certificate, signature: certificateSignature }
}
