import {
  type BillDocument,
  type DocumentDraft,
  type DocumentLine,
  documentDraftOf,
  type Entry,
} from '@nexus/sync'
import type { Discrepancy, SaleCheck } from '../journal/index.ts'
import type { Manifests } from './manifests.ts'
import { isPriced, priceAgain } from './price-again.ts'
import type { RulebookReader } from './reader.ts'

/**
 * Compares sales with what price and rules give (PRC-9c): the same engine, rulebook version and context
 * as the entry names, every figure of its documents, and the sum of its tenders. A difference is a
 * discrepancy for a person; it never changes an entry and never refuses one (JRN-5). Kinds:
 *
 * `rulebook/unknown` version or checksum is none of ours · `engine/unknown` · `product/unknown` ·
 * `line/odd` the engine would not sell this · `price/differs` a line's first differing figure ·
 * `tax/differs` the rate table · `total/differs` a document's first differing figure ·
 * `tender/sum-differs` tenders or change.
 */
export function saleCheck(reader: RulebookReader, manifests: Manifests): SaleCheck {
  return async (entry) => {
    const found: Discrepancy[] = []
    const sold = entry.body.documents.filter(isPriced)
    for (const document of sold) found.push(...(await checkDocument(entry, document, reader, manifests)))
    found.push(...checkTenders(entry))
    return found
  }
}

async function checkDocument(
  entry: Entry<'sale'>,
  document: BillDocument,
  reader: RulebookReader,
  manifests: Manifests,
): Promise<Discrepancy[]> {
  const { number } = document
  const again = await priceAgain(reader, manifests, entry, document)
  switch (again.kind) {
    case 'rulebook-unknown':
      return [{ kind: 'rulebook/unknown', params: { number, version: again.version } }]
    case 'engine-unknown':
      return [{ kind: 'engine/unknown', params: { number, engine: again.engine } }]
    case 'products-unknown':
      return again.lines.map(({ uid, product }) => ({
        kind: 'product/unknown',
        params: { number, uid, product },
      }))
    case 'refused': {
      const { code, uid, productId } = again.refusal
      return [{ kind: 'line/odd', params: { number, uid, product: productId, reason: code } }]
    }
    case 'priced':
      return compare(document, documentDraftOf({ ...again, language: entry.body.language }))
  }
}

/** Figures of a line, in the order in which one leads to the next. */
const lineFigures = [
  'hsn',
  'uqc',
  'unitMinor',
  'list',
  'mrpMinor',
  'grossMinor',
  'offers',
  'manualMinor',
  'pointsMinor',
  'discountMinor',
  'paidMinor',
  'taxKind',
  'rateBp',
  'taxableMinor',
  'cgstMinor',
  'igstMinor',
  'roundOffMinor',
  'rupeeMinor',
] as const satisfies readonly (keyof DocumentLine)[]

const documentFigures = [
  'totalMinor',
  'mrpTotalMinor',
  'grossMinor',
  'discountMinor',
  'taxableMinor',
  'cgstMinor',
  'igstMinor',
  'roundOffMinor',
  'rupeeMinor',
] as const satisfies readonly (keyof BillDocument)[]

const pricingFigures = ['inclusive', 'rupeeRounding'] as const

/** A document beside the one that its own inputs give: the first difference of each part. */
function compare(document: BillDocument, expected: DocumentDraft): Discrepancy[] {
  const { number } = document
  const found: Discrepancy[] = []
  for (const [index, line] of document.lines.entries()) {
    const difference = lineDifference(line, expected.lines[index])
    if (difference) found.push({ kind: 'price/differs', params: { number, uid: line.uid, ...difference } })
  }
  const taxes = differenceOf('taxes', rateTable(document.taxes), rateTable(expected.taxes))
  if (taxes) found.push({ kind: 'tax/differs', params: { number, ...taxes } })
  const total =
    firstDifference(documentFigures, document, expected) ??
    firstDifference(pricingFigures, document.pricing, expected.pricing) ??
    // A provisional slip becomes one or the other later.
    (document.kind === 'P' ? undefined : differenceOf('kind', document.kind, expected.kind))
  if (total) found.push({ kind: 'total/differs', params: { number, ...total } })
  return found
}

/** The first figure of a line that differs from what its inputs give. */
export function lineDifference(
  line: DocumentLine,
  expected: DocumentLine | undefined,
): Difference | undefined {
  return firstDifference(lineFigures, withZeros(line), withZeros(expected))
}

/** What layers 4 and 5 took off is absent where it is nothing. */
function withZeros(line: DocumentLine | undefined) {
  return line && { ...line, manualMinor: line.manualMinor ?? 0, pointsMinor: line.pointsMinor ?? 0 }
}

/** The rate table as one text; the order of its rows says nothing. */
function rateTable(rows: BillDocument['taxes']): string {
  return rows
    .map((row) =>
      [row.taxKind, row.rateBp, row.taxableMinor, row.cgstMinor, row.igstMinor, row.roundOffMinor].join(' '),
    )
    .sort()
    .join(' · ')
}

type Plain = string | number | boolean | null

type Difference = { figure: string; entry: Plain; expected: Plain }

function firstDifference<Figure extends string>(
  figures: readonly Figure[],
  entry: Readonly<Record<Figure, unknown>> | undefined,
  expected: Readonly<Record<Figure, unknown>> | undefined,
): Difference | undefined {
  for (const figure of figures) {
    const difference = differenceOf(figure, entry?.[figure], expected?.[figure])
    if (difference) return difference
  }
  return undefined
}

function differenceOf(figure: string, entry: unknown, expected: unknown): Difference | undefined {
  if (entry === expected) return undefined
  const difference = { figure, entry: plain(entry), expected: plain(expected) }
  return difference.entry === difference.expected ? undefined : difference
}

function plain(value: unknown): Plain {
  if (typeof value === 'object' && value !== null) return JSON.stringify(value)
  // Figures of documents are texts, numbers, truths or nothing.
  return (value ?? null) as Plain
}

/** Tenders in less tenders out are the documents' sum; change is what cash was above its share. */
function checkTenders({ body }: Entry<'sale'>): Discrepancy[] {
  let dueMinor = 0
  for (const { kind, totalMinor } of body.documents)
    dueMinor += kind === 'C' || kind === 'R' ? -totalMinor : totalMinor
  let paidMinor = 0
  let changeMinor = 0
  for (const { direction, amountMinor, handedMinor } of body.tenders) {
    paidMinor += direction === 'in' ? amountMinor : -amountMinor
    if (handedMinor !== undefined) changeMinor += handedMinor - amountMinor
  }
  const difference =
    differenceOf('tenders', paidMinor, dueMinor) ?? differenceOf('changeMinor', body.changeMinor, changeMinor)
  return difference ? [{ kind: 'tender/sum-differs', params: difference }] : []
}
