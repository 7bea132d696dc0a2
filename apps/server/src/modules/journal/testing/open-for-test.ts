import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import type { Context } from '../../../context.ts'
import type { Database } from '../../../db/database.ts'
import type { DeviceCaller } from '../../../http/serve.ts'
import type { Secrets, SigningKey } from '../../../secrets.ts'
import { type TestClock, testClock } from '../../../testing/index.ts'
import { salesProjector } from '../../sales/index.ts'
import { type Journal, type JournalParts, openJournal } from '../index.ts'
import { enrolOwnWith } from './enrol-own.ts'
import { ScriptedTill, testKey } from './scripted-till.ts'

export type JournalBench = {
  context: Context
  clock: TestClock
  journal: Journal
  decisions: Journal['decisions']
  enrolment: SigningKey & { publicKey: string }
  /** A till of a register of its own, whose entry 1 is written. */
  till(code?: string): ScriptedTill
  callerOf(till: ScriptedTill): DeviceCaller
  /** Opens another accept path over the same database, as a second server or a restart would. */
  reopen(parts?: Partial<JournalParts>): Promise<Journal>
}

/** The accept path over a test database, with the real projector of sales and stores made up by the tills. */
export async function openJournalBench(
  database: Database,
  parts: Partial<JournalParts> = {},
  given: Pick<Secrets, 'enrolment' | 'hq'> = { enrolment: signingKey(), hq: signingKey() },
): Promise<JournalBench> {
  const clock = testClock()
  const secrets = { ...given, sealing: sealingKey }
  const numbers = new Map<string, number>()
  const numberOf = (id: string) => numbers.get(id) ?? numbers.set(id, numbers.size + 1).size
  const defaults: JournalParts = {
    projectors: [salesProjector],
    checkSale: async () => [],
    resolvePlace: async (_, storeId, registerId) => ({
      storeNo: numberOf(storeId),
      registerNo: numberOf(registerId),
    }),
    issuedKeys: { find: async () => undefined, keep: async () => undefined },
    noteHeartbeat: async () => undefined,
    enrolOwn: enrolOwnWith(secrets.enrolment),
    noteAudit: async () => undefined,
    findIssuedEpoch: async () => undefined,
    retireEpoch: async () => undefined,
    ...parts,
  }
  const contextOf = () =>
    ({
      database,
      clock,
      log: pino({ level: 'silent' }),
      metrics: new Registry(),
      secrets,
      // as: the journal reads no setting and no other secret.
    }) as unknown as Context
  const context = contextOf()
  const journal = await openJournal(context, defaults)
  return {
    context,
    clock,
    enrolment: { ...secrets.enrolment, publicKey: secrets.enrolment.publicKeySpki },
    journal,
    decisions: journal.decisions,
    till(code = 'KOR1A') {
      const till = new ScriptedTill(secrets.enrolment, { code })
      till.open()
      return till
    },
    callerOf: (till) => ({
      kind: 'device',
      registerId: till.place.register,
      storeId: till.place.store,
      epoch: till.epoch,
    }),
    reopen: (more = {}) => openJournal(contextOf(), { ...defaults, ...more }),
  }
}

function signingKey(): SigningKey {
  const { privateKey, publicKey, keyId } = testKey()
  return { privateKey, publicKeySpki: publicKey, keyId }
}

/** The same for every bench, as servers of one chain have one. */
const sealingKey = randomBytes(32)
