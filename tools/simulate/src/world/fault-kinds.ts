/** What can go wrong in a history, by the name that `--faults` takes. */
export const faultKinds = {
  crash: 'the power goes before or after any call of a port, or in the middle of a write of the second copy',
  'lost-write': 'a copy has forgotten its last writes when the power comes back',
  storage: 'a copy fails, fails after it has written, or never answers',
  'disk-full': 'one copy or both refuse to grow',
  damage: 'a record of one copy was altered, or a copy is gone',
  message: 'messages are lost, doubled, delayed past later ones, or answered with an earlier answer',
  'half-open': 'the request arrives and the answer comes very late or never, while the till goes on',
  partition: 'a till, the store server or headquarters is out of reach',
  clock: 'somebody sets a clock, by minutes, days or decades',
  restore: 'headquarters is restored from an older backup',
  clone: 'a profile is copied to a second device that goes on selling',
  rollback: 'a device is put back to an earlier state',
  windows: 'a second window takes the journal while the first goes on',
  upgrade: 'till or server is of the release before and does not know some entry types or members',
  'store-server': 'the store server in between dies, loses its data or is restored',
} as const

export type FaultKind = keyof typeof faultKinds

export const allFaults = Object.keys(faultKinds) as FaultKind[] // as: its own keys
