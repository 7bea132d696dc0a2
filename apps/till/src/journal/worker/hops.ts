import { type TwoHops, twoHops } from '@nexus/sync'
import type { DeviceFacts } from './device-facts.ts'
import type { JournalDatabase } from './journal-db.ts'
import { openTransport, type TillTransport, type TransportKeeper } from './transport.ts'

/** The till's ways: its store server where it has one, and headquarters. */
export type Hops = TwoHops &
  Omit<TillTransport, 'answers'> & {
    /** Address of the store server; null: there is none. */
    readonly storeServer: string | null
    /** Tells which store server headquarters named last. */
    follow(facts: DeviceFacts): void
    /** A person names the store server of this device; null: none, undefined: as headquarters says. */
    name(address: string | null | undefined): Promise<void>
  }

/** Keeps one pass for each hop; what else answers bring is the same from all of them. */
export async function openHops(
  database: JournalDatabase,
  keeper: Omit<TransportKeeper, 'token' | 'keepToken'>,
): Promise<Hops> {
  const far = openTransport(
    {
      ...keeper,
      token: () => database.device('token'),
      keepToken: (token) => database.keep('token', token),
    },
    '',
  )
  let told: string | null = null
  let named = (await database.device('storeServer').catch(() => undefined))?.address
  let opened: { name: string; transport: TillTransport; answers(): Promise<boolean> } | undefined

  function address(): string | null {
    const wanted = named === undefined ? told : named
    // The server of this page is no second way.
    return wanted === self.location.origin ? null : wanted
  }

  function near() {
    const wanted = address()
    if (wanted === null) return undefined
    if (opened?.name !== wanted) {
      const transport = openTransport(nearKeeper(wanted), wanted)
      opened = { name: wanted, transport, answers: () => transport.answers() }
    }
    return opened
  }

  function nearKeeper(wanted: string): TransportKeeper {
    return {
      ...keeper,
      async token() {
        const kept = await database.device('storeToken')
        return kept?.address === wanted ? kept : undefined
      },
      keepToken: (token) => database.keep('storeToken', { address: wanted, ...token }),
    }
  }

  const clock = { monotonicMs: () => Math.floor(performance.now()) }
  const ways = twoHops(far, near, clock)
  const current = () => (ways.hop() === '' ? far : (near()?.transport ?? far))
  return {
    ...ways,
    access: (refresh) => current().access(refresh),
    place: () => current().place(),
    bills: (number) => current().bills(number),
    roster: () => current().roster(),
    offerUses: () => current().offerUses(),
    claimCoupon: (code) => current().claimCoupon(code),
    releaseCoupon: (code) => current().releaseCoupon(code),
    get storeServer() {
      return address()
    },
    follow({ place }) {
      told = place?.storeServer ?? null
    },
    async name(wanted) {
      named = wanted
      await database.keep('storeServer', { address: wanted })
      await ways.look()
    },
  }
}
