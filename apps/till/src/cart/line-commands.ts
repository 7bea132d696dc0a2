import { formatQuantity } from '@nexus/domain'
import type { Core } from '../app/core.ts'
import { withoutReturned } from '../returns/draft-return.ts'
import { returnCommands } from '../returns/return-commands.ts'
import { mrpChoices } from './batches.ts'
import { chooseBatch, type Draft, openDraft, reopenDraft, replaceLine, unvoidLine, voidLine } from './cart.ts'

/** What is done with lines that stand on the bill, before Pay. */
export function lineCommands(core: Core) {
  const { parts, store } = core

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
    if (gone === undefined) {
      keepReturned(draft, uid)
      return
    }
    const next = rows[at + 1] ?? rows[at - 1]
    core.showDraft(gone.draft, { selected: next?.uid, undo: { kind: 'line', voided: gone.voided } })
    const names = rows[at]?.names
    const name = names?.[parts.language()] ?? names?.en ?? gone.voided.line.code
    core.notify('line-voided', { undo: 'line', params: { name } })
  }

  /** The customer keeps a line that was to come back. */
  function keepReturned({ returned, ...draft }: Draft, uid: string): void {
    const left = returned && withoutReturned(returned, uid)
    if (left === returned) return
    core.showDraft({ ...draft, ...(left && { returned: left }) }, { undo: undefined, notice: undefined })
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

  /** Opens the chosen line: its price, its batch. */
  function openLine(): void {
    const { rows, selected } = store.getState()
    if (selected === undefined) return
    if (rows.some((row) => row.uid === selected && row.returned)) returnCommands(core).open()
    else store.setState({ dialog: { kind: 'line', uid: selected } })
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

  return { select, moveSelection, setQuantity, step, voidOne, undo, openLine, chooseMrp, askMrp }
}
