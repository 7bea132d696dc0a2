import type { BodyOf } from '../entry/schema.ts'
import type { JournalCore } from './journal-core.ts'
import type { EntryContext, Written } from './types.ts'

type Covers = BodyOf<'day-settled'>['covers']

/** A day's settlement to be written by one till for its whole store. */
export type DaySettlement = {
  /** Its trading day is the day that is settled. */
  context: EntryContext
  /** Figures by name, as people saw and approved them. */
  totals: Record<string, number>
  approvedBy: string | null
  /**
   * What the store's other registers have at the hop: their last seqs, and the slots that could not be
   * counted (JRN-22b). Epochs of this till are left out: the till knows them better.
   */
  others: Covers
}

/**
 * Writes `day-settled`: it covers everything that this till has written up to now, and the other registers
 * as far as the caller names them. Call it serially, so that no sale slips in between. Refuses like `append`.
 */
export async function settleDay(
  core: JournalCore,
  settlement: DaySettlement,
): Promise<Written<'day-settled'>> {
  const { context, totals, approvedBy, others } = settlement
  const own = ownCovers(core)
  const isOwn = ({ epoch }: Covers[number]) => own.some((one) => one.epoch === epoch)
  const covers = [...own, ...others.filter((other) => !isOwn(other))]
  return await core.append({ type: 'day-settled', context, body: { covers, totals, approvedBy } })
}

/** Every epoch that has entries on this device, with its last one. Nothing of it was left uncounted. */
function ownCovers({ head, notes }: JournalCore): Covers {
  const epochs = notes?.epochs ?? []
  return epochs.flatMap(({ epoch, last }) => {
    const lastSeq = epoch === head.epoch ? head.seq : (last?.seq ?? 0)
    return lastSeq > 0 ? [{ epoch, lastSeq, except: [] }] : []
  })
}
