import { type HandoverBody, Problem } from '@nexus/contract'
import { parseBillNumber, seriesKey } from '@nexus/domain'
import { firstPrevHashSync } from '@nexus/sync'
import type { Tx } from '../../../db/database.ts'
import { uuidBytes } from '../../../db/uuid.ts'
import { requireStore, type StaffCaller } from '../../../http/serve.ts'
import { lastEpochNo } from '../accept/sql.ts'
import { hashBytes } from '../rows.ts'
import { sha256 } from '../sha256.ts'
import { personalOf, settledAlready } from './decided.ts'
import type { DecisionTools } from './ports.ts'
import { type EpochRecord, findEpoch, insertEmptyEpoch, lastNumberOf, selectHandovers } from './sql.ts'

/** More lost bills of one device than a day has: somebody mistyped a number. */
const lostNumbersMax = 3000

/**
 * A manager declares that a device is gone (JRN-21a): its epoch is closed, and told so where it still lives.
 * Bill numbers between the last one here and those that were seen on paper are lost with it (JRN-14b).
 * A later declaration rules over an earlier one; the same one again is refused.
 *
 * Throws `register/not-found`, `decision/too-late`, `decision/not-possible`, `request/invalid`.
 */
export async function handOver(
  tools: DecisionTools,
  caller: StaffCaller,
  registerId: string,
  body: HandoverBody,
): Promise<void> {
  const known =
    (await findEpoch(tools.database.read, body.epoch)) ??
    issuedAsRecord(await tools.findIssuedEpoch(tools.database.read, body.epoch))
  if (known === undefined || known.register !== registerId || known.kind !== 'till') {
    throw new Problem('register/not-found', 'This device is none of the register’s. Load the page again.')
  }
  requireStore(caller, known.store)
  await tools.own.write({
    address: { kind: 'hq', storeNo: 0 },
    staff: caller.staffId,
    async compose(tx, { now }) {
      const epoch = (await findEpoch(tx, body.epoch)) ?? (await makeKnown(tx, tools, body.epoch, now))
      const [last] = (await selectHandovers(tx, registerId)).filter((one) => one.epoch === body.epoch)
      const lostNumbers = await lostNumbersOf(tx, epoch, body.lastNumbers)
      if (last?.declaration === body.declaration && lostNumbers.length === 0) {
        throw settledAlready(last.declaration)
      }
      await tools.retireEpoch(tx, body.epoch, now)
      await tools.noteAudit(tx, {
        by: caller.staffId,
        how: 'back-office',
        at: now,
        subject: 'handover',
        subjectId: registerId,
        label: epoch.code,
        before: { state: epoch.state, declaration: last?.declaration ?? null },
        after: {
          declaration: body.declaration,
          epoch: body.epoch,
          afterSeq: epoch.headSeq,
          lostNumbers: lostNumbers.length,
          why: body.reason,
          remark: body.remark || null,
        },
      })
      const { declaration, reason } = body
      return [
        {
          type: 'handover',
          body: {
            register: registerId,
            epoch: body.epoch,
            declaration,
            afterSeq: epoch.headSeq,
            lostNumbers,
            reason,
          },
          ...personalOf(body.remark),
        },
      ]
    },
  })
}

function issuedAsRecord(
  issued: Awaited<ReturnType<DecisionTools['findIssuedEpoch']>>,
): EpochRecord | undefined {
  if (issued === undefined) return undefined
  const { store, register, epoch, code } = issued.certificate
  return {
    storeNo: issued.storeNo,
    store,
    register,
    epoch,
    code,
    kind: 'till',
    state: 'open',
    headSeq: 0,
    holes: [],
  }
}

/** Nothing of a device ever came: its epoch becomes known empty, so that it can be closed. */
async function makeKnown(tx: Tx, tools: DecisionTools, epoch: string, now: number): Promise<EpochRecord> {
  const issued = await tools.findIssuedEpoch(tx, epoch)
  const record = issuedAsRecord(issued)
  if (issued === undefined || record === undefined) {
    throw new Problem('register/not-found', 'This device is none of the register’s. Load the page again.')
  }
  const { certificate, storeNo, registerNo } = issued
  await insertEmptyEpoch(
    tx,
    {
      store_no: storeNo,
      epoch_no: (await lastEpochNo(tx)) + 1,
      epoch: uuidBytes(epoch),
      register_no: registerNo,
      tenant: certificate.tenant,
      store: certificate.store,
      register: certificate.register,
      code: certificate.code,
      public_key: certificate.publicKey,
      key_id: certificate.keyId,
      kind: 'till',
      state: 'open',
      opened_at: now,
      holes: '[]',
      has_forks: 0,
    },
    hashBytes(firstPrevHashSync(epoch, sha256)),
  )
  return record
}

/** Numbers behind the last one of each series that is here, up to the one seen on paper. */
async function lostNumbersOf(tx: Tx, epoch: EpochRecord, lastNumbers: readonly string[]): Promise<string[]> {
  const lost = new Set<string>()
  for (const [index, text] of lastNumbers.entries()) {
    const seen = parseBillNumber(text)
    if (seen === undefined || seen.code !== epoch.code) {
      throw new Problem(
        'request/invalid',
        `${text} is no bill number of this device. Its numbers begin with ${epoch.code}; copy it from the paper.`,
        { code: epoch.code },
        [{ field: `lastNumbers.${index}`, message: 'foreign' }],
      )
    }
    const key = seriesKey(seen.code, seen.kind, seen.fyStartYear)
    const stored = await lastNumberOf(tx, epoch.epoch, key)
    const from = (stored === undefined ? 0 : (parseBillNumber(stored)?.n ?? 0)) + 1
    for (let n = from; n <= seen.n && lost.size <= lostNumbersMax; n++) {
      lost.add(`${key}-${String(n).padStart(6, '0')}`)
    }
  }
  if (lost.size > lostNumbersMax) {
    throw new Problem(
      'request/invalid',
      'So many bills cannot be lost with one device. Compare the number with the paper once more.',
      {},
      [{ field: 'lastNumbers', message: 'too-many' }],
    )
  }
  return [...lost]
}
