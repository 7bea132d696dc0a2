import { formatAmount, formatRupees } from '@nexus/domain'
import { useCatalogue, useTill, useTillState } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'

/** What the bill comes to, and the way to pay it. */
export function TotalsPanel() {
  const till = useTill()
  const i18n = useWords()
  const priced = useTillState((state) => state.priced)
  const lines = useTillState((state) => state.rows.length)
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
        <dt>{i18n._('totals.saved', {}, { message: 'Customer saves' })}</dt>
        <dd>{formatAmount(savedMinor)}</dd>
        <dt>{i18n._('totals.tax', {}, { message: 'Tax included' })}</dt>
        <dd>{formatAmount(taxMinor)}</dd>
        {priced !== undefined && priced.rupeeMinor !== 0 && (
          <>
            <dt>{i18n._('totals.rupee', {}, { message: 'Rounding' })}</dt>
            <dd>{formatAmount(priced.rupeeMinor)}</dd>
          </>
        )}
      </dl>
      <Nudges />
      <div className="to-pay">
        <span>{i18n._('totals.to-pay', {}, { message: 'To pay' })}</span>
        <output className="sum">{formatRupees(priced?.toPayMinor ?? 0)}</output>
      </div>
      <button type="button" className="primary big" onClick={till.pay.open}>
        {i18n._('totals.pay', {}, { message: 'Pay' })} <kbd>F8</kbd>
      </button>
      <div className="below">
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

/** What would come true with a little more; the engine says only what holds (PRC-8). */
function Nudges() {
  const i18n = useWords()
  // The panel has words for amounts; what counts in units is not said yet.
  const nudge = useTillState((state) => state.priced?.nudges.find((each) => 'missingMinor' in each))
  const catalogue = useCatalogue()
  const offer = catalogue?.rulebook.offers.find((one) => one.id === nudge?.offerId)
  return (
    <p className="nudge">
      {nudge !== undefined &&
        offer !== undefined &&
        i18n._(
          'totals.nudge',
          {
            offer: offer.name,
            missing: formatRupees(nudge.missingMinor),
            saves: formatRupees(nudge.savesMinor),
          },
          { message: '{missing} more: “{offer}” saves {saves}' },
        )}
    </p>
  )
}
