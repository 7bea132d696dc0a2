import { type StoreServerMasters, storeServerMasters } from '@nexus/contract'
import type { Context } from '../../context.ts'
import { findHopFact, setHopFact } from '../journal/index.ts'
import { mirrorPlaces } from '../stores/index.ts'
import type { Headquarters } from './headquarters.ts'

const fact = 'masters'

/** What of the store's rows is in force here; undefined before the first contact. */
export async function keptMasters({
  database,
}: Pick<Context, 'database'>): Promise<{ version: string; tillOrigin: string | null } | undefined> {
  const text = await findHopFact(database.read, fact)
  // `fetchMasters` wrote it.
  return text === undefined ? undefined : JSON.parse(text)
}

/** Brings company, store and registers here as headquarters has them; registers are never removed. */
export async function fetchMasters(
  { database }: Pick<Context, 'database'>,
  hq: Pick<Headquarters, 'ask'>,
): Promise<StoreServerMasters> {
  const masters = await hq.ask(storeServerMasters, {})
  const { version, tillOrigin, ...places } = masters
  await database.write(async (tx) => {
    await mirrorPlaces(tx, places)
    await setHopFact(tx, fact, JSON.stringify({ version, tillOrigin }))
  })
  return masters
}
