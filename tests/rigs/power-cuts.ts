import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { dice } from '@nexus/sync/testing'
import { startMariadb } from '../../apps/server/src/testing/mariadb.ts'
import { enrolled, isReady, openTill, statusWhere } from '../browser-device/device.ts'
import { openDevice } from '../support/browser.ts'
import { compareStored, type Loss } from './compare-stored.ts'
import { type CuttableDisk, makeCuttableDisk, type Remains } from './cuttable-disk.ts'
import { type LoadedServer, loadServer, prepareMariadb } from './server-under-load.ts'

export type CutReport = {
  cuts: number
  /** Sales, or entries at a server, that were acknowledged before a cut; each counts once a cut. */
  acknowledged: number
  /** Cuts after which something acknowledged was gone. */
  cutsThatLost: number
  lost: number
  doubled: number
  altered: number
}
/** `forgetful`: writes are not waited for, which must lose. */
export type CutOptions = { cuts: number; seed: number; forgetful?: boolean; say?: (line: string) => void }

/** What was acknowledged before a cut, and what the disk held at it. */
type Cut = { known: readonly string[]; remains: Remains }

/** Storage engines below IndexedDB that Chromium can have (F10). */
export const backends = {
  leveldb: '--disable-features=IdbSqliteOnDiskRollout',
  sqlite: '--enable-features=IdbSqliteOnDiskRollout:stage/UseSqliteForNewStores',
} as const

/** Cuts the power of a till's disk while it sells, at instants drawn from the seed. */
export async function cutTill(
  pageFolder: string,
  { backend, cuts, seed, forgetful, say }: CutOptions & { backend: keyof typeof backends },
): Promise<CutReport> {
  const disk = await makeCuttableDisk()
  const flags = [backends[backend]]
  try {
    await using till = await openTill(pageFolder, { profile: join(disk.folder, 'profile'), flags })
    till.hop.rig = () => (forgetful ? { sabotage: 'relaxed' } : null)
    const page = await enrolled(till)
    await disk.settle()
    const acknowledged: string[] = []
    await page.exposeFunction('acknowledge', (identity: string) => void acknowledged.push(identity))
    await page.evaluate(() => {
      void (async () => {
        for (;;) {
          const bill = await window.till.complete(crypto.randomUUID())
          await window.acknowledge?.(bill.identity)
        }
      })()
    })
    const taken = await cutAt(disk, acknowledged, { cuts, seed })
    await till.context.close()
    // What the line knows better must not come to the disk's help.
    till.hop.isCutOff = true
    till.hop.rig = () => null
    return await judge(taken, say, async (folder, known) => {
      const profile = join(folder, 'profile')
      for (const name of ['SingletonLock', 'SingletonCookie', 'SingletonSocket']) {
        rmSync(join(profile, name), { force: true })
      }
      const device = await openDevice({ profile, flags })
      try {
        await device.page.goto(`${till.hop.url}/till/`)
        const status = await statusWhere(device.page, ({ state }) => state !== 'starting', 'open')
        if (!isReady(status)) return { lost: known.length, doubled: 0, altered: 0 }
        const bills = await device.page.evaluate(() => window.till.journal.lastBills(1_000_000))
        const numbers = new Set(bills.map(({ body }) => body.documents[0]?.number))
        const identities = new Set(bills.map(({ identity }) => identity))
        return {
          lost: known.filter((identity) => !identities.has(identity)).length,
          doubled: bills.length - numbers.size,
          altered: 0,
        }
      } finally {
        await device.close()
      }
    })
  } finally {
    await disk.dispose()
  }
}

/** Cuts the power of a server's SQLite file in the middle of pushes. */
export async function cutSqlite({ cuts, seed, forgetful, say }: CutOptions): Promise<CutReport> {
  const disk = await makeCuttableDisk()
  const file = 'nexus.db'
  try {
    const preload = forgetful ? new URL('./forgetful-sqlite.js', import.meta.url).href : undefined
    const server = await loadServer({ sqlite: join(disk.folder, file) }, preload)
    const taken = await cutUnder(server, disk, { cuts, seed })
    return await judge(
      taken,
      say,
      async (folder, known) => await compareStored({ sqlite: join(folder, file) }, known),
    )
  } finally {
    await disk.dispose()
  }
}

/** The same with a MariaDB whose directory lies on the disk. */
export async function cutMariadb({ cuts, seed, forgetful, say }: CutOptions): Promise<CutReport> {
  const disk = await makeCuttableDisk()
  try {
    const data = join(disk.folder, 'mariadb')
    mkdirSync(data)
    await prepareMariadb(data)
    const living = await startMariadb(forgetful ? 'none' : 'full', data)
    const server = await loadServer({ mysql: living.url('nexus') })
    const taken = await cutUnder(server, disk, { cuts, seed })
    await living.stop()
    return await judge(taken, say, async (folder, known) => {
      const again = await startMariadb('full', join(folder, 'mariadb'))
      try {
        return await compareStored({ mysql: again.url('nexus') }, known)
      } finally {
        await again.stop()
      }
    })
  } finally {
    await disk.dispose()
  }
}

async function cutUnder(
  server: LoadedServer,
  disk: CuttableDisk,
  options: { cuts: number; seed: number },
): Promise<Cut[]> {
  await disk.settle()
  await server.start()
  try {
    return await cutAt(disk, server.acknowledged, options)
  } finally {
    await server.stopSelling()
    await server.kill()
  }
}

/** Acknowledgements that had arrived here before the copy began are what a cut may not lose. */
async function cutAt(
  disk: CuttableDisk,
  acknowledged: readonly string[],
  { cuts, seed }: { cuts: number; seed: number },
): Promise<Cut[]> {
  const chance = dice(seed)
  const taken: Cut[] = []
  while (acknowledged.length === 0) await sleep(10)
  while (taken.length < cuts) {
    await sleep(100 + chance.below(900))
    const known = [...acknowledged]
    taken.push({ known, remains: await disk.cut() })
  }
  return taken
}

async function judge(
  cuts: readonly Cut[],
  say: CutOptions['say'],
  look: (folder: string, known: readonly string[]) => Promise<Loss>,
): Promise<CutReport> {
  const report = { cuts: 0, acknowledged: 0, cutsThatLost: 0, lost: 0, doubled: 0, altered: 0 }
  for (const { known, remains } of cuts) {
    const { lost, doubled, altered } = await look(await remains.mount(), known)
    await remains.dispose()
    report.cuts++
    report.acknowledged += known.length
    report.cutsThatLost += lost > 0 ? 1 : 0
    report.lost += lost
    report.doubled += doubled
    report.altered += altered
    say?.(
      `cut ${report.cuts}: ${known.length} acknowledged, ${lost} lost, ${doubled} doubled, ${altered} altered`,
    )
  }
  return report
}
