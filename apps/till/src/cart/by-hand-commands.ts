import { discountLimitBp } from '@nexus/domain'
import { type Core, rulebookRef } from '../app/core.ts'
import type { SignInResult, TillPerson } from '../device/index.ts'
import { type ByHandTarget, beyondAllowed, shareBpOf, takenBy, withByHand } from './by-hand.ts'
import type { ByHand, DraftLine } from './cart.ts'
import { priceAsGiven } from './price-draft.ts'

/** Why somebody takes something off; words in reason-words.ts. Kept in the journal as the code. */
export const BY_HAND_REASONS = [
  'shelf-price',
  'damaged-pack',
  'price-match',
  'large-purchase',
  'complaint',
  'goodwill',
] as const
export type ByHandReason = (typeof BY_HAND_REASONS)[number]

/** A percentage, an amount, or (of a line) the most that a unit then costs. */
export type LineReduction = NonNullable<DraftLine['manual']>['reduction']

/** What somebody wants to take off, and why. */
export type ByHandWish = { target: ByHandTarget; reduction: LineReduction; reason: ByHandReason }

export type ByHandOutcome =
  | { outcome: 'given' }
  /** The price would not change. */
  | { outcome: 'nothing' }
  /** Above what the role gives. `approvers` are those whose role gives as much; `shareBp` is what it takes. */
  | { outcome: 'too-much'; limitBp: number; shareBp: number; approvers: readonly TillPerson[] }
  /** The bill changed meanwhile, or is being paid. */
  | { outcome: 'closed' }

/** Discounts and prices by hand (layer 4), within the limits of roles (PRC-14). */
export function byHandCommands(core: Core) {
  const { parts, store } = core
  const { journal } = parts

  /** What the wish would take off if it were allowed; undefined where the bill is closed to it. */
  function tryOut({ target, reduction, reason }: ByHandWish, approval: string | null, allowedBp: number) {
    const { draft, pay } = store.getState()
    const catalogue = core.catalogue()
    if (draft === undefined || pay !== undefined || catalogue === undefined) return undefined
    const byHand: ByHand<LineReduction> = { reduction, reason, approval, allowedBp }
    const wished = withByHand(draft, target, byHand)
    const { priced } = priceAsGiven(wished, catalogue.rulebook, core.pricingContext(core.now()))
    const taken = takenBy(priced, target)
    const line = target.on === 'line' ? priced.lines.find(({ uid }) => uid === target.uid) : undefined
    return { draft, wished, taken, line, isAllowed: beyondAllowed(wished, priced).length === 0, catalogue }
  }

  /** Takes it off where the cashier's role allows it; else says who could approve. */
  async function give(wish: ByHandWish): Promise<ByHandOutcome> {
    const { signedIn, people } = journal.getStatus()
    const limitBp = signedIn === null ? 0 : discountLimitBp(signedIn.role)
    const tried = tryOut(wish, null, limitBp)
    if (tried === undefined) return { outcome: 'closed' }
    if (tried.taken.amountMinor === 0) return { outcome: 'nothing' }
    if (tried.isAllowed) return show(wish, null, limitBp)
    const approvers = people.filter(
      ({ id, role, hasPin }) =>
        id !== signedIn?.id && hasPin && tryOut(wish, id, discountLimitBp(role))?.isAllowed === true,
    )
    return { outcome: 'too-much', limitBp, shareBp: shareBpOf(tried.taken), approvers }
  }

  /** The PIN of another person allows it; the approval is journalled before the price changes (PRC-14c). */
  async function approve(
    wish: ByHandWish,
    personId: string,
    pin: string,
  ): Promise<ByHandOutcome | Exclude<SignInResult, { outcome: 'signed-in' }>> {
    const checked = await journal.checkPin(personId, pin)
    if (checked.outcome !== 'signed-in') return checked
    const { person } = checked
    const { signedIn } = journal.getStatus()
    const allowedBp = person.id === signedIn?.id ? 0 : discountLimitBp(person.role)
    const approval = parts.newId()
    const tried = tryOut(wish, approval, allowedBp)
    if (tried === undefined) return { outcome: 'closed' }
    if (tried.taken.amountMinor === 0) return { outcome: 'nothing' }
    if (!tried.isAllowed) {
      return { outcome: 'too-much', limitBp: allowedBp, shareBp: shareBpOf(tried.taken), approvers: [] }
    }
    await journal.append({
      type: 'approval',
      cart: tried.draft.cart,
      rulebook: rulebookRef(tried.catalogue),
      body: {
        approval,
        action: 'discount',
        outcome: 'approved',
        by: person.id,
        how: 'pin',
        amountMinor: tried.taken.amountMinor,
        fingerprint: null,
        reason: wish.reason,
      },
    })
    return show(wish, approval, allowedBp)
  }

  async function show(wish: ByHandWish, approval: string | null, allowedBp: number): Promise<ByHandOutcome> {
    const { reduction, reason } = wish
    const before = tryOut(wish, approval, allowedBp)
    if (before === undefined) return { outcome: 'closed' }
    if ('unitMinor' in reduction && before.line !== undefined) {
      const { uid, productId, unitMinor: fromMinor } = before.line
      await journal.append({
        type: 'price-override',
        cart: before.draft.cart,
        rulebook: rulebookRef(before.catalogue),
        body: { uid, product: productId, fromMinor, toMinor: reduction.unitMinor, reason, approval },
      })
    }
    // The journal took its time: it is put on the bill as that stands now.
    const now = tryOut(wish, approval, allowedBp)
    if (now === undefined) return { outcome: 'closed' }
    core.showDraft(now.wished, { notice: undefined, undo: undefined })
    return { outcome: 'given' }
  }

  function takeBack(target: ByHandTarget): void {
    const { draft, pay } = store.getState()
    if (draft === undefined || pay !== undefined) return
    core.showDraft(withByHand(draft, target, undefined), { notice: undefined })
  }

  /** Opens the page of a discount on the whole bill, or on a line. */
  function openByHand(target: ByHandTarget): void {
    const { priced, pay } = store.getState()
    if (pay !== undefined || core.phase() !== 'sell') return
    if (priced === undefined || priced.lines.length === 0) core.notify('cart-empty')
    else store.setState({ dialog: { kind: 'by-hand', target } })
  }

  return { give, approve, takeBack, openByHand }
}
