import { useCatalogue, useTill, useTillState } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { couponWords } from './trace-words.ts'

/** The codes on the bill with what became of each; each can be taken out. */
export function CouponList() {
  const till = useTill()
  const i18n = useWords()
  const catalogue = useCatalogue()
  const entered = useTillState((state) => state.draft?.coupons)
  const told = useTillState((state) => state.priced?.coupons)
  if (entered === undefined) return null
  const nameOf = (offerId: number) => catalogue?.offer(offerId)?.name ?? ''
  return (
    <ul className="coupons" aria-label={i18n._('coupons.list', {}, { message: 'Coupons on the bill' })}>
      {entered.map((coupon, at) => {
        // `price` answers in the order of entering.
        const outcome = told?.[at]
        const applied = outcome?.outcome.kind === 'applied'
        return (
          <li key={coupon.code} className={applied || coupon.asking ? undefined : 'refused'}>
            <span className="code">{coupon.code}</span>
            <span className="told">
              {outcome !== undefined && couponWords(i18n, outcome, coupon, nameOf)}
            </span>
            <button
              type="button"
              className="quiet square"
              aria-label={i18n._(
                'coupons.remove',
                { code: coupon.code },
                { message: 'Take coupon {code} off the bill' },
              )}
              onClick={() => till.cart.removeCoupon(coupon.code)}
            >
              ✕
            </button>
          </li>
        )
      })}
    </ul>
  )
}
