import {
  type CouponClaim,
  call,
  claimCoupon,
  enrolTill,
  findTillBill,
  heartbeatTill,
  helloTill,
  type OfferUsesForTills,
  Problem,
  pushTill,
  type RosterPerson,
  releaseCoupon,
  type TillBill,
  type TillPlace,
  tillOfferUses,
  tillPlace,
  tillRoster,
} from '@nexus/contract'
import type { HelloRequest, Transport } from '@nexus/sync'

export type Token = { token: string; expiresAt: number }

/** What answers bring besides the journal's own: kept before the journal goes on. */
export type TransportKeeper = {
  /** False where this device holds the journal of another register. */
  isOurs(registerId: string): Promise<boolean>
  token(): Promise<Token | undefined>
  keepToken(token: Token): Promise<void>
  keepVerifierKey(key: string): Promise<void>
  keepPlace(place: TillPlace): Promise<void>
}

/** How the device's own requests reach a hop. */
export type HopAccess = {
  /** Origin of the hop; '' is the one that served this page: headquarters. */
  baseUrl: string
  token: string
}

export type TillTransport = Transport & {
  /** A token that is good for a while. `refresh`: the last one was refused. Rejects with `Problem` or while offline. */
  access(refresh: boolean): Promise<HopAccess>
  /** Whether the hop answers at all, within seconds. Never rejects. */
  answers(): Promise<boolean>
  place(): Promise<TillPlace>
  /** Bills of any till by their number. */
  bills(number: string): Promise<TillBill[]>
  roster(): Promise<{ version: string; people: RosterPerson[] }>
  offerUses(): Promise<OfferUsesForTills>
  claimCoupon(code: string): Promise<CouponClaim>
  releaseCoupon(code: string): Promise<void>
}

/** An answer later than this is worth no more than a new request (JRN-8: one request in flight). */
const TIMEOUT_MS = 15_000
/** A customer waits for this answer. */
const BILLS_TIMEOUT_MS = 5000
/** Renewed so long before it ends that it does not end on the way. */
const TOKEN_MARGIN_MS = 60_000

/** A look whether somebody is there at all. */
const LOOK_TIMEOUT_MS = 3000

/** A hop over HTTP. `baseUrl`: its origin; '' is the server of this page. */
export function openTransport(keeper: TransportKeeper, baseUrl: string): TillTransport {
  let lastHello: HelloRequest | undefined
  let renewing: Promise<string> | undefined
  const signal = () => AbortSignal.timeout(TIMEOUT_MS)
  const open = { baseUrl }

  async function hello(request: HelloRequest) {
    const answer = await call(open, helloTill, { body: request }, signal())
    lastHello = request
    if (answer.verifierKey !== null) await keeper.keepVerifierKey(answer.verifierKey)
    await keeper.keepToken(answer.token)
    return answer
  }

  /** Says the last hello again, only for its token: where the journal stands is the journal's to ask. */
  async function renew(): Promise<string> {
    if (!lastHello) throw new Problem('device/token-expired', 'this till has not said hello yet')
    // As it was signed: another word in it, and the signature is none.
    return (await hello(lastHello)).token.token
  }

  async function token(refresh: boolean): Promise<string> {
    const kept = await keeper.token()
    if (!refresh && kept && kept.expiresAt > Date.now() + TOKEN_MARGIN_MS) return kept.token
    renewing ??= renew().finally(() => {
      renewing = undefined
    })
    return renewing
  }

  /** Once more with a fresh token where the server does not take the one that we have. */
  async function withToken<T>(
    send: (options: { baseUrl: string; headers: () => Record<string, string> }) => Promise<T>,
  ): Promise<T> {
    const options = (bearer: string) => ({
      baseUrl,
      headers: () => ({ authorization: `Bearer ${bearer}` }),
    })
    try {
      return await send(options(await token(false)))
    } catch (cause) {
      if (!(cause instanceof Problem) || cause.code !== 'device/token-expired') throw cause
      return send(options(await token(true)))
    }
  }

  return {
    access: async (refresh) => ({ baseUrl, token: await token(refresh) }),
    async answers() {
      try {
        return (await fetch(`${baseUrl}/health/ready`, { signal: AbortSignal.timeout(LOOK_TIMEOUT_MS) })).ok
      } catch {
        return false
      }
    },
    async enrol(request) {
      const answer = await call(open, enrolTill, { body: request }, signal())
      // The journal refuses another register's enrolment; nothing of that one may stay here.
      if (!(await keeper.isOurs(answer.place.register.id))) return answer
      await keeper.keepVerifierKey(answer.verifierKey)
      await keeper.keepPlace(answer.place)
      await keeper.keepToken(answer.token)
      return answer
    },
    hello,
    push: (request) => withToken((options) => call(options, pushTill, { body: request }, signal())),
    heartbeat: (request) => withToken((options) => call(options, heartbeatTill, { body: request }, signal())),
    place: () => withToken((options) => call(options, tillPlace, {}, signal())),
    bills: async (number) => {
      const timeout = AbortSignal.timeout(BILLS_TIMEOUT_MS)
      const params = { number }
      return (await withToken((options) => call(options, findTillBill, { params }, timeout))).bills
    },
    roster: () => withToken((options) => call(options, tillRoster, {}, signal())),
    offerUses: () => withToken((options) => call(options, tillOfferUses, {}, signal())),
    claimCoupon: (code) => withToken((options) => call(options, claimCoupon, { body: { code } }, signal())),
    releaseCoupon: async (code) => {
      await withToken((options) => call(options, releaseCoupon, { body: { code } }, signal()))
    },
  }
}
