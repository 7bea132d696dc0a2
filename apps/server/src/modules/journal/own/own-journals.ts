import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  randomUUID,
  randomUUIDv7,
  sign,
} from 'node:crypto'
import { Problem } from '@nexus/contract'
import { ENGINE } from '@nexus/domain'
import {
  type BodyOf,
  type Certificate,
  canonicalJson,
  checkpointBytes,
  type Entry,
  type EntryType,
  encodeEntry,
  firstPrevHashSync,
  type PersonalItem,
  personalBytes,
  prepareEntry,
  readCertificate,
  type SignedCertificate,
  toBase64Url,
} from '@nexus/sync'
import type { Context } from '../../../context.ts'
import type { Tx } from '../../../db/database.ts'
import { writeRacing } from '../../../db/write-racing.ts'
import { seal, unseal } from '../../../sealing.ts'
import type { Offered } from '../accept/offered.ts'
import { decideAndWrite, type GroupTools } from '../accept/write-group.ts'
import type { Discrepancy } from '../projector.ts'
import { sha256 } from '../sha256.ts'
import { findGeneration, selectHeads } from '../sql.ts'
import {
  findOwnEpochBefore,
  insertOwnEpoch,
  lockOwnEpoch,
  type OwnAddress,
  type OwnEpochRecord,
} from './sql.ts'

/**
 * Gives one of this server's journals an epoch: series code and certificate, in the transaction that makes
 * them durable. The stores module does. Throws `company/not-found`, `enrolment/held-after-restore`.
 */
export type EnrolOwn = (
  tx: Tx,
  wish: OwnAddress & { epoch: string; publicKey: string; register: string },
) => Promise<SignedCertificate>

/** Types that a server writes. A decision that changes nothing is taken back (see `OwnJournals.write`). */
type OwnType =
  | 'quarantine-released'
  | 'fork-rehomed'
  | 'hole-lost'
  | 'handover'
  | 'renumbered'
  | 'recovered-bill'
  | 'payment-resolved'
  | 'sub-grant'
  | 'month-closed'

/** An entry that a server is about to write; header, place and `personalHash` are added. */
export type OwnDraft = {
  [T in OwnType]: {
    type: T
    body: Omit<BodyOf<T>, 'personalHash'>
    /** Data of people, free remarks among them: kept beside the chain (JRN-19). */
    personal?: Record<string, unknown>
  }
}[OwnType]

/** Where the next entry of a journal goes, while its epoch is locked. */
export type OwnTurn = {
  epoch: string
  /** Series code, of a recovery journal. */
  code: string
  storeNo: number
  /** ms UTC */
  now: number
}

/** An entry that was written, acted, and is committed. */
export type OwnWritten = { type: OwnType; identity: string; epoch: string; seq: number; at: number }

export type OwnOrder = {
  address: OwnAddress
  /** Who decided; null: this server by itself. */
  staff: string | null
  /**
   * Reads what the entries say, in the transaction and after the journal is locked, so that two people
   * decide in turn. May throw a Problem, or write the audit. No draft: nothing is written.
   */
  compose(tx: Tx, turn: OwnTurn): Promise<readonly OwnDraft[]>
  /** What price and rules say against sales that act by these entries, by identity. */
  flagged?: ReadonlyMap<string, readonly Discrepancy[]>
}

/** Journals that this server writes itself: decisions of people and of its jobs (JRN-20). */
export type OwnJournals = {
  /**
   * Writes entries into one of the server's own journals, in one transaction with everything they bring
   * about: they go the way of a till's push, so that release, re-homing and closings act by the same rules.
   * Opens the journal's epoch where there is none yet, or where the data came back from a backup since.
   *
   * Several processes may write at once. Throws what `compose` throws, `decision/too-late` when an entry
   * changes nothing since others were faster, and `enrolment/held-after-restore` while a recovery journal
   * cannot have a series code; then nothing was written.
   */
  write(order: OwnOrder): Promise<OwnWritten[]>
}

export type OwnTools = Pick<Context, 'database' | 'clock' | 'secrets'> &
  Pick<GroupTools, 'projectors'> & { enrolOwn: EnrolOwn }

/** Decisions: their entry is worth writing only where it changes something. */
const deciding: ReadonlySet<EntryType> = new Set([
  'quarantine-released',
  'fork-rehomed',
  'hole-lost',
  'handover',
  'renumbered',
])

/** Boot of this process, as entries name it. */
const bootId = randomUUID()

export function openOwnJournals(tools: OwnTools): OwnJournals {
  return {
    write: (order) => writeRacing(tools.database, (tx) => writeIn(tx, tools, order)),
  }
}

async function writeIn(tx: Tx, tools: OwnTools, order: OwnOrder): Promise<OwnWritten[]> {
  const { address, staff, compose, flagged = new Map() } = order
  const own = await epochInForce(tx, tools, address)
  const now = tools.clock.now()
  const drafts = await compose(tx, {
    epoch: own.certificate.epoch,
    code: own.certificate.code,
    storeNo: address.storeNo,
    now,
  })
  if (drafts.length === 0) return []
  const chain = new OwnChain(own.certificate, own.head, staff, now)
  if (own.head.seq === 0) chain.open(own)
  const written = drafts.map((draft) => chain.append(draft))
  // Nobody hears the answer, which alone names the generation.
  const [decision] = await decideAndWrite(tx, { ...tools, generation: '' }, [
    { ...chain.offer(own.key, address, own.head.seq === 0), flagged },
  ])
  const decided = new Set(decision?.rows.decided)
  if (written.some(({ type, identity }) => deciding.has(type) && !decided.has(identity))) throw tooLate()
  return written
}

function tooLate(): Problem {
  return new Problem(
    'decision/too-late',
    'This was settled meanwhile, by somebody else or by the till itself. Load the list again.',
  )
}

type OpenOwn = {
  certificate: Certificate
  signed: SignedCertificate
  predecessor: { epoch: string; seq: number; hash: string } | null
  head: { seq: number; hash: string }
  key: KeyObject
}

/** The epoch to write to, locked; a new one where there is none of this generation (JRN-9). */
async function epochInForce(tx: Tx, tools: OwnTools, address: OwnAddress): Promise<OpenOwn> {
  const generationNo = (await findGeneration(tx))?.no ?? 0
  const known = await lockOwnEpoch(tx, tools.database.dialect, address)
  const own =
    known?.generationNo === generationNo ? known : await beginEpoch(tx, tools, address, known, generationNo)
  const signed = { certificate: own.certificate, signature: own.certificateSignature }
  const before = await findOwnEpochBefore(tx, own)
  const heads = await selectHeads(tx, before ? [own.epoch, before] : [own.epoch])
  const head = heads.get(own.epoch)
  const left = before && heads.get(before)
  return {
    certificate: certificateOf(own),
    signed,
    predecessor: left ? { epoch: left.epoch, seq: left.seq, hash: left.hash } : null,
    head: { seq: head?.seq ?? 0, hash: head?.hash ?? firstPrevHashSync(own.epoch, sha256) },
    key: createPrivateKey({
      key: unseal(tools.secrets.sealing, sealedAs(own.epoch), own.privateKey),
      format: 'der',
      type: 'pkcs8',
    }),
  }
}

async function beginEpoch(
  tx: Tx,
  { enrolOwn, secrets, clock }: OwnTools,
  address: OwnAddress,
  before: OwnEpochRecord | undefined,
  generationNo: number,
): Promise<OwnEpochRecord> {
  const epoch = randomUUIDv7()
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { certificate, signature } = await enrolOwn(tx, {
    ...address,
    epoch,
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
    register: before ? certificateOf(before).register : randomUUIDv7(),
  })
  const own: OwnEpochRecord = {
    ...address,
    n: (before?.n ?? 0) + 1,
    epoch,
    generationNo,
    certificate,
    certificateSignature: signature,
    privateKey: seal(secrets.sealing, sealedAs(epoch), privateKey.export({ format: 'der', type: 'pkcs8' })),
    openedAt: clock.now(),
  }
  await insertOwnEpoch(tx, own)
  return own
}

function sealedAs(epoch: string): string {
  return `own-journal:${epoch}`
}

function certificateOf(own: OwnEpochRecord): Certificate {
  const read = readCertificate(own.certificate)
  if (read === undefined) throw new Error(`the certificate of own epoch ${own.epoch} is none`)
  return read.certificate
}

/** Entries one after the other behind a head, and the push that brings them. */
class OwnChain {
  readonly #certificate: Certificate
  readonly #staff: string | null
  readonly #now: number
  readonly #first: number
  readonly #entries: ReturnType<typeof prepareEntry>[] = []
  readonly #personal: PersonalItem[] = []
  #head: { seq: number; hash: string }

  constructor(certificate: Certificate, head: OpenOwn['head'], staff: string | null, now: number) {
    this.#certificate = certificate
    this.#head = head
    this.#first = head.seq + 1
    this.#staff = staff
    this.#now = now
  }

  open({ signed, predecessor }: OpenOwn): void {
    const { certificate, signature: certificateSignature } = signed
    this.#add('epoch-opened', { certificate, certificateSignature, predecessor })
  }

  append(draft: OwnDraft): OwnWritten {
    const salt = randomBytes(32)
    const data = draft.personal === undefined ? undefined : canonicalJson(draft.personal)
    const personalHash = data === undefined ? null : toBase64Url(sha256(personalBytes(salt, data)))
    // Wrappers have no personal data of their own: what they wrap has it.
    const body = draft.type === 'fork-rehomed' ? draft.body : { ...draft.body, personalHash }
    const identity = this.#add(draft.type, body)
    if (data !== undefined) this.#personal.push({ identity, salt: toBase64Url(salt), data })
    return { type: draft.type, identity, epoch: this.#certificate.epoch, seq: this.#head.seq, at: this.#now }
  }

  /** The push of all entries, signed at the last one. */
  offer(key: KeyObject, { kind, storeNo }: OwnAddress, isNew: boolean): Omit<Offered, 'flagged'> {
    const { register, epoch, keyId } = this.#certificate
    const checkpoint = { register, epoch, ...this.#head, keyId }
    const signature = sign('sha256', checkpointBytes(checkpoint), { key, dsaEncoding: 'ieee-p1363' })
    return {
      push: {
        requestId: randomUUID(),
        register,
        epoch,
        firstSeq: this.#first,
        entries: this.#entries,
        personal: this.#personal,
        strayPersonal: [],
        hole: null,
        durableSeq: 0,
        certificate: isNew ? this.#certificate : null,
        proved: true,
        writer: kind,
        withoutEffects: false,
        aside: false,
      },
      storeNo,
      registerNo: 0,
      checkpoint: { checkpoint, signature: signature.toString('base64url') },
      receivedAt: this.#now,
    }
  }

  #add(type: OwnType | 'epoch-opened', body: object): string {
    const { tenant, store, register, epoch } = this.#certificate
    const seq = this.#head.seq + 1
    const bytes = encodeEntry({
      v: 1,
      app: 'server',
      engine: ENGINE,
      tenant,
      store,
      register,
      epoch,
      seq,
      prevHash: this.#head.hash,
      cart: null,
      type,
      at: this.#now,
      bootId,
      monotonicMs: Math.round(performance.now()),
      clockOffsetMs: 0,
      trustAgeMs: 0,
      shift: null,
      tradingDay: null,
      rulebook: null,
      staff: this.#staff,
      totals: null,
      body,
      // as: type and body belong together by the draft's type.
    } as Entry)
    const prepared = prepareEntry(bytes, sha256)
    if (prepared.decoded.kind !== 'ok')
      throw new Error(`a server wrote a ${type} entry that is ${prepared.decoded.kind}`)
    this.#entries.push(prepared)
    this.#head = { seq, hash: prepared.hash }
    return prepared.hash
  }
}
