import { createHmac, timingSafeEqual, verify } from 'node:crypto'
import { Problem, type StoreServerToken } from '@nexus/contract'
import { canonicalBytes } from '@nexus/sync'
import type { FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import type { DeviceCaller, StoreServerCaller } from '../../http/serve.ts'
import { deviceKey, placeResolver } from '../stores/index.ts'
import { findStoreServer, type StoreServerRecord } from './sql.ts'

/** Long enough that a short outage needs no renewal, short enough to be worth little. */
const lifetimeMs = 3600_000
/** A machine whose clock is further off should be put right first. */
const clockOffMsMax = 24 * 3600_000

/** A pass of a store server: payload and its HMAC; nothing is kept of it. */
export function issuePass(
  context: Pick<Context, 'clock' | 'secrets'>,
  { id, storeId }: Pick<StoreServerRecord, 'id' | 'storeId'>,
): StoreServerToken {
  const expiresAt = context.clock.now() + lifetimeMs
  const payload = Buffer.from(JSON.stringify([id, storeId, expiresAt])).toString('base64url')
  return { token: `${payload}.${macOf(context, payload)}`, expiresAt }
}

function macOf(context: Pick<Context, 'secrets'>, payload: string): string {
  return createHmac('sha256', context.secrets.token).update(`store-server:${payload}`).digest('base64url')
}

/** A new pass for whoever signs with the store server's key. Throws `store-server/unknown`, `-revoked`. */
export async function renewPass(
  context: Context,
  { storeServer, at, signature }: { storeServer: string; at: number; signature: string },
): Promise<StoreServerToken> {
  const known = await findStoreServer(context.database.read, storeServer)
  const key = known && deviceKey(known.publicKey)
  const bytes = canonicalBytes({ storeServer, at })
  const isProved =
    key && verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
  if (!known || !isProved) throw unknown()
  if (known.revokedAt !== null) throw revoked()
  if (Math.abs(at - context.clock.now()) > clockOffMsMax) {
    throw new Problem('request/invalid', 'The clock of the store server is a day off. Put it right.', {}, [
      { field: 'at', message: 'a day off' },
    ])
  }
  return issuePass(context, known)
}

/** Knows the store server by its pass. Throws `store-server/unknown`, `-revoked`. */
export function authenticateStoreServer(
  context: Pick<Context, 'clock' | 'secrets' | 'database'>,
): (request: Pick<FastifyRequest, 'headers'>) => Promise<StoreServerCaller> {
  return async ({ headers }) => {
    const [, payload, mac] =
      /^Bearer ([A-Za-z0-9_-]{1,400})\.([A-Za-z0-9_-]{43})$/.exec(headers.authorization ?? '') ?? []
    if (!payload || !mac || !timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(context, payload)))) {
      throw unknown()
    }
    // The HMAC says that `issuePass` wrote these three.
    const [id, , expiresAt] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [
      string,
      string,
      number,
    ]
    const known = await findStoreServer(context.database.read, id)
    if (!known || expiresAt <= context.clock.now()) throw unknown()
    if (known.revokedAt !== null) throw revoked()
    return { kind: 'store-server', id, storeId: known.storeId }
  }
}

/** Header by which a store server names the till that it speaks for: `REGISTER/EPOCH`. */
const onBehalf = 'x-nexus-device'
const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const deviceName = new RegExp(`^(${uuid})/(${uuid})$`)

/** A till of its own store, for which a store server speaks; undefined where nobody speaks for another. */
export function authenticateOnBehalf(
  context: Pick<Context, 'clock' | 'secrets' | 'database'>,
): (request: Pick<FastifyRequest, 'headers'>) => Promise<DeviceCaller | undefined> {
  const storeServer = authenticateStoreServer(context)
  const resolvePlace = placeResolver()
  return async (request) => {
    const named = request.headers[onBehalf]
    if (typeof named !== 'string') return undefined
    const { storeId } = await storeServer(request)
    const [, registerId = '', epoch = ''] = deviceName.exec(named) ?? []
    if ((await resolvePlace(context.database.read, storeId, registerId)) === undefined) {
      throw new Problem('device/unknown', 'The register is none of the store that the store server serves.')
    }
    return { kind: 'device', registerId, storeId, epoch }
  }
}

function unknown(): Problem {
  return new Problem(
    'store-server/unknown',
    'The pass of the store server is not good here. It renews it by itself; one that never joined joins with a code.',
  )
}

function revoked(): Problem {
  return new Problem(
    'store-server/revoked',
    'This store server was ended at headquarters. Join again with a new code, from the page of the store.',
  )
}
