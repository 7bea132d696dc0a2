import { adviceOn, localDate, type PricedCart, type PricingContext } from '@nexus/domain'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { cartOfDraft, type Draft } from '../cart/cart.ts'
import type { CouponGrants } from '../cart/coupon-grants.ts'
import { countOwnUses } from '../cart/own-uses.ts'
import { contextOfDraft, priceDraft } from '../cart/price-draft.ts'
import { rowsOf } from '../cart/rows.ts'
import type { Bill, JournalClient } from '../journal/index.ts'
import type { PrintModel, PrintOutcome } from '../print/index.ts'
import { returnDocumentOf, returnedRows } from '../returns/draft-return.ts'
import type { Catalogue, RulebookStore } from '../rulebook/index.ts'
import type { Sound } from '../scan/index.ts'
import { type Keeper, keptOf } from './keeper.ts'
import { type Phase, phaseOf } from './phase.ts'
import { EMPTY_STATE, type Notice, type NoticeCode, type TillState } from './state.ts'

/** What the engine of the screens stands on. */
export type Parts = {
  journal: JournalClient
  rulebook: RulebookStore
  keeper: Keeper
  coupons: CouponGrants
  /** Lays out a bill in its own language and prints it. */
  printBill(bill: Bill, job: { id: string; duplicate: boolean; openDrawer: boolean }): Promise<PrintOutcome>
  /** The bill as it is shown and printed. */
  layOut(bill: Bill, duplicate: boolean): Promise<PrintModel[]>
  playSound(sound: Sound): void
  /** The device's clock; the till's time adds the journal's offset. */
  wallMs(): number
  /** UUIDv7. */
  newId(): string
  /** Language of the screens, and so of a new bill. */
  language(): string
}

/** What every command may use: the store and the few things that commands share. */
export type Core = {
  parts: Parts
  store: StoreApi<TillState>
  /** The till's time, ms (JRN-13). */
  now(): number
  phase(): Phase
  /** The version that the open cart is priced from; undefined before the first. */
  catalogue(): Catalogue | undefined
  tradingDay(): string
  /** Shows a draft with its figures, priced at `pricedAt` or now, together with other changes. */
  showDraft(draft: Draft | undefined, more?: Partial<TillState>): void
  notify(code: NoticeCode, more?: Partial<Omit<Notice, 'code' | 'serial'>>): void
  /** What decides prices beside the cart; `uses` are those of a bill that is being paid, else what is known now. */
  pricingContext(pricedAt: number, uses?: PricingContext['uses']): PricingContext
  /** What is known of offers with limits over the chain, this till's own bills included (PRC-11a). */
  offerUses(): PricingContext['uses']
  /** Counts what a completed bill was given. */
  countUses(priced: PricedCart): void
}

/** Between scans nobody reads advice; a scan must find the page idle. */
const ADVICE_AFTER_MS = 120

export function createCore(parts: Parts): Core {
  const store = createStore<TillState>(() => EMPTY_STATE)
  let catalogue = parts.rulebook.current()
  let serial = 0
  let advising: ReturnType<typeof setTimeout> | undefined

  const now = () => parts.wallMs() + parts.journal.getStatus().clock.offsetMs

  const ownUses = countOwnUses()
  const offerUses = () => ownUses.with(parts.journal.getStatus().offerUses)

  function pricingContext(pricedAt: number, uses = offerUses()): PricingContext {
    const { place } = parts.journal.getStatus()
    if (place === null) throw new Error('an enrolled till knows its store')
    const { id, regionId, state } = place.store
    // A carry-away sale: the place of supply is the store's State (TAX-3).
    return {
      pricedAt,
      storeId: id,
      regionId,
      storeState: state,
      placeOfSupply: state,
      ...(uses !== undefined && { uses }),
    }
  }

  function tradingDay(): string {
    return parts.journal.getStatus().shift?.tradingDay ?? localDate(now())
  }

  function showDraft(draft: Draft | undefined, more: Partial<TillState> = {}): void {
    const before = store.getState()
    const pay = 'pay' in more ? more.pay : before.pay
    if (draft === undefined || catalogue === undefined) {
      store.setState({
        draft,
        priced: undefined,
        advice: undefined,
        back: undefined,
        rows: [],
        selected: undefined,
        ...more,
      })
      return
    }
    const context = pay === undefined ? pricingContext(now()) : pricingContext(pay.pricedAt, pay.uses)
    const shown = priceDraft(draft, catalogue.rulebook, context)
    const { returned } = shown.draft
    const back = returned && returnDocumentOf(returned, context.pricedAt)
    const sold = rowsOf(shown.draft, shown.priced, catalogue, tradingDay(), before.rows)
    const rows = back === undefined ? sold : [...sold, ...returnedRows(back, sold.length, before.rows)]
    const wanted = 'selected' in more ? more.selected : before.selected
    const selected = rows.some((row) => row.uid === wanted) ? wanted : rows.at(-1)?.uid
    // Advice on other lines would not come true (PRC-8e).
    const advice = draft === before.draft ? before.advice : undefined
    store.setState({ ...more, draft: shown.draft, priced: shown.priced, advice, back, rows, selected })
    if (shown.takenBack.length > 0) notify('by-hand-taken-back', { tone: 'bad' })
    clearTimeout(advising)
    if (pay === undefined) advising = setTimeout(advise, ADVICE_AFTER_MS)
  }

  /** It prices several carts, and nobody waits for it. */
  function advise(): void {
    const { draft, priced, pay } = store.getState()
    if (draft === undefined || priced === undefined || catalogue === undefined || pay !== undefined) return
    const { has, rulebook } = catalogue
    // Goods whose rows are not on hand are no advice.
    const known = {
      ...rulebook,
      findProduct: (id: number) => (has(id) ? rulebook.findProduct(id) : undefined),
    }
    const context = contextOfDraft(draft, pricingContext(now()))
    store.setState({ advice: adviceOn(cartOfDraft(draft), known, context, priced) })
  }

  function notify(code: NoticeCode, more: Partial<Omit<Notice, 'code' | 'serial'>> = {}): void {
    serial += 1
    store.setState({ notice: { params: {}, tone: 'info', undo: undefined, ...more, code, serial } })
    if (more.tone === 'bad') parts.playSound('bad')
  }

  /** A newer version takes over between payments, once it knows every line of the open cart. */
  async function adopt(next: Catalogue): Promise<void> {
    const ids = store.getState().draft?.lines.flatMap((line) => line.productId ?? []) ?? []
    await next.ensure(ids)
    if (store.getState().pay !== undefined || parts.rulebook.current() !== next) return
    const scanned = store.getState().draft?.lines.flatMap((line) => line.productId ?? []) ?? []
    if (!scanned.every((id) => next.has(id))) return adopt(next)
    catalogue = next
    showDraft(store.getState().draft)
  }

  function followRulebook(): void {
    const next = parts.rulebook.current()
    if (next === undefined || next === catalogue || store.getState().pay !== undefined) return
    if (catalogue === undefined) {
      catalogue = next
      return
    }
    adopt(next).catch(() => {
      // Its rows cannot be read: the version in use sells on, the next change of state tries again.
    })
  }

  parts.rulebook.subscribe(followRulebook)
  store.subscribe((state, before) => {
    if (before.pay !== undefined && state.pay === undefined) followRulebook()
    if (state.draft !== before.draft || state.pay !== before.pay || state.holder !== before.holder) {
      parts.keeper.keep(keptOf(state))
    }
  })

  return {
    parts,
    store,
    now,
    phase: () => phaseOf(parts.journal.getStatus(), store.getState()),
    catalogue: () => catalogue,
    tradingDay,
    showDraft,
    notify,
    pricingContext,
    offerUses,
    countUses: ownUses.count,
  }
}

/** Number and checksum of the version that prices a cart, as entries name it. */
export function rulebookRef({ version, checksum }: Catalogue): { version: number; checksum: string } {
  return { version, checksum }
}
