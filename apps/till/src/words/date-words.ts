const FORMS = {
  month: { month: 'short', year: 'numeric' },
  day: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
} as const

/** Month of a label, `2027-03` → `Mar 2027`, in the language's own words. */
export function monthWords(language: string, month: string): string {
  const [year, number] = month.split('-')
  return formatOf(language, 'month').format(Date.UTC(Number(year), Number(number) - 1, 1))
}

/** A trading day, `2026-11-22` → `Sun, 22 Nov 2026`. */
export function dayWords(language: string, day: string): string {
  return formatOf(language, 'day').format(Date.parse(`${day}T00:00:00Z`))
}

// Making a format takes milliseconds, longer than anything else in a scan.
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(language: string, form: keyof typeof FORMS): Intl.DateTimeFormat {
  const key = `${form} ${language}`
  let format = formats.get(key)
  if (format === undefined) {
    // Digits stay Latin, as on notes, packs and keyboards.
    format = new Intl.DateTimeFormat(`${language}-IN-u-nu-latn`, { ...FORMS[form], timeZone: 'UTC' })
    formats.set(key, format)
  }
  return format
}
