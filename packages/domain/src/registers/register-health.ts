import { localDate } from '../calendar/calendar.ts'

/** What is known of a till, as it told or as the server holds it; null where nobody ever said. */
export type RegisterFacts = {
  active: boolean
  enrolled: boolean
  /** ms UTC, by the server's clock */
  lastSeenAt: number | null
  /** Release that it runs. */
  app: string | null
  /** Its wall clock less the server's. */
  clockSkewMs: number | null
  /** Entries that were only on it, and what they sold in paise. */
  queuedEntries: number | null
  queuedMinor: number | null
  /** Whether the browser promised to keep its storage. */
  persisted: boolean | null
  /** Of its entries: in quarantine or forked, and in holes that it declared. 0 where left out. */
  setAside?: number
  missing?: number
}

/** Worst first. */
export const healthLevels = ['bad', 'warn', 'good', 'off'] as const
export type HealthLevel = (typeof healthLevels)[number]

/** Why a till is not well; screens have a sentence for each. */
export type RegisterAilment =
  | { code: 'bills-only-there'; level: 'bad'; entries: number; sumMinor: number; sinceAt: number }
  | { code: 'silent'; level: 'warn' | 'off'; sinceAt: number }
  | { code: 'never-reported'; level: 'warn' }
  | { code: 'clock-wrong'; level: 'bad' | 'warn'; skewMs: number }
  | { code: 'queue-grows'; level: 'warn'; entries: number }
  | { code: 'storage-not-kept'; level: 'warn' }
  | { code: 'old-version'; level: 'warn'; app: string }
  | { code: 'entries-set-aside'; level: 'warn'; entries: number }
  | { code: 'entries-missing'; level: 'bad'; entries: number }
export type RegisterHealth = { level: HealthLevel; ailments: RegisterAilment[] }

/** Tills report every 30 seconds; after this they are silent. */
const silentAfterMs = 15 * 60_000
/** A queue of seconds is no news; one of this many entries is. */
const queueIsNews = 20
const skewIsNewsMs = 2 * 60_000
const skewIsBadMs = 15 * 60_000

/**
 * How a till is doing, worst ailment first. One that never had a device, or was put to bed on an earlier
 * day with all its bills sent, is not ill.
 *
 * @param newestApp version that the other tills of the chain run
 */
export function registerHealth(
  register: RegisterFacts,
  now: number,
  newestApp: string | undefined,
): RegisterHealth {
  if (!register.active || !register.enrolled) return { level: 'off', ailments: [] }
  const ailments = [...keptAside(register), ...ailmentsOf(register, now, newestApp)].toSorted(
    (one, other) => healthLevels.indexOf(one.level) - healthLevels.indexOf(other.level),
  )
  return { level: ailments[0]?.level ?? 'good', ailments }
}

/** Entries that wait for a person ail a till even while it sleeps. */
function keptAside({ setAside = 0, missing = 0 }: RegisterFacts): RegisterAilment[] {
  return [
    ...(missing > 0 ? [{ code: 'entries-missing', level: 'bad', entries: missing } as const] : []),
    ...(setAside > 0 ? [{ code: 'entries-set-aside', level: 'warn', entries: setAside } as const] : []),
  ]
}

function ailmentsOf(register: RegisterFacts, now: number, newestApp: string | undefined): RegisterAilment[] {
  const { lastSeenAt, clockSkewMs, queuedEntries, queuedMinor, persisted, app } = register
  if (lastSeenAt === null) return [{ code: 'never-reported', level: 'warn' }]
  const found: RegisterAilment[] = []
  const silentMs = now - lastSeenAt
  const queued = queuedEntries ?? 0
  if (silentMs > silentAfterMs) {
    if (queued > 0) {
      found.push({
        code: 'bills-only-there',
        level: 'bad',
        entries: queued,
        sumMinor: queuedMinor ?? 0,
        sinceAt: lastSeenAt,
      })
    } else {
      const isAsleep = localDate(lastSeenAt) < localDate(now)
      if (isAsleep) return [{ code: 'silent', level: 'off', sinceAt: lastSeenAt }]
      found.push({ code: 'silent', level: 'warn', sinceAt: lastSeenAt })
    }
  } else if (queued >= queueIsNews) {
    found.push({ code: 'queue-grows', level: 'warn', entries: queued })
  }
  const skewMs = Math.abs(clockSkewMs ?? 0)
  if (skewMs > skewIsNewsMs) {
    found.push({
      code: 'clock-wrong',
      level: skewMs > skewIsBadMs ? 'bad' : 'warn',
      skewMs: clockSkewMs ?? 0,
    })
  }
  if (persisted === false) found.push({ code: 'storage-not-kept', level: 'warn' })
  if (app !== null && newestApp !== undefined && isOlder(app, newestApp)) {
    found.push({ code: 'old-version', level: 'warn', app })
  }
  return found
}

/** The newest version that any till runs; undefined when none has told one. */
export function newestApp(registers: readonly Pick<RegisterFacts, 'app'>[]): string | undefined {
  return registers
    .map((register) => register.app)
    .filter((app) => app !== null)
    .filter((app) => released.test(app))
    .reduce<string | undefined>(
      (best, app) => (best === undefined || isOlder(best, app) ? app : best),
      undefined,
    )
}

const byParts = new Intl.Collator('en', { numeric: true })

/** Releases are numbered; what calls itself otherwise, a developer's build or the demo's, is not compared. */
const released = /^[0-9]+\./

function isOlder(one: string, other: string): boolean {
  return released.test(one) && byParts.compare(one, other) < 0
}

/** The worst level of a store's tills; `off` when it has none that sell. */
export function worstLevel(healths: readonly RegisterHealth[]): HealthLevel {
  return healthLevels.find((level) => healths.some((health) => health.level === level)) ?? 'off'
}
