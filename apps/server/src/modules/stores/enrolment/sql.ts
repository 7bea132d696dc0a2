import type { Db, Tx } from '../../../db/database.ts'
import { isDuplicateKey } from '../../../db/errors.ts'
import type { RegisterEpochTable } from '../tables.ts'

export type CodeRecord = {
  registerId: string
  expiresAt: number
  endedAt: number | null
  usedAt: number | null
  epochId: string | null
}

/** Writes a new code for a register; the older ones that nobody used end with it. */
export async function insertCode(
  tx: Tx,
  code: { hash: Buffer; registerId: string; createdAt: number; createdBy: string | null; expiresAt: number },
): Promise<void> {
  await tx
    .updateTable('enrolment_code')
    .set({ ended_at: code.createdAt })
    .where('register_id', '=', code.registerId)
    .where('used_at', 'is', null)
    .where('ended_at', 'is', null)
    .execute()
  await tx
    .insertInto('enrolment_code')
    .values({
      code_hash: code.hash,
      register_id: code.registerId,
      created_at: code.createdAt,
      created_by: code.createdBy,
      expires_at: code.expiresAt,
    })
    .execute()
}

export async function findCode(db: Db, hash: Buffer): Promise<CodeRecord | undefined> {
  return await db
    .selectFrom('enrolment_code')
    .select([
      'register_id as registerId',
      'expires_at as expiresAt',
      'ended_at as endedAt',
      'used_at as usedAt',
      'epoch_id as epochId',
    ])
    .where('code_hash', '=', hash)
    .executeTakeFirst()
}

/** Marks a code as used by an epoch; false when it was used, ended or expired meanwhile. */
export async function useCode(tx: Tx, hash: Buffer, epochId: string, now: number): Promise<boolean> {
  const done = await tx
    .updateTable('enrolment_code')
    .set({ used_at: now, epoch_id: epochId })
    .where('code_hash', '=', hash)
    .where('used_at', 'is', null)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow()
  return Number(done.numUpdatedRows) === 1
}

/** Codes ever given out that begin with `prefix`. */
export async function seriesCodesLike(db: Db, prefix: string): Promise<Set<string>> {
  const rows = await db.selectFrom('series_code').select('code').where('code', 'like', `${prefix}%`).execute()
  return new Set(rows.map((row) => row.code))
}

/** Takes a series code for ever, for a register or (null) a recovery journal; false when it was ever taken before. */
export async function takeSeriesCode(
  tx: Tx,
  code: string,
  registerId: string | null,
  givenAt: number,
): Promise<boolean> {
  const known = await tx.selectFrom('series_code').select('code').where('code', '=', code).executeTakeFirst()
  if (known) return false
  try {
    await tx.insertInto('series_code').values({ code, register_id: registerId, given_at: givenAt }).execute()
    return true
  } catch (error) {
    // Another server took it between the two statements.
    if (isDuplicateKey(error)) return false
    throw error
  }
}

export type EpochRecord = {
  id: string
  registerId: string
  kind: 'device' | 'spare'
  state: 'issued' | 'active' | 'revoked'
  seriesCode: string
  publicKey: string
  keyId: string
  certificate: string
  signature: string
  provedBy: string
  issuedAt: number
  openedAt: number | null
  /** Its device was declared gone (JRN-21). */
  retiredAt: number | null
  verifierKeySealed: Buffer
}

function epochOf(row: RegisterEpochTable): EpochRecord {
  return {
    id: row.id,
    registerId: row.register_id,
    kind: row.kind,
    state: row.state,
    seriesCode: row.series_code,
    publicKey: row.public_key,
    keyId: row.key_id,
    certificate: row.certificate,
    signature: row.certificate_signature,
    provedBy: row.proved_by,
    issuedAt: row.issued_at,
    openedAt: row.opened_at,
    retiredAt: row.retired_at,
    verifierKeySealed: Buffer.from(row.verifier_key_sealed),
  }
}

/** Fails with a duplicate key when the same proof was answered for the same key before. */
export async function insertEpoch(
  tx: Tx,
  epoch: EpochRecord,
  storage: { persisted: boolean; quotaBytes: number | null } | undefined,
): Promise<void> {
  await tx
    .insertInto('register_epoch')
    .values({
      id: epoch.id,
      register_id: epoch.registerId,
      kind: epoch.kind,
      state: epoch.state,
      series_code: epoch.seriesCode,
      public_key: epoch.publicKey,
      key_id: epoch.keyId,
      certificate: epoch.certificate,
      certificate_signature: epoch.signature,
      proved_by: epoch.provedBy,
      issued_at: epoch.issuedAt,
      opened_at: epoch.openedAt,
      retired_at: epoch.retiredAt,
      persisted: storage === undefined ? null : storage.persisted ? 1 : 0,
      quota_bytes: storage?.quotaBytes ?? null,
      verifier_key_sealed: epoch.verifierKeySealed,
    })
    .execute()
}

export async function findEpoch(db: Db, id: string): Promise<EpochRecord | undefined> {
  const row = await db.selectFrom('register_epoch').selectAll().where('id', '=', id).executeTakeFirst()
  return row && epochOf(row)
}

/** What was answered to the same proof and key before. */
export async function findEpochByProof(
  db: Db,
  provedBy: string,
  publicKey: string,
): Promise<EpochRecord | undefined> {
  const row = await db
    .selectFrom('register_epoch')
    .selectAll()
    .where('proved_by', '=', provedBy)
    .where('public_key', '=', publicKey)
    .executeTakeFirst()
  return row && epochOf(row)
}

export type EpochSummary = Pick<EpochRecord, 'id' | 'registerId' | 'seriesCode'>

/**
 * The present epoch of each register that has one: of those that were opened the one opened last,
 * else the device's enrolment issued last. Spares count once they are opened, no epoch once it was retired.
 */
export async function currentEpochs(
  db: Db,
  registerIds: readonly string[],
): Promise<Map<string, EpochSummary>> {
  if (registerIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('register_epoch')
    .select([
      'id',
      'register_id as registerId',
      'kind',
      'series_code as seriesCode',
      'issued_at as issuedAt',
      'opened_at as openedAt',
    ])
    .where('register_id', 'in', [...registerIds])
    .where((where) => where.or([where('kind', '=', 'device'), where('opened_at', 'is not', null)]))
    .where('retired_at', 'is', null)
    .orderBy('issued_at')
    .orderBy('id')
    .execute()
  const current = new Map<string, (typeof rows)[number]>()
  for (const row of rows) {
    const other = current.get(row.registerId)
    if (!other || (row.openedAt ?? row.issuedAt) >= (other.openedAt ?? other.issuedAt)) {
      current.set(row.registerId, row)
    }
  }
  return current
}

/** An epoch has begun: at the first of its entry 1 and its first hello. Repeats change nothing. */
export async function markOpened(tx: Tx, epochId: string, openedAt: number): Promise<void> {
  await tx
    .updateTable('register_epoch')
    .set({ opened_at: openedAt })
    .where('id', '=', epochId)
    .where('opened_at', 'is', null)
    .execute()
  await tx
    .updateTable('register_epoch')
    .set({ state: 'active' })
    .where('id', '=', epochId)
    .where('state', '=', 'issued')
    .execute()
}

/** An epoch's device is gone; the first declaration's instant stays. */
export async function retireEpochAt(tx: Tx, epochId: string, at: number): Promise<void> {
  await tx
    .updateTable('register_epoch')
    .set({ retired_at: at })
    .where('id', '=', epochId)
    .where('retired_at', 'is', null)
    .execute()
}

/** Epochs that devices of a register were given or opened, newest first. */
export async function issuedEpochs(db: Db, registerId: string): Promise<{ epoch: string; code: string }[]> {
  return await db
    .selectFrom('register_epoch')
    .select(['id as epoch', 'series_code as code'])
    .where('register_id', '=', registerId)
    .where((where) => where.or([where('kind', '=', 'device'), where('opened_at', 'is not', null)]))
    .orderBy('issued_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
}

/** Ends the spares of a register that nobody has opened: all, or those given out before an instant (ms UTC). */
export async function revokeUnopenedSpares(
  tx: Tx,
  registerId: string,
  { revokedAt, issuedBefore }: { revokedAt: number; issuedBefore: number | undefined },
): Promise<void> {
  let spares = tx
    .updateTable('register_epoch')
    .set({ state: 'revoked', revoked_at: revokedAt })
    .where('register_id', '=', registerId)
    .where('kind', '=', 'spare')
    .where('state', '=', 'issued')
  if (issuedBefore !== undefined) spares = spares.where('issued_at', '<', issuedBefore)
  await spares.execute()
}
