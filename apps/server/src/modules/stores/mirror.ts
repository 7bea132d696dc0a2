import type { Company } from '@nexus/contract'
import type { Tx } from '../../db/database.ts'
import {
  findCompany,
  findRegister,
  findStore,
  insertCompany,
  insertRegisterAs,
  insertStoreAs,
  type RegisterRecord,
  type StoreRecord,
  updateCompany,
  updateRegister,
  updateStore,
} from './sql.ts'

/** Keeps headquarters' rows of one store, under the numbers that headquarters gave them. */
export async function mirrorPlaces(
  tx: Tx,
  places: { company: Company; store: StoreRecord; registers: readonly RegisterRecord[] },
): Promise<void> {
  const { company, store, registers } = places
  if (await findCompany(tx)) await updateCompany(tx, company)
  else await insertCompany(tx, company)
  if (await findStore(tx, store.id)) await updateStore(tx, store.id, store)
  else await insertStoreAs(tx, store)
  for (const register of registers) {
    if (await findRegister(tx, register.id)) await updateRegister(tx, register.id, register)
    else await insertRegisterAs(tx, register)
  }
}
