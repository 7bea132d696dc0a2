import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeEntry } from '../entry/decode.ts'
import type { Entry } from '../entry/schema.ts'
import { cashSale, counterContext, soldLine, tenInTheMorning } from '../testing/bills.ts'
import { uuidOf } from '../testing/entries.ts'
import type { CrashPoint } from '../testing/memory-ports.ts'
import { MemoryServer } from '../testing/memory-server.ts'
import { directTransport, enrolledTill, type MemoryTill, pushAll, startTill } from '../testing/memory-till.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { attemptsAfter } from './attempts.ts'
import type { AttemptDraft, AttemptEnd, SaleDraft } from './types.ts'

const cart = uuidOf(500)
const dueMinor = 49_900
const minute = 60_000

async function openShop(): Promise<{ server: MemoryServer; till: MemoryTill }> {
  const server = new MemoryServer(seededRandom(7), () => tenInTheMorning)
  return { server, till: await enrolledTill(server, { wallMs: tenInTheMorning }) }
}

/** The same device after its power came back; the time of its last run is not known to it. */
async function restart(server: MemoryServer, { disk, power }: MemoryTill, wallMs = tenInTheMorning) {
  power.cut()
  return await startTill(directTransport(server), { disk, seed: 99, wallMs })
}

let attempts = 0
function attemptOf(
  more: Partial<AttemptDraft['body']> & { of?: string; dueMinor?: number } = {},
): AttemptDraft {
  attempts++
  const { of = cart, dueMinor: due = dueMinor, ...body } = more
  return {
    cart: of,
    context: counterContext,
    dueMinor: due,
    body: {
      attempt: uuidOf(10_000 + attempts),
      kind: 'upi',
      provider: 'test',
      amountMinor: dueMinor,
      direction: 'in',
      reference: `tr-${attempts}`,
      expiresAt: null,
      ...body,
    },
  }
}

function endOf(attempt: string, state: AttemptEnd['body']['state']): AttemptEnd {
  const body = { attempt, state, by: 'provider', amountMinor: dueMinor, detail: null } as const
  return { context: counterContext, body: { ...body, providerReference: state === 'paid' ? 'UTR1' : null } }
}

function saleBy(attempt: string | null, of = cart): SaleDraft {
  const draft = cashSale(of, [soldLine('1', 1, 1000, dueMinor)])
  const tender = { direction: 'in', amountMinor: dueMinor, reference: null } as const
  const kind = attempt === null ? 'cash' : 'upi'
  return { ...draft, body: { ...draft.body, tenders: [{ ...tender, kind, attempt }] } }
}

function entriesOf({ disk }: MemoryTill): Entry[] {
  return [...disk.entries.values()].flatMap(({ bytes }) => {
    const decoded = decodeEntry(bytes)
    return decoded.kind === 'ok' ? [decoded.entry] : []
  })
}

function typesOf(till: MemoryTill, prefix = 'payment-'): string[] {
  return entriesOf(till).flatMap(({ type }) => (type.startsWith(prefix) ? [type] : []))
}

function incidentsOf(till: MemoryTill): string[] {
  return entriesOf(till).flatMap((entry) => (entry.type === 'incident' ? [entry.body.kind] : []))
}

const statesOf = ({ journal }: MemoryTill) => journal.status().attempts.map(({ state }) => state)

describe('attempts', () => {
  test('[JRN-15a, F47] a second attempt for the same money waits for the definite end of the first', async () => {
    const { till } = await openShop()
    const first = attemptOf()
    await till.journal.beginAttempt(first)
    for (const progress of ['pending', 'unknown'] as const) {
      till.journal.noteAttempt(first.body.attempt, progress)
      await expect(till.journal.beginAttempt(attemptOf())).rejects.toMatchObject({ code: 'attempt-open' })
    }
    await till.journal.endAttempt(endOf(first.body.attempt, 'failed'))
    const second = attemptOf()
    await till.journal.beginAttempt(second)
    await till.journal.endAttempt(endOf(second.body.attempt, 'paid'))
    await expect(till.journal.beginAttempt(attemptOf())).rejects.toMatchObject({ code: 'attempt-open' })
    expect(typesOf(till)).toEqual(['payment-intent', 'payment-result', 'payment-intent', 'payment-result'])
  })

  test('[JRN-15a] attempts for different parts of what is due do not wait for each other', async () => {
    const { till } = await openShop()
    await till.journal.beginAttempt(attemptOf({ amountMinor: 20_000 }))
    await till.journal.beginAttempt(attemptOf({ amountMinor: 29_900 }))
    await expect(till.journal.beginAttempt(attemptOf({ amountMinor: 1 }))).rejects.toMatchObject({
      code: 'attempt-open',
    })
    // Another cart, and money in the other direction, are other money.
    await till.journal.beginAttempt(attemptOf({ of: uuidOf(501) }))
    await till.journal.beginAttempt(attemptOf({ direction: 'out' }))
  })

  test('[JRN-15a] the end of its validity ends an attempt, and not a moment before', async () => {
    const { till } = await openShop()
    await till.journal.beginAttempt(attemptOf({ expiresAt: tenInTheMorning + 5 * minute }))
    till.clock.advance(5 * minute - 1)
    await expect(till.journal.beginAttempt(attemptOf())).rejects.toMatchObject({ code: 'attempt-open' })
    till.clock.advance(1)
    await till.journal.beginAttempt(attemptOf())
    expect(statesOf(till)).toEqual(['expired', 'started'])
  })

  test('[JRN-15b] started and pending are what this run asked; after a start nobody knows', async () => {
    const { server, till } = await openShop()
    const { body } = attemptOf()
    await till.journal.beginAttempt(attemptOf({ attempt: body.attempt }))
    expect(statesOf(till)).toEqual(['started'])
    till.journal.noteAttempt(body.attempt, 'pending')
    expect(statesOf(till)).toEqual(['pending'])
    const again = await restart(server, till)
    expect(statesOf(again)).toEqual(['unknown'])
    await expect(again.journal.beginAttempt(attemptOf())).rejects.toMatchObject({ code: 'attempt-open' })
    await again.journal.endAttempt(endOf(body.attempt, 'paid'))
    expect(statesOf(await restart(server, again))).toEqual(['paid'])
  })

  test('[JRN-15c] the first final result wins; the same again writes nothing, a contrary one is an incident', async () => {
    const { server, till } = await openShop()
    const { body } = attemptOf()
    await till.journal.beginAttempt(attemptOf({ attempt: body.attempt }))
    const first = await till.journal.endAttempt(endOf(body.attempt, 'failed'))
    expect(first).toMatchObject({ state: 'failed', written: { seq: 3 } })
    expect(await till.journal.endAttempt(endOf(body.attempt, 'failed'))).toEqual({
      state: 'failed',
      written: null,
    })
    const again = await restart(server, till)
    expect(await again.journal.endAttempt(endOf(body.attempt, 'paid'))).toMatchObject({ state: 'failed' })
    expect(await again.journal.attemptState(body.attempt)).toBe('failed')
    expect(typesOf(again)).toEqual(['payment-intent', 'payment-result', 'payment-result'])
    expect(incidentsOf(again)).toEqual(['payment-contrary'])
    expect(again.journal.status().attempts).toEqual([])
  })

  test('[JRN-15c, F48] a result is only ever final, and one without an intent is kept and told', async () => {
    const { till } = await openShop()
    const stray = uuidOf(77)
    expect(await till.journal.attemptState(stray)).toBeUndefined()
    await till.journal.endAttempt(endOf(stray, 'paid'))
    expect(incidentsOf(till)).toEqual(['payment-not-intended'])
    const { body } = attemptOf()
    await till.journal.beginAttempt(attemptOf({ attempt: body.attempt }))
    till.journal.noteAttempt(body.attempt, 'unknown')
    expect(typesOf(till)).toEqual(['payment-result', 'payment-intent'])
  })

  test('[JRN-15d] a paid attempt settles one sale; a second one that names it stands and is told', async () => {
    const { till } = await openShop()
    const { body } = attemptOf()
    await till.journal.beginAttempt(attemptOf({ attempt: body.attempt }))
    await till.journal.endAttempt(endOf(body.attempt, 'paid'))
    await till.journal.completeSale(saleBy(body.attempt))
    expect(incidentsOf(till)).toEqual([])
    expect(till.journal.status().attempts).toEqual([])
    const second = await till.journal.completeSale(saleBy(body.attempt, uuidOf(501)))
    expect(second.numbers).toEqual(['T001I26-000002'])
    expect(incidentsOf(till)).toEqual(['payment-not-open'])
  })

  test('[F48] a sale that names an attempt which was not paid stands and is told', async () => {
    const { till } = await openShop()
    const { body } = attemptOf()
    await till.journal.beginAttempt(attemptOf({ attempt: body.attempt }))
    await till.journal.completeSale(saleBy(body.attempt))
    expect(incidentsOf(till)).toEqual(['payment-not-paid'])
    expect(statesOf(till)).toEqual(['started'])
    await till.journal.endAttempt(endOf(body.attempt, 'paid'))
    expect(till.journal.status().attempts).toEqual([])
  })

  test('[JRN-15e, F50] unknown blocks neither the till nor the money: another tender ends the cart', async () => {
    const { server, till } = await openShop()
    const { body } = attemptOf()
    await till.journal.beginAttempt(attemptOf({ attempt: body.attempt }))
    await till.journal.completeSale(saleBy(null))
    await till.journal.completeSale(saleBy(null, uuidOf(501)))
    const again = await restart(server, till)
    expect(again.journal.status().attempts).toMatchObject([{ attempt: body.attempt, state: 'unknown', cart }])
    await again.journal.endAttempt(endOf(body.attempt, 'paid'))
    expect(statesOf(again)).toEqual(['paid'])
  })

  test('[JRN-7g] a cart that money was asked for is neither held nor recalled', async () => {
    const { till } = await openShop()
    const { journal } = till
    const hold = (of: string, root = of) => {
      return journal.append({
        type: 'hold',
        cart: of,
        context: counterContext,
        body: { lines: [], recalledFrom: null, root },
      })
    }
    const recall = (of: string) => {
      const body = { recalledFrom: of, root: of }
      return journal.append({ type: 'recall', cart: uuidOf(502), context: counterContext, body })
    }
    const refused = { code: 'attempt-open' }
    await hold(cart)
    const { body } = attemptOf()
    await journal.beginAttempt(attemptOf({ attempt: body.attempt, expiresAt: tenInTheMorning + minute }))
    for (const progress of ['started', 'pending', 'unknown'] as const) {
      journal.noteAttempt(body.attempt, progress)
      await expect(hold(cart)).rejects.toMatchObject(refused)
      await expect(hold(uuidOf(503), cart)).rejects.toMatchObject(refused)
      await expect(recall(cart)).rejects.toMatchObject(refused)
    }
    await journal.endAttempt(endOf(body.attempt, 'paid'))
    await expect(hold(cart)).rejects.toMatchObject(refused)
    await hold(uuidOf(504))
    const other = attemptOf({ of: uuidOf(505), expiresAt: tenInTheMorning + minute })
    await journal.beginAttempt(other)
    till.clock.advance(minute)
    await hold(uuidOf(505))
    expect(typesOf(till, 'hold')).toHaveLength(3)
  })

  test('[JRN-15g] cash and typed references live in the sale alone', async () => {
    const { till } = await openShop()
    const draft = saleBy(null)
    const card = {
      kind: 'card',
      direction: 'in',
      amountMinor: 1,
      reference: 'A1B2 ****0042',
      attempt: null,
    } as const
    await till.journal.completeSale({
      ...draft,
      body: { ...draft.body, tenders: [...draft.body.tenders, card] },
    })
    expect(entriesOf(till).map(({ type }) => type)).toEqual(['epoch-opened', 'sale'])
  })

  test('[JRN-15a] open attempts survive a new epoch, a lost first copy and the other copy’s loss', async () => {
    const { server, till } = await openShop()
    await till.journal.completeSale(saleBy(null, uuidOf(501)))
    await pushAll(till.journal)
    const { body } = attemptOf()
    await till.journal.beginAttempt(attemptOf({ attempt: body.attempt }))
    // The clock is set back: what follows belongs to a new epoch (JRN-13h).
    await till.journal.confirmClock(tenInTheMorning - 86_400_000)
    await till.journal.completeSale(saleBy(null, uuidOf(502)))
    expect(till.journal.status().epochs).toHaveLength(2)
    expect(statesOf(till)).toEqual(['started'])
    const { disk } = till
    for (const lose of [
      () =>
        Object.assign(disk, { head: undefined, notes: undefined, entries: new Map(), endings: new Map() }),
      () => disk.segments.clear(),
    ]) {
      const again = await restart(server, till)
      expect(statesOf(again)).toEqual(['unknown'])
      again.power.cut()
      lose()
      const after = await restart(server, till)
      expect(after.journal.status().attempts).toMatchObject([
        { attempt: body.attempt, amountMinor: dueMinor },
      ])
    }
  })

  test.each<CrashPoint>(['before-primary', 'after-primary', 'before-twin', 'torn-twin', 'after-twin'])(
    '[JRN-15a, F49] a crash %s of an intent or a result leaves what was journalled, and asks nobody twice',
    async (point) => {
      for (const during of ['intent', 'result'] as const) {
        const { server, till } = await openShop()
        const draft = attemptOf()
        const { attempt } = draft.body
        if (during === 'result') await till.journal.beginAttempt(draft)
        till.power.plan(point)
        const write =
          during === 'intent'
            ? till.journal.beginAttempt(draft)
            : till.journal.endAttempt(endOf(attempt, 'paid'))
        await Promise.race([write, till.power.crashed])
        const again = await restart(server, till)
        const written = point !== 'before-primary'
        if (during === 'intent' && !written) {
          expect(statesOf(again)).toEqual([])
          await again.journal.beginAttempt(attemptOf())
          continue
        }
        // What was asked may have been paid: nobody is asked again, and the next word settles it.
        expect(statesOf(again)).toEqual([during === 'result' && written ? 'paid' : 'unknown'])
        await expect(again.journal.beginAttempt(attemptOf())).rejects.toMatchObject({ code: 'attempt-open' })
        await again.journal.endAttempt(endOf(attempt, 'paid'))
        await again.journal.completeSale(saleBy(attempt))
        expect(typesOf(again)).toEqual(['payment-intent', 'payment-result'])
        expect(incidentsOf(again).filter((kind) => kind.startsWith('payment'))).toEqual([])
      }
    },
  )

  test('[JRN-15c] whatever is journalled, an attempt is carried exactly while it matters', () => {
    const event = fc.record({
      attempt: fc.integer({ min: 1, max: 3 }).map(uuidOf),
      what: fc.constantFrom('intent', 'paid', 'failed', 'sale'),
    })
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        let notes = {}
        for (const { attempt, what } of events) notes = attemptsAfter(notes, entryOf(attempt, what))
        const expected = [1, 2, 3].map(uuidOf).filter((attempt) => {
          const own = events.filter((one) => one.attempt === attempt)
          return mattersAfter(own.map(({ what }) => what))
        })
        expect(Object.keys(notes).sort()).toEqual(expected)
      }),
    )
  })
})

type What = 'intent' | 'paid' | 'failed' | 'sale'

/** Said another way: from its latest life on, paid and sold cancel out, a failure ends it. */
function mattersAfter(what: readonly What[]): boolean {
  let life: { paid: boolean; sold: boolean } | undefined
  for (const one of what) {
    if (one === 'intent') life ??= { paid: false, sold: false }
    else if (life === undefined) continue
    else if (one === 'failed') life = life.paid ? life : undefined
    else life = { paid: life.paid || one === 'paid', sold: life.sold || one === 'sale' }
    if (life?.paid && life.sold) life = undefined
  }
  return life !== undefined
}

function entryOf(attempt: string, what: What): Entry {
  const common = { epoch: uuidOf(1), cart, at: tenInTheMorning }
  const body =
    what === 'intent'
      ? { ...attemptOf().body, attempt }
      : what === 'sale'
        ? { tenders: [{ attempt }] }
        : { attempt, state: what, providerReference: null }
  const type = what === 'intent' ? 'payment-intent' : what === 'sale' ? 'sale' : 'payment-result'
  // as: what the fold reads of an entry
  return { ...common, type, body } as unknown as Entry
}
