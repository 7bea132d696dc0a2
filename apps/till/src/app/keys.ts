import type { Phase } from './phase.ts'

/** What a key does, decided by what the screen shows. */
export type KeyCommand =
  | 'help'
  | 'find'
  | 'discount'
  | 'pay'
  | 'return'
  | 'enter-search'
  | 'mark-up'
  | 'mark-down'
  | 'select-up'
  | 'select-down'
  | 'more'
  | 'less'
  | 'void-line'
  | 'void-cart'
  | 'open-line'
  | 'clear'
  | 'pay-enter'
  | 'pay-hold'
  | 'pay-upi'
  | 'pay-card'
  | 'pay-back'

export type KeyPress = { key: string; shift: boolean; ctrl: boolean; alt: boolean; meta: boolean }

export type KeyPlace = {
  phase: Phase
  /** A dialog or a menu is open: its own keys count. */
  dialog: boolean
  /** undefined while selling. */
  payMethod: 'cash' | 'upi' | 'card' | undefined
  /** Text of the search box, or of the amount box in Pay. */
  boxText: string
  hasResults: boolean
  /** Where the focus is: in the box that the screen is about, in another field, on a control, or nowhere. */
  focus: 'box' | 'field' | 'control' | 'none'
}

/** The key map of screens.md. undefined leaves the key to the browser and to the focused element. */
export function keyCommand(press: KeyPress, place: KeyPlace): KeyCommand | undefined {
  if (press.ctrl || press.alt || press.meta) return undefined
  if (press.key === 'F1') return 'help'
  if (place.phase !== 'sell' || place.dialog) return undefined
  return place.payMethod === undefined ? sellingKey(press, place) : payingKey(press, place)
}

function sellingKey({ key, shift }: KeyPress, place: KeyPlace): KeyCommand | undefined {
  const atBox = place.focus === 'box' || place.focus === 'none'
  const emptyBox = place.boxText === ''
  switch (key) {
    case 'F3':
      return 'find'
    case 'F6':
      return 'return'
    case 'F7':
      return 'discount'
    case 'F8':
      return 'pay'
    case 'Escape':
      return 'clear'
    case 'ArrowUp':
    case 'ArrowDown': {
      if (place.focus === 'field') return undefined
      const up = key === 'ArrowUp'
      if (place.hasResults) return up ? 'mark-up' : 'mark-down'
      return up ? 'select-up' : 'select-down'
    }
    case 'Enter':
      if (!atBox) return undefined
      return emptyBox ? 'open-line' : 'enter-search'
  }
  if (!emptyBox || place.focus === 'field') return undefined
  switch (key) {
    case '+':
      return 'more'
    case '-':
      return 'less'
    case 'Delete':
      return shift ? 'void-cart' : 'void-line'
    default:
      return undefined
  }
}

function payingKey({ key, shift }: KeyPress, place: KeyPlace): KeyCommand | undefined {
  const atBox = place.focus === 'box' || place.focus === 'none'
  switch (key) {
    case 'Escape':
      return 'pay-back'
    case 'F9':
      return 'pay-upi'
    case 'F10':
      return 'pay-card'
    case 'F8':
      return 'find'
    case 'Delete':
      return shift && place.boxText === '' && place.focus !== 'field' ? 'void-cart' : undefined
    case '+':
      return place.payMethod === 'cash' && place.focus !== 'field' ? 'pay-hold' : undefined
    case 'Enter':
      return place.payMethod === 'cash' && atBox ? 'pay-enter' : undefined
    default:
      return undefined
  }
}
