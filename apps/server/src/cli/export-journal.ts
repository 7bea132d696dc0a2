import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { exportJournal } from '../modules/journal/index.ts'
import { CommandError, defineCommand } from './command.ts'
import { findRegister } from './find-register.ts'
import { openForCommand } from './open-for-command.ts'

export const command = defineCommand({
  summary: "Write a register's journal to a file.",
  arguments: ['STORE', 'REGISTER', 'FILE'],
  options: {
    'without-personal': { type: 'boolean', help: 'Leave data of people out; the file still verifies.' },
  },
  more: `Every entry byte for byte as the till wrote it, with the till's and headquarters' signatures, so that
nexus verify, or any program after docs/journal-file.md, can check it anywhere. STORE is the store's short code, REGISTER the register's number.`,
  async run({ values, arguments: [storeCode = '', number = '', path = ''], io }) {
    await using context = await openForCommand(io)
    const { register, name } = await findRegister(context, storeCode, number)
    let lines = 0
    async function* counted(): AsyncGenerator<string> {
      const options = { exportedAt: context.clock.now(), withoutPersonal: values['without-personal'] }
      for await (const line of exportJournal(context.database.read, context.secrets, register.id, options)) {
        lines++
        yield `${line}\n`
      }
    }
    await pipeline(Readable.from(counted()), createWriteStream(path, { mode: 0o600, flush: true }))
    if (lines === 0) throw new CommandError(`${name} has sent no entries yet; ${path} is empty.`)
    io.print(`${path}: ${lines} lines of ${name}`)
  },
})
