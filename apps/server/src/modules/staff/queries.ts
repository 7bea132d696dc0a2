import { type PageOf, Problem, type Role, type StaffRow } from '@nexus/contract'
import type { Db } from '../../db/database.ts'
import type { StaffCaller } from '../../http/serve.ts'
import { countStaff, findStaff, type StaffOrder, type StaffRecord, selectStaff } from './sql.ts'

export function staffMissing(staffId: string): Problem {
  return new Problem('staff/not-found', 'There is no such person. Choose one from the list of staff.', {
    staffId,
  })
}

/** A person as screens show them; secrets stay behind. */
function rowOf(person: StaffRecord): StaffRow {
  const { passwordHash, pin, ...row } = person
  return { ...row, hasPin: pin !== null, hasPassword: passwordHash !== null }
}

/** One person. Throws `staff/not-found`, also for one who works elsewhere than the caller. */
export async function getStaff(
  db: Db,
  caller: Pick<StaffCaller, 'storeIds'>,
  staffId: string,
): Promise<StaffRow> {
  const person = await findStaff(db, staffId)
  if (!person || !isWithin(caller.storeIds, person)) throw staffMissing(staffId)
  return rowOf(person)
}

function isWithin(storeIds: readonly string[] | undefined, person: StaffRecord): boolean {
  return storeIds === undefined || (person.storeIds?.every((storeId) => storeIds.includes(storeId)) ?? false)
}

export type StaffQuery = {
  page?: number
  pageSize?: number
  /** `name` (the default), `login`, `role`, `lastSignInAt`, each with `-` for descending. */
  sort?: string
  q?: string
  store?: string
  role?: Role
  active?: boolean
}

/** Counting stops here; screens then say "more than". */
const totalMax = 10_000

const columns: Record<string, StaffOrder['column']> = {
  name: 'name',
  login: 'login',
  role: 'role',
  lastSignInAt: 'last_sign_in_at',
}

/** A page of people. A caller bound to stores sees those who work in these and nowhere else. */
export async function staffPage(
  db: Db,
  caller: Pick<StaffCaller, 'storeIds'>,
  query: StaffQuery,
): Promise<PageOf<StaffRow>> {
  const page = query.page ?? 1
  const pageSize = query.pageSize ?? 50
  const filter = {
    storeId: query.store,
    within: caller.storeIds,
    role: query.role,
    active: query.active,
    q: query.q,
  }
  const order: StaffOrder = {
    column: columns[query.sort?.replace(/^-/, '') ?? 'name'] ?? 'name',
    descending: query.sort?.startsWith('-') ?? false,
  }
  const [total, people] = await Promise.all([
    countStaff(db, filter, totalMax + 1),
    selectStaff(db, filter, order, { offset: (page - 1) * pageSize, limit: pageSize }),
  ])
  return {
    rows: people.map(rowOf),
    page,
    pageSize,
    total: Math.min(total, totalMax),
    totalIsExact: total <= totalMax,
  }
}
