import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { dice } from '@nexus/sync/testing'
import { startMariadb } from '../../apps/server/src/testing/mariadb.ts'
import { compareStored, type Loss } from './compare-stored.ts'
import { type LoadedServer, loadServer, prepareMariadb } from './server-under-load.ts'

export type ServerKillReport = Loss & {
  kills: number
  /** By what was killed and where. */
  ends: { [end: string]: number }
  acknowledged: number
}
type Options = { kills: number; seed: number; say?: ((line: string) => void) | undefined }

/**
 * Kills a server in the middle of pushes, again and again: inside its transaction, between its commit and
 * its answer, or at any moment. Its tills go on as if nothing were.
 */
export async function killServer({ kills, seed, say }: Options): Promise<ServerKillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-kills-'))
  try {
    const place = { sqlite: join(folder, 'nexus.db') }
    const server = await loadServer(place)
    const ends = await killAgainAndAgain(server, { kills, seed, say })
    await server.start()
    await server.stopSelling()
    await server.kill()
    const loss = await compareStored(place, server.acknowledged)
    return { kills, ends, acknowledged: server.acknowledged.length, ...loss }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The same over a MariaDB, which is killed itself every other time while its server lives on. */
export async function killDatabase({ kills, seed, say }: Options): Promise<ServerKillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-kills-'))
  await prepareMariadb(folder)
  let database = await startMariadb('full', folder)
  try {
    const server = await loadServer({ mysql: database.url('nexus') })
    const port = Number(new URL(database.url('')).port)
    const killIt = async () => {
      process.kill(database.pid, 'SIGKILL')
      await database.stop()
      database = await startMariadb('full', folder, port)
    }
    const ends = await killAgainAndAgain(server, { kills, seed, say, killIt })
    await server.start()
    await server.stopSelling()
    await server.kill()
    const loss = await compareStored({ mysql: database.url('nexus') }, server.acknowledged)
    return { kills, ends, acknowledged: server.acknowledged.length, ...loss }
  } finally {
    await database.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function killAgainAndAgain(
  server: LoadedServer,
  { kills, seed, say, killIt }: Options & { killIt?: () => Promise<void> },
): Promise<ServerKillReport['ends']> {
  const chance = dice(seed)
  const ends: ServerKillReport['ends'] = {}
  for (let kill = 1; kill <= kills; kill++) {
    const end =
      killIt && kill % 2 === 0 ? 'database' : chance.pick(['writing', 'answering', 'any-moment'] as const)
    if (end === 'writing' || end === 'answering') {
      await server.start({ at: end, nth: 1 + chance.below(60) })
      await server.ended()
    } else {
      await server.start()
      await sleep(chance.below(400))
      if (end === 'database') await outlive(server, killIt)
      await server.kill()
    }
    ends[end] = (ends[end] ?? 0) + 1
    say?.(`kill ${kill} (${end}): ${server.acknowledged.length} acknowledged`)
  }
  return ends
}

/** The database is killed and comes back; the server must take pushes again without a start of its own. */
async function outlive(server: LoadedServer, killIt?: () => Promise<void>): Promise<void> {
  await killIt?.()
  const before = server.acknowledged.length
  const giveUpAt = Date.now() + 30_000
  while (server.acknowledged.length === before) {
    if (Date.now() > giveUpAt) throw new Error('the server takes no push after its database came back')
    await sleep(20)
  }
}
