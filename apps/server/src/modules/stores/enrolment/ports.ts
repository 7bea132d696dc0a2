import type { HelloAnswer, HelloRequest, ServerKeys } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import type { EpochStanding } from '../../journal/index.ts'

/**
 * What enrolment, hello and the list of registers need to know of the journal. The journal imports no
 * module and none imports it: `build-app` hands these over.
 */
export type JournalView = {
  generation(db: Db): Promise<string>
  /** Accepted heads of every epoch of a register, oldest epoch first. */
  headsOf(db: Db, registerId: string): Promise<HelloAnswer['heads']>
  /** Seqs of the accepted heads of epochs; an epoch without entries may be absent. */
  headSeqs(db: Db, epochs: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** How this hop stands towards the till that says hello. */
  standing(
    db: Db,
    request: HelloRequest,
  ): Promise<Pick<HelloAnswer, 'generation' | 'heads' | 'marks' | 'forks' | 'closed' | 'erasures'>>
  /**
   * When the data was last brought back from a backup (ms UTC); undefined: never. Until every register
   * has said hello since then, no series code is given out (JRN-9).
   */
  restoredAt(db: Db): Promise<number | undefined>
  /** Where tills of a store find its own server; null: it has none. */
  storeServerOf(db: Db, storeId: string): Promise<string | null>
  /** By which tills know HQ's marks (JRN-9). */
  keys(): ServerKeys
  /** Where every epoch stands, oldest first; of all registers, or of one. */
  epochStandings(db: Db, registerId?: string): Promise<EpochStanding[]>
}
