import { Problem } from '@nexus/contract'
import { ConfigError } from '../config.ts'
import { type Command, CommandError, type Io } from './command.ts'

/** Every command, loaded when it is called: `nexus start` must not wait for what only `tls` needs. */
const commands: Record<string, { summary: string; load(): Promise<{ default?: never; command: Command }> }> =
  {
    start: { summary: 'Start the server with till and back office.', load: () => import('./start.ts') },
    init: { summary: 'Begin an empty real shop.', load: () => import('./init.ts') },
    migrate: { summary: 'Bring the database to the newest form.', load: () => import('./migrate.ts') },
    import: { summary: 'Import products from a CSV file.', load: () => import('./import.ts') },
    'enrol-code': { summary: 'Make a code that enrols a till.', load: () => import('./enrol-code.ts') },
    backup: { summary: 'Copy database and secrets into one file.', load: () => import('./backup.ts') },
    restore: { summary: 'Bring a backup back.', load: () => import('./restore.ts') },
    'reset-password': { summary: "Set somebody's password.", load: () => import('./reset-password.ts') },
    tls: { summary: 'Make certificates for a shop of its own.', load: () => import('./tls.ts') },
    doctor: { summary: 'Show settings and what is wrong.', load: () => import('./doctor.ts') },
  }

/** Runs one command line. Answers the exit code: 0 done, 1 failed, 2 not understood. */
export async function runNexus(args: readonly string[], io: Io): Promise<number> {
  const [name = 'help', ...rest] = args
  if (name === 'help' || name === '--help' || name === '-h') {
    io.print(overview())
    return 0
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!entry) {
    io.print(`There is no command "${name}".\n\n${overview()}`)
    return 2
  }
  try {
    const { command } = await entry.load()
    if (rest.includes('--help') || rest.includes('-h')) io.print(command.help(name))
    else await command.run(rest, io)
    return 0
  } catch (error) {
    if (!isForPeople(error)) throw error
    io.print(error.message)
    return 1
  }
}

function isForPeople(error: unknown): error is Error {
  return error instanceof CommandError || error instanceof ConfigError || error instanceof Problem
}

function overview(): string {
  const rows = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(16)} ${summary}`)
  return ['nexus COMMAND [options]', '', ...rows, '', 'nexus COMMAND --help explains one.'].join('\n')
}
