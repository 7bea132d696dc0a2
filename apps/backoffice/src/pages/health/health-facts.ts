import type { RegisterHealthRow } from '@nexus/contract'
import type { RegisterFacts } from '@nexus/domain'

/** What the levels are judged by. */
export function healthFacts(row: RegisterHealthRow): RegisterFacts {
  return { ...row, setAside: row.quarantined + row.forked }
}
