import { type Config, readConfig } from '../config.ts'
import { type Context, openContext } from '../context.ts'
import { prepareDatabase } from '../prepare-database.ts'
import type { Io } from './command.ts'

export type CommandContext = Context & AsyncDisposable

/** Settings of a command: log lines below `warn` stay out of what it prints, unless asked for. */
export function configForCommand(io: Io): Config {
  return readConfig({ LOG_LEVEL: 'warn', ...io.env })
}

/** Opens the chain that the settings name, migrated; a running server beside it is fine. */
export async function openForCommand(io: Io): Promise<CommandContext> {
  const context = await openContext(configForCommand(io))
  const close = () => context.database.close()
  try {
    await prepareDatabase(context)
  } catch (error) {
    await close()
    throw error
  }
  return { ...context, [Symbol.asyncDispose]: close }
}
