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
  options: {},
  more: `Every entry byte for byte as the till wrote it, with certificates and signatures, so that nexus verify can
check it anywhere. STORE is the store's short code, REGISTER the register's number.`,
  async run({ arguments: [storeCode = '', number = '', path = ''], io }) {
    await using context = await openForCommand(io)
    const { register, name } = await findRegister(context, storeCode, number)
    let lines = 0
    async function* counted(): AsyncGenerator<string> {
      for await (const line of exportJournal(context.database.read, register.id, context.clock.now())) {
        lines++
        yield `${line}\n`
      }
    }
    await pipeline(Readable.from(counted()), createWriteStream(path, { mode: 0o600, flush: true }))
    if (lines === 0) throw new CommandError(`${name} has sent no entries yet; ${path} is empty.`)
    io.print(`${path}: ${lines} lines of ${name}`)
  },
})
