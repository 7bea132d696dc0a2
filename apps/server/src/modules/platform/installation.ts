import type { Context } from '../../context.ts'
import { secretsFingerprint } from '../../secrets.ts'
import { StartRefused } from '../../start-refused.ts'
import { findInstallationFact, insertInstallationFact } from './sql.ts'

/** What a database holds: the invented chain, or a real one. The two never mix. */
export type InstallationKind = 'demo' | 'shop'

/** Kind of data in this database; undefined while it is empty. */
export async function installationKind(context: Context): Promise<InstallationKind | undefined> {
  const kind = await findInstallationFact(context.database.read, 'kind')
  return kind === 'demo' || kind === 'shop' ? kind : undefined
}

/** Says what an empty database is for. Throws when it already holds the other kind; repeating is safe. */
export async function claimInstallation(context: Context, kind: InstallationKind): Promise<void> {
  await context.database.write(async (tx) => {
    const known = await findInstallationFact(tx, 'kind')
    if (known === kind) return
    if (known !== undefined) {
      throw new StartRefused(
        `This data folder holds ${kindNames[known] ?? 'other data'}, so ${kindNames[kind]} cannot go into it. Name another folder with DATA_DIR.`,
      )
    }
    await insertInstallationFact(tx, 'kind', kind)
  })
}

const kindNames: Record<string, string> = { demo: 'the demo chain', shop: 'a real shop' }

/**
 * Compares the secrets with those that the database was first used with, and remembers them when it
 * is new. With other secrets every PIN, password, session and till would be refused one by one, so
 * the server refuses to start instead.
 */
export async function checkSecrets(context: Context): Promise<void> {
  const mine = secretsFingerprint(context.secrets)
  await context.database.write(async (tx) => {
    const known = await findInstallationFact(tx, 'secrets')
    if (known === undefined) await insertInstallationFact(tx, 'secrets', mine)
    else if (known !== mine) {
      throw new StartRefused(
        'The secrets are not those that this database was made with. Bring back the folder `secrets` (or the settings ENROLMENT_KEY, HQ_KEY, TOKEN_SECRET, PEPPER and SEALING_KEY) that belongs to it; `nexus restore` brings both back together.',
      )
    }
  })
}
