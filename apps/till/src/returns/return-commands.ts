import { giftsBrokenBy, isMeasured, localDate } from '@nexus/domain'
import type { Core } from '../app/core.ts'
import { LINES_MAX, openDraft } from '../cart/cart.ts'
import { readCode } from '../scan/index.ts'
import { type Condition, type DraftPick, type ReturnReason, returnDocumentOf } from './draft-return.ts'
import { type FoundBill, findBills } from './find-bill.ts'
import { lastReturnDay } from './return-policy.ts'
import { NO_RETURNING, type ReturnFault, type Returning } from './return-state.ts'

/** From F6 to returned lines in the cart. Goods of one bill at a time (RET-1c). */
export function returnCommands(core: Core) {
  const { parts, store } = core

  const returning = (): Returning => store.getState().returning ?? NO_RETURNING

  function set(change: Partial<Returning>): void {
    store.setState({ returning: { ...returning(), ...change } })
  }

  function fail(fault: ReturnFault): void {
    set({ looking: false, fault })
    parts.playSound('bad')
  }

  /** F6: asks for a bill, or shows the one whose goods stand in the cart already. */
  function open(): void {
    const { draft, pay } = store.getState()
    if (pay !== undefined || core.phase() !== 'sell') return
    store.setState({ dialog: { kind: 'return' }, returning: NO_RETURNING })
    if (draft?.returned === undefined) return
    const { reason, picks, ...found } = draft.returned
    set({ reason, found })
    pick(picks)
  }

  function close(): void {
    store.setState({ dialog: undefined, returning: undefined })
  }

  /** Looks a bill up by the number on its paper. */
  async function find(typed: string): Promise<void> {
    const number = typed.trim().toUpperCase()
    if (returning().looking) return
    if (number === '') return fail({ code: 'no-number' })
    set({ looking: true, fault: undefined, choices: [] })
    const before = store.getState().returning
    const found = await findBills(number, parts.journal, core.catalogue()).catch(() => undefined)
    // The screen was closed, or opened anew, meanwhile.
    if (store.getState().returning !== before) return
    set({ looking: false })
    if (found === undefined) return fail({ code: 'not-read' })
    if (found === 'elsewhere') return fail({ code: 'bill-elsewhere', number })
    const [first, second] = found
    if (first === undefined) return fail({ code: 'bill-unknown', number })
    if (second === undefined) choose(first)
    else set({ choices: found })
  }

  /** Goes on with a bill, where its goods may come back at all. */
  function choose(found: FoundBill): void {
    const fault = choiceFault(found)
    if (fault !== undefined) fail(fault)
    else set({ ...NO_RETURNING, found })
  }

  function choiceFault(found: FoundBill): ReturnFault | undefined {
    const { number, kind, issueDate, lines } = found.bill
    const other = store.getState().draft?.returned?.bill.number ?? number
    if (other !== number) return { code: 'one-bill', number: other }
    if (kind !== 'I' && kind !== 'B') return { code: 'not-a-sale', number }
    const lastDay = lastReturnDay(issueDate)
    if (localDate(core.now()) > lastDay) return { code: 'window-over', lastDay }
    const isBack = lines.every((line) => leftMilli(found, line.uid) === 0)
    return isBack ? { code: 'all-returned', number } : undefined
  }

  /** Back to the question for a bill. */
  function another(): void {
    store.setState({ returning: NO_RETURNING })
  }

  /** Takes the picks over, with what they are worth and the gifts that they break. */
  function pick(picks: readonly DraftPick[]): void {
    const { found } = returning()
    if (found === undefined) return
    const { bill, before, gifts } = found
    const value = picks.length === 0 ? undefined : returnDocumentOf({ bill, before, picks }, core.now())
    const named = picks.map((each) => ({ ...each, uid: each.of }))
    const broken = giftsBrokenBy(bill.lines, new Map(before), named, gifts, 'take-back')
    set({ picks, value, broken, fault: undefined })
  }

  /** So much of a line comes back; less than nothing is nothing, more than is left is all that is left. */
  function setQuantity(of: string, quantityMilli: number): void {
    const { found, picks } = returning()
    if (found === undefined) return
    const takenMilli = Math.min(Math.max(0, quantityMilli), leftMilli(found, of))
    const condition = picks.find((each) => each.of === of)?.condition ?? 'sellable'
    const order = new Map(found.bill.lines.map(({ uid }, at) => [uid, at]))
    const others = picks.filter((each) => each.of !== of)
    const all = takenMilli === 0 ? others : [...others, { of, quantityMilli: takenMilli, condition }]
    pick(all.toSorted((one, other) => (order.get(one.of) ?? 0) - (order.get(other.of) ?? 0)))
  }

  /** One piece more or less; goods by weight come back as they were sold, whole. */
  function step(of: string, by: 1 | -1): void {
    const { found, picks } = returning()
    const line = found?.bill.lines.find(({ uid }) => uid === of)
    if (found === undefined || line === undefined) return
    const stepMilli = isMeasured(line.uqc) ? line.quantityMilli : 1000
    const nowMilli = picks.find((each) => each.of === of)?.quantityMilli ?? 0
    setQuantity(of, nowMilli + by * stepMilli)
  }

  /** Everything that is still with the customer. */
  function takeAll(): void {
    for (const { uid, quantityMilli } of returning().found?.bill.lines ?? []) setQuantity(uid, quantityMilli)
  }

  /** The gifts that the picks break come back too. */
  function takeGifts(): void {
    for (const { uid, toMilli } of returning().broken) setQuantity(uid, toMilli)
  }

  function setReason(reason: ReturnReason): void {
    set({ reason })
  }

  function setCondition(of: string, condition: Condition): void {
    const { picks } = returning()
    set({ picks: picks.map((each) => (each.of === of ? { ...each, condition } : each)) })
  }

  /** A scan while the screen is open: the bill's number, or one piece of the goods that come back. */
  function scan(text: string): void {
    const { found } = returning()
    if (found === undefined) {
      void find(text)
      return
    }
    const code = readCode(text).code
    const products = new Set(core.catalogue()?.findByCode(code) ?? [])
    const lines = found.bill.lines.filter((line) => products.has(line.product) || line.code === code)
    const picked = new Map(returning().picks.map((each) => [each.of, each.quantityMilli]))
    const left = lines.find(({ uid }) => (picked.get(uid) ?? 0) < leftMilli(found, uid))
    const [first] = lines
    if (first === undefined) fail({ code: 'not-on-bill', scanned: code })
    else if (left === undefined) fail({ code: 'nothing-left', name: first.name })
    else {
      step(left.uid, 1)
      parts.playSound('good')
    }
  }

  /** Puts what was picked into the cart, in place of what stood there of the same return. */
  function add(): void {
    const { found, picks, reason, broken } = returning()
    const { draft = openDraft(parts.newId()) } = store.getState()
    if (found === undefined) return
    const isFull = draft.lines.length + picks.length > LINES_MAX
    if (picks.length === 0 || broken.length > 0 || isFull) {
      const code = picks.length === 0 ? 'nothing-picked' : isFull ? 'cart-full' : 'gifts-come-back'
      fail({ code })
      return
    }
    core.showDraft(
      { ...draft, returned: { ...found, reason, picks } },
      { dialog: undefined, returning: undefined, paid: undefined, notice: undefined, undo: undefined },
    )
    parts.playSound('good')
  }

  return {
    open,
    close,
    find,
    choose,
    another,
    step,
    setQuantity,
    takeAll,
    takeGifts,
    setReason,
    setCondition,
    scan,
    add,
  }
}

/** What the customer still has of a line, thousandths. */
export function leftMilli({ bill, before }: Pick<FoundBill, 'bill' | 'before'>, uid: string): number {
  const soldMilli = bill.lines.find((line) => line.uid === uid)?.quantityMilli ?? 0
  return soldMilli - (before.find(([of]) => of === uid)?.[1] ?? 0)
}
