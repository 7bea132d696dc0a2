import type { JournalStatus } from './types.ts'

/** What is known before a window owns the journal. */
export const noStatus: JournalStatus = {
  state: 'starting',
  fault: null,
  place: null,
  seriesCode: null,
  head: null,
  people: [],
  shift: null,
  signedIn: null,
  inDoubt: null,
  waiting: { entries: 0, sales: 0, soldMinor: 0, oldestAt: null },
  notSafe: { entries: 0, until: 'durable' },
  hop: { reachable: false, lastContactAt: null, problem: null, nextTryAt: 0 },
  storage: { persisted: false, quotaBytes: null, usageBytes: null, failedCopy: null, room: 'fine' },
  clock: { skewMs: 0, trustAgeMs: null, offsetMs: 0 },
  newEpoch: null,
  attempts: [],
  rehoming: 0,
  findings: [],
  offerUses: null,
  minimumApp: null,
}
