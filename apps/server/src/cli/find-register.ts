import type { Context } from '../context.ts'
import { findStoreByCode, type RegisterRecord, selectRegisters } from '../modules/stores/index.ts'
import { CommandError } from './command.ts'

/** The register that a person means by a store's code and a number; `name` is for messages. */
export async function findRegister(
  { database }: Pick<Context, 'database'>,
  storeCode: string,
  number: string,
): Promise<{ register: RegisterRecord; name: string }> {
  const store = await findStoreByCode(database.read, storeCode.toUpperCase())
  if (!store)
    throw new CommandError(`There is no store ${storeCode}. The back office lists them under Stores.`)
  const registers = await selectRegisters(database.read, { storeIds: [store.id] })
  const register = registers.find((one) => one.number === Number(number))
  if (register) return { register, name: `${store.name}, ${register.name}` }
  const known = registers.map((one) => one.number).join(', ')
  throw new CommandError(`${store.name} has no register ${number}. It has: ${known || 'none yet'}.`)
}
