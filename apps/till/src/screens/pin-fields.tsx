import { NumberPad } from '../app/number-pad.tsx'
import { PIN_BOX } from '../app/use-keyboard.ts'
import { useWords } from '../words/use-words.ts'

const PIN_LENGTH_MAX = 8

type Props = {
  name: string
  pin: string
  /** Why the last one did not do. */
  fault: string | undefined
  onChange: (pin: string) => void
}

/** Box and pad for a person's PIN; by keyboard or by touch. */
export function PinFields({ name, pin, fault, onChange }: Props) {
  const i18n = useWords()
  return (
    <>
      <label>
        <span>{i18n._('sign-in.pin', { name }, { message: 'PIN of {name}' })}</span>
        <input
          id={PIN_BOX}
          name="pin"
          type="password"
          inputMode="none"
          autoComplete="off"
          maxLength={PIN_LENGTH_MAX}
          value={pin}
          onChange={(event) => onChange(event.currentTarget.value.replaceAll(/\D/g, ''))}
        />
      </label>
      <p role="alert" className="fault">
        {fault}
      </p>
      <NumberPad
        label={i18n._('sign-in.pad', {}, { message: 'Digits of the PIN' })}
        value={pin}
        onChange={(value) => onChange(value.slice(0, PIN_LENGTH_MAX))}
        extra={undefined}
      />
    </>
  )
}
