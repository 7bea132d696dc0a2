import { expect, test } from 'vitest'
import formats from '../../../../docs/spec/cases/formats.json' with { type: 'json' }
import cases from '../../../../docs/spec/cases/gstin.json' with { type: 'json' }
import { gstinCheckCharacter, isPan, parseGstin } from './gstin.ts'
import { normaliseMobile } from './mobile.ts'
import { isPin, pinMatchesState, stateCodes, stateName } from './states.ts'

test.each(cases.cases)('reference case $id: $input, $why', (given) => {
  const parsed = parseGstin(given.input)
  if (!given.valid) {
    expect(parsed).toHaveProperty('fault')
    return
  }
  expect(parsed).toEqual({
    gstin: given.normalised,
    stateCode: given.state_code,
    pan: given.pan,
    kind: given.kind,
  })
  expect(stateName(given.state_code ?? '')).toBe(given.state)
})

test.each(cases.check_digit_generation)('check character of $first14 is $check_digit', (given) => {
  expect(gstinCheckCharacter(given.first14)).toBe(given.check_digit)
})

test('a fault says what is wrong', () => {
  expect(parseGstin('27AAPFU0939F1Z')).toEqual({ fault: 'length' })
  expect(parseGstin('27AAPFU09O9F1ZV')).toEqual({ fault: 'format' })
  expect(parseGstin('28AAPFU0939F1ZV')).toEqual({ fault: 'state' })
  expect(parseGstin('27AAPFU0939F1ZX')).toEqual({ fault: 'check-character' })
  expect(parseGstin(' 27AAPFU 0939F1ZV ')).toMatchObject({ gstin: '27AAPFU0939F1ZV' })
})

test("every State of the portal's list has its name", () => {
  const names = Object.fromEntries(stateCodes().map((code) => [code, stateName(code)]))
  expect(names).toEqual(cases.state_codes)
  expect(stateName('00')).toBeUndefined()
})

test.each(formats.pin_code)(
  'reference case $id: $input.pin in $input.state',
  ({ input, valid, matches_state }) => {
    expect(isPin(input.pin)).toBe(valid)
    expect(pinMatchesState(input.pin, input.state)).toBe(matches_state)
  },
)

test('a PIN code of another State does not match', () => {
  expect(pinMatchesState('560034', '29')).toBe(true)
  expect(pinMatchesState('560034', '27')).toBe(false)
  expect(pinMatchesState('560034', '00')).toBe(false)
})

test.each(formats.mobile)('reference case $id: $input', ({ input, normalised }) => {
  expect(normaliseMobile(input)).toBe(normalised ?? undefined)
})

test('a mobile number is taken as people write it', () => {
  for (const text of ['+91 98765 43210', '098765-43210', '91 9876543210']) {
    expect(normaliseMobile(text)).toBe('+919876543210')
  }
  expect(normaliseMobile('+1 9876543210')).toBeUndefined()
  expect(normaliseMobile('0091 9876543210')).toBeUndefined()
})

test('a PAN has five letters, four digits and a letter', () => {
  expect(isPan('AAPFU0939F')).toBe(true)
  expect(['AAPFU0939', 'aapfu0939f', 'AAPF00939F', 'AAPFU0939FX'].some(isPan)).toBe(false)
})
