import type { Core } from '../app/core.ts'
import type { PrintState } from '../app/state.ts'
import type { Bill } from '../journal/index.ts'

/** Bills that the list shows. */
export const BILLS_MAX = 100

export type BillCommands = ReturnType<typeof billCommands>

/** Looking at completed bills and printing them again. */
export function billCommands(core: Core) {
  const { parts, store } = core

  function openList(): void {
    store.setState({ dialog: { kind: 'bills' } })
  }

  function open(bill: Bill, from: 'bills' | 'paid'): void {
    store.setState({ dialog: { kind: 'bill', bill, from } })
  }

  /**
   * Prints a bill. Every copy after the first that came out is marked DUPLICATE; the journal notes it
   * with the job (JRN-11). Gives the state of the job and the bill as it stands afterwards.
   */
  async function print(bill: Bill): Promise<{ print: PrintState; bill: Bill }> {
    const job = { id: parts.newId(), duplicate: bill.prints > 0, openDrawer: false }
    markPaid(bill, 'printing')
    const outcome = await parts.printBill(bill, job)
    if (outcome.outcome !== 'printed') {
      markPaid(bill, outcome.fault)
      return { print: outcome.fault, bill }
    }
    const after = await parts.journal.confirmPrint(bill.identity, job.id, bill.prints > 0 ? 'asked' : null)
    markPaid(after, 'printed')
    return { print: 'printed', bill: after }
  }

  function markPaid(bill: Bill, print: PrintState): void {
    const { paid } = store.getState()
    if (paid?.bill.identity === bill.identity) store.setState({ paid: { ...paid, bill, print } })
  }

  /** "I saw the receipt": the bill of a till that stopped in between is in doubt no more. */
  async function settleDoubt(identity: string): Promise<void> {
    await parts.journal.settleDoubt(identity)
  }

  async function printDoubtful(number: string): Promise<void> {
    const bill = await parts.journal.findBill(number)
    if (bill) await print(bill)
  }

  return { openList, open, print, settleDoubt, printDoubtful }
}
