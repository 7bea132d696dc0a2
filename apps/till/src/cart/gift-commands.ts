import type { Core } from '../app/core.ts'
import { batchOfPack } from './batches.ts'
import type { ScanCommands } from './scan-commands.ts'

/** What the engine offers and a tap takes: open gifts and nudges. */
export function giftCommands(core: Core, { put, enqueue }: ScanCommands, setQuantity: SetQuantity) {
  const { store } = core

  /** Opens the choice of a gift, once the rows of its products are on hand. */
  async function openGift(offerId: number): Promise<void> {
    const gift = openGiftOf(offerId)
    if (gift === undefined) return
    await core
      .catalogue()
      ?.ensure(gift.products)
      .catch(() => undefined)
    if (openGiftOf(offerId) !== undefined) store.setState({ dialog: { kind: 'gift', offerId } })
  }

  /** Adds one unit of a gift as a line of its own. */
  function takeGift(offerId: number, productId: number): void {
    const catalogue = core.catalogue()
    const product = catalogue?.has(productId) ? catalogue.product(productId) : undefined
    if (openGiftOf(offerId)?.products.includes(productId) !== true) return
    const answer = product && batchOfPack(product, {}, core.tradingDay())
    if (product === undefined || answer === undefined || answer.kind === 'refused') {
      core.notify('gift-not-sellable', { tone: 'bad' })
      return
    }
    const code = product.barcodes[0] ?? product.sku
    const line = { code, productId, quantityMilli: 1000, giftOf: offerId }
    const batchId = answer.kind === 'batch' ? answer.batchId : undefined
    put(batchId === undefined ? line : { ...line, batchId })
  }

  function openGiftOf(offerId: number) {
    const { priced, pay } = store.getState()
    return pay === undefined ? priced?.gifts?.find((gift) => gift.offerId === offerId) : undefined
  }

  /** Follows a nudge: more units of a product, on the line that has them where there is one. */
  function addUnits(productId: number, units: number): void {
    const { draft, pay } = store.getState()
    if (pay !== undefined) return
    const line = draft?.lines.find(
      (one) =>
        one.productId === productId &&
        one.refusal === undefined &&
        one.giftOf === undefined &&
        one.manual === undefined,
    )
    if (line !== undefined) {
      setQuantity(line.uid, line.quantityMilli + units * 1000)
      return
    }
    const product = core.catalogue()?.product(productId)
    const text = product?.barcodes[0] ?? product?.sku ?? ''
    enqueue({ entered: { text, quantityMilli: units * 1000, quantityGiven: true }, productId })
  }

  return { openGift, takeGift, addUnits }
}

type SetQuantity = (uid: string, quantityMilli: number) => void
