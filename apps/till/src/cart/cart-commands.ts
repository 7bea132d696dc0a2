import { formatQuantity, type PricingContext, PricingRefusal, price, type Rulebook } from '@nexus/domain'
import type { Core } from '../app/core.ts'
import { rulebookRef } from '../app/core.ts'
import { NO_SEARCH, type PayState, type SearchResult } from '../app/state.ts'
import { bindsMoney } from '../pay/tenders.ts'
import type { Catalogue } from '../rulebook/index.ts'
import { type Entered, readCode, readEntered } from '../scan/index.ts'
import { batchOfPack, mrpChoices, type PackFacts } from './batches.ts'
import {
  addLine,
  chooseBatch,
  type Draft,
  type NewLine,
  openDraft,
  reopenDraft,
  replaceLine,
  unvoidLine,
  voidLine,
} from './cart.ts'

/** Rows of a search; more would be scrolled, not read. */
const RESULTS_MAX = 20

/** Why a cart is voided; words in `words/`. Kept in the journal as the code. */
export const VOID_REASONS = ['customer-left', 'wrong-goods', 'cannot-pay', 'mistake', 'test'] as const
export type VoidReason = (typeof VOID_REASONS)[number]

type Job = { entered: Entered; productId: number | undefined }

export type CartCommands = ReturnType<typeof cartCommands>

/** Scanning, searching, and everything that changes lines before Pay. */
export function cartCommands(core: Core) {
  const { parts, store } = core
  const jobs: Job[] = []
  let working = false
  let flashes = 0

  /** A scan, on any screen. What it cannot do now it says; it is never swallowed. */
  function scan(text: string): void {
    const entered = readEntered(text)
    const phase = core.phase()
    if (phase !== 'sell') {
      const code =
        phase === 'sign-in'
          ? 'scan-before-sign-in'
          : phase === 'open-shift' || phase === 'take-over-shift'
            ? 'scan-before-shift'
            : 'scan-while-closed'
      core.notify(code, { tone: 'bad', params: { code: entered.text } })
      return
    }
    enqueue({ entered, productId: undefined })
  }

  function enqueue(job: Job): void {
    jobs.push(job)
    if (working) store.setState({ waitingScans: jobs.length })
    else work()
  }

  /** Takes scans in their order; those that need no waiting are on the screen before this returns. */
  function work(): void {
    working = true
    for (let job = jobs[0]; job !== undefined; job = jobs[0]) {
      if (store.getState().pay?.completing) break
      const missing = missingRows(job)
      if (missing.length > 0) {
        store.setState({ waitingScans: jobs.length })
        fetchRows(missing, job)
        return
      }
      jobs.shift()
      perform(job)
    }
    working = false
    if (store.getState().waitingScans !== jobs.length) store.setState({ waitingScans: jobs.length })
  }

  function missingRows({ entered, productId }: Job): number[] {
    const catalogue = core.catalogue()
    if (catalogue === undefined) return []
    const ids = productId === undefined ? catalogue.findByCode(readCode(entered.text).code) : [productId]
    return ids.filter((id) => !catalogue.has(id))
  }

  function fetchRows(ids: readonly number[], job: Job): void {
    const catalogue = core.catalogue()
    if (catalogue === undefined) {
      work()
      return
    }
    catalogue.ensure(ids).then(work, () => {
      jobs.splice(jobs.indexOf(job), 1)
      const { text, quantityMilli } = job.entered
      put({ code: text, quantityMilli, refusal: { code: 'not-loaded' } })
      work()
    })
  }

  function perform({ entered, productId }: Job): void {
    const { pay } = store.getState()
    if (pay !== undefined) {
      // Money that was taken belongs to these lines; before that, a scan simply goes back to selling.
      if (bindsMoney(pay)) {
        core.notify('scan-while-paying', { tone: 'bad', params: { code: entered.text } })
        return
      }
      core.showDraft(store.getState().draft, { pay: undefined })
    }
    const catalogue = core.catalogue()
    if (catalogue === undefined) {
      core.notify('no-products', { tone: 'bad', params: { code: entered.text } })
      return
    }
    if (productId !== undefined) {
      putProduct(catalogue, productId, entered, entered.text, {})
      return
    }
    const read = readCode(entered.text)
    const ids = catalogue.findByCode(read.code)
    const [id] = ids
    if (id === undefined) {
      const code = read.damaged ? 'damaged-code' : 'unknown-code'
      put({ code: entered.text, quantityMilli: entered.quantityMilli, refusal: { code } })
    } else if (ids.length > 1) {
      // One code on several products: people choose, as after a search.
      const results = ids.map((one) => resultOf(catalogue, one))
      store.setState({ search: { text: entered.text, results, at: 0, answered: entered.text } })
    } else putProduct(catalogue, id, entered, read.code, read)
  }

  function putProduct(
    catalogue: Catalogue,
    productId: number,
    { quantityMilli }: Entered,
    code: string,
    pack: PackFacts,
  ): void {
    const product = catalogue.product(productId)
    if (product === undefined) {
      put({ code, quantityMilli, refusal: { code: 'unknown-code' } })
      return
    }
    const answer = batchOfPack(product, pack, core.tradingDay())
    const line: NewLine = { code, productId, quantityMilli }
    if (answer.kind === 'refused') {
      put({ ...line, refusal: answer.refusal })
      return
    }
    if (answer.kind === 'batch') {
      put(answer.batchId === undefined ? line : { ...line, batchId: answer.batchId })
      return
    }
    const uid = put(line)
    if (uid !== undefined) store.setState({ dialog: { kind: 'mrp', uid, choices: answer.choices } })
  }

  /** Adds a line and shows it; the completed bill before it leaves the screen. */
  function put(line: NewLine): string | undefined {
    const { draft = openDraft(parts.newId()) } = store.getState()
    const added = addLine(draft, line)
    if (added === undefined) {
      core.notify('cart-full', { tone: 'bad' })
      return undefined
    }
    flashes += 1
    core.showDraft(added.draft, {
      selected: added.uid,
      flash: { uid: added.uid, serial: flashes },
      paid: undefined,
      notice: undefined,
      undo: undefined,
      dialog: undefined,
      search: NO_SEARCH,
      clears: store.getState().clears + 1,
    })
    const shown = store.getState().draft?.lines.find((one) => one.uid === added.uid)
    parts.playSound(shown?.refusal === undefined ? 'good' : 'bad')
    return added.uid
  }

  function resultOf(catalogue: Catalogue, productId: number): SearchResult {
    const product = catalogue.product(productId)
    const names = product?.names ?? { en: String(productId) }
    const unit = unitOf(productId, catalogue.rulebook, core.pricingContext(core.now()))
    return {
      productId,
      names,
      brand: product === undefined ? '' : catalogue.brandName(product.brandId),
      sku: product?.sku ?? '',
      unitMinor: unit?.unitMinor,
      mrpMinor: unit?.mrpMinor,
    }
  }

  let searches = 0
  /** What was typed into the box; results follow within the frame once their rows are on hand. */
  async function search(text: string): Promise<void> {
    searches += 1
    const mine = searches
    const before = store.getState().search
    const wanted = readEntered(text).text
    const catalogue = core.catalogue()
    store.setState({ search: { ...before, text } })
    if (wanted === '' || catalogue === undefined) {
      store.setState({ search: { ...NO_SEARCH, text } })
      return
    }
    const ids = catalogue.search(wanted, RESULTS_MAX)
    if (!ids.every((id) => catalogue.has(id))) await catalogue.ensure(ids)
    if (mine !== searches) return
    const results = ids.map((id) => resultOf(catalogue, id))
    store.setState({ search: { text, results, at: 0, answered: text } })
  }

  /** Enter in the box: a code first, else the result that is marked, else a red row or a sentence. */
  async function enter(text: string): Promise<void> {
    const entered = readEntered(text)
    if (entered.text === '') return
    const { answered, at: mark } = store.getState().search
    const marked = answered === text && mark > 0
    const known = (core.catalogue()?.findByCode(readCode(entered.text).code) ?? []).length > 0
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

  function select(uid: string): void {
    store.setState({ selected: uid })
  }

  function moveSelection(by: 1 | -1): void {
    const { rows, selected } = store.getState()
    const at = rows.findIndex((row) => row.uid === selected)
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))]
    if (next) store.setState({ selected: next.uid })
  }

  /** Sets the quantity of a line; one that cannot be sold so (half a piece) leaves the line as it was. */
  function setQuantity(uid: string, quantityMilli: number): void {
    const { draft, pay } = store.getState()
    const line = draft?.lines.find((one) => one.uid === uid)
    if (draft === undefined || line === undefined || pay !== undefined) return
    if (quantityMilli <= 0) {
      voidOne(uid)
      return
    }
    core.showDraft(replaceLine(draft, { ...line, quantityMilli }), { undo: undefined, notice: undefined })
    const after = store.getState().draft?.lines.find((one) => one.uid === uid)
    if (after?.refusal !== undefined && line.refusal === undefined) {
      core.showDraft(draft)
      core.notify('quantity-refused', { tone: 'bad', params: { quantity: formatQuantity(quantityMilli) } })
    }
  }

  /** One more or one less of a line; less than one is a void. */
  function step(uid: string, by: 1 | -1): void {
    const line = store.getState().draft?.lines.find((one) => one.uid === uid)
    if (line) setQuantity(uid, line.quantityMilli + by * 1000)
  }

  function voidOne(uid: string): void {
    const { draft, pay, rows } = store.getState()
    if (draft === undefined || pay !== undefined) return
    const at = rows.findIndex((row) => row.uid === uid)
    const gone = voidLine(draft, uid)
    if (gone === undefined) return
    const next = rows[at + 1] ?? rows[at - 1]
    core.showDraft(gone.draft, { selected: next?.uid, undo: { kind: 'line', voided: gone.voided } })
    const names = rows[at]?.names
    const name = names?.[parts.language()] ?? names?.en ?? gone.voided.line.code
    core.notify('line-voided', { undo: 'line', params: { name } })
  }

  /** Takes back the last void, of a line or of the whole cart. */
  function undo(): void {
    const { undo: last, draft } = store.getState()
    if (last === undefined) return
    const back =
      last.kind === 'line'
        ? unvoidLine(draft ?? openDraft(parts.newId()), last.voided)
        : reopenDraft(last.draft, parts.newId())
    const selected = last.kind === 'line' ? last.voided.line.uid : undefined
    core.showDraft(back, {
      undo: undefined,
      notice: undefined,
      paid: undefined,
      ...(selected && { selected }),
    })
  }

  /** Asks why before anything is voided. */
  function askVoid(): void {
    const { draft, pay } = store.getState()
    if (draft === undefined || draft.lines.length === 0 || pay?.completing) return
    if (pay?.upi === undefined) store.setState({ dialog: { kind: 'void-cart' } })
    else core.notify('upi-waits', { tone: 'bad' })
  }

  /** Opens the chosen line: its price, its batch. */
  function openLine(): void {
    const { selected } = store.getState()
    if (selected !== undefined) store.setState({ dialog: { kind: 'line', uid: selected } })
  }

  /** F3: the product of a red row is looked for by name; the row gives way to what is found. */
  function findByName(): void {
    clearSearch()
    store.setState({ dialog: undefined, finds: store.getState().finds + 1 })
  }

  /** Ends the cart without a sale and journals it. Money of a bank that was taken is named to headquarters. */
  async function voidCart(reason: VoidReason): Promise<void> {
    const { draft, priced, pay } = store.getState()
    const catalogue = core.catalogue()
    if (draft === undefined || pay?.completing) return
    if (pay?.upi !== undefined) return core.notify('upi-waits', { tone: 'bad' })
    const rulebook = catalogue ? rulebookRef(catalogue) : null
    for (const params of moneyWithoutSale(pay)) {
      await parts.journal.append({
        type: 'incident',
        cart: draft.cart,
        rulebook,
        body: { kind: 'payment-without-sale', params, place: null },
      })
    }
    await parts.journal.append({
      type: 'void-cart',
      cart: draft.cart,
      rulebook,
      body: {
        reason,
        lines: draft.lines.length,
        grossMinor: priced?.grossMinor ?? 0,
        recalledFrom: draft.recalledFrom,
        root: draft.root,
      },
    })
    const lines = draft.lines.length
    core.showDraft(undefined, { pay: undefined, dialog: undefined, undo: { kind: 'cart', draft } })
    core.notify('cart-voided', { undo: 'cart', params: { lines } })
  }

  /** A cart whose lines were all voided one by one ends here, so that the journal knows of it. */
  async function endEmptied(): Promise<void> {
    const { draft } = store.getState()
    if (draft === undefined || draft.lines.length > 0) return
    if (draft.lastUid > 0) await voidCart('mistake')
    store.setState({ undo: undefined, notice: undefined })
  }

  /** Gives a line the MRP that is printed on its pack. */
  function chooseMrp(uid: string, batchId: number): void {
    const { draft } = store.getState()
    if (draft === undefined) return
    const chosen = chooseBatch(draft, uid, batchId)
    core.showDraft(chosen.draft, { selected: chosen.uid, dialog: undefined })
  }

  /** Asks again which MRP a pack bears. */
  function askMrp(uid: string): void {
    const line = store.getState().draft?.lines.find((one) => one.uid === uid)
    const product = line?.productId === undefined ? undefined : core.catalogue()?.product(line.productId)
    if (product === undefined) return
    const choices = mrpChoices(product, core.tradingDay())
    if (choices.length > 1) store.setState({ dialog: { kind: 'mrp', uid, choices } })
  }

  /** Brings back a cart that a reload interrupted. Rejects when its rows cannot be read. */
  async function restore(draft: Draft, pay: PayState | undefined): Promise<void> {
    const catalogue = core.catalogue()
    if (catalogue === undefined) return
    const ids = draft.lines.flatMap((line) => line.productId ?? [])
    await catalogue.ensure(ids)
    core.showDraft(draft, { pay })
  }

  return {
    scan,
    /** Goes on with scans that waited for a sale to become durable. */
    resume: () => {
      if (!working) work()
    },
    search,
    enter,
    choose,
    moveMark,
    clearSearch,
    select,
    moveSelection,
    setQuantity,
    step,
    voidOne,
    undo,
    askVoid,
    openLine,
    findByName,
    voidCart,
    endEmptied,
    chooseMrp,
    askMrp,
    restore,
  }
}

/** What banks took, or may have taken, for a cart that is voided: a person must bring it back. */
function moneyWithoutSale(pay: PayState | undefined): Record<string, string | number | null>[] {
  const found: Record<string, string | number | null>[] = []
  for (const tender of pay?.taken ?? []) {
    if (tender.kind === 'cash') continue
    const { kind, amountMinor, reference } = tender
    const attempt = tender.kind === 'upi' ? tender.attempt : null
    found.push({ tender: kind, amountMinor, reference, attempt })
  }
  if (pay?.doubt !== undefined) {
    const { attempt, amountMinor } = pay.doubt
    found.push({ tender: 'upi', amountMinor, reference: null, attempt })
  }
  return found
}

function isUnknown(code: string | undefined): boolean {
  return code === 'unknown-code' || code === 'damaged-code'
}

/** Price and MRP of one unit now; undefined where it cannot be sold. */
function unitOf(
  productId: number,
  rulebook: Rulebook,
  context: PricingContext,
): { unitMinor: number; mrpMinor: number | undefined } | undefined {
  try {
    const [line] = price({ lines: [{ uid: '1', productId, quantityMilli: 1000 }] }, rulebook, context).lines
    return line && { unitMinor: line.unitMinor, mrpMinor: line.mrpMinor }
  } catch (cause) {
    if (cause instanceof PricingRefusal) return undefined
    throw cause
  }
}
