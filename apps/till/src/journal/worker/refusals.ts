import { Problem } from '@nexus/contract'
import { JournalRefusal } from '@nexus/sync'
import { JournalRefused } from '../types.ts'

/** The code of an expected refusal; `offline` when no answer came; undefined for a fault of ours. */
export function codeOf(cause: unknown): string | undefined {
  if (cause instanceof JournalRefused || cause instanceof JournalRefusal || cause instanceof Problem)
    return cause.code
  // fetch rejects with TypeError without a network and with TimeoutError without an answer.
  const noAnswer =
    cause instanceof TypeError || (cause instanceof DOMException && cause.name === 'TimeoutError')
  return noAnswer ? 'offline' : undefined
}
