import type { Insertable } from 'kysely'
import { uuidBytes } from '../../../db/uuid.ts'
import type { Fact, Projector } from '../projector.ts'
import type { JournalHandoverTable, JournalHoleLostTable, JournalNumberLostTable } from '../tables.ts'
import { insertDecisions, removeDecisions, storeNosOfEpochs } from './sql.ts'

/** What people declared about holes, devices and the numbers that went with them, out of a server's entries. */
export const decisionProjector: Projector = {
  name: 'decisions',
  types: ['hole-lost', 'handover'],
  async apply(tx, facts) {
    const epochs = facts.flatMap(({ entry }) => (isAboutEpoch(entry) ? [entry.body.epoch] : []))
    const storeNos = await storeNosOfEpochs(tx, [...new Set(epochs)])
    const holes: Insertable<JournalHoleLostTable>[] = []
    const handovers: Insertable<JournalHandoverTable>[] = []
    const numbers: Insertable<JournalNumberLostTable>[] = []
    for (const { entry, storeNo } of facts) {
      if (!isAboutEpoch(entry)) continue
      const about = {
        store_no: storeNos.get(entry.body.epoch) ?? storeNo,
        epoch: uuidBytes(entry.body.epoch),
      }
      const by = { by_epoch: uuidBytes(entry.epoch), by_seq: entry.seq }
      if (entry.type === 'hole-lost') {
        holes.push({ ...about, from_seq: entry.body.fromSeq, to_seq: entry.body.toSeq, ...by })
      } else {
        const { register, declaration, afterSeq, reason, lostNumbers } = entry.body
        const { staff, at } = entry
        handovers.push({ ...about, register, declaration, after_seq: afterSeq, reason, staff, at, ...by })
        numbers.push(...lostNumbers.map((number) => ({ number, ...about, ...by })))
      }
    }
    await insertDecisions(tx, { holes, handovers, numbers })
  },
  clear: removeDecisions,
}

function isAboutEpoch(entry: Fact['entry']) {
  return entry.type === 'hole-lost' || entry.type === 'handover'
}
