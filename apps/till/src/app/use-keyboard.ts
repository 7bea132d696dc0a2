import { useEffect } from 'react'
import { listenForScans, type Scan } from '../scan/index.ts'
import { type KeyCommand, type KeyPlace, keyCommand } from './keys.ts'
import type { Till } from './till.ts'
import { useTill } from './use-till.ts'

/** Fields that keys find from anywhere. */
export const SCAN_BOX = 'scan-box'
export const AMOUNT_BOX = 'amount-box'
export const PIN_BOX = 'pin-box'

/** Scanner and keys, on every screen and wherever the focus is. Used once, by the app. */
export function useKeyboard(): void {
  const till = useTill()
  useEffect(() => {
    const stopScans = listenForScans({
      onScan: (scan) => takeScan(till, scan),
      searchBox: () => (isCovered() ? undefined : boxOfScreen(till)),
    })
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      const { key, shiftKey: shift, ctrlKey: ctrl, altKey: alt, metaKey: meta } = event
      // Characters are text, thirteen a scan: nothing is asked about them.
      if (key.length === 1 && key !== '+' && key !== '-') return
      const command = keyCommand({ key, shift, ctrl, alt, meta }, placeOf(till))
      if (command === undefined) return
      event.preventDefault()
      COMMANDS[command](till)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => {
      stopScans()
      window.removeEventListener('keydown', onKeyDown)
    }
  }, [till])
}

/**
 * The cursor to the box that the screen is about. Fingers get no screen keyboard in their way: there the
 * focus leaves the last box, and keys of a keyboard or scanner find the new one by themselves.
 */
export function focusBox(id: string): void {
  if (!window.matchMedia('(pointer: coarse)').matches) document.getElementById(id)?.focus()
  else if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur()
}

/** Quick fingers on a number block look like a scanner, but no pack bears a PIN or a round sum. */
function takeScan(till: Till, { text, before }: Scan): void {
  const pinBox = inputOf(PIN_BOX)
  if (pinBox !== undefined && /^\d{4,8}$/.test(text)) {
    fill(pinBox, text)
    pinBox.form?.requestSubmit()
    return
  }
  const amountBox = inputOf(AMOUNT_BOX)
  if (amountBox !== undefined && document.activeElement === amountBox && /^\d{4,7}$/.test(text)) {
    fill(amountBox, before + text)
    void till.pay.takeCash(undefined)
    return
  }
  if (till.store.getState().dialog?.kind === 'return') till.returns.scan(text)
  else till.cart.scan(before + text)
}

function placeOf(till: Till): KeyPlace {
  const { pay, search } = till.store.getState()
  const box = boxOfScreen(till)
  const focused = document.activeElement
  const focus =
    focused === null || focused === document.body || (pay !== undefined && focused.id === SCAN_BOX)
      ? // Quick fingers press Enter before the cursor has followed F8.
        'none'
      : focused === box
        ? 'box'
        : focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement
          ? 'field'
          : 'control'
  return {
    phase: till.phase(),
    dialog: isCovered(),
    payMethod: pay?.method,
    boxText: box?.value ?? '',
    hasResults: pay === undefined && search.results.length > 0,
    focus,
  }
}

function isCovered(): boolean {
  return document.querySelector('dialog[open], [popover]:popover-open') !== null
}

function boxOfScreen(till: Till): HTMLInputElement | undefined {
  const phase = till.phase()
  if (phase === 'sign-in') return inputOf(PIN_BOX)
  if (phase !== 'sell') return undefined
  return inputOf(till.store.getState().pay === undefined ? SCAN_BOX : AMOUNT_BOX)
}

function inputOf(id: string): HTMLInputElement | undefined {
  const element = document.getElementById(id)
  return element instanceof HTMLInputElement ? element : undefined
}

/** Fills a field as typing would, so that React notices. */
function fill(input: HTMLInputElement, value: string): void {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, value)
  input.dispatchEvent(new Event('input', { bubbles: true }))
}

const COMMANDS: Readonly<Record<KeyCommand, (till: Till) => void>> = {
  help: ({ store }) => store.setState({ dialog: { kind: 'help' } }),
  find: (till) => boxOfScreen(till)?.focus(),
  discount: ({ cart }) => cart.openByHand({ on: 'bill' }),
  pay: ({ pay }) => pay.open(),
  return: ({ returns }) => returns.open(),
  'enter-search': (till) => void till.cart.enter(boxOfScreen(till)?.value ?? ''),
  'mark-up': ({ cart }) => cart.moveMark(-1),
  'mark-down': ({ cart }) => cart.moveMark(1),
  'select-up': ({ cart }) => cart.moveSelection(-1),
  'select-down': ({ cart }) => cart.moveSelection(1),
  more: ({ cart, store }) => onSelected(store.getState(), (uid) => cart.step(uid, 1)),
  less: ({ cart, store }) => onSelected(store.getState(), (uid) => cart.step(uid, -1)),
  'void-line': ({ cart, store }) => onSelected(store.getState(), cart.voidOne),
  'void-cart': ({ cart }) => cart.askVoid(),
  'open-line': ({ cart }) => cart.openLine(),
  clear: (till) => {
    if (boxOfScreen(till)?.value === '') till.store.setState({ notice: undefined })
    else till.cart.clearSearch()
  },
  'pay-enter': ({ pay }) => void pay.takeCash(undefined),
  'pay-hold': ({ pay }) => void pay.takeCash(undefined, true),
  'pay-upi': ({ pay }) => void pay.askUpi(),
  'pay-card': ({ pay }) => pay.askCard(),
  'pay-back': ({ pay }) => pay.back(),
}

function onSelected({ selected }: { selected: string | undefined }, act: (uid: string) => void): void {
  if (selected !== undefined) act(selected)
}
