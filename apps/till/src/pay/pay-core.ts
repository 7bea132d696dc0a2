import type { Core } from '../app/core.ts'
import type { PayState } from '../app/state.ts'
import { differenceOf } from '../returns/draft-return.ts'
import { needsBuyer } from './buyer.ts'
import { type Settlement, settle, type Taken } from './tenders.ts'

/** What the commands of Pay share. */
export type PayCore = ReturnType<typeof createPayCore>

export function createPayCore({ parts, store }: Core) {
  /** The cart's one difference (RET-1a): what the customer pays, or else is paid. */
  function dueMinor(wanted: 'in' | 'out'): number {
    const { back, priced } = store.getState()
    const { direction, amountMinor } = differenceOf(back, priced)
    return direction === wanted ? amountMinor : 0
  }
  const toPayMinor = () => dueMinor('in')
  const refundMinor = () => dueMinor('out')

  /** Changes Pay while it is open. */
  const setPay = (change: Partial<PayState>) => {
    const { pay } = store.getState()
    if (pay) store.setState({ pay: { ...pay, ...change } })
  }
  const fail = (fault: PayState['fault']) => {
    setPay({ fault })
    parts.playSound('bad')
  }

  /** How the bill stands with what was taken. */
  function settlement(): Settlement {
    return settle(toPayMinor(), store.getState().pay?.taken ?? [])
  }

  function add(tender: Taken): void {
    const { pay } = store.getState()
    if (pay) setPay({ taken: [...pay.taken, tender], text: '', fault: undefined, method: 'cash' })
  }

  function isCovered(): boolean {
    const { pay } = store.getState()
    return pay !== undefined && settlement().remainingMinor === 0
  }

  /** True while a large bill waits for its buyer's name; no money is taken before. */
  function asksBuyer(): boolean {
    const { pay, priced } = store.getState()
    return pay !== undefined && pay.buyer === undefined && needsBuyer(priced?.taxableMinor ?? 0)
  }

  return { toPayMinor, refundMinor, setPay, fail, settlement, add, isCovered, asksBuyer }
}
