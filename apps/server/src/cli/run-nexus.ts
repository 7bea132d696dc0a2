import { Problem } from '@nexus/contract'
import { isBusy, isDiskFull } from '../db/errors.ts'
import { StartRefused } from '../start-refused.ts'
import { type Command, CommandError, type Io } from './command.ts'

/** Every command, loaded when it is called: `nexus start` must not wait for what only `tls` needs. */
const commands: Record<string, { summary: string; load(): Promise<{ default?: never; command: Command }> }> =
  {
    start: { summary: 'Start the server with till and back office.', load: () => import('./start.ts') },
    init: { summary: 'Begin an empty real shop.', load: () => import('./init.ts') },
    migrate: { summary: 'Bring the database to the newest form.', load: () => import('./migrate.ts') },
    seed: { summary: 'Make the demo chain, or a large one.', load: () => import('./seed.ts') },
    import: {
      summary: 'Import products, prices or MRPs from a CSV file.',
      load: () => import('./import.ts'),
    },
    'enrol-code': { summary: 'Make a code that enrols a till.', load: () => import('./enrol-code.ts') },
    'store-server': {
      summary: 'Join headquarters as a store server, or make the code for it.',
      load: () => import('./store-server.ts'),
    },
    backup: { summary: 'Copy database and secrets into one file.', load: () => import('./backup.ts') },
    restore: { summary: 'Bring a backup back.', load: () => import('./restore.ts') },
    'reset-password': { summary: "Set somebody's password.", load: () => import('./reset-password.ts') },
    tls: { summary: 'Make certificates for a shop of its own.', load: () => import('./tls.ts') },
    'export-journal': {
      summary: "Write a register's journal to a file.",
      load: () => import('./export-journal.ts'),
    },
    'import-journal': {
      summary: 'Take in a journal file that a till saved.',
      load: () => import('./import-journal.ts'),
    },
    verify: { summary: 'Check an exported journal, without a server.', load: () => import('./verify.ts') },
    rebuild: {
      summary: 'Make all that is derived anew from the journals.',
      load: () => import('./rebuild.ts'),
    },
    check: {
      summary: 'Check all books against the journals.',
      load: () => import('./check.ts'),
    },
    price: { summary: 'Price a cart by a rulebook, and say why.', load: () => import('./price.ts') },
    rulebook: { summary: 'Check a rulebook in a file.', load: () => import('./rulebook.ts') },
    doctor: { summary: 'Show settings and what is wrong.', load: () => import('./doctor.ts') },
  }

/** Runs one command line. Answers the exit code: 0 done, 1 failed, 2 not understood, others as the command says. */
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
    const message = messageFor(error)
    if (message === undefined) throw error
    if (message !== '') io.print(message)
    return error instanceof CommandError ? error.exitCode : 1
  }
}

/** What to tell the person; undefined for what is our own mistake and shows where it happened. */
function messageFor(error: unknown): string | undefined {
  if (error instanceof CommandError || error instanceof StartRefused || error instanceof Problem)
    return error.message
  const { code, path } = error as { code?: string; path?: string }
  if (isBusy(error) || code?.startsWith('ER_') || code === 'ENOTFOUND') {
    return `The database cannot be used: ${(error as Error).message}. Is it running, and is DATABASE_URL right?`
  }
  if (code === 'EACCES' || code === 'EPERM')
    return `This user may not use ${path ?? 'the data folder'}. Change its owner.`
  if (isDiskFull(error) || code === 'ENOSPC') return 'The disk is full. See docs/runbooks/disk-full.md'
  return undefined
}

function overview(): string {
  const rows = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(16)} ${summary}`)
  return ['nexus COMMAND [options]', '', ...rows, '', 'nexus COMMAND --help explains one.'].join('\n')
}
