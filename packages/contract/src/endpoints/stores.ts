import { type Static, Type } from 'typebox'
import { Id, Instant, Minor, Nullable } from '../common.ts'
import { endpoint } from '../endpoint.ts'

export const CompanyBody = Type.Object({
  legalName: Type.String({ minLength: 1, maxLength: 200 }),
  tradeName: Type.String({ minLength: 1, maxLength: 200 }),
  pan: Type.String({ pattern: '^[A-Z]{5}[0-9]{4}[A-Z]$' }),
  /** Round bills to the rupee (TAX-4). */
  rupeeRounding: Type.Boolean(),
  /** Payee of the UPI QR; null hides UPI at the till. */
  upiId: Nullable(Type.String({ pattern: '^[A-Za-z0-9._-]{2,256}@[A-Za-z][A-Za-z0-9.-]{1,63}$' })),
  /** Printed at the foot of each bill. */
  billFooter: Type.String({ maxLength: 400 }),
})
export const Company = Type.Object({ id: Id, ...CompanyBody.properties })
export type Company = Static<typeof Company>

export const getCompany = endpoint({
  method: 'GET',
  path: '/v1/company',
  tag: 'stores',
  allow: 'signed-in',
  summary: 'The company.',
  answer: Company,
})
export const putCompany = endpoint({
  method: 'PUT',
  path: '/v1/company',
  tag: 'stores',
  allow: 'settings.write',
  summary: 'Change the company.',
  body: CompanyBody,
  answer: Company,
})

export const Register = Type.Object({
  id: Id,
  storeId: Id,
  /** 1, 2, 3 … in the store. */
  number: Type.Integer({ minimum: 1, maximum: 99 }),
  name: Type.String(),
  active: Type.Boolean(),
  enrolled: Type.Boolean(),
  /** Series code of the current epoch, e.g. KOR2A; null before the first enrolment. */
  seriesCode: Nullable(Type.String()),
  lastSeenAt: Nullable(Instant),
  app: Nullable(Type.String()),
  clockSkewMs: Nullable(Type.Integer()),
  /** Entries that HQ holds of the current epoch. */
  headSeq: Type.Integer(),
  /** As the till last told: entries and sum that were only on it. */
  queuedEntries: Nullable(Type.Integer()),
  queuedMinor: Nullable(Minor),
  /** How many of them are sales, and when the oldest was written, ms by the till's time. */
  queuedSales: Nullable(Type.Integer()),
  queuedOldestAt: Nullable(Instant),
  persisted: Nullable(Type.Boolean()),
})
export type Register = Static<typeof Register>

export const StoreBody = Type.Object({
  /** Short code in bill numbers, e.g. KOR. */
  code: Type.String({ pattern: '^[A-Z][A-Z0-9]{1,2}$' }),
  name: Type.String({ minLength: 1, maxLength: 120 }),
  gstin: Type.String({ pattern: '^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]$' }),
  state: Type.String({ pattern: '^[0-9]{2}$' }),
  regionId: Type.String({ maxLength: 36 }),
  address: Type.String({ minLength: 1, maxLength: 300 }),
  city: Type.String({ minLength: 1, maxLength: 80 }),
  pin: Type.String({ pattern: '^[1-9][0-9]{5}$' }),
  phone: Type.String({ maxLength: 20 }),
  language: Type.String({ maxLength: 8 }),
  /** Local time at which the next trading day may begin, HH:MM. */
  cutOver: Type.String({ pattern: '^[0-2][0-9]:[0-5][0-9]$' }),
  active: Type.Boolean(),
})
export type StoreBody = Static<typeof StoreBody>
export const Store = Type.Object({ id: Id, ...StoreBody.properties, registers: Type.Array(Register) })
export type Store = Static<typeof Store>

export const listStores = endpoint({
  method: 'GET',
  path: '/v1/stores',
  tag: 'stores',
  allow: 'signed-in',
  summary: 'Stores that the caller sees, with registers.',
  answer: Type.Object({ stores: Type.Array(Store) }),
})
export const getStore = endpoint({
  method: 'GET',
  path: '/v1/stores/:storeId',
  tag: 'stores',
  allow: 'stores.read',
  summary: 'One store.',
  params: Type.Object({ storeId: Id }),
  answer: Store,
})
export const putStore = endpoint({
  method: 'PUT',
  path: '/v1/stores/:storeId',
  tag: 'stores',
  allow: 'stores.write',
  summary: 'Create or change a store; the caller makes the id.',
  params: Type.Object({ storeId: Id }),
  body: StoreBody,
  answer: Store,
})
export const RegisterBody = Type.Object({
  storeId: Id,
  number: Type.Integer({ minimum: 1, maximum: 99 }),
  name: Type.String({ minLength: 1, maxLength: 80 }),
  active: Type.Boolean(),
})
export type RegisterBody = Static<typeof RegisterBody>
export const putRegister = endpoint({
  method: 'PUT',
  path: '/v1/registers/:registerId',
  tag: 'stores',
  allow: 'stores.write',
  summary: 'Create or change a register; the caller makes the id.',
  params: Type.Object({ registerId: Id }),
  body: RegisterBody,
  answer: Register,
})
export const createEnrolmentCode = endpoint({
  method: 'POST',
  path: '/v1/registers/:registerId/enrolment-codes',
  tag: 'stores',
  allow: 'stores.write',
  summary: 'Make a one-time code that enrols a device as this register. A new code ends the older ones.',
  params: Type.Object({ registerId: Id }),
  answer: Type.Object({
    code: Type.String(),
    expiresAt: Instant,
    /** Address for the QR: opens the till with the code filled in. */ url: Type.String(),
  }),
})

/** What a till needs to know of its place: names, addresses and settings printed on bills. */
export const TillPlace = Type.Object({
  tenant: Id,
  company: Type.Object({
    legalName: Type.String(),
    tradeName: Type.String(),
    pan: Type.String(),
    upiId: Nullable(Type.String()),
    billFooter: Type.String(),
    rupeeRounding: Type.Boolean(),
  }),
  store: Type.Object({ id: Id, ...Type.Omit(StoreBody, ['active']).properties }),
  register: Type.Object({ id: Id, number: Type.Integer(), name: Type.String() }),
  /** Origin of the store's own server, which tills try first; null: there is none. Older servers do not say. */
  storeServer: Type.Optional(Nullable(Type.String())),
})
export type TillPlace = Static<typeof TillPlace>
export const tillPlace = endpoint({
  method: 'GET',
  path: '/v1/till/place',
  tag: 'stores',
  allow: 'device',
  summary: 'Company, store and register of the calling till.',
  answer: TillPlace,
})
