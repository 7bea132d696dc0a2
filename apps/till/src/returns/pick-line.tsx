import { formatAmount, formatQuantity, type ReturnedLine } from '@nexus/domain'
import type { DocumentLine } from '@nexus/sync'
import { useTill } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { CONDITIONS, type DraftPick } from './draft-return.ts'
import type { FoundBill } from './find-bill.ts'
import { leftMilli } from './return-commands.ts'
import { conditionWords } from './return-words.ts'

type Props = {
  found: FoundBill
  line: DocumentLine
  /** undefined while nothing of the line comes back. */
  pick: DraftPick | undefined
  /** What the pick gives back. */
  part: ReturnedLine | undefined
}

/** One line of the bill: what was sold, what came back before, how much of it comes back now. */
export function PickLine({ found, line, pick, part }: Props) {
  const till = useTill()
  const i18n = useWords()
  const { name, uid, quantityMilli, paidMinor } = line
  const left = leftMilli(found, uid)
  const returnedMilli = quantityMilli - left
  return (
    // A focus of its own: ↑ ↓ go from line to line, + − change its quantity.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the line is what the keys act on
    <li tabIndex={0} className={pick === undefined ? '' : 'picked'}>
      <span className="name">
        {name}
        <small>
          {formatQuantity(quantityMilli)} · {formatAmount(paidMinor)}
          {line.giftOf !== undefined && ` · ${i18n._('return.gift', {}, { message: 'gift' })}`}
          {returnedMilli > 0 &&
            ` · ${i18n._(
              'return.before',
              { quantity: formatQuantity(returnedMilli) },
              { message: '{quantity} came back before' },
            )}`}
        </small>
      </span>
      {left === 0 ? (
        <span className="gone">{i18n._('return.none-left', {}, { message: 'all came back' })}</span>
      ) : (
        <>
          <span className="count">
            <button
              type="button"
              aria-label={i18n._('return.less', { name }, { message: 'One less of {name} comes back' })}
              onClick={() => till.returns.step(uid, -1)}
            >
              −
            </button>
            <output aria-label={i18n._('return.count', { name }, { message: 'Comes back of {name}' })}>
              {formatQuantity(pick?.quantityMilli ?? 0)}
            </output>
            <button
              type="button"
              aria-label={i18n._('return.more', { name }, { message: 'One more of {name} comes back' })}
              onClick={() => till.returns.step(uid, 1)}
            >
              +
            </button>
          </span>
          <select
            aria-label={i18n._('return.condition', { name }, { message: 'Condition of {name}' })}
            value={pick?.condition ?? 'sellable'}
            onChange={(event) => {
              const chosen = CONDITIONS.find((each) => each === event.currentTarget.value)
              if (chosen !== undefined) till.returns.setCondition(uid, chosen)
            }}
          >
            {CONDITIONS.map((each) => (
              <option key={each} value={each}>
                {conditionWords(i18n, each)}
              </option>
            ))}
          </select>
        </>
      )}
      <b className="amount">{part === undefined ? '' : formatAmount(part.paidMinor)}</b>
    </li>
  )
}
