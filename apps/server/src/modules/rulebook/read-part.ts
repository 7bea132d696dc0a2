import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { Problem, type RulebookHead } from '@nexus/contract'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/database.ts'
import { ownListsOf } from './make-head.ts'
import { chunkText, hashOf, type Part, partOf, rowForPlace } from './make-rows.ts'
import { findChunk, findHead, findPart, findVersion, replacePart, rowsOfChunk } from './sql.ts'

const expand = promisify(gunzip)

/**
 * A part by its hash, compressed and plain. What is stored is proved by the hash each time; a damaged or
 * missing part is made again from heads and rows.
 *
 * Throws Problem `rulebook/chunk-unknown` for a hash that no version has.
 */
export async function readPart(
  { database, log }: Pick<Context, 'database' | 'log'>,
  hash: string,
): Promise<{ gzip: Buffer; bytes: Buffer }> {
  const wanted = Buffer.from(hash, 'base64url')
  const stored = await findPart(database.read, wanted)
  const bytes = stored && (await expandWhole(stored, wanted))
  if (stored && bytes) return { gzip: stored, bytes }

  const part = await makeAgain(database.read, wanted)
  if (!part?.hash.equals(wanted)) {
    throw new Problem(
      'rulebook/chunk-unknown',
      'No version of the rulebook has this part. Ask for the manifest again.',
      { hash },
    )
  }
  log.warn({ hash, damaged: stored !== undefined }, 'a part of the rulebook was made again')
  await database.write(async (tx) => await replacePart(tx, wanted, part.gzip))
  return { gzip: part.gzip, bytes: await expand(part.gzip) }
}

/** Plain bytes, if they are the ones that the hash names. */
async function expandWhole(stored: Buffer, hash: Buffer): Promise<Buffer | undefined> {
  try {
    const bytes = await expand(stored)
    return hashOf(bytes).equals(hash) ? bytes : undefined
  } catch {
    // zlib's complaints all mean the same: these are not the bytes that were stored.
    return undefined
  }
}

async function makeAgain(db: Db, hash: Buffer): Promise<Part | undefined> {
  const head = await findHead(db, hash)
  if (head !== undefined) return await partOf(head)
  const found = await findChunk(db, hash)
  const version = found && (await findVersion(db, found.fromVersion))
  if (!version) return undefined
  const { priceLists } = await headOf(db, version.headHash)
  const ownLists = ownListsOf(priceLists)
  const rows = await rowsOfChunk(db, found.chunk, version.version)
  return await partOf(chunkText(rows.flatMap(({ json }) => rowForPlace(json, ownLists, found.place) ?? [])))
}

/** The head of a version. */
export async function headOf(db: Db, hash: Buffer): Promise<RulebookHead> {
  const json = await findHead(db, hash)
  if (json === undefined) throw new Error('a published version has its head')
  return JSON.parse(json)
}
