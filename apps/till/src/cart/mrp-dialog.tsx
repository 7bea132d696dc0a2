import { formatRupees } from '@nexus/domain'
import { Dialog } from '../app/dialog.tsx'
import { useTill, useTillState } from '../app/use-till.ts'
import { monthWords } from '../words/date-words.ts'
import { useWords } from '../words/use-words.ts'
import type { BatchChoice } from './batches.ts'

/**
 * One barcode, several MRPs: the pack in the hand decides. Esc, or the next scan, leaves the lowest,
 * which never charges too much; the line keeps asking.
 */
export function MrpDialog({ uid, choices }: { uid: string; choices: readonly BatchChoice[] }) {
  const till = useTill()
  const i18n = useWords()
  const row = useTillState((state) => state.rows.find((one) => one.uid === uid))
  const name = row?.names?.[i18n.locale] ?? row?.names?.en ?? ''
  return (
    <Dialog
      title={i18n._('mrp.title', {}, { message: 'Which MRP is on the pack?' })}
      onClose={() => till.store.setState({ dialog: undefined })}
    >
      <p>{name}</p>
      <ul className="options">
        {choices.map(({ batchId, mrpMinor, batch }) => (
          <li key={batchId}>
            <button type="button" className="big" onClick={() => till.cart.chooseMrp(uid, batchId)}>
              <b>{formatRupees(mrpMinor)}</b>
              <small>
                {batch.batchNo}
                {batch.expiry && ` · ${monthWords(i18n.locale, batch.expiry.month)}`}
              </small>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
