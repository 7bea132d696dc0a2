import { decide } from '../server/decide.ts'
import type { AcceptState, PreparedPush } from '../server/types.ts'
import type { Decide } from './memory-server.ts'

/**
 * Server cores with one guard taken out, to show that the simulation sees it missing. They wrap the real
 * `decide`: what it is told about the world is what the guard would not have seen.
 */
export const plantedDefects: { [name: string]: Decide } = {
  /** Identity: what had effect is forgotten, so that a re-homed entry acts again. */
  'forgets identities': (state, pushes, facts, firstPrevHash) => {
    return decide({ ...state, identities: new Map() }, pushes, facts, firstPrevHash)
  },

  /** Gap refusal: whatever arrives is taken as the next. */
  'accepts past a gap': (state, pushes, facts, firstPrevHash) => {
    return decide(withoutGaps(state, pushes), pushes, facts, firstPrevHash)
  },

  /** Quarantine takes its slot: an entry that cannot be read is left at the door. */
  'gives quarantine no slot': (state, pushes, facts, firstPrevHash) => {
    return decide(state, pushes.map(upToUnread), facts, firstPrevHash)
  },
}

function withoutGaps(state: AcceptState, pushes: readonly PreparedPush[]): AcceptState {
  const epochs = new Map(state.epochs)
  for (const { epoch, firstSeq, entries } of pushes) {
    const known = epochs.get(epoch)
    const prevHash = entries[0]?.decoded.outline.prevHash
    if (known === undefined || !prevHash || firstSeq <= known.head.seq + 1) continue
    epochs.set(epoch, { ...known, head: { seq: firstSeq - 1, hash: prevHash } })
  }
  return { ...state, epochs }
}

function upToUnread(push: PreparedPush): PreparedPush {
  const unread = push.entries.findIndex(({ decoded }) => decoded.kind !== 'ok')
  return unread < 0 ? push : { ...push, entries: push.entries.slice(0, unread) }
}
