import { useTillState } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'

/** The keys of the moment, for those who learn them by looking. Screen readers have the help page. */
export function KeyHints() {
  const i18n = useWords()
  const paying = useTillState((state) => state.pay !== undefined)
  const hints: [string, string][] = paying
    ? [
        ['⏎', i18n._('hint.exact', {}, { message: 'exact cash' })],
        ['+', i18n._('hint.part', {}, { message: 'a part in cash' })],
        ['F9', i18n._('hint.upi', {}, { message: 'UPI' })],
        ['F10', i18n._('hint.card', {}, { message: 'card' })],
        ['Esc', i18n._('hint.back', {}, { message: 'back' })],
      ]
    : [
        ['F1', i18n._('hint.help', {}, { message: 'help' })],
        ['F3', i18n._('hint.search', {}, { message: 'search' })],
        ['↑ ↓', i18n._('hint.line', {}, { message: 'line' })],
        ['+ −', i18n._('hint.quantity', {}, { message: 'quantity' })],
        ['Del', i18n._('hint.void', {}, { message: 'take off' })],
        ['F6', i18n._('hint.return', {}, { message: 'return' })],
        ['F7', i18n._('hint.discount', {}, { message: 'discount' })],
        ['F8', i18n._('hint.pay', {}, { message: 'pay' })],
      ]
  return (
    <p className="hints" aria-hidden="true">
      {hints.map(([key, text]) => (
        <span key={key}>
          <kbd>{key}</kbd> {text}
        </span>
      ))}
    </p>
  )
}
