import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TaxKind } from '../pricing/types.ts'
import { headOf, taxableWithin } from './rate.ts'
import { settleTax, type TaxedLine } from './settle-tax.ts'

const UNLIMITED = Number.MAX_SAFE_INTEGER

function line(paidMinor: number, rateBp: number, taxKind: TaxKind = 'taxable'): TaxedLine {
  return { taxKind, rateBp, paidMinor, taxableMinor: 0, cgstMinor: 0, igstMinor: 0, roundOffMinor: 0 }
}

const anyLine = fc
  .tuple(fc.oneof(fc.nat(300), fc.nat(500_000)), fc.constantFrom(0, 25, 500, 1200, 1800, 4000))
  .map(([paidMinor, rateBp]) => line(paidMinor, rateBp))
const lines = fc.array(anyLine, { maxLength: 40 })

const sum = (list: readonly number[]) => list.reduce((total, part) => total + part, 0)

test('[TAX-2g, TAX-2h] lines add up to their group and each line to what it pays', () => {
  fc.assert(
    fc.property(lines, fc.boolean(), fc.boolean(), (list, inclusive, intraState) => {
      const ceilings = list.map((_, at) => (inclusive || at % 2 ? UNLIMITED : 300))
      const groups = settleTax(list, ceilings, inclusive, intraState)
      for (const group of groups) {
        const members = list.filter((each) => each.rateBp === group.rateBp)
        expect(sum(members.map((each) => each.taxableMinor))).toBe(group.taxableMinor)
        expect(sum(members.map((each) => each.cgstMinor))).toBe(group.cgstMinor)
        expect(sum(members.map((each) => each.igstMinor))).toBe(group.igstMinor)
        expect(sum(members.map((each) => each.roundOffMinor))).toBe(group.roundOffMinor)
      }
      for (const each of list) {
        const parts = each.taxableMinor + 2 * each.cgstMinor + each.igstMinor + each.roundOffMinor
        expect(parts).toBe(each.paidMinor)
      }
    }),
    { numRuns: 1000 },
  )
})

test('[TAX-2c, TAX-2d, TAX-2e] an inclusive group is settled once, with at most a paisa of round-off', () => {
  fc.assert(
    fc.property(lines, fc.boolean(), (list, intraState) => {
      const paid = list.map((each) => each.paidMinor)
      const groups = settleTax(
        list,
        list.map(() => UNLIMITED),
        true,
        intraState,
      )
      expect(list.map((each) => each.paidMinor)).toEqual(paid)
      for (const group of groups) {
        const paidMinor = sum(
          list.filter((each) => each.rateBp === group.rateBp).map((each) => each.paidMinor),
        )
        expect(group.taxableMinor).toBe(taxableWithin(paidMinor, group.rateBp))
        expect(intraState ? group.cgstMinor : group.igstMinor).toBe(
          headOf(group.taxableMinor, group.rateBp, intraState),
        )
        expect(Math.abs(group.roundOffMinor)).toBeLessThanOrEqual(1)
      }
    }),
    { numRuns: 1000 },
  )
})

test("[TAX-2h] a line's round-off stays within two paise", () => {
  fc.assert(
    fc.property(lines, fc.boolean(), (list, intraState) => {
      settleTax(
        list,
        list.map(() => UNLIMITED),
        true,
        intraState,
      )
      for (const each of list) expect(Math.abs(each.roundOffMinor)).toBeLessThanOrEqual(2)
    }),
    { numRuns: 3000 },
  )
})

test('[TAX-2f] the value of prices without tax is their sum, line by line', () => {
  fc.assert(
    fc.property(lines, fc.boolean(), (list, intraState) => {
      const values = list.map((each) => each.paidMinor)
      settleTax(
        list,
        list.map(() => UNLIMITED),
        false,
        intraState,
      )
      expect(list.map((each) => each.taxableMinor)).toEqual(values)
      expect(list.every((each) => each.roundOffMinor === 0)).toBe(true)
    }),
  )
})

test('[TAX-2i] a line without tax inside pays its ceiling when value and heads pass it', () => {
  const list = [line(42_373, 1800), line(42_373, 1800)]
  const groups = settleTax(list, [50_000, 49_998], false, true)
  expect(list.map((each) => each.paidMinor)).toEqual([50_000, 49_998])
  expect(list.map((each) => each.roundOffMinor)).toEqual([-1, -1])
  expect(groups[0]?.roundOffMinor).toBe(-2)
})

test('[TAX-2a] lines are grouped by rate and kind, the rate table shows the highest rate first', () => {
  const list = [line(100, 0, 'exempt'), line(500, 500), line(100, 0, 'nil'), line(900, 1800), line(500, 500)]
  const groups = settleTax(
    list,
    list.map(() => UNLIMITED),
    true,
    true,
  )
  expect(groups.map((group) => [group.taxKind, group.rateBp, group.taxableMinor])).toEqual([
    ['taxable', 1800, 763],
    ['taxable', 500, 952],
    ['nil', 0, 100],
    ['exempt', 0, 100],
  ])
})

test('[TAX-3a] the larger remainder carries a head that cannot be halved over equal lines', () => {
  const list = [line(760, 1200), line(760, 1200)]
  const groups = settleTax(list, [UNLIMITED, UNLIMITED], false, true)
  expect(groups[0]?.cgstMinor).toBe(91)
  expect(list.map((each) => each.cgstMinor)).toEqual([46, 45])
})
