import type { KeyObject } from 'node:crypto'
import type { JournalCheckTools } from '@nexus/sync'
import { isSignedBy, parseP256 } from './p256.ts'
import { sha256 } from './sha256.ts'

/** What checking a journal needs of this machine: no database and no server. */
export function journalTools(
  enrolmentKeys: readonly string[],
): Pick<JournalCheckTools, 'sha256' | 'verify' | 'enrolmentKeys'> {
  const keys = new Map<string, KeyObject | undefined>()
  return {
    sha256,
    enrolmentKeys,
    verify(publicKey, bytes, signature) {
      if (!keys.has(publicKey)) keys.set(publicKey, parseP256(publicKey))
      return isSignedBy(keys.get(publicKey), bytes, signature)
    },
  }
}
