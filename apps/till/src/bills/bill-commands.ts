import type { Core } from '../app/core.ts'
import type { PrintState } from '../app/state.ts'
import type { Bill } from '../journal/index.ts'
import type { PrintOutcome } from '../print/index.ts'

/** Bills that the list shows. */
export const BILLS_MAX = 100

export type BillCommands = ReturnType<typeof billCommands>

/** Looking at completed bills and printing them again. */
export function billCommands(core: Core) {
  const { parts, store } = core
  /** The copy that did not come out last: trying it again is the same job. */
  let failed: { identity: string; job: string } | undefined

  function openList(): void {
    store.setState({ dialog: { kind: 'bills' } })
  }

  function open(bill: Bill, from: 'bills' | 'paid'): void {
    store.setState({ dialog: { kind: 'bill', bill, from } })
  }

  /**
   * Prints a bill. Every copy after the first that came out is marked DUPLICATE and journalled with its
   * job before the printer is asked (JRN-11); what cannot be journalled is not printed. Gives the state
   * of the job and the bill as it stands afterwards.
   */
  async function print(bill: Bill): Promise<{ print: PrintState; bill: Bill }> {
    const { identity } = bill
    const id = failed?.identity === identity ? failed.job : parts.newId()
    failed = undefined
    const job = { id, duplicate: bill.prints > 0, openDrawer: false }
    markPaid(bill, 'printing')
    const outcome = await printJournalled(bill, job)
    if (outcome.outcome !== 'printed') {
      failed = { identity, job: id }
      markPaid(bill, outcome.fault)
      return { print: outcome.fault, bill }
    }
    const after = await parts.journal.confirmPrint(identity, id)
    markPaid(after, 'printed')
    return { print: 'printed', bill: after }
  }

  async function printJournalled(
    bill: Bill,
    job: { id: string; duplicate: boolean; openDrawer: boolean },
  ): Promise<PrintOutcome> {
    try {
      if (job.duplicate) await parts.journal.beginReprint(bill.identity, job.id, 'asked')
    } catch {
      core.notify('journal-failed', { tone: 'bad' })
      return { outcome: 'fault', fault: 'failed' }
    }
    return parts.printBill(bill, job)
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
