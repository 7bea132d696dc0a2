import { openContext } from '../context.ts'
import { prepareDatabase } from '../prepare-database.ts'
import { defineCommand } from './command.ts'
import { configForCommand } from './open-for-command.ts'

export const command = defineCommand({
  summary: 'Bring the database to the newest form.',
  options: {},
  more: `Every start does this by itself. On SQLite a database that holds data is copied to backups/ first.
In production it runs once, before the new servers start.`,
  async run({ io }) {
    const context = await openContext(configForCommand(io))
    try {
      const applied = await prepareDatabase(context)
      for (const one of applied) io.print(`${String(one.number).padStart(4, '0')} ${one.name}`)
      io.print(applied.length === 0 ? 'The database is up to date.' : `${applied.length} applied.`)
    } finally {
      await context.database.close()
    }
  },
})
