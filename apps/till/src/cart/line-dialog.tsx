import { formatQuantity, formatRupees, type PricedLine } from '@nexus/domain'
import { Dialog } from '../app/dialog.tsx'
import { useCatalogue, useTill, useTillState } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { explainLine, notAppliedOn } from './explain-line.ts'
import { priceReasonWords } from './reason-words.ts'
import { refusalWords } from './refusal-words.ts'
import { conditionWords } from './trace-words.ts'

/** One line in full: what it is, and step by step why it costs what it costs. */
export function LineDialog({ uid }: { uid: string }) {
  const till = useTill()
  const i18n = useWords()
  const row = useTillState((state) => state.rows.find((one) => one.uid === uid))
  const priced = useTillState((state) => state.priced?.lines.find((one) => one.uid === uid))
  const paying = useTillState((state) => state.pay !== undefined)
  const draft = useTillState((state) => state.draft)
  const advice = useTillState((state) => state.advice)
  const catalogue = useCatalogue()
  const product = priced && catalogue?.product(priced.productId)
  const batch = product?.batches.find((one) => one.id === priced?.batchId)
  const close = () => till.store.setState({ dialog: undefined })
  const nameOf = (offerId: number) => catalogue?.offer(offerId)?.name ?? ''
  if (row === undefined) return null
  const name = row.names?.[i18n.locale] ?? row.names?.en ?? row.code
  return (
    <Dialog title={name} onClose={close}>
      {row.refusal !== undefined && <p className="bad">{refusalWords(i18n, row.refusal)}</p>}
      <dl className="facts">
        <dt>{i18n._('line.code', {}, { message: 'Code' })}</dt>
        <dd className="code">{row.code}</dd>
        {product && catalogue && (
          <>
            <dt>{i18n._('line.brand', {}, { message: 'Brand' })}</dt>
            <dd>{catalogue.brandName(product.brandId)}</dd>
            <dt>{i18n._('line.hsn', {}, { message: 'HSN' })}</dt>
            <dd className="code">{product.hsn || '–'}</dd>
          </>
        )}
        {batch && batch.batchNo !== '' && (
          <>
            <dt>{i18n._('line.batch', {}, { message: 'Batch' })}</dt>
            <dd className="code">{batch.batchNo}</dd>
          </>
        )}
        <dt>{i18n._('line.count', {}, { message: 'Quantity' })}</dt>
        <dd>{formatQuantity(row.quantityMilli)}</dd>
      </dl>
      {priced && catalogue && (
        <>
          <h3>{i18n._('line.open', {}, { message: 'Why this price?' })}</h3>
          <ol className="why">
            {explainLine(priced, catalogue, draft).map((reason, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: sentences have no id and no state
              <li key={at}>{priceReasonWords(i18n, reason)}</li>
            ))}
          </ol>
          <WhyNot line={priced} />
          {advice?.cheaperWithout !== undefined && (
            <p>
              {i18n._(
                'line.cheaper-without',
                {
                  offer: nameOf(advice.cheaperWithout.offerId),
                  amount: formatRupees(advice.cheaperWithout.savesMinor),
                },
                { message: 'Without “{offer}” this bill would be {amount} cheaper.' },
              )}
            </p>
          )}
        </>
      )}
      {!paying && (
        <div className="actions">
          {row.asksMrp && (
            <button type="button" className="primary" onClick={() => till.cart.askMrp(uid)}>
              {i18n._('line.choose-mrp', {}, { message: 'Choose the MRP' })}
            </button>
          )}
          {priced && (
            <button type="button" onClick={() => till.cart.openByHand({ on: 'line', uid })}>
              {i18n._('line.discount', {}, { message: 'Discount or price' })}
            </button>
          )}
          <button
            type="button"
            onClick={() => {
              close()
              till.cart.voidOne(uid)
            }}
          >
            {i18n._('line.void', {}, { message: 'Take off' })}
          </button>
        </div>
      )}
    </Dialog>
  )
}

/** Offers that look at this line and took nothing off, each with its one reason. */
function WhyNot({ line }: { line: PricedLine }) {
  const till = useTill()
  const i18n = useWords()
  const catalogue = useCatalogue()
  const draft = useTillState((state) => state.draft)
  const priced = useTillState((state) => state.priced)
  const frozenAt = useTillState((state) => state.pay?.pricedAt)
  if (draft === undefined || priced === undefined || catalogue === undefined) return null
  const refused = notAppliedOn(line, draft, priced, catalogue, frozenAt ?? till.now())
  if (refused.length === 0) return null
  const nameOf = (offerId: number) => catalogue.offer(offerId)?.name ?? ''
  return (
    <>
      <h3>{i18n._('line.why-not', {}, { message: 'Offers that do not apply' })}</h3>
      <ul className="why-not">
        {refused.map(({ offerId, condition }) => (
          <li key={offerId}>
            {i18n._(
              'line.why-not-offer',
              { offer: nameOf(offerId), reason: conditionWords(i18n, condition, nameOf) },
              { message: '“{offer}”: {reason}' },
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
