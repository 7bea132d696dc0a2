import { projectorsOf } from '../build-app.ts'
import { projectorsWith, rebuildProjections } from '../modules/journal/index.ts'
import { defineCommand } from './command.ts'
import { openForCommand } from './open-for-command.ts'

export const command = defineCommand({
  summary: 'Make bills, stock moves, shifts and incidents anew from the journals.',
  options: {},
  more: `For when what a screen shows is doubted: everything derived is emptied and made again from the bytes
that the tills wrote, in one transaction. It ends with all rows new, or changes nothing. A server may run
beside it; pushes of tills wait or come again.`,
  async run({ io }) {
    await using context = await openForCommand(io)
    const { entries, facts } = await rebuildProjections(
      context.database,
      projectorsWith(projectorsOf(context)),
      (read) => io.print(`${read.toLocaleString('en-IN')} entries …`),
    )
    io.print(`${entries.toLocaleString('en-IN')} entries read, ${facts.toLocaleString('en-IN')} took effect.`)
  },
})
