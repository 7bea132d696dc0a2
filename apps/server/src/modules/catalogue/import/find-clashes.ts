import { hash } from 'node:crypto'
import type { BadRow } from '@nexus/contract'
import type { ReadRow } from './read-fields.ts'

type Claim = { line: number; says: string; others: number | undefined }

/**
 * Remembers who claims what in a file: a key, an SKU, a barcode. Rows that claim one key with different
 * content are all refused: nothing tells which of them is right. The same goes for one SKU or barcode
 * on different products.
 */
export class Claims {
  readonly #claims = new Map<string, Claim>()

  add(row: ReadRow): void {
    // Keys differ by more than case, and so does content. The hash saves memory: a file may have a million rows.
    const content = hash('sha256', JSON.stringify(row.fields).toLowerCase(), 'base64url')
    this.#claim(`k${row.key}`, row.line, content)
    for (const { name } of codesOf(row)) this.#claim(name, row.line, row.key)
  }

  #claim(name: string, line: number, says: string): void {
    const first = this.#claims.get(name)
    if (first === undefined) this.#claims.set(name, { line, says, others: undefined })
    else if (first.says !== says) first.others ??= line
  }

  /** Why a row cannot be taken, when another row of the file says otherwise. */
  clashOf(row: ReadRow): Omit<BadRow, 'value'> | undefined {
    for (const { name, field } of [{ name: `k${row.key}`, field: 'key' }, ...codesOf(row)]) {
      const claim = this.#claims.get(name)
      if (claim?.others === undefined) continue
      const other = claim.line === row.line ? claim.others : claim.line
      if (field === 'key') {
        return {
          line: row.line,
          field,
          reason: `Line ${other} has the same key with other content, and nothing says which is right.`,
          remedy: 'Keep one of them, or make their keys differ, for instance by the size in the name.',
        }
      }
      return {
        line: row.line,
        field,
        reason: `Line ${other} gives the same ${field === 'sku' ? 'SKU' : 'barcode'} to another product.`,
        remedy: 'Find out whose it is and correct the other line.',
      }
    }
    return undefined
  }
}

function codesOf({ fields: { sku, barcode } }: ReadRow): { name: string; field: string }[] {
  const codes: { name: string; field: string }[] = []
  if (sku) codes.push({ name: `s${sku.toLowerCase()}`, field: 'sku' })
  if (barcode) codes.push({ name: `b${barcode}`, field: 'barcode' })
  return codes
}
