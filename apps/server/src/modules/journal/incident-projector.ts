import { uuidBytes } from '../../db/uuid.ts'
import type { Projector } from './projector.ts'
import { incidentId } from './rows.ts'
import { insertIncidents, removeTillIncidents } from './sql.ts'

/** Incidents that tills journalled, for the list of what people must look at. */
export const incidentProjector: Projector = {
  name: 'incidents',
  types: ['incident'],
  async apply(tx, facts) {
    await insertIncidents(
      tx,
      facts.flatMap(({ storeNo, identity, entry }) => {
        if (entry.type !== 'incident') return []
        const { kind, params, place } = entry.body
        const { epoch, seq } = place ?? entry
        return {
          store_no: storeNo,
          id: incidentId('incident', entry.epoch, entry.seq, identity.toString('base64url')),
          at: entry.at,
          kind,
          params: JSON.stringify(params),
          epoch: uuidBytes(epoch),
          seq,
          source: 'till',
        }
      }),
    )
  },
  clear: removeTillIncidents,
}
