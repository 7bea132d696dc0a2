import { useEffect, useRef, useState } from 'react'
import { Dialog } from '../app/dialog.tsx'
import type { PrintState } from '../app/state.ts'
import { useTill, useTillState } from '../app/use-till.ts'
import type { Bill } from '../journal/index.ts'
import { printWords } from '../pay/tender-words.ts'
import { receiptElement } from '../print/index.ts'
import { useWords } from '../words/use-words.ts'

type Props = { bill: Bill; from: 'bills' | 'paid' }

/** A bill as its paper looks, and another copy of it. */
export function BillDialog({ bill: opened, from }: Props) {
  const till = useTill()
  const i18n = useWords()
  const [bill, setBill] = useState(opened)
  const [print, setPrint] = useState<PrintState>()
  const paper = useRef<HTMLElement>(null)
  useEffect(() => {
    let gone = false
    till.parts.layOut(bill, false).then(
      (models) => {
        if (!gone) paper.current?.replaceChildren(...models.map(receiptElement))
      },
      () => till.notify('journal-failed', { tone: 'bad' }),
    )
    return () => {
      gone = true
    }
  }, [till, bill])

  async function printIt(): Promise<void> {
    setPrint('printing')
    const done = await till.bills.print(bill)
    setBill(done.bill)
    setPrint(done.print)
  }
  const selling = useTillState((state) => state.pay === undefined)
  const sold = bill.body.documents.find(({ kind }) => kind === 'I' || kind === 'B')
  const dialog = from === 'bills' ? ({ kind: 'bills' } as const) : undefined
  return (
    <Dialog
      title={i18n._(
        'bills.title',
        { number: bill.body.documents[0]?.number ?? '' },
        { message: 'Bill {number}' },
      )}
      onClose={() => till.store.setState({ dialog })}
    >
      {/* A focus of its own, so that keys scroll a long bill. */}
      <section
        ref={paper}
        className="paper"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must take the focus
        tabIndex={0}
        aria-label={i18n._('bills.paper', {}, { message: 'The bill as printed' })}
      />
      <p role="status">{print !== undefined && printWords(i18n, print)}</p>
      <div className="actions">
        <button type="button" className="primary" onClick={() => void printIt()}>
          {bill.prints > 0
            ? i18n._('bills.print-again', {}, { message: 'Print a duplicate' })
            : i18n._('bills.print', {}, { message: 'Print' })}
        </button>
        {sold !== undefined && selling && (
          <button
            type="button"
            onClick={() => {
              till.returns.open()
              void till.returns.find(sold.number)
            }}
          >
            {i18n._('bills.return', {}, { message: 'Take goods back' })}
          </button>
        )}
      </div>
    </Dialog>
  )
}
