import { randomUUIDv7 } from 'node:crypto'
import { type JoinAnswer, Problem } from '@nexus/contract'
import type { Context } from '../../context.ts'
import { writeRacing } from '../../db/write-racing.ts'
import { type Counter, forgive, takeAttempt } from '../attempts/index.ts'
import { recordAudit } from '../audit/index.ts'
import { deviceKey, findCompany, hashOfCode } from '../stores/index.ts'
import { issuePass } from './pass.ts'
import { findByCode, findCode, insertStoreServer, type StoreServerRecord, useCode } from './sql.ts'

/** People mistype codes; a program that guesses them soon waits. */
const patience = { freeFailures: 10, firstDelayMs: 1000, delayMsMax: 300_000 }

/**
 * Makes whoever brings the code a store server of its store. A re-send with the same code and key gets the
 * same answer. Throws `enrolment/code-unknown`, `-used`, `-expired`, `request/too-many`, `request/invalid`.
 */
export async function joinStoreServer(
  context: Context,
  request: { code: string; publicKey: string; app: string },
  address: string,
): Promise<JoinAnswer> {
  if (!deviceKey(request.publicKey)) {
    throw new Problem('request/invalid', 'The key must be an ECDSA P-256 key in SPKI form, base64url.')
  }
  const counter: Counter = { name: `join:address:${address}`, patience }
  const now = context.clock.now()
  const blockedUntil = await context.database.write((tx) => takeAttempt(tx, [counter], now))
  if (blockedUntil !== undefined) {
    throw new Problem(
      'request/too-many',
      'Too many codes that were wrong came from this network. Wait a little, then try the code again.',
      { retryAfterMs: blockedUntil - now },
    )
  }
  const codeHash = hashOfCode(context, `store-server:${request.code}`)
  const joined = await writeRacing(context.database, async (tx) => {
    const code = await findCode(tx, codeHash)
    if (!code) {
      throw new Problem(
        'enrolment/code-unknown',
        'This is not a code for a store server of this chain. Compare it with the screen that shows it, or make a new one on the page of the store.',
      )
    }
    const same = await findByCode(tx, codeHash)
    if (same?.publicKey === request.publicKey) return same
    if (code.usedAt !== null) throw used()
    if (code.endedAt !== null || code.expiresAt <= now) {
      throw new Problem(
        'enrolment/code-expired',
        'The code is older than a day, or a newer one was made. Make a new one on the page of the store.',
      )
    }
    if (!(await useCode(tx, codeHash, now))) throw used()
    const made: StoreServerRecord = {
      id: randomUUIDv7(),
      storeId: code.storeId,
      publicKey: request.publicKey,
      codeHash,
      joinedAt: now,
      revokedAt: null,
      address: null,
      lastSeenAt: now,
      app: request.app,
      queuedEntries: null,
      queuedSince: null,
    }
    await insertStoreServer(tx, made)
    const { id, storeId } = made
    await recordAudit(tx, {
      at: now,
      by: null,
      how: 'store-server-code',
      subject: 'store-server',
      subjectId: id,
      label: storeId,
      before: null,
      after: { storeId, app: request.app },
    })
    return made
  })
  await context.database.write((tx) => forgive(tx, [], [counter], context.clock.now()))
  const company = await findCompany(context.database.read)
  if (!company) throw new Problem('company/not-found', 'The company is not set up yet.')
  return {
    id: joined.id,
    storeId: joined.storeId,
    tenant: company.id,
    enrolmentKey: context.secrets.enrolment.publicKeySpki,
    hqKey: context.secrets.hq.publicKeySpki,
    token: issuePass(context, joined),
  }
}

function used(): Problem {
  return new Problem(
    'enrolment/code-used',
    'Another store server joined with this code. Make a new one on the page of the store.',
  )
}
