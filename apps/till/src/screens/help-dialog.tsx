import { Dialog } from '../app/dialog.tsx'
import { useTill } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'

/** The keys, and what to know about scanning. Every key has a button somewhere as well. */
export function HelpDialog() {
  const till = useTill()
  const i18n = useWords()
  const selling: [string, string][] = [
    ['F1', i18n._('help.f1', {}, { message: 'This page' })],
    ['F3', i18n._('help.f3', {}, { message: 'Find a product by name, code or number' })],
    ['3 *', i18n._('help.times', {}, { message: 'Three of the next product: 3* and then scan' })],
    ['↑ ↓', i18n._('help.arrows', {}, { message: 'Choose a line, or a product found' })],
    ['+ −', i18n._('help.plus', {}, { message: 'One more or one less of the chosen line' })],
    ['Del', i18n._('help.del', {}, { message: 'Take the chosen line off' })],
    ['⇧ Del', i18n._('help.shift-del', {}, { message: 'Void the whole bill' })],
    ['⏎', i18n._('help.enter', {}, { message: 'Open the chosen line: why this price?' })],
    ['F6', i18n._('help.f6', {}, { message: 'Take goods back, or exchange them' })],
    ['F7', i18n._('help.f7', {}, { message: 'Discount on the bill; on a line, open the line first' })],
    ['F8', i18n._('help.f8', {}, { message: 'Pay' })],
    ['Esc', i18n._('help.esc', {}, { message: 'One step back; a cart is never lost' })],
  ]
  const paying: [string, string][] = [
    ['⏎', i18n._('help.pay-enter', {}, { message: 'Exact cash, or the typed amount, and done' })],
    ['+', i18n._('help.pay-plus', {}, { message: 'Take the typed amount as a part' })],
    ['F9', i18n._('help.pay-f9', {}, { message: 'UPI: the typed amount, or all that is left' })],
    ['F10', i18n._('help.pay-f10', {}, { message: 'Card: the typed amount, or all that is left' })],
  ]
  return (
    <Dialog
      wide
      title={i18n._('menu.keys', {}, { message: 'Keys and help' })}
      onClose={() => till.store.setState({ dialog: undefined })}
    >
      <p>
        {i18n._(
          'help.scan',
          {},
          {
            message:
              'A scanner works on every screen, wherever the cursor is. What is typed anywhere is a search. After a sale the next scan starts the next bill.',
          },
        )}
      </p>
      {/* A focus of its own, so that keys scroll it on a small screen. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must take the focus */}
      <div className="help" tabIndex={0}>
        <KeyTable title={i18n._('help.selling', {}, { message: 'Selling' })} keys={selling} />
        <KeyTable title={i18n._('help.paying', {}, { message: 'Paying' })} keys={paying} />
      </div>
    </Dialog>
  )
}

function KeyTable({ title, keys }: { title: string; keys: readonly [string, string][] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl className="keys">
        {keys.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
