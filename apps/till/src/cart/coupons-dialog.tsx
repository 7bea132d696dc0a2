import { type FormEvent, useRef } from 'react'
import { Dialog } from '../app/dialog.tsx'
import { useTill } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { CouponList } from './coupon-list.tsx'

/** Entering a coupon's code by hand. A scan of it works without this page. */
export function CouponsDialog() {
  const till = useTill()
  const i18n = useWords()
  const field = useRef<HTMLInputElement>(null)
  const close = () => till.store.setState({ dialog: undefined })
  function submit(event: FormEvent): void {
    event.preventDefault()
    const text = field.current?.value.trim() ?? ''
    if (text === '') return
    // Whatever it is told stands beside the totals or in a sentence over the cart.
    close()
    till.cart.enterCoupon(text)
  }
  return (
    <Dialog title={i18n._('coupons.title', {}, { message: 'Coupon' })} onClose={close}>
      <form className="stack" onSubmit={submit}>
        <label>
          <span>{i18n._('coupons.code', {}, { message: 'Code on the coupon' })}</span>
          <input
            ref={field}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            maxLength={40}
          />
        </label>
        <button type="submit" className="primary big">
          {i18n._('coupons.add', {}, { message: 'Put it on the bill' })} <kbd>⏎</kbd>
        </button>
      </form>
      <CouponList />
    </Dialog>
  )
}
