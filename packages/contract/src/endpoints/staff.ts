import { type Static, Type } from 'typebox'
import { Id, Instant, listQuery, Nullable, Page } from '../common.ts'
import { endpoint, type Permission, permissions } from '../endpoint.ts'

/** Unsafe: of a mapped list the compiler cannot tell the members. */
export const PermissionSchema = Type.Unsafe<Permission>(
  Type.Union(permissions.map((permission) => Type.Literal(permission))),
)

/** Fixed roles of the first release; a role is a set of permissions. */
export const Role = Type.Union([
  Type.Literal('cashier'),
  Type.Literal('store-manager'),
  Type.Literal('merchandiser'),
  Type.Literal('accountant'),
  Type.Literal('administrator'),
])
export type Role = Static<typeof Role>

export const SessionAnswer = Type.Object({
  staffId: Id,
  name: Type.String(),
  login: Type.String(),
  role: Role,
  permissions: Type.Array(PermissionSchema),
  /** Stores that the person sees; null is all of them. */
  storeIds: Nullable(Type.Array(Id)),
  expiresAt: Instant,
})
export type SessionAnswer = Static<typeof SessionAnswer>

export const signIn = endpoint({
  method: 'POST',
  path: '/v1/session',
  tag: 'staff',
  allow: 'anyone',
  summary: 'Sign in with name and password; the answer sets a session cookie.',
  body: Type.Object({
    login: Type.String({ minLength: 1, maxLength: 60 }),
    password: Type.String({ minLength: 1, maxLength: 200 }),
  }),
  answer: SessionAnswer,
})
export const currentSession = endpoint({
  method: 'GET',
  path: '/v1/session',
  tag: 'staff',
  allow: 'signed-in',
  summary: 'Who is signed in.',
  answer: SessionAnswer,
})
export const signOut = endpoint({
  method: 'DELETE',
  path: '/v1/session',
  tag: 'staff',
  allow: 'signed-in',
  summary: 'Sign out.',
})

export const StaffRow = Type.Object({
  id: Id,
  name: Type.String(),
  /** Sign-in name of the back office; also how a till lists the person. */
  login: Type.String(),
  role: Role,
  storeIds: Nullable(Type.Array(Id)),
  active: Type.Boolean(),
  hasPin: Type.Boolean(),
  hasPassword: Type.Boolean(),
  language: Type.String(),
  lastSignInAt: Nullable(Instant),
})
export type StaffRow = Static<typeof StaffRow>

export const listStaff = endpoint({
  method: 'GET',
  path: '/v1/staff',
  tag: 'staff',
  allow: 'staff.read',
  summary: 'People, by filter, sort and page.',
  query: Type.Object({
    ...listQuery,
    store: Type.Optional(Id),
    role: Type.Optional(Role),
    active: Type.Optional(Type.Boolean()),
  }),
  answer: Page(StaffRow),
})
export const getStaff = endpoint({
  method: 'GET',
  path: '/v1/staff/:staffId',
  tag: 'staff',
  allow: 'staff.read',
  summary: 'One person.',
  params: Type.Object({ staffId: Id }),
  answer: StaffRow,
})
export const StaffBody = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 120 }),
  login: Type.String({ minLength: 2, maxLength: 60, pattern: '^[a-z0-9][a-z0-9._-]*$' }),
  role: Role,
  storeIds: Nullable(Type.Array(Id, { maxItems: 500 })),
  active: Type.Boolean(),
  language: Type.String({ maxLength: 8 }),
})
export type StaffBody = Static<typeof StaffBody>
export const putStaff = endpoint({
  method: 'PUT',
  path: '/v1/staff/:staffId',
  tag: 'staff',
  allow: 'staff.write',
  summary: 'Create or change a person; the caller makes the id.',
  params: Type.Object({ staffId: Id }),
  body: StaffBody,
  answer: StaffRow,
})
export const putStaffPin = endpoint({
  method: 'PUT',
  path: '/v1/staff/:staffId/pin',
  tag: 'staff',
  allow: 'staff.write',
  summary: 'Set or reset the PIN for tills.',
  params: Type.Object({ staffId: Id }),
  body: Type.Object({ pin: Type.String({ pattern: '^[0-9]{4,8}$' }) }),
})
export const putStaffPassword = endpoint({
  method: 'PUT',
  path: '/v1/staff/:staffId/password',
  tag: 'staff',
  allow: 'staff.write',
  summary: 'Set or reset the back-office password.',
  params: Type.Object({ staffId: Id }),
  body: Type.Object({ password: Type.String({ minLength: 10, maxLength: 200 }) }),
})

/** A person as a till knows them: enough to sign in offline on this one device. */
export const RosterPerson = Type.Object({
  id: Id,
  name: Type.String(),
  login: Type.String(),
  role: Role,
  language: Type.String(),
  /** base64url; PBKDF2-SHA256 salt and iterations of the PIN; null without a PIN. */
  pin: Nullable(Type.Object({ salt: Type.String(), iterations: Type.Integer(), verifier: Type.String() })),
})
export type RosterPerson = Static<typeof RosterPerson>
export const tillRoster = endpoint({
  method: 'GET',
  path: '/v1/till/roster',
  tag: 'staff',
  allow: 'device',
  summary: "This store's staff with PIN verifiers made for the calling device.",
  answer: Type.Object({ version: Type.String(), people: Type.Array(RosterPerson) }),
})
