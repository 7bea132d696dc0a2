import type { Bill } from '@nexus/contract'
import { invariant, stateName } from '@nexus/domain'
import { toBase64Url } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import { uuidText } from '../../../db/uuid.ts'
import { requireStore, type StaffCaller } from '../../../http/serve.ts'
import { discrepanciesOf, renumberedOf } from '../../journal/index.ts'
import { staffNames } from '../../staff/index.ts'
import { findCompany, findStore } from '../../stores/index.ts'
import { readPlaces, rowsOf } from '../bill-list/queries.ts'
import type { BillTable } from '../tables.ts'
import { linksOf } from './links.ts'
import { type BillRef, getSoldBill } from './sold-bill.ts'
import { reprintsOf } from './sql.ts'

/**
 * One bill with the journal entry that made it. The document stands here as the till wrote it; names and
 * addresses of the seller are today's. Throws `bill/not-found`, `session/not-allowed`.
 */
export async function getBill(db: Db, caller: StaffCaller, ref: BillRef): Promise<Bill> {
  const { bill, document, entry, bytes, next, receivedAt } = await getSoldBill(db, ref)
  const places = await readPlaces(db)
  const storeId = places.stores.get(bill.store_no)?.id
  if (storeId !== undefined) requireStore(caller, storeId)
  const [[row], seller, reprints, discrepancies, links, renumbered] = await Promise.all([
    rowsOf(db, places, [bill]),
    sellerOf(db, storeId),
    reprintsWithNames(db, bill),
    discrepanciesOf(db, bill.identity),
    linksOf(db, bill, document),
    renumberedOf(db, bill.identity),
  ])
  invariant(row !== undefined, 'a bill has a row of its own')
  return {
    row,
    seller,
    content: document,
    // Money for the invoice of a slip was taken with the slip.
    tenders: entry.type === 'sale' ? entry.body.tenders : [],
    changeMinor: entry.type === 'sale' ? entry.body.changeMinor : 0,
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
    renumberedTo: renumbered.find(({ oldNumber }) => oldNumber === bill.number)?.number ?? null,
    discrepancies,
    ...links,
  }
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
