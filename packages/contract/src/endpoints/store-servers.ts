import { ParcelAnswer, StandingAnswer, StandingRequest } from '@nexus/sync'
import { type Static, Type } from 'typebox'
import { Id, Instant, Minor, Nullable } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { Company, Register, Store } from './stores.ts'

/** Origin under which tills reach a store server, e.g. `https://nexus.kor.lan:4600`. */
const Address = Type.String({ pattern: '^https?://[^/?#]+$', maxLength: 200 })

export const StoreServer = Type.Object({
  id: Id,
  storeId: Id,
  joinedAt: Instant,
  /** null: in use. */
  revokedAt: Nullable(Instant),
  address: Nullable(Address),
  lastSeenAt: Nullable(Instant),
  app: Nullable(Type.String()),
  /** As it last told: entries that are only in this store, and when the oldest of them came in. */
  queuedEntries: Nullable(Type.Integer()),
  queuedSince: Nullable(Instant),
})
export type StoreServer = Static<typeof StoreServer>

export const listStoreServers = endpoint({
  method: 'GET',
  path: '/v1/stores/:storeId/store-servers',
  tag: 'store servers',
  allow: 'stores.read',
  summary: 'Store servers of a store, the newest first, those that were revoked included.',
  params: Type.Object({ storeId: Id }),
  answer: Type.Object({ storeServers: Type.Array(StoreServer) }),
})
export const createStoreServerCode = endpoint({
  method: 'POST',
  path: '/v1/stores/:storeId/store-server-codes',
  tag: 'store servers',
  allow: 'stores.write',
  summary: 'Make a one-time code by which a store server joins; a new code ends the older ones of the store.',
  params: Type.Object({ storeId: Id }),
  answer: Type.Object({
    code: Type.String(),
    expiresAt: Instant,
    /** What to type on the store server. */
    command: Type.String(),
  }),
})
export const revokeStoreServer = endpoint({
  method: 'PUT',
  path: '/v1/store-servers/:storeServerId/revocation',
  tag: 'store servers',
  allow: 'stores.write',
  summary: 'End a store server: headquarters takes nothing from it any more. Repeating changes nothing.',
  params: Type.Object({ storeServerId: Id }),
  answer: StoreServer,
})

/** Goes out as `Authorization: Bearer …`; with `x-nexus-device: REGISTER/EPOCH` it speaks for a till of its store. */
export const StoreServerToken = Type.Object({ token: Type.String(), expiresAt: Instant })
export type StoreServerToken = Static<typeof StoreServerToken>

/** What a store server needs to know of its chain once and for all. */
export const JoinAnswer = Type.Object({
  id: Id,
  storeId: Id,
  tenant: Id,
  /** Public key that signs enrolments (SPKI, base64url): proof of epochs that it does not know (JRN-4s). */
  enrolmentKey: Type.String(),
  /** Public key that signs marks and rulebooks (SPKI, base64url). */
  hqKey: Type.String(),
  token: StoreServerToken,
})
export type JoinAnswer = Static<typeof JoinAnswer>
export const joinStoreServer = endpoint({
  method: 'POST',
  path: '/v1/store-servers',
  tag: 'store servers',
  allow: 'anyone',
  summary:
    'Join as the store server of a store by a one-time code. A re-send with the same code and key answers the same.',
  body: Type.Object({
    code: Type.String({ minLength: 1, maxLength: 64 }),
    /** ECDSA P-256, SPKI, base64url. */
    publicKey: Type.String({ pattern: '^[A-Za-z0-9_-]{80,400}$' }),
    app: Type.String({ minLength: 1, maxLength: 40 }),
  }),
  answer: JoinAnswer,
})
export const renewStoreServerToken = endpoint({
  method: 'POST',
  path: '/v1/store-servers/tokens',
  tag: 'store servers',
  allow: 'anyone',
  summary: "A pass for an hour, by the store server's key: it signs the canonical JSON of {storeServer, at}.",
  body: Type.Object({
    storeServer: Id,
    at: Instant,
    signature: Type.String({ pattern: '^[A-Za-z0-9_-]{80,100}$' }),
  }),
  answer: StoreServerToken,
})

/** What a store server last heard of a till. */
const RegisterSeen = Type.Object({
  registerId: Id,
  lastSeenAt: Instant,
  app: Nullable(Type.String({ maxLength: 40 })),
  clockSkewMs: Nullable(Type.Integer()),
  queuedEntries: Nullable(Type.Integer({ minimum: 0 })),
  queuedMinor: Nullable(Minor),
})
export const StoreServerStatus = Type.Object({
  app: Type.String({ minLength: 1, maxLength: 40 }),
  address: Nullable(Address),
  queuedEntries: Type.Integer({ minimum: 0 }),
  queuedSince: Nullable(Instant),
  registers: Type.Array(RegisterSeen, { maxItems: 99 }),
})
export type StoreServerStatus = Static<typeof StoreServerStatus>
export const storeServerStanding = endpoint({
  method: 'POST',
  path: '/v1/store-server/standing',
  tag: 'store servers',
  allow: 'store-server',
  summary:
    'Tell how a store server is and where its journals stand, every 30 seconds; the answer says where headquarters stands.',
  body: Type.Object({ ...StandingRequest.properties, status: StoreServerStatus }),
  answer: Type.Object({
    ...StandingAnswer.properties,
    /** Changes with what `storeServerMasters` answers. */
    masters: Type.String(),
  }),
})
export const storeServerParcel = endpoint({
  method: 'GET',
  path: '/v1/store-server/epochs/:epoch/entries',
  tag: 'store servers',
  allow: 'store-server',
  summary: 'Entries of an epoch of the store from a place on, byte for byte, as one push takes them.',
  params: Type.Object({ epoch: Id }),
  query: Type.Object({ from: Type.Integer({ minimum: 1 }) }),
  answer: ParcelAnswer,
})

/** The rows of its store, under the numbers that headquarters gave them. */
export const StoreServerMasters = Type.Object({
  version: Type.String(),
  company: Company,
  store: Type.Object({ ...Type.Omit(Store, ['registers']).properties, no: Type.Integer() }),
  registers: Type.Array(
    Type.Object({
      ...Type.Pick(Register, ['id', 'storeId', 'number', 'name', 'active']).properties,
      no: Type.Integer(),
    }),
  ),
  /** Origin of the tills' app, where headquarters knows its own: the store server lets its pages in. */
  tillOrigin: Nullable(Address),
})
export type StoreServerMasters = Static<typeof StoreServerMasters>
export const storeServerMasters = endpoint({
  method: 'GET',
  path: '/v1/store-server/masters',
  tag: 'store servers',
  allow: 'store-server',
  summary: 'Company, store and registers of the calling store server.',
  answer: StoreServerMasters,
})
