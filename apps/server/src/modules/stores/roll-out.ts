import type { Db, Tx } from '../../db/database.ts'

/** A till that does not hold a version yet; `holds` is null where it never said. */
export type TillBehind = {
  registerId: string
  number: number
  storeId: string
  storeName: string
  holds: number | null
  lastSeenAt: number
}

/** How far a rulebook version has come among the tills that ever reported and are in use. */
export type RollOut = { tills: number; holding: number; behind: TillBehind[] }

/** Keeps which rulebook version a till says that it sells by; the same again writes nothing. */
export async function noteRulebookHeld(tx: Tx, registerId: string, version: number): Promise<void> {
  await tx
    .updateTable('register_status')
    .set({ rulebook_version: version })
    .where('register_id', '=', registerId)
    .where((where) =>
      where.or([where('rulebook_version', 'is', null), where('rulebook_version', '<>', version)]),
    )
    .execute()
}

/** @param behindMax how many of the tills behind are named, those seen longest ago first */
export async function rollOutOf(db: Db, version: number, behindMax: number): Promise<RollOut> {
  const tills = db
    .selectFrom('register_status')
    .innerJoin('register', 'register.id', 'register_status.register_id')
    .where('register.active', '=', 1)
    .where('register_status.last_seen_at', 'is not', null)
  const counted = await tills
    .select((select) => [
      select.fn.countAll<number>().as('tills'),
      select.fn
        .sum<number>(
          select.case().when('register_status.rulebook_version', '>=', version).then(1).else(0).end(),
        )
        .as('holding'),
    ])
    .executeTakeFirstOrThrow()
  const rows = await tills
    .innerJoin('store', 'store.id', 'register.store_id')
    .select([
      'register.id as registerId',
      'register.number',
      'register.store_id as storeId',
      'store.name as storeName',
      'register_status.rulebook_version as holds',
      'register_status.last_seen_at as lastSeenAt',
    ])
    .where((where) =>
      where.or([
        where('register_status.rulebook_version', 'is', null),
        where('register_status.rulebook_version', '<', version),
      ]),
    )
    .orderBy('register_status.last_seen_at')
    .limit(behindMax)
    .execute()
  return {
    tills: Number(counted.tills),
    holding: Number(counted.holding ?? 0),
    behind: rows.map((row) => ({ ...row, lastSeenAt: row.lastSeenAt ?? 0 })),
  }
}
