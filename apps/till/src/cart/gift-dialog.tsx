import { formatRupees } from '@nexus/domain'
import { Dialog } from '../app/dialog.tsx'
import { useCatalogue, useTill, useTillState } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { searchResultOf } from './search-result.ts'

/** The products of an open gift; a tap adds one as a line of its own. */
export function GiftDialog({ offerId }: { offerId: number }) {
  const till = useTill()
  const i18n = useWords()
  const catalogue = useCatalogue()
  const gift = useTillState((state) => state.priced?.gifts?.find((one) => one.offerId === offerId))
  const offer = catalogue?.offer(offerId)
  const close = () => till.store.setState({ dialog: undefined })
  if (catalogue === undefined || offer?.effect !== 'gift') return null
  const products = (gift?.products ?? []).filter(catalogue.has)
  return (
    <Dialog title={offer.name} onClose={close}>
      <p>
        {offer.unitMinor === 0
          ? i18n._(
              'gift.left-free',
              { count: gift?.unitsLeft ?? 0 },
              { message: '{count, plural, one {# gift is free} other {# gifts are free}}' },
            )
          : i18n._(
              'gift.left',
              { count: gift?.unitsLeft ?? 0, price: formatRupees(offer.unitMinor) },
              { message: '{count, plural, one {# gift} other {# gifts}} at {price} each' },
            )}
      </p>
      {products.length === 0 && (
        <p className="bad">
          {i18n._(
            'gift.none-here',
            {},
            { message: 'The products of this gift are not on this till yet. Try again in a moment.' },
          )}
        </p>
      )}
      <ul className="options">
        {products.map((productId) => {
          const { names, brand, unitMinor } = searchResultOf(till, catalogue, productId)
          return (
            <li key={productId}>
              <button
                type="button"
                className="big"
                onClick={() => {
                  close()
                  till.cart.takeGift(offerId, productId)
                }}
              >
                <b>{names[i18n.locale] ?? names.en}</b>
                <small>
                  {brand}
                  {unitMinor !== undefined &&
                    ` · ${i18n._('gift.value', { value: formatRupees(unitMinor) }, { message: 'worth {value}' })}`}
                </small>
              </button>
            </li>
          )
        })}
      </ul>
    </Dialog>
  )
}
