import type { I18n } from '@lingui/core'
import { addDays, isDate, localDate, startOfDate } from '@nexus/domain'
import { countText } from '../../phrases/figures.ts'

export type BatchValues = {
  name: string
  /** As typed; Indian grouping is understood. */
  count: string
  /** Last day on which the codes count; empty: as long as the offer. */
  lastDay: string
}

const countMax = 100_000

/** How many codes are typed; undefined where it is no whole number. */
export function countOf(text: string): number | undefined {
  const digits = text.replace(/[\s,]/g, '')
  return /^[0-9]{1,7}$/.test(digits) ? Number(digits) : undefined
}

/** The form's texts as the server takes them. */
export function batchBody(values: BatchValues, offerId: number) {
  return {
    offerId,
    name: values.name.trim(),
    count: countOf(values.count) ?? 0,
    expiresAt: values.lastDay === '' ? null : startOfDate(addDays(values.lastDay, 1)),
  }
}

/**
 * Faults of the form by field.
 *
 * @param room how many more codes nobody could guess
 */
export function batchFaults(
  i18n: I18n,
  values: BatchValues,
  { room, now }: { room: number; now: number },
): Record<string, string> {
  const faults: Record<string, string> = {}
  if (values.name.trim() === '') faults.name = i18n._('form.required', {}, { message: 'Fill this in.' })
  const count = countOf(values.count)
  const max = Math.min(room, countMax)
  if (count === undefined || count < 1 || count > countMax) {
    faults.count = i18n._(
      'coupons.count-fault',
      { max: countText(countMax) },
      { message: 'A whole number from 1 to {max}.' },
    )
  } else if (count > max) {
    faults.count = i18n._(
      'coupons.room-fault',
      { max: countText(max) },
      {
        message:
          'So many codes could be guessed. Ask for {max} at most, or copy the offer with longer codes.',
      },
    )
  }
  if (values.lastDay !== '' && (!isDate(values.lastDay) || values.lastDay < localDate(now))) {
    faults.lastDay = i18n._('coupons.day-fault', {}, { message: 'Choose today or a later day.' })
  }
  return faults
}
