import { generateKeyPairSync, type KeyObject, randomUUIDv7, sign } from 'node:crypto'
import type { CompanyBody, RegisterBody, StaticOf, StoreBody } from '@nexus/contract'
import {
  canonicalBytes,
  type EnrolRequest,
  type HelloRequest,
  requestBytes,
  type SignedCertificate,
  type SignedCheckpoint,
} from '@nexus/sync'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { readConfig } from '../../../config.ts'
import type { Context } from '../../../context.ts'
import type { Database } from '../../../db/database.ts'
import { loadSecrets } from '../../../secrets.ts'
import { type TestClock, testClock } from '../../../testing/index.ts'
import { keyIdOf } from '../enrolment/certificates.ts'
import { createEnrolmentCode, type JournalView, putCompany, putRegister, putStore } from '../index.ts'

export const company: StaticOf<typeof CompanyBody> = {
  legalName: 'Corner Shop Private Limited',
  tradeName: 'Corner Shop',
  pan: 'AABCC1234D',
  rupeeRounding: true,
  upiId: 'cornershop@upi',
  billFooter: 'Come again',
}
export const storeId = '01890000-0000-7000-8000-000000000001'
export const registerId = '01890000-0000-7000-8000-000000000011'

export function storeBody(change: Partial<StoreBody> = {}): StoreBody {
  return {
    code: 'KOR',
    name: 'Koramangala',
    gstin: '29AABCC1234D1Z7',
    state: '29',
    regionId: 'south',
    address: '12, 80 Feet Road',
    city: 'Bengaluru',
    pin: '560034',
    phone: '080 1234 5678',
    language: 'en',
    cutOver: '04:00',
    active: true,
    ...change,
  }
}
export function registerBody(change: Partial<RegisterBody> = {}): RegisterBody {
  return { storeId, number: 2, name: 'Counter 2', active: true, ...change }
}

/** What commands take from, over a test's database; secrets are new. */
export function contextOn(database: Database): Context & { clock: TestClock } {
  return {
    config: readConfig({ DATA_DIR: '/nowhere' }),
    database,
    clock: testClock(),
    secrets: loadSecrets({ get: (_, make) => make() }),
    log: pino({ level: 'silent' }),
    metrics: new Registry(),
  }
}

/** A company, one store and its register 2. */
export async function setUpStore(context: Context): Promise<void> {
  const author = { by: null, how: 'test' }
  await putCompany(context, author, company)
  await putStore(context, author, storeId, storeBody())
  await putRegister(context, author, registerId, registerBody())
}

export async function freshCode(context: Context): Promise<string> {
  const made = await createEnrolmentCode(context, registerId, { by: null, how: 'test', origin: 'https://hq' })
  return made.code
}

/** A journal in which nothing ever arrived; members can be set to what a test is about. */
export function emptyJournal(change: Partial<JournalView> = {}): JournalView {
  return {
    generation: async () => 'AAAAAAAAAAAAAAAAAAAAAA',
    headsOf: async () => [],
    headSeqs: async () => new Map(),
    standing: async (_, request) => ({
      generation: 'AAAAAAAAAAAAAAAAAAAAAA',
      heads: request.heads.map((head) => ({ ...head, seq: 0 })),
      marks: request.heads.map(() => ({ stored: null, received: null, durable: null })),
      forks: [],
      closed: [],
      erasures: { version: 0, identities: [] },
    }),
    restoredAt: async () => undefined,
    storeServerOf: async () => null,
    keys: () => ({ enrolment: 'enrolment', hq: { key: 'hq', signature: 'signed' } }),
    epochStandings: async () => [],
    ...change,
  }
}

export type DeviceKey = { privateKey: KeyObject; publicKey: string; keyId: string }

export function newKey(): DeviceKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64url')
  return { privateKey, publicKey: spki, keyId: keyIdOf(spki) }
}

export function checkpointBy(key: DeviceKey, epoch: string, seq = 3): SignedCheckpoint {
  const checkpoint = { register: registerId, epoch, seq, hash: 'A'.repeat(43), keyId: key.keyId }
  const signature = sign('sha256', canonicalBytes(checkpoint), {
    key: key.privateKey,
    dsaEncoding: 'ieee-p1363',
  })
  return { checkpoint, signature: signature.toString('base64url') }
}

/** Signs a whole request, as tills do with the key of their epoch. */
function signRequest(key: DeviceKey, request: { requestId: string; signature: string | null }): string {
  const dsaEncoding = 'ieee-p1363'
  return sign('sha256', requestBytes(request), { key: key.privateKey, dsaEncoding }).toString('base64url')
}

export function enrolRequest(
  proof: { code: string } | { proof: SignedCheckpoint; by: DeviceKey; certificate?: SignedCertificate },
  key: DeviceKey,
  spare: DeviceKey,
): EnrolRequest {
  const request: EnrolRequest = {
    requestId: randomUUIDv7(),
    code: 'code' in proof ? proof.code : null,
    proof: 'proof' in proof ? proof.proof : null,
    certificate: 'proof' in proof ? (proof.certificate ?? null) : null,
    publicKey: key.publicKey,
    sparePublicKey: spare.publicKey,
    storage: { persisted: true, quotaBytes: 1_000_000, usageBytes: 0 },
    app: '1.0.0',
    signature: null,
  }
  return 'by' in proof ? { ...request, signature: signRequest(proof.by, request) } : request
}

export function helloRequest(
  key: DeviceKey,
  epoch: string,
  certificate: HelloRequest['certificate'],
  change: Partial<HelloRequest> = {},
): HelloRequest {
  const request: HelloRequest = {
    requestId: randomUUIDv7(),
    register: registerId,
    epoch,
    heads: [{ epoch, seq: 3, hash: 'A'.repeat(43) }],
    spare: null,
    sparePublicKey: null,
    cursors: {},
    app: '1.0.1',
    at: 0,
    wallMs: 0,
    certificate,
    checkpoint: checkpointBy(key, epoch),
    signature: '',
    ...change,
  }
  return { ...request, signature: change.signature ?? signRequest(key, request) }
}
