import { join } from 'node:path'
import type { Context } from './context.ts'
import { type Migration, migrate } from './db/migrate.ts'
import { openDatabase } from './db/open.ts'
import { backupSqlite, checkSecrets } from './modules/platform/index.ts'

const dayMs = 86_400_000

/**
 * Makes a database fit to work with: migrated, and used with its own secrets. Before a SQLite
 * database that holds data is changed, it is copied to `backups/` in the data folder; a MySQL
 * database is backed up by those who run it. Answers the migrations that were applied.
 */
export async function prepareDatabase(context: Context): Promise<Migration[]> {
  const { config, database, clock, log } = context
  // A large table takes its time, and a second server waits for the first: the limit is for requests.
  const own = config.DATABASE_URL ? await openDatabase({ ...config, MYSQL_QUERY_MS: dayMs }) : undefined
  const applied = await migrate(own ?? database, {
    now: clock.now(),
    async beforeChange(known) {
      if (database.dialect !== 'sqlite') return
      const last = known.at(-1)?.number ?? 0
      const day = new Date(clock.now()).toISOString().replace(/[:.]/g, '-')
      const file = join(
        config.DATA_DIR,
        'backups',
        `before-migration-${String(last).padStart(4, '0')}-${day}.nexus`,
      )
      await backupSqlite(config, file, clock.now())
      log.info({ file }, 'made a backup before migrating')
    },
  }).finally(() => own?.close())
  await checkSecrets(context)
  return applied
}
