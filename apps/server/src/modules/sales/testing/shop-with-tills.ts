import { randomUUIDv7 } from 'node:crypto'
import type { Context } from '../../../context.ts'
import type { Database } from '../../../db/database.ts'
import { type JournalBench, openJournalBench } from '../../journal/testing/open-for-test.ts'
import { ScriptedTill } from '../../journal/testing/scripted-till.ts'
import { putStaff } from '../../staff/index.ts'
import { placeResolver, putRegister, putStore } from '../../stores/index.ts'
import {
  contextOn,
  registerBody,
  registerId,
  setUpStore,
  storeBody,
  storeId,
} from '../../stores/testing/world.ts'

export const otherStoreId = '01890000-0000-7000-8000-000000000002'
const otherRegisterId = '01890000-0000-7000-8000-000000000012'
export const cashierId = '01890000-0000-7000-8000-0000000000c1'

export type ShopWithTills = {
  context: Context
  bench: JournalBench
  /** Register 2 of Koramangala, and register 1 of Mylapore. */
  till: ScriptedTill
  other: ScriptedTill
  push(till: ScriptedTill): Promise<void>
}

/** Two stores with a till each, a cashier, and the accept path between. */
export async function openShopWithTills(
  database: Database,
  parts: Parameters<typeof openJournalBench>[1] = {},
): Promise<ShopWithTills> {
  const context = contextOn(database)
  await setUpStore(context)
  const author = { by: null, how: 'test' }
  const mylapore = storeBody({
    code: 'MYL',
    name: 'Mylapore',
    gstin: '33AABCC1234D1ZI',
    state: '33',
    city: 'Chennai',
    pin: '600004',
  })
  await putStore(context, author, otherStoreId, mylapore)
  await putRegister(context, author, otherRegisterId, registerBody({ storeId: otherStoreId, number: 1 }))
  await putStaff(context, { how: 'test' }, cashierId, {
    name: 'Meena Cashier',
    login: 'meena',
    role: 'cashier',
    storeIds: [storeId],
    active: true,
    language: 'en',
  })
  const bench = await openJournalBench(database, { resolvePlace: placeResolver(), ...parts })
  const tenant = randomUUIDv7()
  const open = (code: string, store: string, register: string) => {
    const till = new ScriptedTill(bench.enrolment, { code, place: { tenant, store, register } })
    till.staff = cashierId
    till.open()
    return till
  }
  return {
    context,
    bench,
    till: open('KOR2A', storeId, registerId),
    other: open('MYL1A', otherStoreId, otherRegisterId),
    async push(till) {
      await bench.journal.push(bench.callerOf(till), till.push())
    },
  }
}
