import { expect, test } from 'vitest'
import { newestApp, type RegisterFacts, registerHealth, worstLevel } from './register-health.ts'

const now = Date.UTC(2026, 10, 22, 12)
const minute = 60_000
const well: RegisterFacts = {
  active: true,
  enrolled: true,
  lastSeenAt: now - 20_000,
  app: '1.10.0',
  clockSkewMs: 300,
  queuedEntries: 1,
  queuedMinor: 39_900,
  persisted: true,
}
const codes = (change: Partial<RegisterFacts>) =>
  registerHealth({ ...well, ...change }, now, '1.10.0').ailments.map(({ code, level }) => `${level} ${code}`)

test('a till that reported a moment ago is well, whatever it is just sending', () => {
  expect(registerHealth(well, now, '1.10.0')).toEqual({ level: 'good', ailments: [] })
})

test('a silent till with money on it is red at once, one without is looked at while it is the same day', () => {
  expect(codes({ lastSeenAt: now - 16 * minute })).toEqual(['bad bills-only-there'])
  expect(codes({ lastSeenAt: now - 16 * minute, queuedEntries: 0 })).toEqual(['warn silent'])
  expect(codes({ lastSeenAt: now - 15 * minute, queuedEntries: 0 })).toEqual([])
  expect(codes({ lastSeenAt: null })).toEqual(['warn never-reported'])
})

test('a till that was put to bed on an earlier day with nothing on it is off, not ill', () => {
  const yesterday = now - 24 * 60 * minute
  expect(codes({ lastSeenAt: yesterday, queuedEntries: 0, persisted: false })).toEqual(['off silent'])
  expect(codes({ lastSeenAt: yesterday, queuedEntries: null })).toEqual(['off silent'])
  expect(codes({ lastSeenAt: yesterday })).toEqual(['bad bills-only-there'])
})

test('a growing queue, a wrong clock, loose storage and an old version are told, the worst first', () => {
  expect(codes({ queuedEntries: 20, clockSkewMs: -16 * minute, persisted: false, app: '1.9.0' })).toEqual([
    'bad clock-wrong',
    'warn queue-grows',
    'warn storage-not-kept',
    'warn old-version',
  ])
  expect(codes({ clockSkewMs: 3 * minute })).toEqual(['warn clock-wrong'])
  expect(codes({ app: '1.10.0', clockSkewMs: null, persisted: null })).toEqual([])
})

test('what is switched off or has no device is not ill', () => {
  expect(registerHealth({ ...well, active: false, lastSeenAt: 0 }, now, undefined).level).toBe('off')
  expect(registerHealth({ ...well, enrolled: false, lastSeenAt: null }, now, undefined).level).toBe('off')
})

test('versions are compared by their numbers', () => {
  expect(newestApp([well, { ...well, app: '1.9.9' }, { ...well, app: null }])).toBe('1.10.0')
  expect(newestApp([well, { ...well, app: 'seed' }])).toBe('1.10.0')
  expect(codes({ app: 'seed' })).toEqual([])
  expect(newestApp([])).toBeUndefined()
})

test('a store is as well as its worst till', () => {
  const [off, good, warn, bad] = (['off', 'good', 'warn', 'bad'] as const).map((level) => ({
    level,
    ailments: [],
  }))
  expect(worstLevel([])).toBe('off')
  if (!off || !good || !warn || !bad) throw new Error('four levels')
  expect(worstLevel([off, good])).toBe('good')
  expect(worstLevel([good, bad, warn])).toBe('bad')
})

test('entries that wait for a person ail a till even when it sleeps', () => {
  expect(codes({ setAside: 2, missing: 1 })).toEqual(['bad entries-missing', 'warn entries-set-aside'])
  const yesterday = now - 24 * 60 * minute
  expect(codes({ lastSeenAt: yesterday, queuedEntries: 0, setAside: 1 })).toEqual([
    'warn entries-set-aside',
    'off silent',
  ])
})
