import { formatDate, formatRupees } from '@nexus/domain'
import { type FormEvent, useEffect, useRef } from 'react'
import { Dialog } from '../app/dialog.tsx'
import { useTill, useTillState } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import type { FoundBill } from './find-bill.ts'
import { PickPart } from './pick-part.tsx'
import { NO_RETURNING } from './return-state.ts'
import { returnFaultWords } from './return-words.ts'

/** F6: find the bill, then choose what comes back. The cart stays as it is until it is added. */
export function ReturnDialog() {
  const till = useTill()
  const i18n = useWords()
  const { found, fault, choices, looking } = useTillState((state) => state.returning) ?? NO_RETURNING
  const title =
    found === undefined
      ? i18n._('return.title', {}, { message: 'Return or exchange' })
      : i18n._('return.title-of', { number: found.bill.number }, { message: 'Return from {number}' })
  return (
    <Dialog wide title={title} onClose={till.returns.close}>
      {found === undefined ? (
        <>
          <FindPart looking={looking} />
          {choices.length > 0 && <Choices choices={choices} />}
        </>
      ) : (
        <PickPart found={found} />
      )}
      <p role="alert" className="fault">
        {fault !== undefined && returnFaultWords(i18n, fault)}
      </p>
    </Dialog>
  )
}

function FindPart({ looking }: { looking: boolean }) {
  const till = useTill()
  const i18n = useWords()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  function submit(event: FormEvent): void {
    event.preventDefault()
    void till.returns.find(field.current?.value ?? '')
  }
  return (
    <form className="return-find" onSubmit={submit}>
      <label>
        <span>
          {i18n._('return.number', {}, { message: 'Number of the bill: scan its code or type it' })}
        </span>
        <input ref={field} autoComplete="off" spellCheck={false} autoCapitalize="characters" maxLength={16} />
      </label>
      <button type="submit" className="primary big">
        {i18n._('return.find', {}, { message: 'Find the bill' })} <kbd>⏎</kbd>
      </button>
      <p role="status">{looking && i18n._('return.looking', {}, { message: 'Looking for the bill…' })}</p>
      <p className="aside">
        {i18n._(
          'return.no-bill',
          {},
          {
            message:
              'Without a bill nothing comes back on this till yet. Headquarters finds a bill by its store, date and amount under Sales.',
          },
        )}
      </p>
    </form>
  )
}

/** Two bills bear one number (JRN-14c): the paper tells them apart. */
function Choices({ choices }: { choices: readonly FoundBill[] }) {
  const till = useTill()
  const i18n = useWords()
  return (
    <section>
      <h3>{i18n._('return.choices', {}, { message: 'Several bills have this number. Which one is it?' })}</h3>
      <ul className="options">
        {choices.map((found) => (
          <li key={found.bill.identity}>
            <button type="button" onClick={() => till.returns.choose(found)}>
              <span>
                {formatDate(found.bill.issueDate)} · {found.bill.lines.map((line) => line.name).join(', ')}
              </span>
              <b>{formatRupees(found.bill.totalMinor)}</b>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
