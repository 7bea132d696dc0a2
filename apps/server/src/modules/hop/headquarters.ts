import {
  type Answer,
  call,
  type Endpoint,
  type Input,
  Problem,
  pushTill,
  renewStoreServerToken,
  type StoreServerStatus,
  type StoreServerToken,
  storeServerParcel,
  storeServerStanding,
} from '@nexus/contract'
import { type HqLink, HqRefused } from '@nexus/sync'
import type { TSchema } from 'typebox'
import type { Clock } from '../../context.ts'
import { type Link, signedRenewal } from './link.ts'

type AnyEndpoint = Endpoint<
  TSchema | undefined,
  TSchema | undefined,
  TSchema | undefined,
  TSchema | undefined
>
/** A till for which headquarters is asked. */
export type Device = { registerId: string; epoch: string }

/** An answer later than this is worth no more than a new request. */
const timeoutMs = 15_000
/** Renewed so long before it ends that it does not end on the way. */
const marginMs = 60_000

export type Headquarters = HqLink & {
  /** Asks as the store server. */
  ask<E extends AnyEndpoint>(endpoint: E, input: Input<E>, withinMs?: number): Promise<Answer<E>>
  /** Asks for a till of this store. */
  askFor<E extends AnyEndpoint>(
    device: Device,
    endpoint: E,
    input: Input<E>,
    withinMs?: number,
  ): Promise<Answer<E>>
  /** Asks without a pass: what proves the request is in it. */
  askOpenly<E extends AnyEndpoint>(endpoint: E, input: Input<E>, withinMs?: number): Promise<Answer<E>>
}

/**
 * The line to headquarters. Rejects with the `Problem` that headquarters answers, and with anything else
 * where it does not answer.
 *
 * @param status what to tell of this server with each question
 * @param onMasters told of the version of the store's rows with each answer
 */
export function openHeadquarters(
  link: Link,
  clock: Clock,
  status: () => Promise<StoreServerStatus>,
  onMasters: (version: string) => void,
): Headquarters {
  let pass: StoreServerToken | undefined
  let renewing: Promise<StoreServerToken> | undefined
  const open = { baseUrl: link.hq }

  async function renew(): Promise<StoreServerToken> {
    renewing ??= call(
      open,
      renewStoreServerToken,
      { body: signedRenewal(link, clock.now()) },
      AbortSignal.timeout(timeoutMs),
    ).finally(() => {
      renewing = undefined
    })
    pass = await renewing
    return pass
  }

  async function send<E extends AnyEndpoint>(
    headers: Record<string, string>,
    endpoint: E,
    input: Input<E>,
    withinMs: number,
  ): Promise<Answer<E>> {
    for (let attempt = 1; ; attempt++) {
      const now = clock.now()
      const { token } = pass && pass.expiresAt > now + marginMs ? pass : await renew()
      const options = { ...open, headers: () => ({ ...headers, authorization: `Bearer ${token}` }) }
      try {
        return await call(options, endpoint, input, AbortSignal.timeout(withinMs))
      } catch (cause) {
        const isPass = cause instanceof Problem && cause.code === 'store-server/unknown'
        if (!isPass || attempt > 1) throw cause
        // Headquarters has other secrets or another clock: the key still counts.
        pass = undefined
      }
    }
  }

  const hq: Headquarters = {
    ask: (endpoint, input, withinMs = timeoutMs) => send({}, endpoint, input, withinMs),
    askFor: ({ registerId, epoch }, endpoint, input, withinMs = timeoutMs) =>
      send({ 'x-nexus-device': `${registerId}/${epoch}` }, endpoint, input, withinMs),
    askOpenly: (endpoint, input, withinMs = timeoutMs) =>
      call(open, endpoint, input, AbortSignal.timeout(withinMs)),
    async standing(request) {
      const body = { ...request, status: await status() }
      const { masters, ...answer } = await refusing(hq.ask(storeServerStanding, { body }))
      onMasters(masters)
      return answer
    },
    push: (request) => {
      const device = { registerId: request.register, epoch: request.epoch }
      return refusing(hq.askFor(device, pushTill, { body: request }))
    },
    async parcel({ epoch, fromSeq }) {
      const input = { params: { epoch }, query: { from: fromSeq } }
      return await refusing(hq.ask(storeServerParcel, input))
    },
  }
  return hq
}

/** A refusal that concerns this request alone; trouble of headquarters as a whole counts as no answer. */
async function refusing<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (cause) {
    if (isRefusal(cause)) throw new HqRefused((cause as Error).message, { cause })
    throw cause
  }
}

const troubles: ReadonlySet<string> = new Set([
  'server/busy',
  'server/stopping',
  'server/disk-full',
  'server/unexpected',
  'store-server/unknown',
  'store-server/revoked',
  'request/not-found',
])

/** Whether headquarters answered and said no, in words of its own. */
export function isRefusal(cause: unknown): cause is Problem {
  return cause instanceof Problem && !troubles.has(cause.code)
}

export function hqAway(cause: unknown): Problem {
  const problem = new Problem(
    'store-server/hq-away',
    'Headquarters does not answer the store server, and only headquarters can do this. Tills go on selling; try again when the line is back.',
  )
  problem.cause = cause
  return problem
}
