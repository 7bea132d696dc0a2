import { documentKindOf, invariant, type PricedCart, type PricingContext, type Rulebook } from '@nexus/domain'
import { fitUtf8 } from '../canonical/utf8.ts'
import type { DocumentDraft } from '../till/types.ts'
import type { DocumentLine } from './schema.ts'

/** What a document draws on besides the priced cart. */
export type DocumentSource = {
  priced: PricedCart
  rulebook: Rulebook
  context: PricingContext
  /** Language of the printed names; English where a product has none in it. */
  language: string
  /** The code that was scanned for a line, where one was. */
  scannedCode?(uid: string): string | undefined
}

/**
 * The bill that a priced cart becomes: figures are copied, never computed again, so that bill, entry
 * and screen cannot differ. Kind I, or B when nothing on it is taxable (TAX-5).
 */
export function documentDraftOf({
  priced,
  rulebook,
  context,
  language,
  scannedCode,
}: DocumentSource): DocumentDraft {
  const lines = priced.lines.map((line): DocumentLine => {
    const product = rulebook.findProduct(line.productId)
    invariant(product !== undefined, 'a priced product is in the rulebook that priced it')
    return {
      uid: line.uid,
      product: line.productId,
      batch: line.batchId ?? null,
      code: scannedCode?.(line.uid) ?? product.barcodes[0] ?? product.sku,
      name: fitUtf8(product.names[language] ?? product.names.en, NAME_BYTES_MAX),
      hsn: product.hsn,
      uqc: product.uqc,
      quantityMilli: line.quantityMilli,
      list: line.listId,
      unitMinor: line.unitMinor,
      mrpMinor: line.mrpMinor ?? null,
      grossMinor: line.grossMinor,
      discountMinor: line.discountMinor,
      paidMinor: line.paidMinor,
      taxKind: line.taxKind,
      rateBp: line.rateBp,
      taxableMinor: line.taxableMinor,
      cgstMinor: line.cgstMinor,
      igstMinor: line.igstMinor,
      roundOffMinor: line.roundOffMinor,
      rupeeMinor: line.rupeeMinor,
      offers: line.steps.flatMap((step) =>
        step.kind === 'offer' ? [{ id: step.offerId, amountMinor: step.amountMinor }] : [],
      ),
    }
  })
  return {
    kind: documentKindOf(lines),
    pricing: {
      pricedAt: context.pricedAt,
      region: context.regionId,
      storeState: context.storeState,
      placeOfSupply: context.placeOfSupply,
      tier: context.tier ?? null,
      inclusive: priced.inclusive,
      rupeeRounding: rulebook.rupeeRounding,
    },
    lines,
    taxes: priced.groups.map((group) => ({ ...group })),
    mrpTotalMinor: priced.mrpTotalMinor,
    grossMinor: priced.grossMinor,
    discountMinor: priced.discountMinor,
    taxableMinor: priced.taxableMinor,
    cgstMinor: priced.cgstMinor,
    igstMinor: priced.igstMinor,
    roundOffMinor: priced.roundOffMinor,
    rupeeMinor: priced.rupeeMinor,
    totalMinor: priced.toPayMinor,
    buyerGstin: null,
    of: null,
  }
}

/** A printed name; 200 lines of it fit an entry (JRN-4). */
const NAME_BYTES_MAX = 80
