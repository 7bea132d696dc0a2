import type { Context } from '../../../context.ts'
import { StartRefused } from '../../../start-refused.ts'
import { domainOf } from './domain.ts'
import { archiveFolder } from './files.ts'
import { hasManifest, lastActivityAt, selectSegments } from './sql.ts'

/** Tills keep what is durable for 45 days; a server has to be back and asked before that (JRN-9e). */
const daysMax = 40

/** The data is older than what tills still keep, and no archive has what is missing. */
class TooOld extends StartRefused {
  constructor(days: number, reason: string) {
    super(
      `This data is ${days} days old. Tills keep for 45 days what they know to be safe, so what was sold since may be nowhere but in the archive, and ${reason}. Name its folder with NEXUS_ARCHIVE, or take a backup that is younger than ${daysMax} days. docs/runbooks/restore-from-backup.md`,
    )
    this.name = 'TooOld'
  }
}

/**
 * Refuses restored data that is older than 40 days, unless the archive is there with every segment since
 * (JRN-9e). Answers how old the data is, in days.
 *
 * @param now ms UTC
 * @param at when the data was copied; where nobody knows, when it was last written to
 */
export async function requireArchive(
  context: Pick<Context, 'config' | 'database' | 'secrets'>,
  now: number,
  at?: number,
): Promise<number> {
  const writtenAt = at ?? (await lastActivityAt(context.database.read)) ?? now
  const days = Math.floor((now - writtenAt) / 86_400_000)
  if (days <= daysMax) return days
  const { NEXUS_ARCHIVE: folder } = context.config
  if (folder === undefined) throw new TooOld(days, 'no archive is set')
  const files = archiveFolder(folder)
  const domain = await domainOf(context, files)
  if (domain === 'foreign') throw new TooOld(days, `${folder} is the archive of another chain`)
  if (domain === 'unreachable') throw new TooOld(days, `${folder} cannot be read`)
  const here = new Set((await files.list()).map(({ no }) => no))
  const { read } = context.database
  const known = (await hasManifest(read)) ? await selectSegments(read) : []
  // Everything since the last file that this data knows; from the first one where it knows none.
  const newest = Math.max(0, ...here)
  for (let no = known.at(-1)?.no ?? 1; no <= Math.max(newest, 1); no++) {
    if (!here.has(no)) throw new TooOld(days, `${folder} lacks segment ${no}`)
  }
  return days
}
