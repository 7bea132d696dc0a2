import type { I18n } from '@lingui/core'
import type { TaxClassRow } from '@nexus/contract'
import { formatPlain, localDate, parseAmount, startOfDate } from '@nexus/domain'

export type RateValues = {
  key: string
  fromDay: string
  kind: 'taxable' | 'nil' | 'exempt' | 'non-gst'
  /** Per cent as typed. */
  rate: string
  /** Beginning as stored; kept until its day is changed. */
  stored: number | null
}
export type TaxClassValues = { id: string; name: string; rates: RateValues[] }

/** A stored tax class as the form shows it. */
export function valuesOf(taxClass: TaxClassRow): TaxClassValues {
  return {
    id: taxClass.id,
    name: taxClass.name,
    rates: taxClass.rates.map((rate) => ({
      key: String(rate.from),
      fromDay: localDate(rate.from),
      kind: rate.kind,
      rate: percentText(rate.rateBp),
      stored: rate.from,
    })),
  }
}

/** The form's texts as the server takes them, rates by date. */
export function bodyOf(values: TaxClassValues): Pick<TaxClassRow, 'name' | 'rates'> {
  return {
    name: values.name.trim(),
    rates: values.rates
      .map(({ fromDay, kind, rate, stored }) => ({
        from: stored !== null && localDate(stored) === fromDay ? stored : startOfDate(fromDay),
        kind,
        rateBp: kind === 'taxable' ? (rateBpOf(rate) ?? 0) : 0,
      }))
      .toSorted((one, other) => one.from - other.from),
  }
}

/** Faults of the form by field. */
export function taxClassFaults(i18n: I18n, values: TaxClassValues): Record<string, string> {
  const faults: Record<string, string> = {}
  const required = i18n._('form.required', {}, { message: 'Fill this in.' })
  if (!/^[A-Z0-9][A-Z0-9-]{1,19}$/.test(values.id)) {
    faults.id = i18n._(
      'tax-class.id-fault',
      {},
      { message: 'Two or more capitals, digits and hyphens, e.g. GST-18.' },
    )
  }
  if (values.name.trim() === '') faults.name = required
  for (const [place, rate] of values.rates.entries()) {
    if (rate.fromDay === '') faults[`rates.${place}.fromDay`] = required
    else if (values.rates.slice(0, place).some((other) => other.fromDay === rate.fromDay)) {
      faults[`rates.${place}.fromDay`] = i18n._(
        'tax-class.day-twice',
        {},
        { message: 'Another rate begins on this day.' },
      )
    }
    if (rate.kind === 'taxable' && rateBpOf(rate.rate) === undefined) {
      faults[`rates.${place}.rate`] = i18n._(
        'tax-class.rate-fault',
        {},
        { message: 'A rate from 0 to 100, e.g. 18 or 2.5.' },
      )
    }
  }
  return faults
}

/** Hundredths of a per cent of a typed rate: two decimals, as with rupees and paise. */
function rateBpOf(text: string): number | undefined {
  const read = parseAmount(text.replace(/%$/, ''))
  return 'amountMinor' in read && read.amountMinor <= 10_000 ? read.amountMinor : undefined
}

function percentText(rateBp: number): string {
  return formatPlain(rateBp).replace(/\.?0+$/, '')
}
