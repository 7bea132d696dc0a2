import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withoutMariadb } from '../../apps/server/src/testing/mariadb.ts'
import { buildPage } from '../browser-device/device.ts'
import { missingBrowser } from '../support/browser.ts'
import { sellOverBadLine } from './bad-line.ts'
import { killBrowsers, withSaboteur } from './browser-kills.ts'
import { missingDisks } from './cuttable-disk.ts'
import { cutMariadb, cutSqlite, cutTill } from './power-cuts.ts'
import { killDatabase, killServer } from './server-kills.ts'

/** Short runs of every rig; `npm run rig` makes the long ones. */
const noBrowser = missingBrowser()
const noDisks = missingDisks()
const inBrowser = test.skipIf(noBrowser !== undefined)
const onDisk = test.skipIf(noDisks !== undefined)
const inBrowserOnDisk = test.skipIf(noBrowser !== undefined || noDisks !== undefined)
const onDiskWithMariadb = test.skipIf(noDisks !== undefined || withoutMariadb)
const seed = 20_261_123
const nothing = { lost: 0, doubled: 0, altered: 0 }

let page: Awaited<ReturnType<typeof buildPage>>
let sabotaged: Awaited<ReturnType<typeof buildPage>>
beforeAll(async () => {
  if (noBrowser) return
  page = await buildPage()
  sabotaged = await buildPage()
  withSaboteur(sabotaged.folder)
})
afterAll(() => {
  page?.remove()
  sabotaged?.remove()
})

describe('a browser that is killed', () => {
  inBrowser('[JRN-1, JRN-2, F24] at every named point loses, doubles and alters nothing', async () => {
    const report = await killBrowsers(sabotaged.folder, { kills: 27, seed })
    expect(report).toMatchObject({ kills: 27, lost: [], doubled: [], altered: [] })
    expect(Object.keys(report.ends).length).toBeGreaterThanOrEqual(18)
    expect(report.acknowledged).toBeGreaterThan(27)
  })
  inBrowser('[JRN-1a] and that told success before the disk had it is seen to lose', async () => {
    // A disk may be faster than the kill: some of thirty come in time.
    const lost: string[] = []
    for (let round = 0; round < 5 && lost.length === 0; round++) {
      const options = { kills: 6, seed: seed + round, sabotage: 'early' } as const
      lost.push(...(await killBrowsers(sabotaged.folder, options)).lost)
    }
    expect(lost.length).toBeGreaterThan(0)
  })
})

describe('a power cut', () => {
  for (const backend of ['leveldb', 'sqlite'] as const) {
    inBrowserOnDisk(`[JRN-1a, JRN-2a, F01, F10] loses no sale of a till on ${backend}`, async () => {
      const report = await cutTill(sabotaged.folder, { backend, cuts: 3, seed })
      expect(report).toMatchObject({ cuts: 3, ...nothing })
      expect(report.acknowledged).toBeGreaterThan(0)
    })
    inBrowserOnDisk(`[F01] is seen to lose on ${backend} where writes are relaxed`, async () => {
      const report = await cutTill(sabotaged.folder, { backend, cuts: 2, seed, forgetful: true })
      expect(report.cutsThatLost).toBe(2)
    })
  }
  onDisk('[JRN-9a, I5, F66] loses nothing that a server on SQLite acknowledged', async () => {
    expect(await cutSqlite({ cuts: 6, seed })).toMatchObject({ cuts: 6, ...nothing })
    expect((await cutSqlite({ cuts: 2, seed, forgetful: true })).cutsThatLost).toBe(2)
  })
  onDiskWithMariadb('[JRN-9a, I5] loses nothing that a server on MariaDB acknowledged', async () => {
    expect(await cutMariadb({ cuts: 4, seed })).toMatchObject({ cuts: 4, ...nothing })
    // It writes its log once a second all the same: a cut just then finds everything.
    expect((await cutMariadb({ cuts: 4, seed, forgetful: true })).cutsThatLost).toBeGreaterThan(0)
  })
})

describe('a server in the middle of pushes', () => {
  test('[JRN-7a, I5] that is killed loses, doubles and alters nothing', async () => {
    expect(await killServer({ kills: 6, seed })).toMatchObject({ kills: 6, ...nothing })
  })
  test.skipIf(withoutMariadb)('[JRN-7a, I5] outlives its database and loses nothing with it', async () => {
    const report = await killDatabase({ kills: 6, seed })
    expect(report).toMatchObject({ kills: 6, ...nothing })
    expect(report.ends.database).toBe(3)
  })
})

inBrowser('[JRN-8, F25] over a line that fails in every way each sale arrives once', async () => {
  const report = await sellOverBadLine(page.folder, { sales: 48, seed })
  expect(report).toMatchObject({ lost: 0, doubled: 0, isChain: true })
  expect(Object.keys(report.met).length).toBeGreaterThanOrEqual(6)
})
