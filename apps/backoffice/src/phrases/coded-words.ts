import { formatDateTime, formatRupees } from '@nexus/domain'

/** A code as a phrase: `primary-lost` → `Primary lost`. For codes that have no sentence of their own. */
export function phraseOf(code: string): string {
  const words = code.replaceAll(/[-_.]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/**
 * Parameters of a coded text as people read them: amounts by their name's `Minor`, instants by `At`.
 */
export function parametersOf(params: Record<string, unknown>): { name: string; value: string }[] {
  return Object.entries(params).map(([name, value]) => ({
    name: phraseOf(nameWords(name)),
    value: valueText(name, value),
  }))
}

function nameWords(name: string): string {
  return name
    .replace(/(Minor|At|Ms)$/, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
}

function valueText(name: string, value: unknown): string {
  if (value === null) return '–'
  if (Number.isSafeInteger(value)) {
    if (name.endsWith('Minor')) return formatRupees(Number(value))
    if (name.endsWith('At')) return formatDateTime(Number(value))
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
