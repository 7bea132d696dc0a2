import { type Bill, Problem } from '@nexus/contract'
import { stateName } from '@nexus/domain'
import { toBase64Url } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import { uuidText } from '../../../db/uuid.ts'
import { requireStore, type StaffCaller } from '../../../http/serve.ts'
import { discrepanciesOf, findActedEntry } from '../../journal/index.ts'
import { staffNames } from '../../staff/index.ts'
import { findCompany, findStore } from '../../stores/index.ts'
import { readPlaces, rowsOf } from '../bill-list/queries.ts'
import type { BillTable } from '../tables.ts'
import { findBill, reprintsOf } from './sql.ts'

/**
 * One bill with the journal entry that made it. The document stands here as the till wrote it; names and
 * addresses of the seller are today's. Throws `bill/not-found`, `session/not-allowed`.
 *
 * @param identity base64url
 */
export async function getBill(
  db: Db,
  caller: StaffCaller,
  { identity, document }: { identity: string; document: number },
): Promise<Bill> {
  const bill = await findBill(db, Buffer.from(identity, 'base64url'), document)
  if (bill === undefined) throw billMissing(identity)
  const places = await readPlaces(db)
  const storeId = places.stores.get(bill.store_no)?.id
  if (storeId !== undefined) requireStore(caller, storeId)
  const slot = { storeNo: bill.store_no, epochNo: bill.epoch_no, seq: bill.seq }
  const acted = await findActedEntry(db, slot, identity)
  if (acted?.entry.type !== 'sale') throw billMissing(identity)
  const { entry, bytes, next, receivedAt } = acted
  const [[row], seller, reprints, discrepancies] = await Promise.all([
    rowsOf(db, places, [bill]),
    sellerOf(db, storeId),
    reprintsWithNames(db, bill),
    discrepanciesOf(db, bill.identity),
  ])
  if (row === undefined) throw billMissing(identity)
  return {
    row,
    seller,
    content: entry.body.documents[document],
    tenders: entry.body.tenders,
    changeMinor: entry.body.changeMinor,
    entry: {
      identity: toBase64Url(bill.identity),
      epoch: entry.epoch,
      seq: entry.seq,
      prevHash: entry.prevHash,
      next,
      receivedAt,
      app: entry.app,
      engine: entry.engine,
      rulebookVersion: entry.rulebook?.version ?? null,
      bytes: Buffer.from(bytes).toString('utf8'),
    },
    reprints,
    discrepancies,
  }
}

function billMissing(identity: string): Problem {
  return new Problem('bill/not-found', 'There is no such bill here. Go back to the list of bills.', {
    identity,
  })
}

async function sellerOf(db: Db, storeId: string | undefined): Promise<Bill['seller']> {
  const [company, store] = await Promise.all([
    findCompany(db),
    storeId === undefined ? undefined : findStore(db, storeId),
  ])
  return {
    legalName: company?.legalName ?? '',
    tradeName: company?.tradeName ?? '',
    gstin: store?.gstin ?? '',
    storeName: store?.name ?? '',
    address: store?.address ?? '',
    city: store?.city ?? '',
    pin: store?.pin ?? '',
    state: store === undefined ? '' : (stateName(store.state) ?? store.state),
  }
}

async function reprintsWithNames(db: Db, bill: BillTable): Promise<Bill['reprints']> {
  const reprints = await reprintsOf(db, bill)
  const people = [...new Set(reprints.flatMap(({ staff }) => (staff ? [uuidText(staff)] : [])))]
  const names = people.length === 0 ? new Map<string, string>() : await staffNames(db, people)
  return reprints.map(({ at, copy, staff }) => ({
    at,
    copy,
    by: staff && (names.get(uuidText(staff)) ?? null),
  }))
}
