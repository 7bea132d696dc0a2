import { formatRupees } from '@nexus/domain'
import { Dialog } from '../app/dialog.tsx'
import { useTill, useTillState } from '../app/use-till.ts'
import { tenderName } from '../pay/tender-words.ts'
import { useWords } from '../words/use-words.ts'
import { voidReasonWords } from './reason-words.ts'
import { VOID_REASONS, type VoidReason } from './void-commands.ts'

/** Asks why the bill is voided, and says what money goes back. The reason is journalled. */
export function VoidCartDialog() {
  const till = useTill()
  const i18n = useWords()
  const taken = useTillState((state) => state.pay?.taken)
  const close = () => till.store.setState({ dialog: undefined })
  async function choose(reason: VoidReason): Promise<void> {
    try {
      await till.cart.voidCart(reason)
    } catch {
      till.notify('journal-failed', { tone: 'bad' })
    }
  }
  return (
    <Dialog title={i18n._('void.title', {}, { message: 'Void this bill: why?' })} onClose={close}>
      {taken !== undefined && taken.length > 0 && (
        <ul className="troubles">
          {taken.map((tender) => {
            const amount = tender.kind === 'cash' ? tender.handedMinor : tender.amountMinor
            return (
              <li key={tender.kind + amount}>
                {i18n._(
                  'void.give-back',
                  { kind: tenderName(i18n, tender.kind), amount: formatRupees(amount) },
                  { message: 'Give back {amount} ({kind})' },
                )}
              </li>
            )
          })}
        </ul>
      )}
      <ul className="options">
        {VOID_REASONS.map((reason) => (
          <li key={reason}>
            <button type="button" className="big" onClick={() => void choose(reason)}>
              {voidReasonWords(i18n, reason)}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
