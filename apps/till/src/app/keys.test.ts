import { expect, test } from 'vitest'
import { type KeyPlace, type KeyPress, keyCommand } from './keys.ts'

const selling: KeyPlace = {
  phase: 'sell',
  dialog: false,
  payMethod: undefined,
  boxText: '',
  hasResults: false,
  focus: 'box',
}
const paying: KeyPlace = { ...selling, payMethod: 'cash' }
const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  shift: false,
  ctrl: false,
  alt: false,
  meta: false,
  ...more,
})

test.each([
  ['F1', 'help'],
  ['F3', 'find'],
  ['F6', 'return'],
  ['F7', 'discount'],
  ['F8', 'pay'],
  ['ArrowUp', 'select-up'],
  ['ArrowDown', 'select-down'],
  ['+', 'more'],
  ['-', 'less'],
  ['Delete', 'void-line'],
  ['Enter', 'open-line'],
  ['Escape', 'clear'],
  ['a', undefined],
])('while selling, %s is %s', (key, command) => {
  expect(keyCommand(press(key), selling)).toBe(command)
})

test.each([
  ['Enter', 'pay-enter'],
  ['+', 'pay-hold'],
  ['F9', 'pay-upi'],
  ['F10', 'pay-card'],
  ['Escape', 'pay-back'],
  ['Delete', undefined],
])('in Pay, %s is %s', (key, command) => {
  expect(keyCommand(press(key), paying)).toBe(command)
})

test('typing a name or 3* takes no command away from the box', () => {
  const typing = { ...selling, boxText: 'matte' }
  for (const key of ['+', '-', 'Delete', ' ']) expect(keyCommand(press(key), typing)).toBeUndefined()
  expect(keyCommand(press('Enter'), typing)).toBe('enter-search')
  expect(keyCommand(press('ArrowDown'), { ...typing, hasResults: true })).toBe('mark-down')
})

test('Enter on a focused button presses that button, and nothing else', () => {
  expect(keyCommand(press('Enter'), { ...selling, focus: 'control' })).toBeUndefined()
  expect(keyCommand(press('Enter'), { ...paying, focus: 'control' })).toBeUndefined()
  expect(keyCommand(press('Enter'), { ...paying, payMethod: 'card', focus: 'field' })).toBeUndefined()
})

test('only F1 works over a dialog and before selling', () => {
  for (const place of [
    { ...selling, dialog: true },
    { ...selling, phase: 'sign-in' as const },
  ]) {
    expect(keyCommand(press('F8'), place)).toBeUndefined()
    expect(keyCommand(press('F1'), place)).toBe('help')
  }
})

test('keys with Ctrl, Alt or Meta, and F5, F11, F12, stay the browser’s', () => {
  for (const modifier of [{ ctrl: true }, { alt: true }, { meta: true }]) {
    expect(keyCommand(press('F8', modifier), selling)).toBeUndefined()
  }
  for (const key of ['F5', 'F11', 'F12', 'Tab']) {
    expect(keyCommand(press(key), selling)).toBeUndefined()
    expect(keyCommand(press(key), paying)).toBeUndefined()
  }
})

test('the whole bill is voided with Shift only', () => {
  expect(keyCommand(press('Delete', { shift: true }), selling)).toBe('void-cart')
  expect(keyCommand(press('Delete', { shift: true }), paying)).toBe('void-cart')
})
