import { describe, expect, test } from 'vitest'
import type { HeartbeatRequest, Mark } from '../messages.ts'
import type { Transport } from '../ports.ts'
import { atHop, atHqSeq, inGeneration, storedSeq, withAgreed, withMarks } from './hop.ts'
import type { HopNote, NotesRecord } from './records.ts'
import { emptyNotes } from './recover.ts'
import { twoHops } from './two-hops.ts'

const beat = {} as HeartbeatRequest

function openWays() {
  const clock = { ms: 0 }
  const state = { near: true, far: true, isNamed: true }
  const asked: string[] = []
  const transport = (name: 'near' | 'far'): Transport => {
    const ask = async () => {
      asked.push(name)
      if (!state[name]) throw new Error('no answer')
      return {} as never
    }
    return { enrol: ask, hello: ask, push: ask, heartbeat: ask }
  }
  const near = { name: 'https://shop', transport: transport('near'), answers: async () => state.near }
  const ways = twoHops(transport('far'), () => (state.isNamed ? near : undefined), {
    monotonicMs: () => clock.ms,
  })
  const send = () =>
    ways.heartbeat(beat).then(
      () => true,
      () => false,
    )
  return { ways, state, clock, asked, send }
}

describe('two hops', () => {
  test('[JRN-20k] the store server comes first; two lost answers turn the till to headquarters', async () => {
    const { ways, state, asked, send } = openWays()
    expect(ways.hop()).toBe('https://shop')
    await send()
    state.near = false
    await send()
    expect(ways.hop()).toBe('https://shop')
    await send()
    expect(ways.hop()).toBe('')
    expect(await send()).toBe(true)
    expect(asked).toEqual(['near', 'near', 'near', 'far'])
  })

  test('[JRN-8k, JRN-20k] it looks every 30 s whether the store server is back, and returns within 90 s', async () => {
    const { ways, state, clock, send } = openWays()
    state.near = false
    await send()
    await send()
    state.near = true
    clock.ms = 29_000
    await send()
    expect(ways.hop()).toBe('')
    clock.ms = 31_000
    await send()
    await Promise.resolve()
    expect(ways.hop()).toBe('https://shop')
  })

  test('with both away it asks both again and again', async () => {
    const { ways, state, clock, asked, send } = openWays()
    state.near = false
    state.far = false
    for (let tries = 0; tries < 6; tries++) {
      clock.ms += 31_000
      await send()
    }
    expect(asked).toContain('far')
    state.near = true
    await ways.look()
    expect(ways.hop()).toBe('https://shop')
  })

  test('without a store server there is headquarters alone; one that is named later is used', async () => {
    const { ways, state, asked, send } = openWays()
    state.isNamed = false
    await send()
    expect(ways.hop()).toBe('')
    state.isNamed = true
    await send()
    expect(asked).toEqual(['far', 'near'])
  })
})

describe('what several hops said', () => {
  const epoch = '00000000-0000-7000-8000-0000000000e1'
  const notes = emptyNotes({ tenant: 't', store: 's', register: 'r' })
  const mark = (seq: number, generation: string): Mark => ({
    epoch,
    seq,
    hash: 'h',
    generation,
    signature: null,
  })
  const received = (hop: HopNote, seq: number, generation: string) =>
    withMarks(hop, { received: mark(seq, generation), durable: null })
  const entered = (at: NotesRecord, generation: string) => ({ ...at, hop: inGeneration(at.hop, generation) })

  test('[JRN-20e, JRN-20k, JRN-8a] coming back to a hop in its generation, nothing is sent again', () => {
    const atHq = withAgreed(entered(notes, 'H'), epoch, 5, 'h5')
    const atShop = withAgreed(entered(atHop(atHq, 'shop'), 'S'), epoch, 9, 'h9')
    expect(atHop(atShop, 'shop')).toBe(atShop)
    const back = entered(atHop(atShop, ''), 'H')
    expect(back.hop.agreed).toEqual({ [epoch]: { seq: 5, hash: 'h5' } })
    expect(entered(atHop(back, 'shop'), 'S').hop.agreed[epoch]?.seq).toBe(9)
    expect(entered(atHop(back, 'shop'), 'another').hop.agreed).toEqual({})
  })

  test('[JRN-20f] what a store server has is not only on this till, and not yet at headquarters', () => {
    const atHq = withAgreed(entered(notes, 'H'), epoch, 5, 'h5')
    const atShop = withAgreed(entered(atHop(atHq, 'shop'), 'S'), epoch, 9, 'h9')
    expect([storedSeq(atShop, epoch), atHqSeq(atShop, epoch)]).toEqual([9, 5])
    const passedOn = { ...atShop, hop: received(atShop.hop, 7, 'H') }
    expect(atHqSeq(passedOn, epoch)).toBe(7)
    // Back at headquarters: what only the store server has stays so.
    expect([storedSeq(atHop(passedOn, ''), epoch), atHqSeq(atHop(passedOn, ''), epoch)]).toEqual([9, 7])
  })

  test('[JRN-9b, JRN-9i, JRN-20k] marks of headquarters outlive a restore of the store server, not one of headquarters', () => {
    const atShop = entered(atHop(notes, 'shop'), 'S1')
    const marked = received(atShop.hop, 7, 'H1')
    expect(inGeneration(marked, 'S2').received[epoch]?.seq).toBe(7)
    expect(received(marked, 6, 'H1').received[epoch]?.seq, 'a late one').toBe(7)
    const restored = received(marked, 3, 'H2')
    expect(restored.received[epoch]?.seq).toBe(3)
    expect(received(restored, 9, 'H1').received[epoch]?.seq, 'of a life that was left').toBe(3)
  })

  test('[JRN-9j] headquarters itself in a new generation takes its marks along', () => {
    const atHq = entered(notes, 'H1')
    const marked = received(atHq.hop, 7, 'H1')
    expect(inGeneration(marked, 'H2')).toMatchObject({ agreed: {}, received: {}, left: ['H1'] })
    expect(received(inGeneration(marked, 'H2'), 9, 'H1').received).toEqual({})
  })
})
