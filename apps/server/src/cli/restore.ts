import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { formatDateTime } from '@nexus/domain'
import type { Config } from '../config.ts'
import { openContext } from '../context.ts'
import { lockFolder } from '../data-folder.ts'
import { sqlitePath } from '../db/open.ts'
import { requireArchive, startNewGeneration } from '../modules/journal/index.ts'
import { restoreSqlite } from '../modules/platform/index.ts'
import { prepareDatabase } from '../prepare-database.ts'
import { CommandError, defineCommand } from './command.ts'
import { configForCommand, openForCommand } from './open-for-command.ts'

export const command = defineCommand({
  summary: 'Bring a backup back.',
  arguments: ['FILE?'],
  options: {
    force: { type: 'boolean', help: 'Replace the data that is there; it is moved to backups/.' },
    mark: {
      type: 'boolean',
      help: 'Without FILE: say that the database was restored by other means, e.g. MySQL or a disk image.',
    },
  },
  more: `Stop the server first. The backup is checked whole before anything changes.
Afterwards the archive (NEXUS_ARCHIVE) and the tills give back what they hold, so bills made since the backup
come back by themselves. A backup older than 40 days is restored with the archive only.`,
  async run({ values, arguments: [given], io }) {
    const config = configForCommand(io)
    if (values.mark) {
      if (given) throw new CommandError('--mark goes without a file. See --help.')
      await using context = await openForCommand(io)
      await requireArchive(context, Date.now())
      await context.database.write((tx) => startNewGeneration(tx, Date.now()))
      io.print('Noted. From its next start on the server asks tills for what is missing.')
      return
    }
    if (!given) throw new CommandError('FILE is missing. See --help.')
    const file = resolve(given)
    if (!existsSync(file)) throw new CommandError(`There is no file ${file}.`)
    if (config.DATABASE_URL) {
      throw new CommandError(
        'This restores SQLite. Restore a MySQL or MariaDB database with its own tools, then run: nexus restore --mark',
      )
    }
    if (existsSync(sqlitePath(config.DATA_DIR)) && !values.force) {
      throw new CommandError(
        `${config.DATA_DIR} already holds a database. --force moves it to backups/ and restores; DATA_DIR names another folder.`,
      )
    }
    const lock = lockFolder(config.DATA_DIR)
    try {
      const now = Date.now()
      const { manifest, replaced } = await restoreSqlite(config, file, now, (folder, createdAt) =>
        requireFor({ ...config, DATA_DIR: folder }, now, createdAt),
      )
      if (replaced) io.print(`What was there is now in ${replaced}`)
      const context = await openContext(config)
      try {
        await prepareDatabase(context)
      } finally {
        await context.database.close()
      }
      io.print(`Restored the state of ${formatDateTime(manifest.createdAt)} into ${config.DATA_DIR}`)
    } finally {
      lock.release()
    }
  },
})

/** Looks at the unpacked backup before it takes the place of anything. */
async function requireFor(config: Config, now: number, createdAt: number): Promise<void> {
  const context = await openContext(config)
  try {
    await requireArchive(context, now, createdAt)
  } finally {
    await context.database.close()
  }
}
