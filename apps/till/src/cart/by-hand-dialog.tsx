import { formatAmount, formatRupees, parseAmount } from '@nexus/domain'
import { type FormEvent, useState } from 'react'
import { Dialog } from '../app/dialog.tsx'
import { problemWords } from '../app/problem-words.ts'
import { useTill, useTillState } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { ApprovalForm } from './approval-form.tsx'
import type { ByHandTarget } from './by-hand.ts'
import { BY_HAND_REASONS, type ByHandOutcome, type ByHandWish } from './by-hand-commands.ts'
import type { DraftLine } from './cart.ts'
import { byHandReasonWords } from './reason-words.ts'

type Kind = 'percent' | 'amount' | 'unit'

/** A discount by hand on a line or the bill, or a line's unit price: how much and why; then, above the role's limit, who allows it. */
export function ByHandDialog({ target }: { target: ByHandTarget }) {
  const till = useTill()
  const i18n = useWords()
  const given = useTillState(({ draft }) =>
    target.on === 'bill' ? draft?.manual : draft?.lines.find(({ uid }) => uid === target.uid)?.manual,
  )
  const row = useTillState((state) =>
    target.on === 'line' ? state.rows.find(({ uid }) => uid === target.uid) : undefined,
  )
  const [kind, setKind] = useState<Kind>(given === undefined ? 'percent' : kindOf(given.reduction))
  const [text, setText] = useState(given === undefined ? '' : textOf(given.reduction))
  const [reason, setReason] = useState(BY_HAND_REASONS.find((one) => one === given?.reason))
  const [fault, setFault] = useState<string>()
  const [asked, setAsked] = useState<{ wish: ByHandWish; refusal: TooMuch }>()
  const close = () => till.store.setState({ dialog: undefined })
  const kinds: [Kind, string][] = [
    ['percent', i18n._('by-hand.percent', {}, { message: 'Percent' })],
    ['amount', i18n._('by-hand.amount', {}, { message: 'Amount' })],
  ]
  if (target.on === 'line') kinds.push(['unit', i18n._('by-hand.unit', {}, { message: 'Unit price' })])

  function tell(wish: ByHandWish, outcome: ByHandOutcome): void {
    setAsked(outcome.outcome === 'too-much' ? { wish, refusal: outcome } : undefined)
    if (outcome.outcome === 'given' || outcome.outcome === 'closed') close()
    if (outcome.outcome === 'nothing') {
      setFault(i18n._('by-hand.nothing', {}, { message: 'That takes nothing off. Check the figure.' }))
    }
  }
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    const reduction = reductionOf(kind, text)
    setFault(undefined)
    if (reduction === undefined) {
      setFault(
        kind === 'percent'
          ? i18n._('by-hand.not-a-percentage', {}, { message: 'Type a percentage from 0.01 to 100.' })
          : i18n._('by-hand.not-an-amount', {}, { message: 'Type an amount in rupees, e.g. 25 or 25.50.' }),
      )
      return
    }
    if (reason === undefined) {
      setFault(i18n._('by-hand.no-reason', {}, { message: 'Choose a reason.' }))
      return
    }
    const wish: ByHandWish = { target, reduction, reason }
    try {
      tell(wish, await till.cart.give(wish))
    } catch (cause) {
      setFault(problemWords(i18n, cause))
    }
  }

  const title =
    row === undefined
      ? i18n._('by-hand.bill', {}, { message: 'Discount on the bill' })
      : i18n._(
          'by-hand.line',
          { name: row.names?.[i18n.locale] ?? row.names?.en ?? row.code },
          { message: 'Discount on {name}' },
        )
  if (asked !== undefined) {
    return (
      <Dialog title={title} onClose={close}>
        <ApprovalForm
          wish={asked.wish}
          refusal={asked.refusal}
          onOutcome={(outcome) => tell(asked.wish, outcome)}
          onBack={() => setAsked(undefined)}
        />
      </Dialog>
    )
  }
  return (
    <Dialog title={title} onClose={close}>
      <form className="stack" noValidate onSubmit={(event) => void submit(event)}>
        <label>
          <span>
            {kind === 'percent'
              ? i18n._('by-hand.how-much-percent', {}, { message: 'Percent off' })
              : kind === 'amount'
                ? i18n._('by-hand.how-much-amount', {}, { message: 'Rupees off' })
                : i18n._(
                    'by-hand.how-much-unit',
                    { now: formatRupees(row?.unitMinor ?? 0) },
                    { message: 'Rupees for one, at most (now {now})' },
                  )}
          </span>
          <input
            inputMode="decimal"
            autoComplete="off"
            maxLength={12}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <fieldset className="choices">
          <legend className="spoken">{i18n._('by-hand.kind', {}, { message: 'Kind of discount' })}</legend>
          {kinds.map(([one, name]) => (
            <label key={one} className="choice">
              <input type="radio" name="kind" checked={kind === one} onChange={() => setKind(one)} />
              <span>{name}</span>
            </label>
          ))}
        </fieldset>
        <fieldset className="choices">
          <legend>{i18n._('by-hand.reason', {}, { message: 'Why?' })}</legend>
          {BY_HAND_REASONS.map((one) => (
            <label key={one} className="choice">
              <input type="radio" name="reason" checked={reason === one} onChange={() => setReason(one)} />
              <span>{byHandReasonWords(i18n, one)}</span>
            </label>
          ))}
        </fieldset>
        <p role="alert" className="fault">
          {fault}
        </p>
        <button type="submit" className="primary big">
          {i18n._('by-hand.give', {}, { message: 'Give the discount' })} <kbd>⏎</kbd>
        </button>
      </form>
      {/* Below the figure, which takes the cursor. */}
      <div className="actions">
        {given !== undefined && (
          <button
            type="button"
            onClick={() => {
              till.cart.takeBack(target)
              close()
            }}
          >
            {i18n._('by-hand.take-back', {}, { message: 'Take the discount back' })}
          </button>
        )}
        {target.on === 'bill' && (
          <button type="button" onClick={() => till.store.setState({ dialog: { kind: 'coupons' } })}>
            {i18n._('by-hand.coupon', {}, { message: 'A coupon instead' })}
          </button>
        )}
      </div>
    </Dialog>
  )
}

export type TooMuch = Extract<ByHandOutcome, { outcome: 'too-much' }>

type Figure = NonNullable<DraftLine['manual']>['reduction']

function kindOf(reduction: Figure): Kind {
  return 'percentBp' in reduction ? 'percent' : 'amountMinor' in reduction ? 'amount' : 'unit'
}

function textOf(reduction: Figure): string {
  if ('percentBp' in reduction) return String(reduction.percentBp / 100)
  return formatAmount('amountMinor' in reduction ? reduction.amountMinor : reduction.unitMinor)
}

/** A percentage has two decimals as an amount has: 12.5 is 1250 basis points. undefined: no such figure. */
function reductionOf(kind: Kind, text: string): Figure | undefined {
  const parsed = parseAmount(text)
  if ('fault' in parsed || parsed.amountMinor < 0) return undefined
  const { amountMinor: figure } = parsed
  if (kind === 'unit') return { unitMinor: figure }
  if (figure === 0) return undefined
  if (kind === 'amount') return { amountMinor: figure }
  return figure > 10_000 ? undefined : { percentBp: figure }
}
