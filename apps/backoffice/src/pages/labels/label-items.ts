/** Which labels to print, and how many of each. */
export type LabelItem = { productId: number; copies: number }

const productsMax = 500
export const copiesMax = 999

/**
 * Items as they stand in the address bar: `12x3,15` is three of product 12 and one of 15. What cannot be
 * read is left out, a product named twice counts once.
 */
export function readItems(text: string): LabelItem[] {
  const items = new Map<number, number>()
  for (const part of text.split(',')) {
    const [, id, copies = '1'] = /^([1-9][0-9]{0,9})(?:x([0-9]{1,3}))?$/.exec(part.trim()) ?? []
    if (id !== undefined && !items.has(Number(id))) items.set(Number(id), Number(copies))
  }
  return [...items].slice(0, productsMax).map(([productId, copies]) => ({ productId, copies }))
}

/** Items as an address; undefined for none. */
export function writeItems(items: readonly LabelItem[]): string | undefined {
  if (items.length === 0) return undefined
  return items
    .map(({ productId, copies }) => (copies === 1 ? `${productId}` : `${productId}x${copies}`))
    .join(',')
}

/** Cuts a row of labels into sheets. */
export function sheetsOf<T>(labels: readonly T[], perSheet: number): T[][] {
  return Array.from({ length: Math.ceil(labels.length / perSheet) }, (_, sheet) =>
    labels.slice(sheet * perSheet, (sheet + 1) * perSheet),
  )
}
