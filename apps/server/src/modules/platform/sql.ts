import type { Db, Tx } from '../../db/database.ts'
import type {} from './tables.ts'

export type InstallationFact = 'kind' | 'secrets' | 'starts'

/** A fact about this installation; undefined when it has not been set. */
export async function findInstallationFact(db: Db, name: InstallationFact): Promise<string | undefined> {
  const row = await db.selectFrom('installation').select('value').where('name', '=', name).executeTakeFirst()
  return row?.value
}

/** Sets a fact that is not set yet. Throws a duplicate key when it is. */
export async function insertInstallationFact(tx: Tx, name: InstallationFact, value: string): Promise<void> {
  await tx.insertInto('installation').values({ name, value }).execute()
}

/** Asks the database the least that proves it answers and has been migrated. */
export async function touchDatabase(db: Db): Promise<void> {
  await db.selectFrom('installation').select('name').limit(1).execute()
}

/** Sets a fact, replacing what it was. */
export async function setInstallationFact(tx: Tx, name: InstallationFact, value: string): Promise<void> {
  await tx.deleteFrom('installation').where('name', '=', name).execute()
  await tx.insertInto('installation').values({ name, value }).execute()
}
