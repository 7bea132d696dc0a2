import { expect, test } from 'vitest'
import { createWedge, type Heard, type Key } from './wedge.ts'

/** Keys of a text, so many ms apart, from `fromMs` on. */
function keys(text: readonly string[] | string, gapMs: number, fromMs = 0): Key[] {
  return [...text].map((key, at) => plain(key, fromMs + at * gapMs))
}
function plain(key: string, atMs: number): Key {
  return { key, ctrl: false, alt: false, meta: false, repeat: false, atMs }
}
/** What was heard of all keys but bursts. */
function hear(all: readonly Key[]): Heard[] {
  const wedge = createWedge()
  return all.map(wedge).filter((heard) => heard.kind !== 'burst')
}
const scan = (text: string): Heard[] => [{ kind: 'scan', text }]

test('fast keys that end in Enter are a scan', () => {
  expect(hear(keys([...'8901234567890', 'Enter'], 3))).toEqual(scan('8901234567890'))
})

test('a slow Bluetooth scanner still is one', () => {
  expect(hear(keys([...'8901234567890', 'Enter'], 40))).toEqual(scan('8901234567890'))
})

test('people are too slow for a scan', () => {
  expect(hear(keys([...'8901234567890', 'Enter'], 70))).toEqual([{ kind: 'other' }])
})

test('a person who types an amount and presses Enter later makes no scan', () => {
  expect(hear([...keys('1000', 45), plain('Enter', 400)])).toEqual([{ kind: 'other' }])
})

test('what was typed before a scan is no part of it', () => {
  expect(hear([...keys('3*', 150), ...keys([...'96385074', 'Enter'], 5, 900)])).toEqual(scan('96385074'))
})

test('fewer than four characters are no scan', () => {
  expect(hear(keys([...'123', 'Enter'], 3))).toEqual([{ kind: 'other' }])
})

test('a held key repeats fast and is no scan', () => {
  const held = keys([...'11111111', 'Enter'], 30).map((key, at) => ({
    ...key,
    repeat: at > 0 && key.key !== 'Enter',
  }))
  expect(hear(held).some((heard) => heard.kind === 'scan')).toBe(false)
})

test('Shift between letters does not break a burst', () => {
  expect(
    hear(keys(['Shift', 'L', 'Shift', 'I', 'p', '-', '0', '4', 'Enter'], 4)).filter(
      (heard) => heard.kind === 'scan',
    ),
  ).toEqual(scan('LIp-04'))
})

test.each([
  ['the control character', plain('\u001d', 8)],
  ['Ctrl and a bracket', { ...plain(']', 8), ctrl: true }],
])('FNC1 arrives as %s', (_how, fnc1) => {
  expect(hear([...keys('10B7', 2), fnc1, ...keys(['2', '1', 'S', 'Enter'], 2, 10)])).toEqual(
    scan('10B7\u001d21S'),
  )
})

test('a shortcut or an arrow ends the burst', () => {
  const arrow = hear([...keys('8901', 3), plain('ArrowDown', 12), ...keys(['2', '3', 'Enter'], 3, 15)])
  expect(arrow.some((heard) => heard.kind === 'scan')).toBe(false)
})

test('two scans directly after one another are two', () => {
  const both = [...keys([...'96385074', 'Enter'], 4), ...keys([...'8901234567890', 'Enter'], 4, 40)]
  expect(hear(both)).toEqual([...scan('96385074'), ...scan('8901234567890')])
})
