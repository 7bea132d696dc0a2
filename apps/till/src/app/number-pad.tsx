import { useWords } from '../words/use-words.ts'

type Props = {
  label: string
  /** Typed so far. */
  value: string
  onChange: (value: string) => void
  /** The key beside the zero: a decimal point, two zeros, or nothing. */
  extra: '.' | '00' | undefined
}

const DIGITS = ['7', '8', '9', '4', '5', '6', '1', '2', '3'] as const

/** Digits for fingers. It changes a text; the field that shows the text is the caller's. */
export function NumberPad({ label, value, onChange, extra }: Props) {
  const i18n = useWords()
  return (
    <fieldset className="pad" aria-label={label}>
      {DIGITS.map((digit) => (
        <PadKey key={digit} text={digit} onPress={() => onChange(value + digit)} />
      ))}
      {extra === undefined ? <span /> : <PadKey text={extra} onPress={() => onChange(value + extra)} />}
      <PadKey text="0" onPress={() => onChange(`${value}0`)} />
      <button
        type="button"
        aria-label={i18n._('pad.delete', {}, { message: 'Delete the last digit' })}
        onClick={() => onChange(value.slice(0, -1))}
      >
        ⌫
      </button>
    </fieldset>
  )
}

function PadKey({ text, onPress }: { text: string; onPress: () => void }) {
  return (
    <button type="button" onClick={onPress}>
      {text}
    </button>
  )
}
