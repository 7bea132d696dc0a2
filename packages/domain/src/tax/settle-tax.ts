import { allocate } from '../money/allocate.ts'
import type { TaxGroup, TaxKind } from '../pricing/types.ts'
import { headOf, taxableWithin } from './rate.ts'

/** A line on its way through tax. `paidMinor` comes in as its value after discounts. */
export type TaxedLine = {
  taxKind: TaxKind
  rateBp: number
  paidMinor: number
  taxableMinor: number
  cgstMinor: number
  igstMinor: number
  roundOffMinor: number
}

type Group = { total: TaxGroup; lines: TaxedLine[]; values: number[]; ceilings: number[] }

/** Order of groups with equal rates in a rate table. */
const KINDS: readonly TaxKind[] = ['taxable', 'nil', 'exempt', 'non-gst']

/**
 * Works out the tax of one document by group of rate and kind and carries it to the lines (TAX-2),
 * writing into them. Tax is rounded once a group; the largest remainder brings the parts to the
 * lines, so that lines, groups and document add up.
 *
 * Prices that include tax: a line pays what it came with. Prices that do not: it pays value and
 * heads, or its ceiling where that is lower; the difference is its round-off.
 *
 * @param lines in canonical order; `rateBp` is 0 unless the kind is taxable
 * @param ceilings what each line may cost at most, in the same order
 * @returns the rate table, highest rate first
 */
export function settleTax(
  lines: readonly TaxedLine[],
  ceilings: readonly number[],
  inclusive: boolean,
  intraState: boolean,
): TaxGroup[] {
  const groups = groupLines(lines, ceilings)
  for (const group of groups) settleGroup(group, inclusive, intraState)
  return groups.sort(byRate).map((group) => group.total)
}

function groupLines(lines: readonly TaxedLine[], ceilings: readonly number[]): Group[] {
  const groups: Group[] = []
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]
    const ceiling = ceilings[at]
    if (line === undefined || ceiling === undefined) continue
    let group: Group | undefined
    for (const known of groups) {
      if (known.total.rateBp === line.rateBp && known.total.taxKind === line.taxKind) group = known
    }
    if (group === undefined) {
      const { taxKind, rateBp } = line
      const total = { taxKind, rateBp, taxableMinor: 0, cgstMinor: 0, igstMinor: 0, roundOffMinor: 0 }
      group = { total, lines: [], values: [], ceilings: [] }
      groups.push(group)
    }
    group.lines.push(line)
    group.values.push(line.paidMinor)
    group.ceilings.push(ceiling)
  }
  return groups
}

function settleGroup(group: Group, inclusive: boolean, intraState: boolean): void {
  const { total, lines, values, ceilings } = group
  let valueMinor = 0
  for (const value of values) valueMinor += value
  total.taxableMinor = inclusive ? taxableWithin(valueMinor, total.rateBp) : valueMinor
  const headMinor = headOf(total.taxableMinor, total.rateBp, intraState)
  if (intraState) total.cgstMinor = headMinor
  else total.igstMinor = headMinor

  const taxables = inclusive ? allocate(total.taxableMinor, values) : values
  const heads = allocate(headMinor, values)
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]
    if (line === undefined) continue
    const head = heads[at] ?? 0
    line.taxableMinor = taxables[at] ?? 0
    line.cgstMinor = intraState ? head : 0
    line.igstMinor = intraState ? 0 : head
    const withTaxMinor = line.taxableMinor + (intraState ? 2 * head : head)
    if (!inclusive) line.paidMinor = Math.min(withTaxMinor, ceilings[at] ?? 0)
    line.roundOffMinor = line.paidMinor - withTaxMinor
    total.roundOffMinor += line.roundOffMinor
  }
}

function byRate(one: Group, other: Group): number {
  return (
    other.total.rateBp - one.total.rateBp ||
    KINDS.indexOf(one.total.taxKind) - KINDS.indexOf(other.total.taxKind)
  )
}
