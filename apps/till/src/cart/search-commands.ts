import type { Core } from '../app/core.ts'
import { NO_SEARCH } from '../app/state.ts'
import { readCode, readEntered } from '../scan/index.ts'
import { voidLine } from './cart.ts'
import type { CouponCommands } from './coupon-commands.ts'
import type { ScanCommands } from './scan-commands.ts'
import { searchResultOf } from './search-result.ts'

/** Rows of a search; more would be scrolled, not read. */
const RESULTS_MAX = 20

/** Typing a name, a code or a number into the one box. */
export function searchCommands(core: Core, { scan, enqueue }: ScanCommands, { couponIn }: CouponCommands) {
  const { store } = core
  let searches = 0

  /** What was typed into the box; results follow within the frame once their rows are on hand. */
  async function search(text: string): Promise<void> {
    searches += 1
    const mine = searches
    const { search: before, clears } = store.getState()
    const wanted = readEntered(text).text
    const catalogue = core.catalogue()
    store.setState({ search: { ...before, text } })
    if (wanted === '' || catalogue === undefined) {
      store.setState({ search: { ...NO_SEARCH, text } })
      return
    }
    const ids = catalogue.search(wanted, RESULTS_MAX)
    // What cannot be read now is not shown; a scan of it says so.
    if (!ids.every(catalogue.has)) await catalogue.ensure(ids).catch(() => undefined)
    if (mine !== searches || clears !== store.getState().clears) return
    const results = ids.filter(catalogue.has).map((id) => searchResultOf(core, catalogue, id))
    store.setState({ search: { text, results, at: 0, answered: text } })
  }

  /** Enter in the box: a product's or coupon's code first, else the result that is marked, else a red row or a sentence. */
  async function enter(text: string): Promise<void> {
    const entered = readEntered(text)
    if (entered.text === '') return
    const { answered, at: mark } = store.getState().search
    const marked = answered === text && mark > 0
    const known =
      (core.catalogue()?.findByCode(readCode(entered.text).code) ?? []).length > 0 ||
      couponIn(entered.text) !== undefined
    if (known && !marked) return scan(text)
    if (store.getState().search.answered !== text) await search(text)
    const { results, at } = store.getState().search
    const result = results[at]
    if (result !== undefined) choose(result.productId)
    else if (/^\d{4,}$/.test(entered.text)) scan(text)
    else core.notify('nothing-found', { tone: 'bad', params: { text: entered.text } })
  }

  /** A product chosen by name. In place of a red row, when one is being put right. */
  function choose(productId: number): void {
    const { search: asked, selected, draft, rows } = store.getState()
    const entered = readEntered(asked.text)
    const red = rows.find((row) => row.uid === selected && row.refusal !== undefined)
    const product = core.catalogue()?.product(productId)
    const code = product?.barcodes[0] ?? product?.sku ?? ''
    if (red !== undefined && draft !== undefined && isUnknown(red.refusal?.code)) {
      const without = voidLine(draft, red.uid)
      if (without) core.showDraft(without.draft)
    }
    enqueue({ entered: { ...entered, text: code }, productId })
  }

  function moveMark(by: 1 | -1): void {
    const { search: asked } = store.getState()
    const last = asked.results.length - 1
    store.setState({ search: { ...asked, at: Math.max(0, Math.min(last, asked.at + by)) } })
  }

  function clearSearch(): void {
    searches += 1
    store.setState({ search: NO_SEARCH, clears: store.getState().clears + 1 })
  }

  /** F3: the product of a red row is looked for by name; the row gives way to what is found. */
  function findByName(): void {
    clearSearch()
    store.setState({ dialog: undefined, finds: store.getState().finds + 1 })
  }

  return { search, enter, choose, moveMark, clearSearch, findByName }
}

function isUnknown(code: string | undefined): boolean {
  return code === 'unknown-code' || code === 'damaged-code'
}
