import type { Database } from '../../../db/database.ts'
import { putStore } from '../../stores/index.ts'
import { contextOn } from '../../stores/testing/world.ts'
import { airport, village } from './world.ts'

/** The village in Karnataka and the airport in Tamil Nadu. */
export async function setUpStores({ database }: { database: Database }): Promise<void> {
  const context = contextOn(database)
  for (const [id, code, state, gstin] of [
    [village, 'VIL', '29', '29AABCC1234D1Z7'],
    [airport, 'AIR', '33', '33AABCC1234D1ZI'],
  ] as const) {
    await putStore(context, { by: null, how: 'test' }, id, {
      code,
      name: code,
      gstin,
      state,
      regionId: '',
      address: '1 Main Road',
      city: 'Town',
      pin: '560001',
      phone: '',
      language: 'en',
      cutOver: '04:00',
      active: true,
    })
  }
}
