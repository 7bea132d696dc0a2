import { createHash } from 'node:crypto'
import { type DatabasePlace, openPlace } from './server-under-load.ts'

/** What became of the entries that were acknowledged. */
export type Loss = { lost: number; doubled: number; altered: number }

/** Compares a server's database with the identities that it acknowledged. */
export async function compareStored(place: DatabasePlace, acknowledged: readonly string[]): Promise<Loss> {
  const database = await openPlace(place)
  try {
    const entries = await database.read.selectFrom('journal_entry').select(['hash', 'bytes']).execute()
    const hashes = new Set(entries.map(({ hash }) => Buffer.from(hash).toString('base64url')))
    const bills = await database.read.selectFrom('bill').select('number').execute()
    const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
    return {
      lost: acknowledged.filter((identity) => !hashes.has(identity)).length,
      doubled: bills.length - new Set(bills.map(({ number }) => number)).size,
      altered: entries.filter(({ hash, bytes }) => !hashOf(bytes).equals(hash)).length,
    }
  } finally {
    await database.close()
  }
}
