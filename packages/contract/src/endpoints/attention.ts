import { type Static, Type } from 'typebox'
import { Day, Hash, Id, Instant, listQuery, Minor, Nullable, Page } from '../common.ts'
import { endpoint } from '../endpoint.ts'

/** Free text of the one who decides; stands beside the journal, since people may be named in it. */
const Remark = Type.String({ maxLength: 500 })
const Seq = Type.Integer({ minimum: 1 })

/** Why a person lets an entry act, or never act. */
export const releaseReasons = ['checked', 'not-a-sale', 'twice', 'forged', 'other'] as const
export type ReleaseReason = (typeof releaseReasons)[number]
/** Why slots will never be filled. */
export const holeReasons = ['device-destroyed', 'device-wiped', 'searched-in-vain', 'other'] as const
export type HoleReason = (typeof holeReasons)[number]
/** Why a device is gone. */
export const handoverReasons = ['replaced', 'broken', 'lost', 'stolen', 'other'] as const
export type HandoverReason = (typeof handoverReasons)[number]
/** JRN-21: everything arrived; nobody knows what came after the last entry here; a thief has it. */
export const declarations = ['clean', 'tail-unknown', 'stolen'] as const
export type Declaration = (typeof declarations)[number]

const oneOf = <T extends string>(values: readonly T[]) =>
  Type.Unsafe<T>(Type.Union(values.map((value) => Type.Literal(value))))

const place = { storeId: Nullable(Id), registerId: Nullable(Id), epoch: Id, seq: Type.Integer() }

export const QuarantineRow = Type.Object({
  identity: Hash,
  receivedAt: Instant,
  reason: Type.String(),
  ...place,
  /** Type and time as far as they can be read. */
  type: Nullable(Type.String()),
  at: Nullable(Instant),
  bytes: Type.Integer(),
  /** The beginning of the entry as text; what is no text is shown as `·`. */
  start: Type.String(),
  /** Of a sale that can be read: number and sum of its first document. */
  bill: Nullable(Type.Object({ number: Type.String(), totalMinor: Minor })),
  /** This release of the server can let it act. */
  mayAct: Type.Boolean(),
  released: Nullable(Type.Union([Type.Literal('act'), Type.Literal('drop')])),
})
export type QuarantineRow = Static<typeof QuarantineRow>

const quarantineQuery = {
  ...listQuery,
  store: Type.Optional(Id),
  reason: Type.Optional(Type.String({ maxLength: 40 })),
  /** Left out: those that wait. */
  settled: Type.Optional(Type.Boolean()),
}
export const listQuarantine = endpoint({
  method: 'GET',
  path: '/v1/quarantine',
  tag: 'journal',
  allow: 'bills.read',
  summary: 'Entries that took their slot and wait for a person, or waited; newest first.',
  query: Type.Object(quarantineQuery),
  answer: Page(QuarantineRow),
})
export const ReleaseBody = Type.Object({
  outcome: Type.Union([Type.Literal('act'), Type.Literal('drop')]),
  reason: oneOf(releaseReasons),
  remark: Remark,
})
export const decideQuarantine = endpoint({
  method: 'PUT',
  path: '/v1/quarantine/:identity/decision',
  tag: 'journal',
  allow: 'journal.decide',
  summary: 'Let an entry in quarantine act, once, or never. Written into the server’s own journal.',
  params: Type.Object({ identity: Hash }),
  body: ReleaseBody,
})

/** Entries of an epoch that are on another branch than the accepted one. */
export const ForkRow = Type.Object({
  epoch: Id,
  /** Series code of the epoch. */
  code: Nullable(Type.String()),
  storeId: Nullable(Id),
  registerId: Nullable(Id),
  /** Of the first one. */
  receivedAt: Instant,
  fromSeq: Type.Integer(),
  toSeq: Type.Integer(),
  entries: Type.Integer(),
  waiting: Type.Integer(),
  adopted: Type.Integer(),
  rehomed: Type.Integer(),
  /** Among those that wait. */
  sales: Type.Integer(),
  soldMinor: Minor,
  /** When the recovery journal takes what then still waits; null where nothing waits. */
  rehomedBy: Nullable(Instant),
})
export type ForkRow = Static<typeof ForkRow>
export const listForks = endpoint({
  method: 'GET',
  path: '/v1/forks',
  tag: 'journal',
  allow: 'bills.read',
  summary: 'Epochs of which entries came on another branch, and what became of these; newest first.',
  query: Type.Object({ ...listQuery, store: Type.Optional(Id), settled: Type.Optional(Type.Boolean()) }),
  answer: Page(ForkRow),
})
export const rehomeForks = endpoint({
  method: 'PUT',
  path: '/v1/forks/:epoch/rehoming',
  tag: 'journal',
  allow: 'journal.decide',
  summary:
    'Write the forked entries of an epoch that wait into the store’s recovery journal now; each acts once.',
  params: Type.Object({ epoch: Id }),
  body: Type.Object({ remark: Remark }),
})

export const HoleRow = Type.Object({
  epoch: Id,
  code: Type.String(),
  storeId: Nullable(Id),
  registerId: Nullable(Id),
  fromSeq: Seq,
  toSeq: Seq,
  /** Declared lost by a person; bytes that turn up all the same still fill it. */
  lost: Type.Boolean(),
})
export type HoleRow = Static<typeof HoleRow>
export const listHoles = endpoint({
  method: 'GET',
  path: '/v1/holes',
  tag: 'journal',
  allow: 'bills.read',
  summary: 'Slots whose entries no device holds any more, declared by the tills and not filled.',
  query: Type.Object({ ...listQuery, store: Type.Optional(Id) }),
  answer: Page(HoleRow),
})
export const LostHoleBody = Type.Object({
  fromSeq: Seq,
  toSeq: Seq,
  reason: oneOf(holeReasons),
  remark: Remark,
})
export const declareHoleLost = endpoint({
  method: 'PUT',
  path: '/v1/holes/:epoch/loss',
  tag: 'journal',
  allow: 'journal.decide',
  summary: 'Say that slots of a declared hole will never be filled.',
  params: Type.Object({ epoch: Id }),
  body: LostHoleBody,
})

/** A life of a register on a device, as this server knows it. */
export const RegisterDevice = Type.Object({
  epoch: Id,
  code: Type.String(),
  state: Type.Union([Type.Literal('open'), Type.Literal('closed'), Type.Literal('stolen')]),
  /** Last entry here; 0 and null while none came. */
  headSeq: Type.Integer(),
  headHash: Nullable(Type.String()),
  movedAt: Nullable(Instant),
  /** Last entry that the till announced; null where it did not, or not of this epoch. */
  told: Nullable(Type.Object({ seq: Type.Integer(), hash: Type.String(), at: Instant })),
  declarations: Type.Array(
    Type.Object({
      declaration: oneOf(declarations),
      afterSeq: Type.Integer(),
      reason: Type.String(),
      by: Nullable(Type.String()),
      at: Instant,
    }),
  ),
})
export type RegisterDevice = Static<typeof RegisterDevice>
export const listRegisterDevices = endpoint({
  method: 'GET',
  path: '/v1/registers/:registerId/devices',
  tag: 'journal',
  allow: 'stores.read',
  summary: 'Lives of a register on its devices, newest first, with what was heard of each.',
  params: Type.Object({ registerId: Id }),
  answer: Type.Object({ devices: Type.Array(RegisterDevice) }),
})
export const HandoverBody = Type.Object({
  epoch: Id,
  declaration: oneOf(declarations),
  reason: oneOf(handoverReasons),
  /** The highest number seen on paper of each series: what is missing up to it is lost with the device. */
  lastNumbers: Type.Array(Type.String({ minLength: 1, maxLength: 16 }), { maxItems: 10 }),
  remark: Remark,
})
export type HandoverBody = Static<typeof HandoverBody>
export const declareHandover = endpoint({
  method: 'PUT',
  path: '/v1/registers/:registerId/handover',
  tag: 'journal',
  allow: 'registers.handover',
  summary:
    'Declare that a device of a register is gone. Its tail is accepted for ever; a stolen one’s waits.',
  params: Type.Object({ registerId: Id }),
  body: HandoverBody,
})

export const attentionSources = ['till', 'server', 'quarantine', 'fork', 'discrepancy'] as const
export const IncidentRow = Type.Object({
  id: Type.String(),
  at: Instant,
  kind: Type.String(),
  params: Type.Record(Type.String(), Type.Unknown()),
  storeId: Nullable(Id),
  registerId: Nullable(Id),
  epoch: Nullable(Id),
  seq: Nullable(Type.Integer()),
  source: oneOf(attentionSources),
  /** Who looked at it and what they said; null while it is open. */
  closed: Nullable(Type.Object({ at: Instant, by: Nullable(Type.String()), remark: Type.String() })),
})
export type IncidentRow = Static<typeof IncidentRow>
const incidentQuery = {
  ...listQuery,
  store: Type.Optional(Id),
  source: Type.Optional(Type.String({ maxLength: 20 })),
  kind: Type.Optional(Type.String({ maxLength: 60 })),
  from: Type.Optional(Day),
  until: Type.Optional(Day),
  /** Left out: open ones. */
  closed: Type.Optional(Type.Boolean()),
}
export const listIncidents = endpoint({
  method: 'GET',
  path: '/v1/incidents',
  tag: 'journal',
  allow: 'bills.read',
  summary:
    'What people must look at: incidents, quarantined and forked entries, discrepancies. Newest first; those that somebody closed only where asked for.',
  query: Type.Object(incidentQuery),
  answer: Page(IncidentRow),
})
export const exportIncidents = endpoint({
  method: 'GET',
  path: '/v1/incidents.csv',
  tag: 'journal',
  allow: 'bills.read',
  summary: 'The same rows as a file, at most 10,000.',
  query: Type.Object(incidentQuery),
  produces: 'text/csv',
})
export const closeIncidents = endpoint({
  method: 'POST',
  path: '/v1/incidents/closings',
  tag: 'journal',
  allow: 'attention.write',
  summary:
    'Take note of incidents and discrepancies with a remark. No entry changes by it; those that are closed stay so.',
  body: Type.Object({
    ids: Type.Array(Type.String({ maxLength: 80 }), { minItems: 1, maxItems: 200 }),
    remark: Type.String({ minLength: 1, maxLength: 500 }),
  }),
  answer: Type.Object({ closed: Type.Integer() }),
})
