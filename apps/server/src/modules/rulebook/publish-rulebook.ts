import { randomUUID } from 'node:crypto'
import { Problem, type RulebookHead } from '@nexus/contract'
import type { RulebookProduct } from '@nexus/domain'
import { canonicalBytes, canonicalJson } from '@nexus/sync'
import type { Context } from '../../context.ts'
import type { Db, Tx } from '../../db/database.ts'
import { holdChanges, lastChangeNo, productsById, productsChangedSince } from '../catalogue/index.ts'
import { faultsOfHead, headToPublish, ownListsOf } from './make-head.ts'
import {
  canonicalRows,
  chainPlace,
  chunkText,
  hashOf,
  type OwnLists,
  type Part,
  partOf,
  rowForPlace,
  storesWithOwnPrices,
  tillProduct,
} from './make-rows.ts'
import type { PublishFault } from './offer-faults.ts'
import {
  type Chunk,
  chunkSize,
  chunksOfPlace,
  countRows,
  dropLease,
  endRows,
  insertHead,
  insertParts,
  insertStandingRows,
  insertVersion,
  keepLease,
  newestVersion,
  openEnd,
  placesOfChunk,
  raiseChangeNo,
  replaceChunks,
  rowsOfChunk,
  takeLease,
  type Version,
} from './sql.ts'

export type PublishOptions = { note: string; by: string | null }

/** A publication that does not say anything for so long has stopped. */
const leaseMs = 60_000
/** Products that changed during the publication and are taken in its last transaction. */
const lateMax = 200
/** Rounds before the last transaction takes whatever there is, so that a long import holds nobody up for ever. */
const roundsMax = 10
/** Faults that one refusal names. */
const faultsMax = 50

/**
 * Publishes what has changed as the next version, immutable from then on (PRC-5b, PRC-9a): rows of
 * changed products, chunks by content, a head, a checksum. Without changes it answers the last version.
 *
 * The work is done chunk by chunk in short transactions, which nobody sees before the last one, so that
 * sales get their turn. Of two publications at once one gets Problem `rulebook/publishing`. What one
 * that was killed left behind is put right by the next: it compares every product that changed since the
 * last version, so also those whose rows are there already.
 *
 * Throws Problem `rulebook/cannot-publish` that names what tills could not evaluate.
 */
export async function publishRulebook(
  context: Pick<Context, 'database' | 'clock'>,
  options: PublishOptions,
): Promise<Version> {
  const { database, clock } = context
  const holder = randomUUID()
  const taken = await database.write(
    async (tx) => await takeLease(tx, holder, clock.now(), clock.now() + leaseMs),
  )
  if (!taken) throw publishing()
  try {
    return await publish(context, options, holder)
  } finally {
    await database.write(async (tx) => await dropLease(tx, holder))
  }
}

async function publish(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  options: PublishOptions,
  holder: string,
): Promise<Version> {
  const db = database.read
  const last = await newestVersion(db)
  const version = (last?.version ?? 0) + 1
  const writing = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    await database.write(async (tx) => {
      if (!(await keepLease(tx, holder, clock.now() + leaseMs))) throw publishing()
      return await work(tx)
    })

  let seen = last?.changeNo ?? 0
  for (let round = 1; ; round++) {
    const next = await lastChangeNo(db)
    const head = await headToPublish(db, clock.now())
    refuse(await faultsOfHead(db, head, clock.now()))
    const faults: PublishFault[] = []
    for (const [chunk, ids] of byChunk(await productsChangedSince(db, seen))) {
      const made = await makeChunk(db, chunk, ids, head, version)
      faults.push(...made.faults)
      if (faults.length >= faultsMax) break
      if (faults.length === 0) await writing(async (tx) => await writeChunk(tx, made, version))
    }
    refuse(faults)
    seen = next
    const published = await writing(async (tx) => await finish(tx, seen, round === roundsMax))
    if (published) return published
  }

  /** The last transaction; undefined when too much changed meanwhile. */
  async function finish(tx: Tx, since: number, isLastRound: boolean): Promise<Version | undefined> {
    const changeNo = await holdChanges(tx)
    const late = changeNo === since ? [] : await productsChangedSince(tx, since)
    if (late.length > lateMax && !isLastRound) return undefined
    const head = await headToPublish(tx, clock.now())
    refuse(await faultsOfHead(tx, head, clock.now()))
    for (const [chunk, ids] of byChunk(late)) {
      const made = await makeChunk(tx, chunk, ids, head, version)
      refuse(made.faults)
      await writeChunk(tx, made, version)
    }
    const headJson = canonicalJson(head)
    const headHash = hashOf(headJson)
    const { products, changes } = await countRows(tx, version)
    if (last && changes === 0 && headHash.equals(last.headHash)) {
      if (changeNo !== last.changeNo) await raiseChangeNo(tx, last.version, changeNo)
      return { ...last, changeNo }
    }
    await insertHead(tx, headHash, headJson)
    await insertParts(tx, [await partOf(headJson)])
    const published: Version = {
      version,
      headHash,
      checksum: checksumOf(version, headHash, await chunksOfPlace(tx, chainPlace, version)),
      changeNo,
      products,
      changes,
      note: options.note,
      by: options.by,
      publishedAt: clock.now(),
    }
    await insertVersion(tx, published)
    return published
  }
}

/** SHA-256 of the canonical JSON of {version, head, chunks}, base64url; null chunks are not there. */
export function checksumOf(
  version: number,
  headHash: Buffer,
  chunks: readonly Pick<Chunk, 'chunk' | 'hash'>[],
): string {
  const listed = chunks.flatMap(({ chunk, hash }) =>
    hash === null ? [] : [[chunk, hash.toString('base64url')]],
  )
  const content = { version, head: headHash.toString('base64url'), chunks: listed }
  return hashOf(canonicalBytes(content)).toString('base64url')
}

type MadeChunk = {
  chunk: number
  /** Products whose row ends, and rows that begin. */
  ended: number[]
  begun: { productId: number; json: string }[]
  chunks: Chunk[]
  parts: Part[]
  faults: PublishFault[]
}

/** Works out what becomes of one chunk: rows, and its content in every place that differs. */
async function makeChunk(
  db: Db,
  chunk: number,
  changedIds: readonly number[],
  head: RulebookHead,
  version: number,
): Promise<MadeChunk> {
  const ownLists = ownListsOf(head.priceLists)
  const standing = await rowsOfChunk(db, chunk, openEnd - 1)
  const rows = new Map(standing.map((row) => [row.productId, row.json]))
  const made: MadeChunk = { chunk, ended: [], begun: [], chunks: [], parts: [], faults: [] }

  const stored = await productsById(db, changedIds)
  const sellable = changedIds.flatMap((id) => {
    const product = stored.get(id)
    const row = product && tillProduct(product)
    return row ? [row] : []
  })
  made.faults.push(...sellable.flatMap((product) => faultsOfProduct(product, head)))
  const texts = await canonicalRows(sellable)
  const after = new Map(sellable.map((product, index) => [product.id, texts[index] ?? '']))
  for (const id of changedIds) {
    const json = after.get(id)
    if (json === rows.get(id)) continue
    if (rows.has(id)) made.ended.push(id)
    if (json === undefined) rows.delete(id)
    else {
      made.begun.push({ productId: id, json })
      rows.set(id, json)
    }
  }
  if (made.ended.length === 0 && made.begun.length === 0) return made

  const ordered = [...rows].sort(([one], [other]) => one - other).map(([, json]) => json)
  const before = await placesOfChunk(db, chunk, version - 1)
  const stores = storesWithOwnPrices(ordered, ownLists)
  for (const { place } of before) if (place !== chainPlace) stores.add(place)
  for (const place of [chainPlace, ...stores]) {
    const { entry, part } = await makePlace(ordered, ownLists, chunk, place)
    const chain = made.chunks.find((one) => one.place === chainPlace)
    const known = before.find((one) => one.place === place)
    // A store whose chunk is the chain's shares it.
    const shared = place !== chainPlace && sameHash(entry.hash, chain?.hash ?? null)
    const said: Chunk = shared ? { ...entry, hash: null, rows: 0, bytes: 0 } : entry
    if (sameHash(said.hash, known?.hash ?? null)) continue
    made.chunks.push(said)
    if (part && said.hash !== null) made.parts.push(part)
  }
  return made
}

async function makePlace(
  rows: readonly string[],
  ownLists: OwnLists,
  chunk: number,
  place: string,
): Promise<{ entry: Chunk; part: Part | undefined }> {
  const seen = rows.flatMap((json) => rowForPlace(json, ownLists, place) ?? [])
  if (seen.length === 0) return { entry: { place, chunk, hash: null, rows: 0, bytes: 0 }, part: undefined }
  const part = await partOf(chunkText(seen))
  return { entry: { place, chunk, hash: part.hash, rows: seen.length, bytes: part.bytes }, part }
}

function sameHash(one: Buffer | null, other: Buffer | null): boolean {
  return one === null || other === null ? one === other : one.equals(other)
}

async function writeChunk(tx: Tx, made: MadeChunk, version: number): Promise<void> {
  if (made.ended.length === 0 && made.begun.length === 0) return
  await endRows(tx, made.ended, version)
  await insertStandingRows(tx, made.begun, version)
  await replaceChunks(tx, made.chunk, version, made.chunks)
  await insertParts(tx, made.parts)
}

/** Names what the engine could not find or use. */
function faultsOfProduct(product: RulebookProduct, head: RulebookHead): PublishFault[] {
  const faults: PublishFault[] = []
  const field = `products/${product.id}`
  if (!head.taxClasses.some((taxClass) => taxClass.id === product.taxClassId)) {
    faults.push({
      field: `${field}/taxClassId`,
      message: `${product.names.en} (${product.sku}) has the tax class ${product.taxClassId}, which does not exist. Choose another one.`,
    })
  }
  const unknown = product.prices.find((row) => !head.priceLists.some((list) => list.id === row.list))
  if (unknown) {
    faults.push({
      field: `${field}/prices`,
      message: `${product.names.en} (${product.sku}) has a price on list ${unknown.list}, which does not exist. Take it out.`,
    })
  }
  return faults
}

function byChunk(ids: readonly number[]): Map<number, number[]> {
  return Map.groupBy(ids, (id) => Math.floor(id / chunkSize))
}

function refuse(faults: readonly PublishFault[]): void {
  const [first] = faults
  if (!first) return
  throw new Problem('rulebook/cannot-publish', first.message, {}, faults.slice(0, faultsMax))
}

function publishing(): Problem {
  return new Problem(
    'rulebook/publishing',
    'Another publication is under way. Wait until it has ended and publish again if your change is not in it.',
  )
}
