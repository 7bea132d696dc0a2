import { fromBase64Url, toBase64Url } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'

export type KnownAs = 'acted' | 'quarantine' | 'fork'

/** What became of identities; those that nobody has sent yet are absent. */
export async function statesOf(db: Db, identities: readonly string[]): Promise<Map<string, KnownAs>> {
  if (identities.length === 0) return new Map()
  const rows = await db
    .selectFrom('entry_identity')
    .select(['identity', 'state'])
    .where('identity', 'in', identities.map(fromBase64Url))
    .execute()
  return new Map(rows.map((row) => [toBase64Url(row.identity), row.state]))
}
