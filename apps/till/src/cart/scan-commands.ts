import type { Core } from '../app/core.ts'
import { NO_SEARCH } from '../app/state.ts'
import { bindsMoney } from '../pay/tenders.ts'
import type { Catalogue } from '../rulebook/index.ts'
import { type Entered, readCode, readEntered } from '../scan/index.ts'
import { batchOfPack, type PackFacts } from './batches.ts'
import { addLine, isEmptyDraft, type NewLine, openDraft } from './cart.ts'
import type { CouponCommands } from './coupon-commands.ts'
import { searchResultOf } from './search-result.ts'

/** A code as entered, or a product that was chosen by name. */
type Job = { entered: Entered; productId: number | undefined }

export type ScanCommands = ReturnType<typeof scanCommands>

/** From a code to a line. Scans are taken one after another, in their order, whatever each has to wait for. */
export function scanCommands(core: Core, { couponIn, enterCoupon }: CouponCommands) {
  const { parts, store } = core
  const jobs: Job[] = []
  let working = false
  let flashes = 0

  /** A scan, on any screen. What it cannot do now it says; it is never swallowed. */
  function scan(text: string): void {
    const entered = readEntered(text)
    // A register that was handed over starts no other bill (JRN-21c).
    const { draft } = store.getState()
    const isOver =
      parts.journal.getStatus().state === 'retired' && (draft === undefined || isEmptyDraft(draft))
    if (isOver) store.setState({ paid: undefined })
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
      const { pay, restoring } = store.getState()
      if (pay?.completing || restoring) break
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
    if (id === undefined && couponIn(entered.text) !== undefined) {
      if (enterCoupon(entered.text)) clearBox()
    } else if (id === undefined) {
      const code = read.damaged ? 'damaged-code' : 'unknown-code'
      put({ code: entered.text, quantityMilli: entered.quantityMilli, refusal: { code } })
    } else if (ids.length > 1) {
      // One code on several products: people choose, as after a search.
      const results = ids.map((one) => searchResultOf(core, catalogue, one))
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

  /** The box is empty again, and dialogs give way to what was scanned. */
  function clearBox(): void {
    store.setState({ dialog: undefined, search: NO_SEARCH, clears: store.getState().clears + 1 })
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

  return {
    scan,
    enqueue,
    put,
    /** Goes on with scans that waited for a sale to become durable. */
    resume: () => {
      if (!working) work()
    },
  }
}
