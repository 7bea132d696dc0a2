import type { PayMethod } from '../app/state.ts'
import { useJournal, useTill } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { tenderName } from './tender-words.ts'

type Props = {
  method: PayMethod
  /** While a UPI payment waits, the way of paying is not changed. */
  disabled: boolean
}

const KEYS = { cash: undefined, upi: 'F9', card: 'F10' } as const

/** The ways of paying. UPI is there where the company has an address for it. */
export function MethodTabs({ method, disabled }: Props) {
  const till = useTill()
  const i18n = useWords()
  const hasUpi = useJournal((status) => status.place?.company.upiId != null)
  const methods: PayMethod[] = hasUpi ? ['cash', 'upi', 'card'] : ['cash', 'card']
  function choose(wanted: PayMethod): void {
    if (disabled) till.notify('upi-waits', { tone: 'bad' })
    else till.pay.chooseMethod(wanted)
  }
  return (
    <fieldset className="methods" aria-label={i18n._('pay.methods', {}, { message: 'Way of paying' })}>
      {methods.map((each) => (
        <button key={each} type="button" aria-pressed={each === method} onClick={() => choose(each)}>
          {tenderName(i18n, each)} {KEYS[each] !== undefined && <kbd>{KEYS[each]}</kbd>}
        </button>
      ))}
    </fieldset>
  )
}
