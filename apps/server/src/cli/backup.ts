import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { sqlitePath } from '../db/open.ts'
import { backupSqlite } from '../modules/platform/index.ts'
import { CommandError, defineCommand } from './command.ts'
import { configForCommand } from './open-for-command.ts'

export const command = defineCommand({
  summary: 'Copy database and secrets into one file.',
  arguments: ['FILE?'],
  options: {},
  more: `The server may run and sell meanwhile. Without FILE it goes to backups/ in the data folder.
Keep a copy on another disk, and keep it safe: it holds the keys of the installation.
Secrets that come from settings are not in it; back those up where they are kept.`,
  async run({ arguments: [given], io }) {
    const config = configForCommand(io)
    if (config.DATABASE_URL) {
      throw new CommandError(
        'This copies SQLite. A MySQL or MariaDB database is backed up with its own tools, e.g. mariadb-dump --single-transaction.',
      )
    }
    if (!existsSync(sqlitePath(config.DATA_DIR))) {
      throw new CommandError(
        `There is no database in ${config.DATA_DIR}. Name the data folder with DATA_DIR.`,
      )
    }
    const now = Date.now()
    const file = given
      ? resolve(given)
      : join(config.DATA_DIR, 'backups', `${new Date(now).toISOString().replace(/[:.]/g, '-')}.nexus`)
    const manifest = await backupSqlite(config, file, now)
    io.print(
      `${file}\n${statSync(file).size} bytes, ${manifest.files.length} parts, migration ${manifest.migration}`,
    )
  },
})
