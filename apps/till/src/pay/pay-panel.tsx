import { formatRupees } from '@nexus/domain'
import { useShallow } from 'zustand/react/shallow'
import { useTill, useTillState } from '../app/use-till.ts'
import { differenceOf } from '../returns/draft-return.ts'
import { RefundPart } from '../returns/refund-part.tsx'
import { useWords } from '../words/use-words.ts'
import { needsBuyer } from './buyer.ts'
import { BuyerPart } from './buyer-part.tsx'
import { CardPart } from './card-part.tsx'
import { CashPart } from './cash-part.tsx'
import { MethodTabs } from './method-tabs.tsx'
import { TakenList } from './taken-list.tsx'
import { settle } from './tenders.ts'
import { UpiPart } from './upi-part.tsx'

/** Pay on the right-hand side: what is left, what was taken, and one way of paying at a time. */
export function PayPanel() {
  const till = useTill()
  const i18n = useWords()
  const pay = useTillState((state) => state.pay)
  const due = useTillState(useShallow((state) => differenceOf(state.back, state.priced)))
  const taxableMinor = useTillState((state) => state.priced?.taxableMinor ?? 0)
  if (pay === undefined) return null
  const asksBuyer = pay.buyer === undefined && needsBuyer(taxableMinor)
  const toPayMinor = due.direction === 'in' ? due.amountMinor : 0
  const refundMinor = due.direction === 'out' ? due.amountMinor : 0
  const { remainingMinor, changeMinor } = settle(toPayMinor, pay.taken)
  return (
    <section className="pay" aria-label={i18n._('pay.label', {}, { message: 'Payment' })}>
      <header className="pay-head">
        <div className="to-pay">
          <span>
            {refundMinor > 0
              ? i18n._('pay.give-back-label', {}, { message: 'To give back' })
              : pay.taken.length === 0
                ? i18n._('totals.to-pay', {}, { message: 'To pay' })
                : i18n._('pay.left', { total: formatRupees(toPayMinor) }, { message: 'Left of {total}' })}
          </span>
          <output className="sum">{formatRupees(refundMinor > 0 ? refundMinor : remainingMinor)}</output>
        </div>
        <button type="button" className="quiet" onClick={till.pay.back}>
          {i18n._('pay.back', {}, { message: 'Back' })} <kbd>Esc</kbd>
        </button>
      </header>
      <TakenList taken={pay.taken} doubt={pay.doubt} changeMinor={changeMinor} />
      {asksBuyer ? (
        <BuyerPart />
      ) : (
        <>
          <MethodTabs method={pay.method} disabled={pay.upi !== undefined} />
          {refundMinor > 0 ? (
            <RefundPart pay={pay} refundMinor={refundMinor} />
          ) : (
            <>
              {pay.method === 'cash' && <CashPart pay={pay} remainingMinor={remainingMinor} />}
              {pay.method === 'upi' && <UpiPart pay={pay} remainingMinor={remainingMinor} />}
              {pay.method === 'card' && <CardPart pay={pay} remainingMinor={remainingMinor} />}
            </>
          )}
        </>
      )}
      {pay.completing && (
        <p role="status" className="saving">
          {i18n._('pay.saving', {}, { message: 'Saving the bill…' })}
        </p>
      )}
    </section>
  )
}
