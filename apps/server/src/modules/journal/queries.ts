import {
  type Entry,
  firstPrevHashSync,
  fromBase64Url,
  type HelloAnswer,
  type HelloRequest,
  type Mark,
  type Marks,
  prepareEntry,
} from '@nexus/sync'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/database.ts'
import { selectDurable } from './archive/sql.ts'
import { readGeneration } from './generation.ts'
import { selectHoles } from './hop/sql.ts'
import { signMark } from './marks.ts'
import { sha256 } from './sha256.ts'
import {
  findEntry,
  findFirstFork,
  findGeneration,
  findIdentity,
  findReleasedBytes,
  findSlotHash,
  type HeadRecord,
  selectHeads,
  selectHeadsOfRegister,
} from './sql.ts'

type Head = HelloAnswer['heads'][number]

/** Accepted heads of every epoch of a register, oldest epoch first. */
export async function headsOf(db: Db, registerId: string): Promise<Head[]> {
  const heads = await selectHeadsOfRegister(db, registerId)
  return heads.map(({ epoch, seq, hash }) => ({ epoch, seq, hash }))
}

/** Seqs of the accepted heads of epochs; those without entries here are absent. */
export async function headSeqs(db: Db, epochs: readonly string[]): Promise<Map<string, number>> {
  const heads = await selectHeads(db, epochs)
  return new Map([...heads].map(([epoch, head]) => [epoch, head.seq]))
}

/** Hash of an accepted slot, base64url; undefined where there is none. */
export async function slotHash(db: Db, epoch: string, seq: number): Promise<string | undefined> {
  const head = (await selectHeads(db, [epoch])).get(epoch)
  return head && (await findSlotHash(db, head, seq))
}

/** Whether an entry is here in any way: accepted, in quarantine or kept aside. */
export async function entryKnown(db: Db, identity: string): Promise<boolean> {
  return (await findIdentity(db, identity)) !== undefined
}

/** Head of an epoch; seq 0 and the first `prevHash` where no entry of it is here. */
export function headOrNone(epoch: string, head: HeadRecord | undefined): Head {
  return { epoch, seq: head?.seq ?? 0, hash: head?.hash ?? firstPrevHashSync(epoch, sha256) }
}

/**
 * Marks of an epoch (JRN-9): `stored` is what this server has committed, `received` the same signed by
 * HQ's key, `durable` what the archive has too; null while it has nothing of this epoch.
 */
export function marksOf(
  secrets: Context['secrets'],
  generation: string,
  head: Head | undefined,
  durable: Mark | undefined,
): Marks {
  if (head === undefined) return { stored: null, received: null, durable: null }
  const mark = { epoch: head.epoch, seq: head.seq, hash: head.hash, generation }
  return {
    stored: { ...mark, signature: null },
    received: signMark(secrets, 'received', mark),
    durable: durable ?? null,
  }
}

/** HQ's `durable` of epochs in a generation (base64url), by epoch. */
export async function durableOf(
  db: Db,
  epochs: readonly string[],
  generation: string,
): Promise<Map<string, Mark>> {
  return await selectDurable(db, epochs, fromBase64Url(generation))
}

export type Standing = Pick<
  HelloAnswer,
  'generation' | 'heads' | 'marks' | 'forks' | 'holes' | 'closed' | 'erasures'
>

/** How this server stands towards the till that says hello: same order of epochs as the till's. */
export async function standing(
  db: Db,
  secrets: Context['secrets'],
  request: Pick<HelloRequest, 'heads' | 'cursors'>,
): Promise<Standing> {
  const generation = await readGeneration(db)
  const epochs = request.heads.map(({ epoch }) => epoch)
  const heads = await selectHeads(db, epochs)
  const durable = await durableOf(db, epochs, generation)
  const forks: Standing['forks'] = []
  for (const told of request.heads) {
    const fromSeq = await forkedFrom(db, heads.get(told.epoch), told)
    if (fromSeq !== undefined) forks.push({ epoch: told.epoch, fromSeq })
  }
  return {
    generation,
    heads: request.heads.map(({ epoch }) => headOrNone(epoch, heads.get(epoch))),
    marks: epochs.map((epoch) => marksOf(secrets, generation, heads.get(epoch), durable.get(epoch))),
    forks,
    holes: await selectHoles(db, epochs),
    closed: [...heads.values()].filter(({ state }) => state !== 'open').map(({ epoch }) => epoch),
    // Nothing has been erased yet: the feed stands where the till has it.
    erasures: { version: request.cursors.erasures?.version ?? 0, identities: [] },
  }
}

/** First place at which this server holds another branch than the till; undefined where it does not, or cannot tell. */
async function forkedFrom(db: Db, head: HeadRecord | undefined, told: Head): Promise<number | undefined> {
  if (head === undefined || told.seq === 0) return undefined
  const kept = await findIdentity(db, told.hash)
  if (kept?.state === 'fork') return (await findFirstFork(db, told.epoch)) ?? told.seq
  if (told.seq > head.seq) return undefined
  const held = await findSlotHash(db, head, told.seq)
  return held === undefined || held === told.hash ? undefined : told.seq
}

/** When the data was last brought back from a backup, ms UTC; undefined: never (JRN-9). */
export async function restoredAt(db: Db): Promise<number | undefined> {
  const generation = await findGeneration(db)
  return generation?.reason === 'restored' ? generation.startedAt : undefined
}

/** An entry that took effect, where it stands. */
export type ActedEntry = {
  entry: Entry
  bytes: Uint8Array
  /** Hash of the slot behind the one on which it acted; null at the head. */
  next: string | null
  /** ms UTC, when its slot was received. */
  receivedAt: number
}

/**
 * The entry of an identity (base64url) that acted on a slot: the slot's own, the one that it re-homes, or
 * one that left quarantine. undefined where there is none.
 */
export async function findActedEntry(
  db: Db,
  slot: { storeNo: number; epochNo: number; seq: number },
  identity: string,
): Promise<ActedEntry | undefined> {
  const found = await findEntry(db, slot)
  if (found === undefined) return undefined
  const prepared = prepareEntry(found.bytes, sha256)
  const waited = await findReleasedBytes(db, identity)
  const candidates = [prepared, prepared.inner, waited && prepareEntry(waited, sha256)]
  const acted = candidates.find((candidate) => candidate?.hash === identity)
  if (acted?.decoded.kind !== 'ok') return undefined
  const { next, receivedAt } = found
  return { entry: acted.decoded.entry, bytes: acted.bytes, next, receivedAt }
}
