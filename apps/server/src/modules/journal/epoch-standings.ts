import type { Hole } from '@nexus/sync'
import type { Db } from '../../db/database.ts'
import { uuidText } from '../../db/uuid.ts'
import type {} from './tables.ts'

/** Where an epoch stands on this server. */
export type EpochStanding = {
  epoch: string
  register: string
  seriesCode: string
  state: 'open' | 'closed' | 'stolen'
  headSeq: number
  /** ms UTC */
  headMovedAt: number
  /** How far it is in a second place, and up to when that had come; null: not at all. */
  durableSeq: number | null
  durableAt: number | null
  /** Entries that wait for a person, and entries in declared holes. */
  quarantined: number
  forked: number
  missing: number
}

/** Standings of every epoch, oldest first; of all registers, or of one. */
export async function epochStandings(db: Db, register?: string): Promise<EpochStanding[]> {
  const [rows, quarantined, forked] = await Promise.all([
    db
      .selectFrom('journal_epoch as e')
      .innerJoin('journal_head as h', (join) =>
        join.onRef('h.store_no', '=', 'e.store_no').onRef('h.epoch_no', '=', 'e.epoch_no'),
      )
      .select(['e.epoch', 'e.register', 'e.code', 'e.state', 'e.holes', 'h.seq', 'h.moved_at'])
      .$if(register !== undefined, (query) => query.where('e.register', '=', register ?? ''))
      .orderBy('e.epoch_no')
      .execute(),
    db
      .selectFrom('journal_quarantine')
      .select(({ fn }) => ['epoch', fn.countAll<number | string>().as('entries')])
      .where('released', 'is', null)
      .groupBy('epoch')
      .execute(),
    db
      .selectFrom('journal_fork')
      .select(({ fn }) => ['epoch', fn.countAll<number | string>().as('entries')])
      .where('settled', 'is', null)
      .groupBy('epoch')
      .execute(),
  ])
  const countOf = (list: readonly { epoch: Uint8Array; entries: number | string }[]) =>
    new Map(list.map((row) => [uuidText(row.epoch), Number(row.entries)]))
  const waiting = countOf(quarantined)
  const kept = countOf(forked)
  return rows.map((row) => {
    const epoch = uuidText(row.epoch)
    const holes: Hole[] = JSON.parse(row.holes)
    return {
      epoch,
      register: row.register,
      seriesCode: row.code,
      state: row.state,
      headSeq: row.seq,
      headMovedAt: row.moved_at,
      durableSeq: null,
      durableAt: null,
      quarantined: waiting.get(epoch) ?? 0,
      forked: kept.get(epoch) ?? 0,
      missing: holes.reduce((sum, { fromSeq, toSeq }) => sum + toSeq - fromSeq + 1, 0),
    }
  })
}
