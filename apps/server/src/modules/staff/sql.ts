import type { Role, StaffBody } from '@nexus/contract'
import type { Db, Tx } from '../../db/database.ts'
import { containing } from '../../db/like.ts'
import type { StaffTable } from './tables.ts'

export type StaffRecord = {
  id: string
  login: string
  name: string
  role: Role
  /** Sorted ids; null is all stores. */
  storeIds: string[] | null
  active: boolean
  language: string
  passwordHash: string | null
  pin: SealedPin | null
  lastSignInAt: number | null
}
/** Output of PBKDF2 as kept: `sealed` opens with the sealing key only. */
export type SealedPin = { salt: Buffer; iterations: number; sealed: Buffer }

function staffOf(row: StaffTable, storeIds: readonly string[]): StaffRecord {
  return {
    id: row.id,
    login: row.login,
    name: row.name,
    role: row.role,
    storeIds: row.all_stores === 1 ? null : [...storeIds],
    active: row.active === 1,
    language: row.language,
    passwordHash: row.password_hash,
    pin:
      row.pin_salt && row.pin_sealed && row.pin_iterations
        ? {
            salt: Buffer.from(row.pin_salt),
            iterations: row.pin_iterations,
            sealed: Buffer.from(row.pin_sealed),
          }
        : null,
    lastSignInAt: row.last_sign_in_at,
  }
}

async function withStores(db: Db, rows: readonly StaffTable[]): Promise<StaffRecord[]> {
  if (rows.length === 0) return []
  const links = await db
    .selectFrom('staff_store')
    .selectAll()
    .where(
      'staff_id',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('store_id')
    .execute()
  const stores = Map.groupBy(links, (link) => link.staff_id)
  return rows.map((row) =>
    staffOf(
      row,
      (stores.get(row.id) ?? []).map((link) => link.store_id),
    ),
  )
}

export async function findStaff(db: Db, id: string): Promise<StaffRecord | undefined> {
  const rows = await db.selectFrom('staff').selectAll().where('id', '=', id).execute()
  return (await withStores(db, rows))[0]
}

export async function findStaffByLogin(db: Db, login: string): Promise<StaffRecord | undefined> {
  const rows = await db.selectFrom('staff').selectAll().where('login', '=', login).execute()
  return (await withStores(db, rows))[0]
}

export type StaffFilter = {
  /** People of this store, and those of all stores. */
  storeId?: string | undefined
  /** People who work for one of these and for no other; undefined: everybody. */
  within?: readonly string[] | undefined
  role?: Role | undefined
  active?: boolean | undefined
  /** Part of a name or sign-in name. */
  q?: string | undefined
}
export type StaffOrder = { column: 'name' | 'login' | 'role' | 'last_sign_in_at'; descending: boolean }

function matching(db: Db, filter: StaffFilter) {
  let query = db.selectFrom('staff')
  const { storeId, within, q } = filter
  if (storeId !== undefined) {
    query = query.where((where) =>
      where.or([
        where('all_stores', '=', 1),
        where('id', 'in', where.selectFrom('staff_store').select('staff_id').where('store_id', '=', storeId)),
      ]),
    )
  }
  if (within !== undefined) {
    query = query
      .where('all_stores', '=', 0)
      .where('id', 'in', (where) =>
        where.selectFrom('staff_store').select('staff_id').where('store_id', 'in', oneOrMore(within)),
      )
      .where('id', 'not in', (where) =>
        where.selectFrom('staff_store').select('staff_id').where('store_id', 'not in', oneOrMore(within)),
      )
  }
  if (filter.role !== undefined) query = query.where('role', '=', filter.role)
  if (filter.active !== undefined) query = query.where('active', '=', filter.active ? 1 : 0)
  if (q) {
    const part = containing(q)
    query = query.where((where) => where.or([where('name', 'like', part), where('login', 'like', part)]))
  }
  return query
}

/** `IN ()` is no SQL: nobody's id is the empty text. */
function oneOrMore(ids: readonly string[]): string[] {
  return ids.length === 0 ? [''] : [...ids]
}

export async function countStaff(db: Db, filter: StaffFilter, max: number): Promise<number> {
  const row = await db
    .selectFrom(matching(db, filter).select('id').limit(max).as('found'))
    .select(({ fn }) => fn.countAll<number | string>().as('total'))
    .executeTakeFirstOrThrow()
  return Number(row.total)
}

export async function selectStaff(
  db: Db,
  filter: StaffFilter,
  order: StaffOrder,
  page: { offset: number; limit: number },
): Promise<StaffRecord[]> {
  const rows = await matching(db, filter)
    .selectAll()
    .orderBy(order.column, order.descending ? 'desc' : 'asc')
    .orderBy('id')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return await withStores(db, rows)
}

/** Names by id; unknown ids are left out. */
export async function selectStaffNames(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('staff')
    .select(['id', 'name'])
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}

function staffColumns(staff: StaffBody) {
  return {
    login: staff.login,
    name: staff.name,
    role: staff.role,
    all_stores: staff.storeIds === null ? 1 : 0,
    active: staff.active ? 1 : 0,
    language: staff.language,
  }
}

export async function insertStaff(tx: Tx, id: string, staff: StaffBody): Promise<void> {
  await tx
    .insertInto('staff')
    .values({ id, ...staffColumns(staff) })
    .execute()
  await insertStaffStores(tx, id, staff.storeIds)
}

export async function updateStaff(tx: Tx, id: string, staff: StaffBody): Promise<void> {
  await tx.updateTable('staff').set(staffColumns(staff)).where('id', '=', id).execute()
  await tx.deleteFrom('staff_store').where('staff_id', '=', id).execute()
  await insertStaffStores(tx, id, staff.storeIds)
}

async function insertStaffStores(tx: Tx, id: string, storeIds: readonly string[] | null): Promise<void> {
  if (!storeIds || storeIds.length === 0) return
  await tx
    .insertInto('staff_store')
    .values([...new Set(storeIds)].map((storeId) => ({ staff_id: id, store_id: storeId })))
    .execute()
}

export async function updatePassword(tx: Tx, id: string, hash: string): Promise<void> {
  await tx.updateTable('staff').set({ password_hash: hash }).where('id', '=', id).execute()
}

export async function updatePin(tx: Tx, id: string, pin: SealedPin & { hash: string }): Promise<void> {
  await tx
    .updateTable('staff')
    .set({
      pin_salt: pin.salt,
      pin_iterations: pin.iterations,
      pin_sealed: pin.sealed,
      pin_hash: pin.hash,
    })
    .where('id', '=', id)
    .execute()
}

export async function updateLastSignIn(tx: Tx, id: string, at: number): Promise<void> {
  await tx.updateTable('staff').set({ last_sign_in_at: at }).where('id', '=', id).execute()
}

export type SessionRecord = { staffId: string; expiresAt: number }

/** Opens a session; sessions whose time is over are forgotten on the way. */
export async function insertSession(
  tx: Tx,
  session: { idHash: Buffer; staffId: string; createdAt: number; expiresAt: number },
): Promise<void> {
  await tx.deleteFrom('session').where('expires_at', '<=', session.createdAt).execute()
  await tx
    .insertInto('session')
    .values({
      id_hash: session.idHash,
      staff_id: session.staffId,
      created_at: session.createdAt,
      expires_at: session.expiresAt,
    })
    .execute()
}

export async function findSession(db: Db, idHash: Buffer): Promise<SessionRecord | undefined> {
  return await db
    .selectFrom('session')
    .select(['staff_id as staffId', 'expires_at as expiresAt'])
    .where('id_hash', '=', idHash)
    .executeTakeFirst()
}

export async function updateSessionExpiry(tx: Tx, idHash: Buffer, expiresAt: number): Promise<void> {
  await tx.updateTable('session').set({ expires_at: expiresAt }).where('id_hash', '=', idHash).execute()
}

export async function deleteSession(tx: Tx, idHash: Buffer): Promise<void> {
  await tx.deleteFrom('session').where('id_hash', '=', idHash).execute()
}

/** Signs a person out everywhere. */
export async function deleteSessionsOf(tx: Tx, staffId: string): Promise<void> {
  await tx.deleteFrom('session').where('staff_id', '=', staffId).execute()
}
