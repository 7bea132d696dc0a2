import {
  type EpochState,
  fromBase64Url,
  type Hole,
  type IdentityState,
  type Mark,
  type PreparedEntry,
  type PreparedFork,
  toBase64Url,
  type Wanted,
} from '@nexus/sync'
import { CompiledQuery, type Insertable } from 'kysely'
import type { Db, Dialect, Tx } from '../../../db/database.ts'
import { inList, insertRows, keepRows, replaceRows } from '../../../db/rows.ts'
import { readTogether } from '../../../db/send-later.ts'
import { uuidBytes, uuidText } from '../../../db/uuid.ts'
import type {
  ArchiveMarkTable,
  DiscrepancyTable,
  EntryIdentityTable,
  IncidentTable,
  JournalCartTable,
  JournalEffectTable,
  JournalEntryTable,
  JournalEpochTable,
  JournalForkTable,
  JournalHeadTable,
  JournalNumberBearerTable,
  JournalNumberTable,
  JournalQuarantineTable,
  PersonalDataTable,
} from '../tables.ts'

/** Small keys of an epoch. */
export type EpochKeys = { storeNo: number; registerNo: number; epochNo: number }
/** An epoch as the accept path reads it. */
export type EpochRow = EpochKeys & {
  state: EpochState
  hasForks: boolean
  checkpoint: { seq: number; signature: string } | null
}

type EpochHeadRow = JournalEpochTable & Omit<JournalHeadTable, 'store_no' | 'epoch_no'>
type DurableRow = Pick<ArchiveMarkTable, 'generation' | 'seq' | 'hash' | 'signature'> & { epoch: Uint8Array }

/** What the shell reads of every group. */
export type GroupRead = {
  epochs: Map<string, EpochRow>
  known: Known
}

/** What is known of identities, carts and bill numbers. */
type Known = {
  identities: Map<string, IdentityState>
  sales: Map<string, readonly string[]>
  documents: Map<string, string>
}

/**
 * Epochs with their heads, locked until the transaction ends and always in the order of their ids, and
 * what is known of identities, carts and bill numbers.
 */
export async function lockAndRead(tx: Tx, dialect: Dialect, wanted: Wanted): Promise<GroupRead> {
  const [epochs = [], known = [], marks = []] = await readTogether(tx, [
    epochsQuery(dialect, wanted.epochs),
    knownQuery(wanted),
    durableQuery(wanted.epochs),
  ])
  // The columns are those that the three queries name.
  const durable = durableMarks(marks as DurableRow[])
  const rows = (epochs as EpochHeadRow[]).map((row) => ({ row, epoch: uuidText(row.epoch) }))
  return {
    epochs: new Map(rows.map(({ row, epoch }) => [epoch, epochRowOf(row, durable.get(epoch))])),
    known: knownOf(known as KnownRow[]),
  }
}

function epochsQuery(dialect: Dialect, epochs: readonly string[]): CompiledQuery {
  const list = inList(epochs.map(uuidBytes))
  // SQLite has one writer, which this transaction is.
  const lock = dialect === 'mysql' ? ' FOR UPDATE' : ''
  return CompiledQuery.raw(
    `SELECT e.*, h.seq, h.hash, h.sales, h.documents, h.sold_minor, h.tax_minor, h.returned_minor,
     h.returned_tax_minor, h.checkpoint_seq, h.checkpoint_signature
     FROM journal_epoch e JOIN journal_head h ON h.store_no = e.store_no AND h.epoch_no = e.epoch_no
     WHERE e.epoch IN ${list.text} ORDER BY e.epoch${lock}`,
    list.parameters,
  )
}

function epochRowOf(row: EpochHeadRow, durable: Mark | undefined): EpochRow {
  const totals =
    row.sales === null ||
    row.documents === null ||
    row.sold_minor === null ||
    row.tax_minor === null ||
    row.returned_minor === null ||
    row.returned_tax_minor === null
      ? null
      : {
          sales: row.sales,
          documents: row.documents,
          soldMinor: row.sold_minor,
          taxMinor: row.tax_minor,
          returnedMinor: row.returned_minor,
          returnedTaxMinor: row.returned_tax_minor,
        }
  return {
    storeNo: row.store_no,
    registerNo: row.register_no,
    epochNo: row.epoch_no,
    hasForks: row.has_forks === 1,
    checkpoint:
      row.checkpoint_seq === null || row.checkpoint_signature === null
        ? null
        : { seq: row.checkpoint_seq, signature: row.checkpoint_signature },
    state: {
      tenant: row.tenant,
      store: row.store,
      register: row.register,
      epoch: uuidText(row.epoch),
      code: row.code,
      publicKey: row.public_key,
      keyId: row.key_id,
      kind: row.kind,
      state: row.state,
      head: { seq: row.seq, hash: toBase64Url(row.hash) },
      totals,
      // The accept path wrote it.
      holes: JSON.parse(row.holes) as Hole[],
      // `received` is signed once it is committed.
      marks: { received: null, durable: durable ?? null },
    },
  }
}

/** What the archive job last said; it locks nothing, so that neither waits for the other. */
function durableQuery(epochs: readonly string[]): CompiledQuery {
  const list = inList(epochs.map(uuidBytes))
  return CompiledQuery.raw(
    `SELECT e.epoch, m.generation, m.seq, m.hash, m.signature FROM archive_mark m
     JOIN journal_epoch e ON e.store_no = m.store_no AND e.epoch_no = m.epoch_no
     WHERE e.epoch IN ${list.text}`,
    list.parameters,
  )
}

function durableMarks(rows: readonly DurableRow[]): Map<string, Mark> {
  return new Map(
    rows.flatMap(({ epoch: bytes, generation, seq, hash, signature }) => {
      if (hash === null) return []
      const epoch = uuidText(bytes)
      const mark = { epoch, seq, hash: toBase64Url(hash), generation: toBase64Url(generation), signature }
      return [[epoch, mark]]
    }),
  )
}

/** Hashes of accepted slots, by `epoch/seq`. */
export async function readSlots(
  tx: Tx,
  ranges: readonly { epoch: string; keys: EpochKeys; fromSeq: number; toSeq: number }[],
): Promise<Map<string, string>> {
  const slots = new Map<string, string>()
  for (const { epoch, keys, fromSeq, toSeq } of ranges) {
    const { rows } = await tx.executeQuery<Pick<JournalEntryTable, 'seq' | 'hash'>>(
      CompiledQuery.raw(
        'SELECT seq, hash FROM journal_entry WHERE store_no = ? AND epoch_no = ? AND seq BETWEEN ? AND ?',
        [keys.storeNo, keys.epochNo, fromSeq, toSeq],
      ),
    )
    for (const row of rows) slots.set(`${epoch}/${row.seq}`, toBase64Url(row.hash))
  }
  return slots
}

type KnownRow = {
  identity: Uint8Array
  state: IdentityState['state'] | null
  epoch: Uint8Array | null
  seq: number | null
  cart: Uint8Array | null
  number: string | null
}

function knownQuery(wanted: Pick<Wanted, 'identities' | 'sales' | 'documents'>): CompiledQuery {
  const identityList = inList(wanted.identities.map(fromBase64Url))
  const cartList = inList(wanted.sales.map(uuidBytes))
  const numberList = inList(wanted.documents.map((document) => document.number))
  return CompiledQuery.raw(
    `SELECT identity, state, epoch, seq, NULL AS cart, NULL AS number
     FROM entry_identity WHERE identity IN ${identityList.text}
     UNION ALL SELECT identity, NULL, NULL, NULL, cart, NULL FROM journal_cart WHERE cart IN ${cartList.text}
     UNION ALL SELECT identity, NULL, epoch, NULL, NULL, number
     FROM journal_number WHERE number IN ${numberList.text}`,
    [...identityList.parameters, ...cartList.parameters, ...numberList.parameters],
  )
}

/** Reads more of what is known into it: about entries that came to light under the locks. */
export async function readMoreKnown(
  tx: Tx,
  known: Known,
  wanted: Pick<Wanted, 'identities' | 'sales' | 'documents'>,
): Promise<void> {
  if (wanted.identities.length === 0) return
  const { rows } = await tx.executeQuery<KnownRow>(knownQuery(wanted))
  const more = knownOf(rows)
  for (const [identity, state] of more.identities) known.identities.set(identity, state)
  for (const [key, identities] of more.sales) known.sales.set(key, identities)
  for (const [key, identity] of more.documents) known.documents.set(key, identity)
}

function knownOf(rows: readonly KnownRow[]): Known {
  const identities: Known['identities'] = new Map()
  const sales: Known['sales'] = new Map()
  const documents: Known['documents'] = new Map()
  for (const row of rows) {
    const identity = toBase64Url(row.identity)
    if (row.state !== null && row.epoch !== null && row.seq !== null) {
      identities.set(identity, { state: row.state, epoch: uuidText(row.epoch), seq: row.seq })
    } else if (row.cart !== null) {
      const cart = uuidText(row.cart)
      sales.set(cart, [...(sales.get(cart) ?? []), identity])
    } else if (row.number !== null && row.epoch !== null) {
      documents.set(`${uuidText(row.epoch)}:${row.number}`, identity)
    }
  }
  return { identities, sales, documents }
}

/** Unsettled fork entries of epochs, by epoch. */
export async function readForks(
  tx: Tx,
  epochs: readonly string[],
  prepare: (bytes: Uint8Array) => PreparedEntry,
): Promise<Map<string, PreparedFork[]>> {
  const forks = new Map<string, PreparedFork[]>()
  if (epochs.length === 0) return forks
  const rows = await tx
    .selectFrom('journal_fork')
    .select(['epoch', 'seq', 'bytes'])
    .where('epoch', 'in', epochs.map(uuidBytes))
    .where('settled', 'is', null)
    .orderBy('epoch')
    .orderBy('seq')
    .execute()
  for (const row of rows) {
    const epoch = uuidText(row.epoch)
    const list = forks.get(epoch) ?? []
    list.push({ epoch, seq: row.seq, prepared: prepare(row.bytes) })
    forks.set(epoch, list)
  }
  return forks
}

/** Waiting quarantine entries among identities, read again by this release. */
export async function readQuarantined(
  tx: Tx,
  identities: readonly string[],
  prepare: (bytes: Uint8Array) => PreparedEntry,
): Promise<Map<string, PreparedEntry>> {
  if (identities.length === 0) return new Map()
  const rows = await tx
    .selectFrom('journal_quarantine')
    .select(['identity', 'bytes'])
    .where('identity', 'in', identities.map(fromBase64Url))
    .where('released', 'is', null)
    .execute()
  return new Map(rows.map((row) => [toBase64Url(row.identity), prepare(row.bytes)]))
}

/** The largest epoch key in use; 0 before the first. */
export async function lastEpochNo(tx: Tx): Promise<number> {
  const { last } = await tx
    .selectFrom('journal_epoch')
    .select(({ fn }) => fn.max('epoch_no').as('last'))
    .executeTakeFirstOrThrow()
  return Number(last ?? 0)
}

/** Rows of a group, table by table. */
export type GroupRows = {
  epochs: readonly Insertable<JournalEpochTable>[]
  entries: readonly Insertable<JournalEntryTable>[]
  newIdentities: readonly Insertable<EntryIdentityTable>[]
  changedIdentities: readonly Insertable<EntryIdentityTable>[]
  carts: readonly Insertable<JournalCartTable>[]
  numbers: readonly Insertable<JournalNumberTable>[]
  bearers: readonly Insertable<JournalNumberBearerTable>[]
  renumbered: readonly { identity: Uint8Array; oldNumber: string; number: string }[]
  effects: readonly Insertable<JournalEffectTable>[]
  quarantine: readonly Insertable<JournalQuarantineTable>[]
  released: readonly { identity: Uint8Array; outcome: 'act' | 'drop' }[]
  forks: readonly Insertable<JournalForkTable>[]
  settledForks: readonly { identity: Uint8Array; by: 'adopted' | 'rehomed' }[]
  holes: readonly { epoch: Uint8Array; holes: string }[]
  states: readonly { epoch: Uint8Array; state: JournalEpochTable['state'] }[]
  personal: readonly Insertable<PersonalDataTable>[]
  incidents: readonly Insertable<IncidentTable>[]
  discrepancies: readonly Insertable<DiscrepancyTable>[]
  heads: readonly Insertable<JournalHeadTable>[]
}

/**
 * Writes a group's rows. New identities, numbers and epochs are inserted and never replaced: where
 * another server was faster, its key refuses the group, which then reads again.
 */
export async function writeGroupRows(tx: Tx, rows: GroupRows): Promise<void> {
  await insertRows(tx, 'journal_epoch', rows.epochs)
  await insertRows(tx, 'journal_entry', rows.entries)
  await insertRows(tx, 'entry_identity', rows.newIdentities)
  for (const row of rows.changedIdentities) {
    await tx
      .updateTable('entry_identity')
      .set({ state: row.state, epoch: row.epoch, seq: row.seq })
      .where('identity', '=', row.identity)
      .execute()
  }
  await keepRows(tx, 'journal_cart', ['cart', 'identity'], rows.carts)
  await insertRows(tx, 'journal_number', rows.numbers)
  await keepRows(tx, 'journal_number_bearer', ['number', 'epoch', 'identity'], rows.bearers)
  for (const { identity, oldNumber, number } of rows.renumbered) {
    await tx
      .updateTable('journal_number_bearer')
      .set({ renumbered: number })
      .where('identity', '=', identity)
      .where('number', '=', oldNumber)
      .execute()
  }
  await insertRows(tx, 'journal_effect', rows.effects)
  await insertRows(tx, 'journal_quarantine', rows.quarantine)
  for (const { identity, outcome } of rows.released) {
    await tx
      .updateTable('journal_quarantine')
      .set({ released: outcome })
      .where('identity', '=', identity)
      .execute()
  }
  await insertRows(tx, 'journal_fork', rows.forks)
  for (const { identity, by } of rows.settledForks) {
    await tx.updateTable('journal_fork').set({ settled: by }).where('identity', '=', identity).execute()
  }
  const forked = [...new Map(rows.forks.map((fork) => [uuidText(fork.epoch), fork.epoch])).values()]
  if (forked.length > 0) {
    await tx.updateTable('journal_epoch').set({ has_forks: 1 }).where('epoch', 'in', forked).execute()
  }
  for (const { epoch, holes } of rows.holes) {
    await tx.updateTable('journal_epoch').set({ holes }).where('epoch', '=', epoch).execute()
  }
  for (const { epoch, state } of rows.states) {
    await tx.updateTable('journal_epoch').set({ state }).where('epoch', '=', epoch).execute()
  }
  // Sent again it is the same data; erased data stays erased (JRN-19).
  await keepRows(tx, 'personal_data', ['identity'], rows.personal)
  await keepRows(tx, 'incident', ['id'], rows.incidents)
  await insertRows(tx, 'discrepancy', rows.discrepancies)
  await replaceRows(tx, 'journal_head', rows.heads)
}

/** Key of an epoch's device, by which its checkpoints are checked; undefined while no entry of it is here. */
export async function findEpochKey(
  db: Db,
  epoch: string,
): Promise<{ register: string; publicKey: string; keyId: string } | undefined> {
  const row = await db
    .selectFrom('journal_epoch')
    .select(['register', 'public_key', 'key_id'])
    .where('epoch', '=', uuidBytes(epoch))
    .executeTakeFirst()
  return row && { register: row.register, publicKey: row.public_key, keyId: row.key_id }
}
