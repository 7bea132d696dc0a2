import type { I18n } from '@lingui/core'
import type { TillPlace } from '@nexus/contract'
import type { Bill } from '../journal/types.ts'
import type { PrintModel } from './types.ts'

export type BillLayoutOptions = {
  /** Marks the copy (JRN-11). */
  duplicate: boolean
  /** Name of the cashier as printed. */
  cashier: string
}

/**
 * Lays out a bill for screen, browser printing and ESC/POS alike, with everything rule 46 of the CGST
 * Rules asks. One model a document: an exchange has two. `i18n` is active in the bill's language.
 */
export function layoutBill(
  _bill: Bill,
  _place: TillPlace,
  _i18n: I18n,
  _options: BillLayoutOptions,
): PrintModel[] {
  throw new Error('being built')
}
