import { formatDateTime } from '@nexus/domain'
import { createEnrolmentCode, findStoreByCode, selectRegisters } from '../modules/stores/index.ts'
import { CommandError, defineCommand } from './command.ts'
import { openForCommand } from './open-for-command.ts'
import { originOf } from './origin.ts'

export const command = defineCommand({
  summary: 'Make a code that enrols a till.',
  arguments: ['STORE', 'REGISTER'],
  options: {},
  more: `STORE is the store's short code, REGISTER the register's number, e.g. nexus enrol-code KOR 1.
The code works once, for a day; an older code of the register ends.`,
  async run({ arguments: [storeCode = '', number = ''], io }) {
    await using context = await openForCommand(io)
    const store = await findStoreByCode(context.database.read, storeCode.toUpperCase())
    if (!store)
      throw new CommandError(`There is no store ${storeCode}. The back office lists them under Stores.`)
    const registers = await selectRegisters(context.database.read, { storeIds: [store.id] })
    const register = registers.find((one) => one.number === Number(number))
    if (!register) {
      const known = registers.map((one) => one.number).join(', ')
      throw new CommandError(`${store.name} has no register ${number}. It has: ${known || 'none yet'}.`)
    }
    const { code, expiresAt, url } = await createEnrolmentCode(context, register.id, {
      by: null,
      how: 'command-line',
      origin: originOf(context.config),
    })
    io.print(`${code}\n\nfor ${store.name}, ${register.name}, until ${formatDateTime(expiresAt)}\n${url}`)
  },
})
