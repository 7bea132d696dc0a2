import { setupI18n } from '@lingui/core'
import { Problem } from '@nexus/contract'
import { expect, test } from 'vitest'
import { fieldErrors } from './field-errors.ts'

const i18n = setupI18n({ locale: 'en', messages: { en: {} } })

test('a fault stands at its field, under the form’s name of it', () => {
  const errors = [{ field: 'names.en', message: 'The product has no English name. Fill it in.' }]
  const problem = new Problem('request/invalid', 'Something is wrong.', {}, errors)
  expect(fieldErrors(i18n, problem, () => 'nameEn')).toEqual({ nameEn: errors[0]?.message })
})

test('a field that is only marked shows the refusal’s sentence', () => {
  const problem = new Problem('staff/login-taken', 'Another person signs in as asha.', {}, [
    { field: 'login', message: 'taken' },
  ])
  expect(fieldErrors(i18n, problem)).toEqual({ login: 'Another person signs in as asha.' })
})

test('an unreachable server marks no field', () => {
  expect(fieldErrors(i18n, new TypeError('fetch failed'))).toEqual({})
})
