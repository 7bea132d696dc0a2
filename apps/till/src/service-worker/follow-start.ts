import type { JournalClient, JournalState } from '../journal/index.ts'
import type { AppUpdates } from './register.ts'

/** This window opened the journal, or found that there is none yet: the version works on this device. */
const OPENED: readonly JournalState[] = ['ready', 'not-enrolled', 'retired']

/** Says that this version has started, as soon as its journal is open. Safe to repeat. */
export function followStart(state: JournalState, updates: AppUpdates): void {
  if (OPENED.includes(state)) updates.started()
}

/** Journals, once a run, that a newer version did not start on this device and the one before sells on (F53). */
export function reportRefusedVersion(
  journal: Pick<JournalClient, 'append' | 'getStatus' | 'subscribe'>,
  updates: Pick<AppUpdates, 'refusedRelease' | 'subscribe'>,
): void {
  let isTold = false
  function report(): void {
    const release = updates.refusedRelease()
    if (isTold || release === null || journal.getStatus().state !== 'ready') return
    isTold = true
    const body = { kind: 'update-refused', params: { release }, place: null }
    journal.append({ type: 'incident', cart: null, rulebook: null, body }).catch(() => {
      isTold = false
    })
  }
  journal.subscribe(report)
  updates.subscribe(report)
}
