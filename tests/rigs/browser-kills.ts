import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Dice, dice } from '@nexus/sync/testing'
import type { Page } from 'playwright-core'
import type { JournalStatus } from '../../apps/till/src/journal/index.ts'
import { isReady, openTill, signIn, statusWhere, type Till } from '../browser-device/device.ts'
import { isChain } from '../browser-device/hop.ts'

/** Points of the journal worker's own work at which the browser is killed: see saboteur.js. */
const crashPoints = [
  'before-digest',
  'after-digest',
  'before-sign',
  'after-sign',
  'idb-before-read',
  'idb-before-transaction',
  'idb-first-put',
  'idb-later-put',
  'idb-success',
  'idb-last-success',
  'idb-complete',
  'opfs-before-open',
  'opfs-after-open',
  'opfs-before-write',
  'opfs-torn-write',
  'opfs-after-write',
  'opfs-after-flush',
  'before-request',
  'after-answer',
  'before-telling',
  'after-telling',
] as const
const firstEnds = ['before-generateKey', 'after-generateKey', 'after-answer', 'idb-complete'] as const
/** Points that a life of few sales passes only some times. */
const rareEnds = /^opfs-|-telling$|-sign$/
/** Ends that no code of ours passes through. */
const otherEnds = ['any-moment', 'renderer-crash', 'tab-closed'] as const
type End = (typeof crashPoints | typeof firstEnds | typeof otherEnds)[number]
const killEnds: readonly End[] = [...crashPoints, ...otherEnds]

export type KillReport = {
  kills: number
  tills: number
  /** Kills by the point at which they really happened. */
  ends: { [end: string]: number }
  acknowledged: number
  /** Bills that were there after a kill though nobody had seen them acknowledged: at most one a kill. */
  unseen: number
  /** Ends after which the browser had lost its IndexedDB: the till went on with its second copy (JRN-3l). */
  firstCopyLost: string[]
  /** Each with the till and the number. */
  lost: string[]
  doubled: string[]
  altered: string[]
}

/** `early`: the journal says "complete" before anything is written, which must lose. */
export type KillOptions = { kills: number; seed: number; sabotage?: 'early'; say?: (line: string) => void }

const livesATill = 24
/** A life that passes its point no earlier than here ends at any moment. */
const salesALife = 12

/**
 * Kills real browsers while a till in them sells, at every named point in turn, and counts what became of
 * the sales: after each kill on the device, at the end of each till's lives at the hop, byte for byte.
 */
export async function killBrowsers(
  pageFolder: string,
  { kills, seed, sabotage, say = () => undefined }: KillOptions,
): Promise<KillReport> {
  const report: KillReport = {
    kills: 0,
    tills: 0,
    ends: {},
    acknowledged: 0,
    unseen: 0,
    firstCopyLost: [],
    lost: [],
    doubled: [],
    altered: [],
  }
  const chance = dice(seed)
  while (report.kills < kills) {
    report.tills++
    const lives = Math.min(livesATill, kills - report.kills)
    await liveAndDie(pageFolder, { lives, chance, sabotage, report, say })
  }
  return report
}

type Known = Map<string, { identity: string; number: string }>

async function liveAndDie(
  pageFolder: string,
  given: {
    lives: number
    chance: Dice
    sabotage: 'early' | undefined
    report: KillReport
    say: (line: string) => void
  },
): Promise<void> {
  const { lives, chance, sabotage, report, say } = given
  await using till = await openTill(pageFolder)
  const known: Known = new Map()
  /** The cart that was being paid when the browser died: asked for again first, as a cashier would. */
  let open: string | undefined
  let before: End | undefined
  for (let life = 0; life < lives; life++) {
    // Keys are made when a device is enrolled: only a first life passes there.
    const isFirst = life === 0
    const end = sabotage
      ? 'after-telling'
      : isFirst
        ? chance.pick(firstEnds)
        : (killEnds[report.kills % killEnds.length] ?? 'any-moment')
    const isOnce = isFirst || end.endsWith('-open')
    const from = isOnce || chance.percent(25) ? 'start' : 'sale'
    const nth = isOnce ? 1 : 1 + chance.below(rareEnds.test(end) ? 6 : 20)
    const ended = Promise.withResolvers<End>()
    const kill = (how: End) => {
      till.kill()
      ended.resolve(how)
    }
    till.hop.rig = ({ pathname, searchParams }) => {
      if (pathname === '/rig/plan') return { point: end, nth, from, sabotage }
      kill(searchParams.get('point') as End)
      return new Promise(() => undefined)
    }
    // Until it has once sold, it may still be waiting for the list of its people.
    till.hop.isCutOff = known.size > 0 && chance.percent(25)
    const living = (async () => {
      const page = await begin(till, report, before)
      await compare(page, known, open, report)
      for (let sale = 0; sale < salesALife; sale++) {
        open ??= randomUUID()
        const cart = open
        const bill = await page.evaluate(([id]) => window.till.complete(id), [cart] as const)
        known.set(cart, { identity: bill.identity, number: bill.body.documents[0]?.number ?? '' })
        report.acknowledged++
        open = undefined
        if (sabotage && sale === nth) return kill(end)
      }
      open = randomUUID()
      const last = page.evaluate(([id]) => window.till.complete(id), [open] as const).catch(() => undefined)
      await sleep(chance.below(15))
      if (end === 'renderer-crash') await crashRenderer(page)
      else if (end === 'tab-closed') await page.close()
      if (end === 'renderer-crash' || end === 'tab-closed') ended.resolve(end)
      kill(end === 'renderer-crash' || end === 'tab-closed' ? end : 'any-moment')
      await last
    })()
    // A browser that dies takes every question to it along.
    const how = await Promise.race([ended.promise, living.then(() => ended.promise)]).catch(
      async (cause: unknown) => {
        const passed = await Promise.race([ended.promise, sleep(2_000)])
        if (passed === undefined) throw cause
        return passed
      },
    )
    await living.catch(() => undefined)
    before = how
    report.kills++
    report.ends[how] = (report.ends[how] ?? 0) + 1
    if (report.kills % 25 === 0) say(`${report.kills} kills, ${report.acknowledged} sales acknowledged`)
    await till.reopen()
  }
  await settle(till, known, open, report, before)
}

/** Opens the till's page; the first life of a device enrols it, or enrols it again where that was cut short. */
async function begin(till: Till, report: KillReport, before: End | undefined): Promise<Page> {
  const { page, hop } = till
  await page.goto(`${hop.url}/till/`)
  const { state, findings } = await statusWhere(
    page,
    (status) => isReady(status) || status.state === 'not-enrolled',
    'open',
  )
  if (findings.some(({ kind }) => kind === 'primary-lost')) report.firstCopyLost.push(before ?? 'first')
  if (state === 'not-enrolled') {
    hop.isCutOff = false
    hop.codes.add(enrolmentCode)
    await page.evaluate((code) => window.till.journal.enrol(code), enrolmentCode)
  }
  const status = await statusWhere(page, (now) => isReady(now) && now.people.length > 0, 'ready with people')
  await signIn(page)
  if (status.shift === null) await openShift(page)
  return page
}

const enrolmentCode = 'KOR-1234'

async function openShift(page: Page): Promise<void> {
  const float = { totalMinor: 50_000, pieces: [{ denominationMinor: 50_000, count: 1 }] }
  await page.evaluate((counted) => window.till.journal.openShift(counted, true), float)
}

/** What the device still knows against what it once acknowledged; takes up what was completed unseen. */
async function compare(
  page: Page,
  known: Known,
  open: string | undefined,
  report: KillReport,
): Promise<void> {
  const bills = await page.evaluate(() => window.till.journal.lastBills(100_000))
  const byCart = Map.groupBy(bills, ({ cart }) => cart)
  const byNumber = Map.groupBy(bills, ({ body }) => body.documents[0]?.number ?? '')
  for (const [number, same] of byNumber) if (same.length > 1) report.doubled.push(number)
  for (const [cart, { identity, number }] of known) {
    const [bill, twin] = byCart.get(cart) ?? []
    if (bill === undefined) {
      report.lost.push(number)
      known.delete(cart)
    } else if (bill.identity !== identity) report.altered.push(number)
    if (twin !== undefined) report.doubled.push(number)
    byCart.delete(cart)
  }
  for (const [cart, [bill]] of byCart) {
    report.unseen++
    const number = bill?.body.documents[0]?.number ?? ''
    if (cart !== open) report.doubled.push(number)
    known.set(cart, { identity: bill?.identity ?? '', number })
  }
}

/** The last life: everything reaches the hop, where every sale stands once, byte for byte. */
async function settle(
  till: Till,
  known: Known,
  open: string | undefined,
  report: KillReport,
  before: End | undefined,
): Promise<void> {
  till.hop.rig = () => null
  till.hop.isCutOff = false
  const page = await begin(till, report, before)
  await compare(page, known, open, report)
  await page.evaluate(() => window.till.journal.nudge())
  const isPushed = ({ waiting, hop }: JournalStatus) => waiting.entries === 0 && hop.reachable
  const status = await statusWhere(page, (now) => isPushed(now) || now.newEpoch === 'key-lost', 'pushed')
  if (status.newEpoch === 'key-lost') {
    // With its IndexedDB the till lost its key: people give it a code, and everything goes with the new one.
    till.hop.codes.add(enrolmentCode)
    await page.evaluate((code) => window.till.journal.enrol(code), enrolmentCode)
    await statusWhere(page, isPushed, 'pushed with a new key')
  }
  const stored = new Map<string, number>()
  for (const [epoch, entries] of till.hop.entries) {
    if (!(await isChain(till.hop, epoch))) report.altered.push(`epoch ${epoch} is no chain`)
    for (const bytes of entries) {
      const identity = createHash('sha256').update(bytes).digest('base64url')
      stored.set(identity, (stored.get(identity) ?? 0) + 1)
    }
  }
  for (const { identity, number } of known.values()) {
    const times = stored.get(identity) ?? 0
    if (times === 0) report.lost.push(`${number} at the hop`)
    if (times > 1) report.doubled.push(`${number} at the hop`)
  }
}

async function crashRenderer(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  // It never answers: the process that would is gone.
  void devtools.send('Page.crash').catch(() => undefined)
  await sleep(200)
}

/** Puts the saboteur in front of the built journal worker. Once, after the page was built. */
export function withSaboteur(pageFolder: string): void {
  const assets = join(pageFolder, 'assets')
  const worker = readdirSync(assets).find((name) => /^journal-worker.*\.js$/.test(name))
  if (worker === undefined) throw new Error(`no journal worker was built into ${assets}`)
  const saboteur = readFileSync(fileURLToPath(new URL('./saboteur.js', import.meta.url)), 'utf8')
  const path = join(assets, worker)
  writeFileSync(path, saboteur + readFileSync(path, 'utf8'))
}
