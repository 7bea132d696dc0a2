import { type PricedCart, type PricedLine, shareOf } from '@nexus/domain'
import { type ByHand, type Draft, replaceLine } from './cart.ts'

/** A line, by its uid, or the whole bill. */
export type ByHandTarget = { on: 'line'; uid: string } | { on: 'bill' }

/** What a reduction takes off, and of what. Paise. */
export type Taken = { amountMinor: number; ofMinor: number }

/** What a reduction of a priced draft takes off its line or the bill; 0 of 0 where there is none. */
export function takenBy(priced: PricedCart, target: ByHandTarget): Taken {
  if (target.on === 'line') {
    const line = priced.lines.find(({ uid }) => uid === target.uid)
    return line === undefined ? { amountMinor: 0, ofMinor: 0 } : takenOffLine(line)
  }
  let amountMinor = 0
  let ofMinor = 0
  for (const line of priced.lines) {
    const byHand = takenOffLine(line)
    ofMinor += byHand.ofMinor - byHand.amountMinor
    amountMinor += stepOf(line, 'bill')
  }
  return { amountMinor, ofMinor }
}

/** The reductions of a draft that come to more than was allowed (PRC-14a, 14b). */
export function beyondAllowed(draft: Draft, priced: PricedCart): ByHandTarget[] {
  const beyond: ByHandTarget[] = []
  const byUid = new Map(priced.lines.map((line) => [line.uid, line]))
  let unapprovedMinor = 0
  let netMinor = 0
  for (const { uid, manual } of draft.lines) {
    const line = byUid.get(uid)
    if (line === undefined) continue
    const taken = takenOffLine(line)
    netMinor += taken.ofMinor
    if (manual === undefined) continue
    if (manual.approval === null) unapprovedMinor += taken.amountMinor
    if (isBeyond(manual, taken)) beyond.push({ on: 'line', uid })
  }
  const { manual } = draft
  if (manual === undefined) return beyond
  const taken = takenBy(priced, { on: 'bill' })
  const alone = manual.approval === null && unapprovedMinor > 0
  const all = { amountMinor: taken.amountMinor + unapprovedMinor, ofMinor: netMinor }
  if (alone ? isAbove(manual.allowedBp, all) : isBeyond(manual, taken)) beyond.push({ on: 'bill' })
  return beyond
}

/** The draft without some of its reductions. */
export function withoutByHand(draft: Draft, targets: readonly ByHandTarget[]): Draft {
  let left = draft
  for (const target of targets) left = withByHand(left, target, undefined)
  return left
}

/** The draft with a reduction on a line or the bill, or with none where `byHand` is undefined. */
export function withByHand(
  draft: Draft,
  target: ByHandTarget,
  byHand: NonNullable<Draft['lines'][number]['manual']> | undefined,
): Draft {
  if (target.on === 'line') {
    const line = draft.lines.find(({ uid }) => uid === target.uid)
    if (line === undefined) return draft
    const { manual: _, ...plain } = line
    return replaceLine(draft, byHand === undefined ? plain : { ...plain, manual: byHand })
  }
  const { manual: _, ...plain } = draft
  if (byHand === undefined || 'unitMinor' in byHand.reduction) return plain
  return { ...plain, manual: { ...byHand, reduction: byHand.reduction } }
}

/** The share that a reduction is, in basis points, rounded up: what a role must allow. */
export function shareBpOf({ amountMinor, ofMinor }: Taken): number {
  return ofMinor === 0 ? 0 : Number((BigInt(amountMinor) * 10_000n + BigInt(ofMinor) - 1n) / BigInt(ofMinor))
}

/** A percentage is what was allowed, however its paise are rounded. */
function isBeyond({ reduction, allowedBp }: ByHand<object>, taken: Taken): boolean {
  return 'percentBp' in reduction ? Number(reduction.percentBp) > allowedBp : isAbove(allowedBp, taken)
}

function isAbove(allowedBp: number, { amountMinor, ofMinor }: Taken): boolean {
  return amountMinor > shareOf(ofMinor, allowedBp)
}

function takenOffLine(line: PricedLine): Taken {
  const amountMinor = stepOf(line, 'line')
  let ofMinor = line.grossMinor
  for (const step of line.steps) {
    if (step.kind !== 'manual' && step.kind !== 'points') ofMinor -= step.amountMinor
  }
  return { amountMinor, ofMinor }
}

function stepOf({ steps }: PricedLine, on: 'line' | 'bill'): number {
  let amountMinor = 0
  for (const step of steps) if (step.kind === 'manual' && step.on === on) amountMinor += step.amountMinor
  return amountMinor
}
