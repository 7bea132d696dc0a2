import type { Core } from '../app/core.ts'
import type { PayState } from '../app/state.ts'
import { needsBuyer } from './buyer.ts'
import { type Settlement, settle, type Taken } from './tenders.ts'

/** What the commands of Pay share. */
export type PayCore = ReturnType<typeof createPayCore>

export function createPayCore({ parts, store }: Core) {
  const toPayMinor = () => store.getState().priced?.toPayMinor ?? 0

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

  return { toPayMinor, setPay, fail, settlement, add, isCovered, asksBuyer }
}
