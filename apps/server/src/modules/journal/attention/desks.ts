import type { ForkRow, HoleRow, PageOf, QuarantineRow, RegisterDevice } from '@nexus/contract'
import { prepareEntry, totalsAfter, zeroTotals } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import { forkPatienceMs } from '../decisions/rehome-forks.ts'
import { lostHoles, selectHandovers, selectWaitingForks } from '../decisions/sql.ts'
import { sha256 } from '../sha256.ts'
import {
  countForks,
  countQuarantine,
  type DeskQuarantine,
  epochPlaces,
  selectDevices,
  selectForks,
  selectHoles,
  selectQuarantine,
} from './desk-sql.ts'
import { pageOf, spanOf, storesFor, totalMax } from './paging.ts'

type ListQuery = { page?: number; pageSize?: number; store?: string; settled?: boolean }
/** Names of people by id; unknown ids are left out. */
export type NamesOf = (db: Db, staffIds: readonly string[]) => Promise<ReadonlyMap<string, string>>

const startLength = 160
const nowhere = { storeId: null, registerId: null, code: null }

/** A page of the quarantine desk. `storeIds`: stores that the caller sees; undefined: all. */
export async function quarantinePage(
  db: Db,
  query: ListQuery & { reason?: string },
  storeIds: readonly string[] | undefined,
): Promise<PageOf<QuarantineRow>> {
  const stores = await storesFor(db, query, storeIds)
  if (stores === 'none') return pageOf(query, [], 0)
  const filter = { stores, reason: query.reason, settled: query.settled ?? false }
  const [rows, total] = await Promise.all([
    selectQuarantine(db, filter, spanOf(query)),
    countQuarantine(db, filter, totalMax + 1),
  ])
  const places = await epochPlaces(db, [...new Set(rows.map(({ epoch }) => epoch))])
  return pageOf(
    query,
    rows.map((row) => quarantineRow(row, places.get(row.epoch) ?? nowhere)),
    total,
  )
}

function quarantineRow(
  { bytes, ...row }: DeskQuarantine,
  { storeId, registerId }: { storeId: string | null; registerId: string | null },
): QuarantineRow {
  const { decoded } = prepareEntry(bytes, sha256)
  const sale =
    decoded.kind === 'ok' && decoded.entry.type === 'sale' ? decoded.entry.body.documents[0] : undefined
  return {
    ...row,
    storeId,
    registerId,
    type: decoded.outline.type?.slice(0, 40) ?? null,
    at: decoded.outline.at,
    bytes: bytes.length,
    start: readableStart(bytes),
    bill: sale ? { number: sale.number, totalMinor: sale.totalMinor } : null,
    mayAct: decoded.kind === 'ok' && row.reason !== 'inner-mismatch',
  }
}

/** What of the first bytes is text; anything that could disturb a screen is a dot. */
function readableStart(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, startLength)).toString('utf8')
  return text.replaceAll(/[\p{C}\uFFFD]/gu, '·')
}

/** A page of the fork desk: a row an epoch. */
export async function forkPage(
  db: Db,
  query: ListQuery,
  storeIds: readonly string[] | undefined,
): Promise<PageOf<ForkRow>> {
  const stores = await storesFor(db, query, storeIds)
  if (stores === 'none') return pageOf(query, [], 0)
  const filter = { stores, settled: query.settled ?? false }
  const [rows, total] = await Promise.all([
    selectForks(db, filter, spanOf(query)),
    countForks(db, filter, totalMax + 1),
  ])
  const places = await epochPlaces(
    db,
    rows.map(({ epoch }) => epoch),
  )
  const full: ForkRow[] = []
  for (const row of rows) {
    const waiting = row.entries - row.adopted - row.rehomed
    const sold = waiting === 0 ? { sales: 0, soldMinor: 0 } : await soldInForks(db, row.epoch)
    const { storeId, registerId, code } = places.get(row.epoch) ?? nowhere
    const rehomedBy = waiting === 0 ? null : row.receivedAt + forkPatienceMs
    full.push({ ...row, waiting, ...sold, storeId, registerId, code, rehomedBy })
  }
  return pageOf(query, full, total)
}

async function soldInForks(db: Db, epoch: string): Promise<{ sales: number; soldMinor: number }> {
  let totals = zeroTotals
  for (const { bytes } of await selectWaitingForks(db, epoch)) {
    const prepared = prepareEntry(bytes, sha256)
    const { decoded } = prepared.inner ?? prepared
    if (decoded.kind === 'ok') totals = totalsAfter(totals, decoded.entry)
  }
  return { sales: totals.sales, soldMinor: totals.soldMinor }
}

/** A page of the declared holes; parts that a person gave up stand as rows of their own. */
export async function holePage(
  db: Db,
  query: ListQuery,
  storeIds: readonly string[] | undefined,
): Promise<PageOf<HoleRow>> {
  const stores = await storesFor(db, query, storeIds)
  if (stores === 'none') return pageOf(query, [], 0)
  const epochs = await selectHoles(db, stores)
  const ids = epochs.map(({ epoch }) => epoch)
  const [places, lost] = await Promise.all([epochPlaces(db, ids), lostHoles(db, ids)])
  const rows = epochs.flatMap(({ epoch, code, holes }) => {
    const { storeId, registerId } = places.get(epoch) ?? nowhere
    const given = lost.filter((one) => one.epoch === epoch)
    return holes.flatMap((hole) =>
      partsOf(hole, given).map((part) => ({ epoch, code, storeId, registerId, ...part })),
    )
  })
  const { offset, limit } = spanOf(query)
  return pageOf(query, rows.slice(offset, offset + limit), rows.length)
}

type Range = { fromSeq: number; toSeq: number }

/** A hole cut where a person gave up a part of it. */
function partsOf(hole: Range, given: readonly Range[]): (Range & { lost: boolean })[] {
  const cuts = new Set([hole.fromSeq, hole.toSeq + 1])
  for (const { fromSeq, toSeq } of given) {
    for (const cut of [fromSeq, toSeq + 1]) if (cut > hole.fromSeq && cut <= hole.toSeq) cuts.add(cut)
  }
  const sorted = [...cuts].sort((a, b) => a - b)
  const parts: (Range & { lost: boolean })[] = []
  for (const [index, fromSeq] of sorted.slice(0, -1).entries()) {
    const toSeq = (sorted[index + 1] ?? 0) - 1
    const lost = given.some((one) => one.fromSeq <= fromSeq && toSeq <= one.toSeq)
    const before = parts.at(-1)
    // A cut between two parts of one kind is none.
    if (before?.lost === lost) before.toSeq = toSeq
    else parts.push({ fromSeq, toSeq, lost })
  }
  return parts
}

/** What was last announced of a register's head; the stores module keeps it. */
export type ToldHead = { epoch: string; seq: number; hash: string; at: number }

/** Lives of a register with what was heard of each; `issued`: given out, perhaps without an entry here. */
export async function devicesOf(
  db: Db,
  registerId: string,
  parts: {
    namesOf: NamesOf
    issued: readonly { epoch: string; code: string }[]
    told: ToldHead | undefined
  },
): Promise<RegisterDevice[]> {
  const [known, handovers] = await Promise.all([
    selectDevices(db, registerId),
    selectHandovers(db, registerId),
  ])
  const names = await parts.namesOf(
    db,
    handovers.flatMap(({ staff }) => staff ?? []),
  )
  const toldOf = (epoch: string) => {
    const { told } = parts
    return told?.epoch === epoch ? { seq: told.seq, hash: told.hash, at: told.at } : null
  }
  const declarationsOf = (epoch: string) =>
    handovers
      .filter((one) => one.epoch === epoch)
      .map(({ declaration, afterSeq, reason, staff, at }) => ({
        declaration,
        afterSeq,
        reason,
        by: staff && (names.get(staff) ?? staff),
        at,
      }))
  const unheard = parts.issued.filter(({ epoch }) => !known.some((one) => one.epoch === epoch))
  return [
    ...unheard.map(({ epoch, code }) => ({
      epoch,
      code,
      state: 'open' as const,
      headSeq: 0,
      headHash: null,
      movedAt: null,
      told: toldOf(epoch),
      declarations: [],
    })),
    ...known.map(({ epoch, code, state, seq, hash, movedAt }) => ({
      epoch,
      code,
      state,
      headSeq: seq,
      headHash: seq === 0 ? null : hash,
      movedAt: seq === 0 ? null : movedAt,
      told: toldOf(epoch),
      declarations: declarationsOf(epoch),
    })),
  ]
}
