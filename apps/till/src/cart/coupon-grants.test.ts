import type { CouponClaim } from '@nexus/contract'
import { afterEach, expect, test, vi } from 'vitest'
import { couponGrants, type KeptGrant } from './coupon-grants.ts'

afterEach(() => vi.useRealTimers())

/** Headquarters that answers with what a test puts there, and a till's store of grants. */
function open(answer: () => Promise<CouponClaim>) {
  const kept = new Map<string, KeptGrant>()
  const clock = { now: 1000 }
  const released: string[] = []
  const grants = couponGrants(
    {
      claimCoupon: answer,
      async releaseCoupon(code) {
        released.push(code)
      },
    },
    {
      get: async (code) => kept.get(code),
      put: async (grant) => void kept.set(grant.code, grant),
      delete: async (code) => void kept.delete(code),
    },
    () => clock.now,
  )
  return { grants, kept, clock, released }
}
const usable: CouponClaim = { code: 'VIP1', state: 'usable', until: 5000 }
const away = () => Promise.reject(new Error('no line'))

test('[PRC-11b] a reservation is good without a line until its last instant, and not at it', async () => {
  let answer: () => Promise<CouponClaim> = async () => usable
  const { grants, clock } = open(() => answer())
  expect(await grants.claim('VIP1')).toEqual({ state: 'usable' })
  answer = away
  clock.now = 4999
  expect(await grants.claim('VIP1')).toEqual({ state: 'usable' })
  expect(await grants.claim('VIP2')).toBe('offline')
  clock.now = 5000
  expect(await grants.claim('VIP1')).toBe('offline')
})

test('what headquarters took back since is not given out later without a line', async () => {
  let answer: () => Promise<CouponClaim> = async () => usable
  const { grants } = open(() => answer())
  await grants.claim('VIP1')
  answer = async () => ({ code: 'VIP1', state: 'unknown', reason: 'void' })
  expect(await grants.claim('VIP1')).toEqual({ state: 'unknown', why: 'void' })
  answer = away
  expect(await grants.claim('VIP1')).toBe('offline')
})

test('a code that was redeemed here is used, whatever headquarters knows, and is not given back', async () => {
  const { grants, released } = open(async () => usable)
  await grants.claim('VIP1')
  await grants.redeemed('VIP1')
  await grants.release('VIP1')
  expect(await grants.claim('VIP1')).toEqual({ state: 'used', why: 'redeemed' })
  expect(released).toEqual([])
})

test('nobody waits longer than a few seconds; an answer that comes later is kept for the next try', async () => {
  vi.useFakeTimers()
  const answer = Promise.withResolvers<CouponClaim>()
  const { grants, kept } = open(() => answer.promise)
  const asked = grants.claim('VIP1')
  await vi.advanceTimersByTimeAsync(4000)
  expect(await asked).toBe('offline')
  answer.resolve(usable)
  await vi.advanceTimersByTimeAsync(0)
  expect(kept.get('VIP1')).toEqual({ code: 'VIP1', until: 5000, redeemed: false })
})

test('a device that keeps nothing still gives a coupon while headquarters answers', async () => {
  const broken = () => Promise.reject(new Error('storage is blocked'))
  const grants = couponGrants(
    { claimCoupon: async () => usable, releaseCoupon: async () => undefined },
    { get: broken, put: broken, delete: broken },
    () => 1000,
  )
  expect(await grants.claim('VIP1')).toEqual({ state: 'usable' })
})
