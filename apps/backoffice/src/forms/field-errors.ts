import type { I18n } from '@lingui/core'
import { Problem } from '@nexus/contract'
import { problemWords } from '../phrases/problem-words.ts'

/**
 * What the server found wrong, by field of the form. Where it only marks a field (`taken`), the refusal's
 * own sentence stands there.
 *
 * @param nameOf the form's name of a server's field
 */
export function fieldErrors(
  i18n: I18n,
  error: unknown,
  nameOf: (field: string) => string = (field) => field,
): Record<string, string> {
  if (!(error instanceof Problem)) return {}
  return Object.fromEntries(
    error.errors.map(({ field, message }) => [
      nameOf(field),
      message.includes(' ') ? message : problemWords(i18n, error),
    ]),
  )
}
