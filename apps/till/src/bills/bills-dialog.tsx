import { formatAmount, localTime } from '@nexus/domain'
import { useEffect, useState } from 'react'
import { Dialog } from '../app/dialog.tsx'
import { useJournal, useTill } from '../app/use-till.ts'
import type { Bill } from '../journal/index.ts'
import { tenderName } from '../pay/tender-words.ts'
import { useWords } from '../words/use-words.ts'
import { BILLS_MAX } from './bill-commands.ts'
import { totalOf } from './total-of.ts'
import { whereWords } from './where-words.ts'

/** The last bills of this till, newest first, as the journal on this device holds them. */
export function BillsDialog() {
  const till = useTill()
  const i18n = useWords()
  const [bills, setBills] = useState<readonly Bill[]>()
  // Marks of servers are no part of the status, but each of them brings a new one.
  const status = useJournal((all) => all)
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again with every new status
  useEffect(() => {
    let gone = false
    till.parts.journal.lastBills(BILLS_MAX).then(
      (read) => {
        if (!gone) setBills(read)
      },
      () => {
        setBills((shown) => shown ?? [])
        till.notify('journal-failed', { tone: 'bad' })
      },
    )
    return () => {
      gone = true
    }
  }, [till, status])
  return (
    <Dialog
      wide
      title={i18n._('menu.bills', {}, { message: 'Last bills' })}
      onClose={() => till.store.setState({ dialog: undefined })}
    >
      {bills?.length === 0 && (
        <p>{i18n._('bills.none', {}, { message: 'No bill was made on this till yet.' })}</p>
      )}
      <ul className="bills">
        {bills?.map((bill) => (
          <li key={bill.identity}>
            <BillRow bill={bill} onOpen={() => till.bills.open(bill, 'bills')} />
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

function BillRow({ bill, onOpen }: { bill: Bill; onOpen: () => void }) {
  const i18n = useWords()
  const kinds = [...new Set(bill.body.tenders.map((tender) => tenderName(i18n, tender.kind)))]
  return (
    <button type="button" onClick={onOpen}>
      <span className="code number">{bill.body.documents.map((document) => document.number).join(' ')}</span>
      <span>{localTime(bill.at)}</span>
      <span className="kinds">{kinds.join(' + ')}</span>
      <span className="where">{whereWords(i18n, bill.where)}</span>
      <b>{formatAmount(totalOf(bill))}</b>
    </button>
  )
}
