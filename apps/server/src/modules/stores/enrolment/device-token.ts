import { createHmac, timingSafeEqual } from 'node:crypto'
import { Problem } from '@nexus/contract'
import type { FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import type { DeviceCaller } from '../../../http/serve.ts'

type Place = { registerId: string; storeId: string; epoch: string }

const lifetimeMs = 24 * 3600_000

/** A token that lets a till call for a day, without a row anywhere: payload and its HMAC. */
export function issueDeviceToken(
  context: Pick<Context, 'clock' | 'secrets'>,
  place: Place,
): { token: string; expiresAt: number } {
  const expiresAt = context.clock.now() + lifetimeMs
  const payload = Buffer.from(
    JSON.stringify([place.registerId, place.storeId, place.epoch, expiresAt]),
  ).toString('base64url')
  return { token: `${payload}.${macOf(context, payload)}`, expiresAt }
}

function macOf(context: Pick<Context, 'secrets'>, payload: string): string {
  return createHmac('sha256', context.secrets.token).update(`device-token:${payload}`).digest('base64url')
}

/**
 * Knows the till by the token in `Authorization: Bearer …`. Throws `device/unknown` without a token
 * that this installation made, `device/token-expired` after a day: the till then says hello again.
 */
export function authenticateDevice(
  context: Pick<Context, 'clock' | 'secrets'>,
): (request: Pick<FastifyRequest, 'headers'>) => Promise<DeviceCaller> {
  // A till sends the same token for a day; what was checked once needs no HMAC again.
  const known = new Map<string, Token>()
  return async (request) => {
    const text = request.headers.authorization ?? ''
    let token = known.get(text)
    if (token === undefined) {
      token = readToken(context, text)
      if (known.size >= knownMax) known.delete(known.keys().next().value ?? '')
      known.set(text, token)
    }
    if (token.expiresAt <= context.clock.now()) {
      known.delete(text)
      throw new Problem(
        'device/token-expired',
        "The till's pass is older than a day. It says hello again by itself.",
      )
    }
    return token.caller
  }
}

/** Tokens that are remembered, about 500 bytes each; a chain of 10,000 stores has more tills on several servers. */
const knownMax = 20_000

type Token = { caller: DeviceCaller; expiresAt: number }

/** Throws `device/unknown` for everything that `issueDeviceToken` did not write. */
function readToken(context: Pick<Context, 'secrets'>, authorization: string): Token {
  const [, payload, mac] = /^Bearer ([A-Za-z0-9_-]{1,400})\.([A-Za-z0-9_-]{43})$/.exec(authorization) ?? []
  if (!payload || !mac || !isEqual(mac, macOf(context, payload))) {
    throw new Problem(
      'device/unknown',
      'This till is not signed on here. It says hello by itself; if it was never enrolled, enrol it with a code.',
    )
  }
  // The HMAC says that `issueDeviceToken` wrote these four.
  const [registerId, storeId, epoch, expiresAt] = JSON.parse(
    Buffer.from(payload, 'base64url').toString(),
  ) as [string, string, string, number]
  return { caller: { kind: 'device', registerId, storeId, epoch }, expiresAt }
}

function isEqual(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
