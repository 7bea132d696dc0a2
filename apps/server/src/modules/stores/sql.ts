import type { Company, CompanyBody, RegisterBody, StaticOf, StoreBody } from '@nexus/contract'
import type { Db, Tx } from '../../db/database.ts'
import { replaceRows } from '../../db/rows.ts'
import type { CompanyTable, RegisterStatusTable, StoreTable } from './tables.ts'

export type StoreRecord = StoreBody & { id: string; no: number }
export type RegisterRecord = RegisterBody & { id: string; no: number }
/** What a register last told of itself; null where it never did. */
export type RegisterStatus = {
  lastSeenAt: number | null
  app: string | null
  clockSkewMs: number | null
  queuedEntries: number | null
  queuedMinor: number | null
  queuedSales: number | null
  queuedOldestAt: number | null
  persisted: boolean | null
  /** The highest head that it announced of its epoch. */
  told: { epoch: string; seq: number; hash: string } | null
}

/** The company; undefined before it is set up. */
export async function findCompany(db: Db): Promise<Company | undefined> {
  const row = await db.selectFrom('company').selectAll().executeTakeFirst()
  return row && companyOf(row)
}

function companyOf(row: CompanyTable): Company {
  return {
    id: row.id,
    legalName: row.legal_name,
    tradeName: row.trade_name,
    pan: row.pan,
    rupeeRounding: row.rupee_rounding === 1,
    upiId: row.upi_id,
    billFooter: row.bill_footer,
  }
}

function companyColumns(company: StaticOf<typeof CompanyBody>) {
  return {
    legal_name: company.legalName,
    trade_name: company.tradeName,
    pan: company.pan,
    rupee_rounding: company.rupeeRounding ? 1 : 0,
    upi_id: company.upiId,
    bill_footer: company.billFooter,
  }
}

export async function insertCompany(tx: Tx, company: Company): Promise<void> {
  await tx
    .insertInto('company')
    .values({ id: company.id, ...companyColumns(company) })
    .execute()
}

export async function updateCompany(tx: Tx, company: Company): Promise<void> {
  await tx.updateTable('company').set(companyColumns(company)).where('id', '=', company.id).execute()
}

function storeOf(row: StoreTable): StoreRecord {
  return {
    id: row.id,
    no: row.no,
    code: row.code,
    name: row.name,
    gstin: row.gstin,
    state: row.state,
    regionId: row.region_id,
    address: row.address,
    city: row.city,
    pin: row.pin,
    phone: row.phone,
    language: row.language,
    cutOver: row.cut_over,
    active: row.active === 1,
  }
}

function storeColumns(store: StoreBody) {
  return {
    code: store.code,
    name: store.name,
    gstin: store.gstin,
    state: store.state,
    region_id: store.regionId,
    address: store.address,
    city: store.city,
    pin: store.pin,
    phone: store.phone,
    language: store.language,
    cut_over: store.cutOver,
    active: store.active ? 1 : 0,
  }
}

/** Stores by code; all of them, or those of the ids that exist. */
export async function selectStores(db: Db, ids?: readonly string[]): Promise<StoreRecord[]> {
  if (ids?.length === 0) return []
  let query = db.selectFrom('store').selectAll()
  if (ids) query = query.where('id', 'in', [...ids])
  return (await query.orderBy('code').execute()).map(storeOf)
}

export async function findStore(db: Db, id: string): Promise<StoreRecord | undefined> {
  return (await selectStores(db, [id]))[0]
}

export async function findStoreByNo(db: Db, no: number): Promise<StoreRecord | undefined> {
  const row = await db.selectFrom('store').selectAll().where('no', '=', no).executeTakeFirst()
  return row && storeOf(row)
}

export async function findStoreByCode(db: Db, code: string): Promise<StoreRecord | undefined> {
  const row = await db.selectFrom('store').selectAll().where('code', '=', code).executeTakeFirst()
  return row && storeOf(row)
}

/** Adds a store under the next free number. A store added at the same time makes the second one fail with a duplicate key: `writeRacing`. */
export async function insertStore(tx: Tx, id: string, store: StoreBody): Promise<void> {
  const { last } = await tx
    .selectFrom('store')
    .select(({ fn }) => fn.max('no').as('last'))
    .executeTakeFirstOrThrow()
  await insertStoreAs(tx, { id, no: Number(last ?? 0) + 1, ...store })
}

/** Adds a store under the number that it has at headquarters. */
export async function insertStoreAs(tx: Tx, { id, no, ...store }: StoreRecord): Promise<void> {
  await tx
    .insertInto('store')
    .values({ id, no, ...storeColumns(store) })
    .execute()
}

export async function updateStore(tx: Tx, id: string, store: StoreBody): Promise<void> {
  await tx.updateTable('store').set(storeColumns(store)).where('id', '=', id).execute()
}

/** Registers by store and number; of all stores, or of those given. */
export async function selectRegisters(
  db: Db,
  filter: { storeIds?: readonly string[]; registerIds?: readonly string[] } = {},
): Promise<(RegisterRecord & { status: RegisterStatus })[]> {
  if (filter.storeIds?.length === 0 || filter.registerIds?.length === 0) return []
  let query = db
    .selectFrom('register')
    .innerJoin('register_status', 'register_status.register_id', 'register.id')
    .selectAll()
  if (filter.storeIds) query = query.where('register.store_id', 'in', [...filter.storeIds])
  if (filter.registerIds) query = query.where('register.id', 'in', [...filter.registerIds])
  const rows = await query.orderBy('register.store_id').orderBy('register.number').execute()
  return rows.map((row) => ({
    id: row.id,
    no: row.no,
    storeId: row.store_id,
    number: row.number,
    name: row.name,
    active: row.active === 1,
    status: statusOf(row),
  }))
}

function statusOf(row: RegisterStatusTable): RegisterStatus {
  const { told_epoch: epoch, told_seq: seq, told_hash: hash } = row
  return {
    lastSeenAt: row.last_seen_at,
    app: row.app,
    clockSkewMs: row.clock_skew_ms,
    queuedEntries: row.queued_entries,
    queuedMinor: row.queued_minor,
    queuedSales: row.queued_sales,
    queuedOldestAt: row.queued_oldest_at,
    persisted: row.persisted === null ? null : row.persisted === 1,
    told: epoch === null || seq === null || hash === null ? null : { epoch, seq, hash },
  }
}

/** What a register last told; undefined where there is no such register. */
export async function findStatus(db: Db, registerId: string): Promise<RegisterStatus | undefined> {
  const row = await db
    .selectFrom('register_status')
    .selectAll()
    .where('register_id', '=', registerId)
    .executeTakeFirst()
  return row && statusOf(row)
}

/** A till is in touch as long as its next word comes within this time. */
const contactGapMs = 5 * 60_000

/** Prolongs the span in which a register is in touch, or begins one. */
export async function prolongContact(
  tx: Tx,
  registerId: string,
  { at, app, entries, soldMinor }: { at: number; app: string; entries: number; soldMinor: number },
): Promise<void> {
  const last = await tx
    .selectFrom('register_contact')
    .select(['from_at', 'until_at', 'entries_max', 'minor_max'])
    .where('register_id', '=', registerId)
    .orderBy('from_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  // A clock that was set back begins no second span at the same instant.
  const isSame = last && (at - last.until_at <= contactGapMs || at <= last.from_at)
  await replaceRows(tx, 'register_contact', [
    {
      register_id: registerId,
      from_at: isSame ? last.from_at : at,
      until_at: isSame ? Math.max(last.until_at, at) : at,
      app,
      entries_max: isSame ? Math.max(last.entries_max, entries) : entries,
      minor_max: isSame ? Math.max(last.minor_max, soldMinor) : soldMinor,
    },
  ])
}

export type Contact = { fromAt: number; untilAt: number; app: string; entriesMax: number; minorMax: number }

/** Spans in which a register was in touch, newest first. */
export async function contactsOf(db: Db, registerId: string, limit: number): Promise<Contact[]> {
  const rows = await db
    .selectFrom('register_contact')
    .selectAll()
    .where('register_id', '=', registerId)
    .orderBy('from_at', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    fromAt: row.from_at,
    untilAt: row.until_at,
    app: row.app,
    entriesMax: row.entries_max,
    minorMax: row.minor_max,
  }))
}

export async function findRegister(
  db: Db,
  id: string,
): Promise<(RegisterRecord & { status: RegisterStatus }) | undefined> {
  return (await selectRegisters(db, { registerIds: [id] }))[0]
}

export async function findRegisterByNumber(
  db: Db,
  storeId: string,
  number: number,
): Promise<{ id: string } | undefined> {
  return await db
    .selectFrom('register')
    .select('id')
    .where('store_id', '=', storeId)
    .where('number', '=', number)
    .executeTakeFirst()
}

/** Adds a register under the next free number of the chain, with an empty status row. Fails like `insertStore`. */
export async function insertRegister(tx: Tx, id: string, register: RegisterBody): Promise<void> {
  const { last } = await tx
    .selectFrom('register')
    .select(({ fn }) => fn.max('no').as('last'))
    .executeTakeFirstOrThrow()
  await insertRegisterAs(tx, { id, no: Number(last ?? 0) + 1, ...register })
}

/** Adds a register under the number that it has at headquarters, with an empty status row. */
export async function insertRegisterAs(tx: Tx, register: RegisterRecord): Promise<void> {
  await tx
    .insertInto('register')
    .values({
      id: register.id,
      no: register.no,
      store_id: register.storeId,
      number: register.number,
      name: register.name,
      active: register.active ? 1 : 0,
    })
    .execute()
  await tx.insertInto('register_status').values({ register_id: register.id }).execute()
}

export async function updateRegister(
  tx: Tx,
  id: string,
  register: Pick<RegisterBody, 'number' | 'name' | 'active'>,
): Promise<void> {
  await tx
    .updateTable('register')
    .set({ number: register.number, name: register.name, active: register.active ? 1 : 0 })
    .where('id', '=', id)
    .execute()
}

/** Overwrites what is given of a register's status and keeps the rest. */
export async function updateStatus(
  tx: Tx,
  registerId: string,
  status: Partial<RegisterStatus>,
): Promise<void> {
  await tx
    .updateTable('register_status')
    .set({
      last_seen_at: status.lastSeenAt,
      app: status.app,
      clock_skew_ms: status.clockSkewMs,
      queued_entries: status.queuedEntries,
      queued_minor: status.queuedMinor,
      queued_sales: status.queuedSales,
      queued_oldest_at: status.queuedOldestAt,
      told_epoch: status.told?.epoch,
      told_seq: status.told?.seq,
      told_hash: status.told?.hash,
      persisted: status.persisted == null ? status.persisted : status.persisted ? 1 : 0,
    })
    .where('register_id', '=', registerId)
    .execute()
}

/** Small keys of a register and of its store; undefined when the register is not one of the store. */
export async function findPlaceNumbers(
  db: Db,
  storeId: string,
  registerId: string,
): Promise<{ storeNo: number; registerNo: number } | undefined> {
  return await db
    .selectFrom('register')
    .innerJoin('store', 'store.id', 'register.store_id')
    .select(['store.no as storeNo', 'register.no as registerNo'])
    .where('register.id', '=', registerId)
    .where('store.id', '=', storeId)
    .executeTakeFirst()
}

/** Every store with its small key, for lists that hold the key. */
export async function selectStoreKeys(
  db: Db,
): Promise<{ no: number; id: string; code: string; name: string }[]> {
  return await db.selectFrom('store').select(['no', 'id', 'code', 'name']).execute()
}

/** Every register with its small key. */
export async function selectRegisterKeys(
  db: Db,
): Promise<{ no: number; id: string; number: number; storeId: string }[]> {
  return await db.selectFrom('register').select(['no', 'id', 'number', 'store_id as storeId']).execute()
}

/** GSTIN of every store, by its small key. */
export async function selectStoreGstins(db: Db): Promise<Map<number, string>> {
  const rows = await db.selectFrom('store').select(['no', 'gstin']).execute()
  return new Map(rows.map((row) => [row.no, row.gstin]))
}

/** The highest head that each register announced of its epoch, by register. */
export async function selectToldHeads(
  db: Db,
): Promise<Map<string, { epoch: string; seq: number; hash: string }>> {
  const rows = await db
    .selectFrom('register_status')
    .selectAll()
    .where('told_epoch', 'is not', null)
    .orderBy('register_id')
    .execute()
  return new Map(
    rows.flatMap((row) => {
      const { told } = statusOf(row)
      return told ? [[row.register_id, told] as const] : []
    }),
  )
}

/** Storage in bytes that each register's device was promised at its latest enrolment; null: it did not say. */
export async function enrolledQuotas(db: Db): Promise<Map<string, number | null>> {
  const rows = await db
    .selectFrom('register_epoch')
    .select(['register_id', 'quota_bytes'])
    .where('kind', '=', 'device')
    .orderBy('issued_at')
    .execute()
  return new Map(rows.map((row) => [row.register_id, row.quota_bytes]))
}
