import { createPublicKey, verify } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Gauge } from 'prom-client'
import type { Context } from '../../../context.ts'
import type { Job, Lease } from '../../../jobs/index.ts'
import type { ResolvePlace } from '../accept/accept-push.ts'
import { AcceptQueue } from '../accept/accept-queue.ts'
import { readGeneration } from '../generation.ts'
import type { JournalParts } from '../open-journal.ts'
import { projectorsWith } from '../open-journal.ts'
import { findGeneration } from '../sql.ts'
import { archiveSome } from './archive-some.ts'
import { type Domain, domainOf } from './domain.ts'
import { type ArchiveFiles, archiveFolder } from './files.ts'
import { type ReplayParts, replaySome } from './replay.ts'
import { SegmentWriter } from './segment-writer.ts'
import { countBehind, findState, putState } from './sql.ts'
import { checkOne, closeLeftOpen, eraseErased, mendSome } from './upkeep.ts'

/** What the accept path of other modules lends, opened only when a restored database asks the archive. */
export type ArchiveParts = () => Pick<JournalParts, 'projectors' | 'checkSale'> & {
  resolvePlace: ResolvePlace
}

/** Between two rounds at rest: so far behind the tills is the archive then. */
const everyMs = 2000
/** Between two rounds while there is work: the accept path goes first. */
const giveWayMs = 50
const upkeepEveryMs = 600_000

/**
 * Keeps the archive, the second place of the journals, and with it the marks `durable` (JRN-9b). Without a
 * folder, or with one on the database's disk, it says so and makes nothing durable: tills keep everything.
 */
export function archiveJob(context: Context, parts: ArchiveParts, files = filesOf(context)): Job {
  const round = files === undefined ? undefined : openRounds(context, files, parts)
  measure(context)
  return {
    name: 'archive',
    everyMs,
    async run(lease) {
      const domain = await domainOf(context, files)
      await noteDomain(context, lease, domain)
      const more = domain === 'good' && round !== undefined && (await round(lease))
      if (more) await sleep(giveWayMs)
      return more
    },
  }
}

function filesOf({ config }: Pick<Context, 'config'>): ArchiveFiles | undefined {
  return config.NEXUS_ARCHIVE === undefined ? undefined : archiveFolder(config.NEXUS_ARCHIVE)
}

function openRounds(context: Context, files: ArchiveFiles, parts: ArchiveParts) {
  const { database, clock } = context
  const writer = new SegmentWriter({ ...context, files })
  const turn = { after: undefined }
  const tools = { ...context, files, writer, turn, openParts: () => openParts(context, parts) }
  let held: Lease | undefined
  let upkeepAt = 0
  return async (lease: Lease): Promise<boolean> => {
    const generation = (await findGeneration(database.read))?.generation
    if (generation === undefined) return false
    if (await replaySome(tools, lease, generation)) return true
    // Another worker may have written meanwhile: what is open is then nobody's.
    if (held !== lease) {
      writer.reset()
      await closeLeftOpen(tools)
      held = lease
    }
    if (clock.now() >= upkeepAt) {
      upkeepAt = clock.now() + upkeepEveryMs
      await checkOne(tools, lease)
      await eraseErased(tools, lease)
    }
    const mended = await mendSome(tools, lease, generation)
    return (await archiveSome(tools, lease, generation)) || mended
  }
}

async function openParts(context: Context, parts: ArchiveParts): Promise<ReplayParts> {
  const { database, log } = context
  const { projectors, checkSale, resolvePlace } = parts()
  const generation = await readGeneration(database.read)
  const queue = new AcceptQueue({ database, log, generation, projectors: projectorsWith(projectors) })
  return { queue, checkSale, resolvePlace, verify: verifySignature }
}

function verifySignature(publicKey: string, bytes: Uint8Array, signature: string): boolean {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64url'), format: 'der', type: 'spki' })
  return verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
}

/** Kept for whoever asks another process of this chain. */
async function noteDomain({ database, clock, log }: Context, lease: Lease, domain: Domain): Promise<void> {
  const before = await findState(database.read, 'domain')
  if (before?.value === domain) return
  if (domain !== 'good') log.warn({ domain }, 'nothing becomes durable: tills keep everything')
  await database.write(async (tx) => {
    await lease.hold(tx)
    await putState(tx, 'domain', domain, clock.now())
  })
}

function measure({ database, clock, metrics }: Context): void {
  const figures = async () => {
    const generation = (await findGeneration(database.read))?.generation
    return generation && (await countBehind(database.read, generation))
  }
  new Gauge({
    name: 'nexus_journal_not_durable_entries',
    help: 'Accepted entries that are not in the second place yet.',
    registers: [metrics],
    async collect() {
      this.set((await figures())?.entries ?? 0)
    },
  })
  new Gauge({
    name: 'nexus_journal_not_durable_seconds',
    help: 'Age of the oldest of them.',
    registers: [metrics],
    async collect() {
      const oldestAt = (await figures())?.oldestAt ?? null
      this.set(oldestAt === null ? 0 : (clock.now() - oldestAt) / 1000)
    },
  })
}
