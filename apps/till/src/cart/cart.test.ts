import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addLine,
  cartOfDraft,
  chooseBatch,
  type Draft,
  LINES_MAX,
  type NewLine,
  openDraft,
  reopenDraft,
  unvoidLine,
  voidLine,
} from './cart.ts'

const CART = '00000000-0000-7000-8000-0000000000c1'
const piece = (productId: number): NewLine => ({ code: `code-${productId}`, productId, quantityMilli: 1000 })
const unknown: NewLine = { code: '8900000000001', quantityMilli: 1000, refusal: { code: 'unknown-code' } }

function scanned(lines: readonly NewLine[]): Draft {
  return lines.reduce((draft, line) => addLine(draft, line)?.draft ?? draft, openDraft(CART))
}

const anyLine = fc.oneof(
  fc.integer({ min: 1, max: 8 }).map(piece),
  fc.constant(unknown),
  fc
    .record({ productId: fc.integer({ min: 1, max: 4 }), batchId: fc.integer({ min: 1, max: 2 }) })
    .map(({ productId, batchId }): NewLine => ({ ...piece(productId), batchId })),
)

test('however often it is scanned, no piece and no refused code is lost', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 60 }), (lines) => {
      const draft = scanned(lines)
      const known = lines.filter((line) => line.refusal === undefined)
      const soldMilli = cartOfDraft(draft).lines.reduce((sum, line) => sum + line.quantityMilli, 0)
      expect(soldMilli).toBe(known.length * 1000)
      expect(draft.lines.filter((line) => line.refusal !== undefined)).toHaveLength(
        lines.length - known.length,
      )
    }),
  )
})

test('lines of one cart have names of their own, after voids too', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { minLength: 1, maxLength: 20 }), fc.nat(), (lines, pick) => {
      const draft = scanned(lines)
      const gone = voidLine(draft, draft.lines[pick % draft.lines.length]?.uid ?? '')
      const after = addLine(gone?.draft ?? draft, { ...unknown, code: 'later' })
      const uids = after?.draft.lines.map((line) => line.uid) ?? []
      expect(new Set(uids).size).toBe(uids.length)
      expect(after?.uid).not.toBe(gone?.voided.line.uid)
    }),
  )
})

test('a void that is taken back leaves the cart as it was', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { minLength: 1, maxLength: 20 }), fc.nat(), (lines, pick) => {
      const draft = scanned(lines)
      const gone = voidLine(draft, draft.lines[pick % draft.lines.length]?.uid ?? '')
      expect(gone && unvoidLine(gone.draft, gone.voided)).toEqual(draft)
    }),
  )
})

test('[JRN-4h] the 201st line is refused, and one more of a line that is there is not', () => {
  const full = scanned(Array.from({ length: LINES_MAX }, (_, at) => piece(at + 1)))
  expect(full.lines).toHaveLength(200)
  expect(addLine(full, piece(999))).toBeUndefined()
  expect(addLine(full, piece(7))?.draft.lines[6]?.quantityMilli).toBe(2000)
})

test('two packs of one product with different batches are two lines, and become one when both are of one', () => {
  const draft = scanned([{ ...piece(2), batchId: 21 }, piece(2)])
  expect(draft.lines).toHaveLength(2)
  const chosen = chooseBatch(draft, '2', 21)
  expect(chosen.draft.lines).toEqual([{ ...piece(2), uid: '1', batchId: 21, quantityMilli: 2000 }])
  expect(chosen.uid).toBe('1')
})

test('[JRN-7e] a voided cart comes back under a new id and says where it came from', () => {
  const voided = { ...scanned([piece(1)]), root: 'the-first' }
  expect(reopenDraft(voided, 'another')).toEqual({
    ...voided,
    cart: 'another',
    recalledFrom: CART,
    root: 'the-first',
  })
})
