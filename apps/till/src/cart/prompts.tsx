import { useCatalogue, useTill, useTillState } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { nudgeWords } from './trace-words.ts'

/** Gifts to choose and what a little more would save; always at the same place, so that nothing moves. */
export function Prompts() {
  const till = useTill()
  const i18n = useWords()
  const paying = useTillState((state) => state.pay !== undefined)
  const gifts = useTillState((state) => state.priced?.gifts)
  const nudges = useTillState((state) => state.advice?.nudges)
  const catalogue = useCatalogue()
  if (paying || catalogue === undefined) return <div className="prompts" />
  return (
    <div className="prompts">
      {gifts?.map(({ offerId, products }) => (
        <button
          key={`gift ${offerId}`}
          type="button"
          className="gift"
          onClick={() => void till.cart.openGift(offerId)}
        >
          {i18n._(
            'gift.choose',
            { count: products.length, offer: catalogue.offer(offerId)?.name ?? '' },
            { message: '{count, plural, one {Gift: add it} other {Gift: choose 1 of #}} · {offer}' },
          )}
        </button>
      ))}
      {nudges?.map((nudge) => {
        const product =
          'productId' in nudge && catalogue.has(nudge.productId)
            ? catalogue.product(nudge.productId)
            : undefined
        const words = nudgeWords(i18n, nudge, catalogue.offer(nudge.offerId)?.name ?? '', product?.names)
        // What names no product is said, not tapped.
        return 'productId' in nudge ? (
          <button
            key={nudge.offerId}
            type="button"
            className="nudge"
            onClick={() => till.cart.addUnits(nudge.productId, nudge.missingUnits)}
          >
            {words}
          </button>
        ) : (
          <span key={nudge.offerId} className="nudge">
            {words}
          </span>
        )
      })}
    </div>
  )
}
