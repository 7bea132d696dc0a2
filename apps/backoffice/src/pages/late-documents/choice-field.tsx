import type { I18n } from '@lingui/core'
import { NativeSelect } from '@mantine/core'
import type { LateChoice, LateDocumentRow } from '@nexus/contract'
import { useWords } from '../../words/use-words.ts'

type Props = { row: LateDocumentRow; mayChoose: boolean; onChoose: (choice: LateChoice) => void }

const choices = ['amendment', 'current-return'] as const satisfies readonly LateChoice[]

/** How a late document enters the returns, as a choice of one row. */
export function ChoiceField({ row, mayChoose, onChoose }: Props) {
  const i18n = useWords()
  if (!mayChoose) return row.choice === null ? '–' : choiceWords(i18n, row.choice)
  const waits = i18n._('late.choose', {}, { message: 'Choose …' })
  return (
    <NativeSelect
      size="xs"
      aria-label={i18n._(
        'late.choose-for',
        { number: row.number },
        { message: 'How {number} enters the returns' },
      )}
      value={row.choice ?? ''}
      onChange={(event) => {
        const choice = choices.find((one) => one === event.currentTarget.value)
        if (choice) onChoose(choice)
      }}
      data={[
        ...(row.choice === null ? [{ value: '', label: waits }] : []),
        ...choices.map((choice) => ({ value: choice, label: choiceWords(i18n, choice) })),
      ]}
    />
  )
}

function choiceWords(i18n: I18n, choice: LateChoice): string {
  return choice === 'amendment'
    ? i18n._('late.amendment', {}, { message: 'Amendment of its month' })
    : i18n._('late.current', {}, { message: 'Current return' })
}
