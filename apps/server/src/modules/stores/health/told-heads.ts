import type { Breach } from '@nexus/contract'
import { entryKnown, type ModuleCheck, slotHash } from '../../journal/index.ts'
import { selectToldHeads } from '../sql.ts'

/**
 * The last entry that each till announced must be the one that is here at its place, or be kept aside
 * (JRN-18g): a tail that was taken away behind an announcement shows as a loss that nobody told (I10).
 */
export function toldHeadCheck(): ModuleCheck {
  return {
    see() {},
    async finish(db) {
      const breaches: Breach[] = []
      const told = await selectToldHeads(db)
      for (const { epoch, seq, hash } of told.values()) {
        if (seq === 0) continue
        const held = await slotHash(db, epoch, seq)
        // Not here yet: it is on its way, and the list of tills says so.
        if (held === undefined || held === hash || (await entryKnown(db, hash))) continue
        const params = { told: hash.slice(0, 8), held: held.slice(0, 8) }
        breaches.push({ invariant: 'I10', kind: 'told-head-missing', params, epoch, seq })
      }
      return { invariant: 'I10', checked: told.size, breaches }
    },
  }
}
