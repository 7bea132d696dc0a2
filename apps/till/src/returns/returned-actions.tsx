import { useTill } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'

/** What can be done with a line that comes back: change the return, or let the customer keep it. */
export function ReturnedActions({ uid }: { uid: string }) {
  const till = useTill()
  const i18n = useWords()
  return (
    <>
      <button type="button" onClick={till.returns.open}>
        {i18n._('return.change', {}, { message: 'Change the return' })} <kbd>F6</kbd>
      </button>
      <button type="button" onClick={() => till.cart.voidOne(uid)}>
        {i18n._('return.keep', {}, { message: 'Customer keeps it' })} <kbd>Del</kbd>
      </button>
    </>
  )
}
