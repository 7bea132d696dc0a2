import type { HopJournal, Mark, Marks, Parcel, PushRequest } from '@nexus/sync'
import type { Context } from '../../context.ts'
import type { DeviceCaller } from '../../http/serve.ts'
import {
  type AcceptPath,
  closeEpochs,
  findHopFact,
  type HqMarks,
  readForkParcel,
  readParcel,
  removeHqMarks,
  replaceHqMarks,
  selectForkIdentities,
  selectHqMarks,
  selectOwnHeads,
  setHopFact,
  slotHash,
} from '../journal/index.ts'
import type { VouchedKeys } from './vouched-keys.ts'

const generationFact = 'hq-generation'

/** Headquarters' generation as last heard, also before the last start; undefined: never. */
export async function knownHqGeneration(context: Pick<Context, 'database'>): Promise<string | undefined> {
  return await findHopFact(context.database.read, generationFact)
}

export type OwnJournalParts = {
  journal: Pick<AcceptPath, 'push' | 'takeOver'>
  storeId: string
  onGeneration(generation: string): void
  vouched: Pick<VouchedKeys, 'certificate'>
}

/** The store server's journal as forwarding needs it. */
export function ownJournal(
  { database }: Pick<Context, 'database'>,
  { journal, storeId, onGeneration, vouched }: OwnJournalParts,
): HopJournal {
  const db = database.read
  const callerOf = ({ register, epoch }: PushRequest): DeviceCaller => {
    return { kind: 'device', registerId: register, storeId, epoch }
  }
  /** Restored headquarters may have forgotten the epoch that signed (JRN-4s). */
  const certified = async (parcel: Parcel | undefined): Promise<Parcel | undefined> => {
    const signer = parcel?.checkpoint.checkpoint.epoch
    if (parcel === undefined || signer === undefined || signer === parcel.epoch) return parcel
    return { ...parcel, certificate: (await vouched.certificate(db, signer)) ?? null }
  }
  return {
    heads: () => selectOwnHeads(db),
    hashAt: (epoch, seq) => slotHash(db, epoch, seq),
    read: async (epoch, fromSeq, toSeq) => await certified(await readParcel(db, { epoch, fromSeq, toSeq })),
    forks: (after) => selectForkIdentities(db, after),
    readFork: async (identity) => await certified(await readForkParcel(db, identity)),
    async keep({ generation, marks, closed }) {
      const known = await findHopFact(db, generationFact)
      const said = marks.flatMap((one) => epochOf(one))
      const epochs = said.map(({ epoch }) => epoch)
      const kept = known === generation ? await selectHqMarks(db, epochs) : new Map<string, HqMarks>()
      const raised = new Map(said.map(({ epoch, ...one }) => [epoch, raise(kept.get(epoch), one)]))
      await database.write(async (tx) => {
        if (known !== generation) {
          await removeHqMarks(tx)
          await setHopFact(tx, generationFact, generation)
        }
        await replaceHqMarks(tx, raised)
        await closeEpochs(tx, closed)
      })
      if (known !== generation) onGeneration(generation)
    },
    accept: (push) => journal.push(callerOf(push), push),
    takeOver: (push) => journal.takeOver(callerOf(push), push),
  }
}

function epochOf({ received, durable }: Marks): (HqMarks & { epoch: string })[] {
  const epoch = received?.epoch ?? durable?.epoch
  return epoch === undefined ? [] : [{ epoch, received, durable }]
}

/** Marks rise within a generation: of two answers that crossed, the higher one was said last. */
function raise(kept: HqMarks | undefined, said: HqMarks): HqMarks {
  const higher = (one: Mark | null | undefined, other: Mark | null): Mark | null => {
    if (!one || !other) return other ?? one ?? null
    return one.seq > other.seq ? one : other
  }
  return { received: higher(kept?.received, said.received), durable: higher(kept?.durable, said.durable) }
}
