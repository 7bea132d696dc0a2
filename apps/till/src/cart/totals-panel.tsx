import { formatAmount, formatRupees } from '@nexus/domain'
import { useTill, useTillState } from '../app/use-till.ts'
import { differenceOf } from '../returns/draft-return.ts'
import { useWords } from '../words/use-words.ts'
import { takenBy } from './by-hand.ts'
import { CouponList } from './coupon-list.tsx'

/** What the bill comes to, and the way to pay it. */
export function TotalsPanel() {
  const till = useTill()
  const i18n = useWords()
  const priced = useTillState((state) => state.priced)
  const back = useTillState((state) => state.back)
  const lines = useTillState((state) => state.rows.length)
  const due = differenceOf(back, priced)
  const pieces = priced?.lines.length ?? 0
  const savedMinor = priced === undefined ? 0 : Math.max(0, priced.mrpTotalMinor - priced.toPayMinor)
  const taxMinor = priced === undefined ? 0 : 2 * priced.cgstMinor + priced.igstMinor
  return (
    <div className="totals">
      <dl>
        <dt>{i18n._('totals.lines', {}, { message: 'Lines' })}</dt>
        <dd>{pieces}</dd>
        <dt>{i18n._('totals.mrp', {}, { message: 'MRP total' })}</dt>
        <dd>{formatAmount(priced?.mrpTotalMinor ?? 0)}</dd>
        <dt>{i18n._('totals.saved', {}, { message: 'You save' })}</dt>
        <dd>{formatAmount(savedMinor)}</dd>
        <dt>{i18n._('totals.tax', {}, { message: 'Tax included' })}</dt>
        <dd>{formatAmount(taxMinor)}</dd>
        {back !== undefined && (
          <>
            <dt>{i18n._('totals.returned', {}, { message: 'Returned' })}</dt>
            <dd>−{formatAmount(back.totalMinor)}</dd>
          </>
        )}
        {priced !== undefined && priced.rupeeMinor !== 0 && (
          <>
            <dt>{i18n._('totals.rupee', {}, { message: 'Rounding' })}</dt>
            <dd>{formatAmount(priced.rupeeMinor)}</dd>
          </>
        )}
      </dl>
      <div className="on-bill">
        <ByHandOnBill />
        <CouponList />
      </div>
      <div className="to-pay">
        <span>
          {due.direction === 'out'
            ? i18n._('totals.to-give-back', {}, { message: 'To give back' })
            : i18n._('totals.to-pay', {}, { message: 'To pay' })}
        </span>
        <output className="sum">{formatRupees(due.amountMinor)}</output>
      </div>
      <button type="button" className="primary big" onClick={till.pay.open}>
        {due.direction === 'out'
          ? i18n._('totals.give-back', {}, { message: 'Give back' })
          : i18n._('totals.pay', {}, { message: 'Pay' })}{' '}
        <kbd>F8</kbd>
      </button>
      <div className="below">
        <button type="button" className="quiet" onClick={() => till.cart.openByHand({ on: 'bill' })}>
          {i18n._('totals.discount', {}, { message: 'Discount' })} <kbd>F7</kbd>
        </button>
        <button
          type="button"
          className="quiet"
          onClick={() => till.store.setState({ dialog: { kind: 'coupons' } })}
        >
          {i18n._('totals.coupon', {}, { message: 'Coupon' })}
        </button>
        <button type="button" className="quiet" onClick={till.returns.open}>
          {i18n._('totals.return', {}, { message: 'Return' })} <kbd>F6</kbd>
        </button>
        {lines > 0 ? (
          <button type="button" className="quiet" onClick={till.cart.askVoid}>
            {i18n._('totals.void', {}, { message: 'Void the bill' })} <kbd>⇧ Del</kbd>
          </button>
        ) : (
          <button type="button" className="quiet" onClick={till.bills.openList}>
            {i18n._('menu.bills', {}, { message: 'Last bills' })}
          </button>
        )}
      </div>
    </div>
  )
}

/** A discount by hand on the whole bill. */
function ByHandOnBill() {
  const till = useTill()
  const i18n = useWords()
  const given = useTillState((state) => state.draft?.manual)
  const amountMinor = useTillState((state) =>
    state.priced === undefined ? 0 : takenBy(state.priced, { on: 'bill' }).amountMinor,
  )
  if (given === undefined) return null
  return (
    <p className="by-hand">
      <span>{i18n._('reduction.by-hand', {}, { message: 'Discount by hand' })}</span>
      <span>−{formatAmount(amountMinor)}</span>
      <button
        type="button"
        className="quiet square"
        aria-label={i18n._('by-hand.take-back', {}, { message: 'Take the discount back' })}
        onClick={() => till.cart.takeBack({ on: 'bill' })}
      >
        ✕
      </button>
    </p>
  )
}
