import { createHash } from 'node:crypto'
import { Problem } from '@nexus/contract'
import { canonicalBytes } from '@nexus/sync'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { writeRacing } from '../../db/write-racing.ts'
import { type Author, findStore } from '../stores/index.ts'
import { findOpening, insertMoves, insertOpening } from './sql.ts'

export type Opening = {
  storeId: string
  lines: readonly { productId: number; batchId: number | null; quantityMilli: number }[]
}

/**
 * Records what a store has of products when the ledger begins, as moves into it. Lines of nothing are
 * left out.
 *
 * Safe to repeat: the caller makes the id. Throws `stock/opening-reused` when the id is known with other
 * content, `store/not-found`.
 */
export async function recordOpening(
  context: Pick<Context, 'database' | 'clock'>,
  author: Author,
  openingId: string,
  opening: Opening,
): Promise<'recorded' | 'known'> {
  return await writeRacing(context.database, (tx) =>
    writeOpening(tx, { at: context.clock.now(), by: author.by }, openingId, opening),
  )
}

/** The same inside a caller's transaction, e.g. an import's. */
export async function writeOpening(
  tx: Tx,
  { at, by }: { at: number; by: string | null },
  openingId: string,
  opening: Opening,
): Promise<'recorded' | 'known'> {
  const lines = opening.lines.map(({ productId, batchId, quantityMilli }) => ({
    productId,
    batchId,
    quantityMilli,
  }))
  const fingerprint = createHash('sha256')
    .update(canonicalBytes({ storeId: opening.storeId, lines }))
    .digest()
  const known = await findOpening(tx, openingId)
  if (known) {
    if (known.fingerprint.equals(fingerprint)) return 'known'
    throw new Problem(
      'stock/opening-reused',
      'This opening stock was recorded with other lines. Record a correction under a new id.',
      { openingId },
    )
  }
  const store = await findStore(tx, opening.storeId)
  if (!store) {
    throw new Problem('store/not-found', 'There is no such store. Choose one from the list of stores.', {
      storeId: opening.storeId,
    })
  }
  const openingNo = await insertOpening(tx, { storeNo: store.no, id: openingId, fingerprint, at, by })
  await insertMoves(
    tx,
    lines
      .filter((line) => line.quantityMilli !== 0)
      .map((line, index) => ({
        store_no: store.no,
        epoch_no: 0,
        seq: openingNo,
        line: index,
        product: line.productId,
        batch: line.batchId,
        quantity_milli: line.quantityMilli,
        kind: 'opening' as const,
        at,
      })),
  )
  return 'recorded'
}
