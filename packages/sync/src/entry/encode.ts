import { canonicalBytes } from '../canonical/json.ts'
import { sizeLimit } from './limits.ts'
import { documentToWire } from './lines.ts'
import type { BodyOf, Entry } from './schema.ts'

/**
 * The bytes of an entry: canonical JSON, lines as tables (JRN-4). Made once by the one who writes the
 * entry; stored and sent bytes are never made again.
 *
 * Throws RangeError above the size limit and TypeError on texts with lone surrogates, which are mended
 * when they are typed in.
 */
export function encodeEntry(entry: Entry): Uint8Array<ArrayBuffer> {
  const bytes = canonicalBytes({ ...entry, body: wireBody(entry) })
  const limit = sizeLimit(entry.type, entry.type === 'incident' && entry.body.bytes !== undefined)
  if (bytes.length > limit) throw new RangeError(`An entry of ${bytes.length} bytes is above ${limit}`)
  return bytes
}

function wireBody(entry: Entry): object {
  switch (entry.type) {
    case 'sale':
      return { ...entry.body, documents: entry.body.documents.map(documentToWire) }
    case 'invoice-issued':
    case 'recovered-bill': {
      const body: BodyOf<'invoice-issued' | 'recovered-bill'> = entry.body
      return { ...body, document: documentToWire(body.document) }
    }
    default:
      return entry.body
  }
}
