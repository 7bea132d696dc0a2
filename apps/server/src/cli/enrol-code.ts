import { formatDateTime } from '@nexus/domain'
import { renderUnicodeCompact } from 'uqr'
import { createEnrolmentCode } from '../modules/stores/index.ts'
import { defineCommand } from './command.ts'
import { findRegister } from './find-register.ts'
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
    const { register, name } = await findRegister(context, storeCode, number)
    const { code, expiresAt, url } = await createEnrolmentCode(context, register.id, {
      by: null,
      how: 'command-line',
      origin: originOf(context.config),
    })
    io.print(
      `${code}\n\nfor ${name}, until ${formatDateTime(expiresAt)}\n${url}\n\n${renderUnicodeCompact(url)}`,
    )
  },
})
