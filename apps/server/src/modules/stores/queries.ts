import { type Company, Problem, type Register, type Store, type TillPlace } from '@nexus/contract'
import type { Db } from '../../db/database.ts'
import type { JournalView } from './enrolment/ports.ts'
import { currentEpochs } from './enrolment/sql.ts'
import {
  findCompany,
  findPlaceNumbers,
  findRegister,
  findStore,
  type RegisterRecord,
  type RegisterStatus,
  selectRegisters,
  selectStores,
} from './sql.ts'

export function companyMissing(): Problem {
  return new Problem(
    'company/not-found',
    'The company is not set up. Enter its names and PAN under Settings, or run nexus init.',
  )
}

/** The company. Throws `company/not-found` before it is set up. */
export async function getCompany(db: Db): Promise<Company> {
  const company = await findCompany(db)
  if (!company) throw companyMissing()
  return company
}

export function storeMissing(storeId: string): Problem {
  return new Problem('store/not-found', 'There is no such store. Choose one from the list of stores.', {
    storeId,
  })
}

/** Stores with their registers, by code; of all, or of the ids that exist. */
export async function storesWithRegisters(
  db: Db,
  journal: JournalView,
  storeIds?: readonly string[],
): Promise<Store[]> {
  const stores = await selectStores(db, storeIds)
  const ids = stores.map((store) => store.id)
  const registers = await withEpochs(
    db,
    journal,
    await selectRegisters(db, storeIds ? { storeIds: ids } : {}),
  )
  return stores.map(({ no: _, ...store }) => ({
    ...store,
    registers: registers.filter((register) => register.storeId === store.id),
  }))
}

/** One store with its registers. Throws `store/not-found`. */
export async function getStore(db: Db, journal: JournalView, storeId: string): Promise<Store> {
  const [store] = await storesWithRegisters(db, journal, [storeId])
  if (!store) throw storeMissing(storeId)
  return store
}

/** One register as screens show it. Throws `register/not-found`. */
export async function getRegister(db: Db, journal: JournalView, registerId: string): Promise<Register> {
  const [register] = await withEpochs(db, journal, await selectRegisters(db, { registerIds: [registerId] }))
  if (!register) throw registerMissing(registerId)
  return register
}

function registerMissing(registerId: string): Problem {
  return new Problem('register/not-found', 'There is no such register. Choose one from the list of stores.', {
    registerId,
  })
}

async function withEpochs(
  db: Db,
  journal: JournalView,
  registers: readonly (RegisterRecord & { status: RegisterStatus })[],
): Promise<Register[]> {
  const epochs = await currentEpochs(
    db,
    registers.map((register) => register.id),
  )
  const heads = await journal.headSeqs(
    db,
    [...epochs.values()].map((epoch) => epoch.id),
  )
  return registers.map(({ no: _, status: { told: __, ...status }, ...register }) => {
    const epoch = epochs.get(register.id)
    return {
      ...register,
      ...status,
      enrolled: epoch !== undefined,
      seriesCode: epoch?.seriesCode ?? null,
      headSeq: epoch === undefined ? 0 : (heads.get(epoch.id) ?? 0),
    }
  })
}

/** What a till prints and settles by: company, store and register. Throws `register/not-found`. */
export async function tillPlaceOf(db: Db, registerId: string): Promise<TillPlace> {
  const register = await findRegister(db, registerId)
  const store = register && (await findStore(db, register.storeId))
  if (!register || !store) throw registerMissing(registerId)
  const { id: tenant, ...company } = await getCompany(db)
  const { no: _, active: __, ...printed } = store
  return {
    tenant,
    company,
    store: printed,
    register: { id: register.id, number: register.number, name: register.name },
  }
}

/** Small keys of a place; undefined when the register is not one of the store. */
export type ResolvePlace = (
  db: Db,
  storeId: string,
  registerId: string,
) => Promise<{ storeNo: number; registerNo: number } | undefined>

/** Resolves places and remembers them: a place's numbers never change, so one lookup a register is enough. */
export function placeResolver(): ResolvePlace {
  const known = new Map<string, { storeNo: number; registerNo: number }>()
  return async (db, storeId, registerId) => {
    const key = `${storeId}/${registerId}`
    const found = known.get(key) ?? (await findPlaceNumbers(db, storeId, registerId))
    if (found) known.set(key, found)
    return found
  }
}
