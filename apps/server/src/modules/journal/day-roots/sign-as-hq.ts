import { sign } from 'node:crypto'
import { canonicalBytes } from '@nexus/sync'
import type { Context } from '../../../context.ts'

/** HQ's signature (r ‖ s, base64url) over the canonical JSON of a record. */
export function signAsHq({ hq }: Pick<Context['secrets'], 'hq'>, record: object): string {
  const bytes = canonicalBytes(record)
  return sign('sha256', bytes, { key: hq.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')
}
