import { type FormEvent, useEffect, useState } from 'react'
import { problemWords } from '../app/problem-words.ts'
import { focusBox, PIN_BOX } from '../app/use-keyboard.ts'
import { useTill } from '../app/use-till.ts'
import type { TillPerson } from '../device/index.ts'
import { PinFields } from '../screens/pin-fields.tsx'
import { pinFaultWords } from '../screens/pin-words.ts'
import { roleWords } from '../screens/role-words.ts'
import { useWords } from '../words/use-words.ts'
import type { ByHandOutcome, ByHandWish } from './by-hand-commands.ts'
import type { TooMuch } from './by-hand-dialog.tsx'

type Props = {
  wish: ByHandWish
  refusal: TooMuch
  onOutcome: (outcome: ByHandOutcome) => void
  onBack: () => void
}

/** More than the role gives: says how much it gives, and takes the PIN of somebody who may allow it. */
export function ApprovalForm({ wish, refusal, onOutcome, onBack }: Props) {
  const till = useTill()
  const i18n = useWords()
  const [approver, setApprover] = useState<TillPerson>()
  const [pin, setPin] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()
  const { approvers } = refusal
  useEffect(() => {
    if (approver !== undefined) focusBox(PIN_BOX)
  }, [approver])

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const typed = String(new FormData(event.currentTarget).get('pin') ?? '')
    if (approver === undefined || typed === '' || busy) return
    setBusy(true)
    try {
      const result = await till.cart.approve(wish, approver.id, typed)
      switch (result.outcome) {
        case 'given':
        case 'nothing':
        case 'closed':
        case 'too-much':
          onOutcome(result)
          break
        default:
          setFault(pinFaultWords(i18n, result))
          till.parts.playSound('bad')
      }
    } catch (cause) {
      setFault(problemWords(i18n, cause))
    } finally {
      setPin('')
      setBusy(false)
    }
  }

  const share = `${refusal.shareBp / 100}%`
  return (
    <>
      <p className="bad">
        {refusal.limitBp === 0
          ? i18n._(
              'approval.no-limit',
              { share },
              { message: 'This is {share}. Your role gives no discount alone: ask a manager.' },
            )
          : i18n._(
              'approval.limit',
              { share, limit: `${refusal.limitBp / 100}%` },
              { message: 'This is {share}. Your role gives up to {limit}: ask a manager, or lower it.' },
            )}
      </p>
      {approvers.length === 0 && (
        <p>
          {i18n._(
            'approval.nobody',
            {},
            { message: 'Nobody else with a PIN on this till may allow that much. Lower it.' },
          )}
        </p>
      )}
      {approver === undefined ? (
        <ul className="options">
          {approvers.map((person) => (
            <li key={person.id}>
              <button type="button" className="big" onClick={() => setApprover(person)}>
                <b>{person.name}</b>
                <small>{roleWords(i18n, person.role)}</small>
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <form className="pin" onSubmit={(event) => void submit(event)}>
          <PinFields name={approver.name} pin={pin} fault={fault} onChange={setPin} />
          <button type="submit" className="primary big" aria-busy={busy}>
            {i18n._('approval.allow', {}, { message: 'Allow it' })} <kbd>⏎</kbd>
          </button>
        </form>
      )}
      <div className="actions">
        <button type="button" onClick={onBack}>
          {i18n._('approval.lower', {}, { message: 'Lower it' })}
        </button>
      </div>
    </>
  )
}
