import { type OfferDefinition, Problem } from '@nexus/contract'
import type { Context } from '../../../context.ts'
import type { Tx } from '../../../db/database.ts'
import { writeRacing } from '../../../db/write-racing.ts'
import { recordAudit } from '../../audit/index.ts'
import { faultsOf, offerOf } from './queries.ts'
import { insertOffer, type OfferRecord, updateOffer } from './sql.ts'

export type Author = { by: string | null; how: string }
type Parts = Pick<Context, 'database' | 'clock'>

/** An offer is a page of text, not a file. */
const definitionCharactersMax = 200_000

/** Begins a draft and answers its id; it may be unfinished. */
export async function createOffer(
  { database, clock }: Parts,
  definition: OfferDefinition,
  author: Author,
): Promise<number> {
  refuseHuge(definition)
  const at = clock.now()
  return await writeRacing(database, async (tx) => {
    const id = await insertOffer(tx, { state: 'draft', definition, changed_at: at, changed_by: author.by })
    await audit(tx, author, at, { id, before: null, after: { state: 'draft', definition } })
    return id
  })
}

/** Begins a draft that says what another offer says, whatever became of that. Throws `offer/not-found`. */
export async function copyOffer(parts: Parts, id: number, author: Author): Promise<number> {
  const { definition } = await offerOf(parts.database.read, id)
  return await createOffer(parts, definition, author)
}

/**
 * Changes a draft. What it is already writes nothing.
 *
 * Throws `offer/not-found`, `offer/not-draft`, `offer/changed-meanwhile` when somebody was faster.
 */
export async function changeOffer(
  { database, clock }: Parts,
  id: number,
  given: { revision: number; definition: OfferDefinition },
  author: Author,
): Promise<void> {
  refuseHuge(given.definition)
  await database.write(async (tx) => {
    const before = await draftOf(tx, id)
    if (before.revision !== given.revision) throw changed()
    if (JSON.stringify(before.definition) === JSON.stringify(given.definition)) return
    await replace(tx, author, clock.now(), before, { state: 'draft', definition: given.definition })
  })
}

/**
 * Makes a draft part of the next rulebook version; from then on it never changes.
 *
 * Throws `offer/not-found`, `offer/not-draft`, `offer/has-faults` with a sentence for each member.
 */
export async function publishOffer({ database, clock }: Parts, id: number, author: Author): Promise<void> {
  await database.write(async (tx) => {
    const before = await draftOf(tx, id)
    const faults = await faultsOf(tx, before, clock.now())
    if (faults[0]) {
      throw new Problem(
        'offer/has-faults',
        `The offer cannot be published yet. ${faults[0].message}`,
        { offerId: id },
        faults,
      )
    }
    await replace(tx, author, clock.now(), before, { state: 'published', definition: before.definition })
  })
}

/**
 * Ends a published offer now: the next rulebook version is without it. One that is stopped stays so.
 *
 * Throws `offer/not-found`, `offer/not-published` for a draft.
 */
export async function stopOffer({ database, clock }: Parts, id: number, author: Author): Promise<void> {
  await database.write(async (tx) => {
    const before = await offerOf(tx, id)
    if (before.state === 'stopped') return
    if (before.state === 'draft') {
      throw new Problem('offer/not-published', 'A draft is not in force. Throw it away, or leave it.', {
        offerId: id,
      })
    }
    await replace(tx, author, clock.now(), before, { state: 'stopped', definition: before.definition })
  })
}

/** Throws a draft away; its number is never given again. Throws `offer/not-found`, `offer/not-draft`. */
export async function removeOffer({ database, clock }: Parts, id: number, author: Author): Promise<void> {
  await database.write(async (tx) => {
    const before = await draftOf(tx, id)
    await replace(tx, author, clock.now(), before, { state: 'removed', definition: before.definition })
  })
}

async function draftOf(tx: Tx, id: number): Promise<OfferRecord> {
  const offer = await offerOf(tx, id)
  if (offer.state === 'draft') return offer
  throw new Problem(
    'offer/not-draft',
    'A published offer never changes, so that old bills can be explained. Copy it and change the copy.',
    { offerId: id },
  )
}

type Said = Pick<OfferRecord, 'state' | 'definition'>

async function replace(tx: Tx, author: Author, at: number, before: OfferRecord, after: Said): Promise<void> {
  const { id, state, definition } = before
  if (!(await updateOffer(tx, before, { ...after, changed_at: at, changed_by: author.by }))) throw changed()
  await audit(tx, author, at, { id, before: { state, definition }, after })
}

async function audit(
  tx: Tx,
  author: Author,
  at: number,
  { id, before, after }: { id: number; before: Said | null; after: Said | null },
): Promise<void> {
  const label = (after ?? before)?.definition.name ?? ''
  await recordAudit(tx, { ...author, at, subject: 'offer', subjectId: String(id), label, before, after })
}

function changed(): Problem {
  return new Problem(
    'offer/changed-meanwhile',
    'Somebody else has changed this offer meanwhile. Load it again, then make your change.',
  )
}

function refuseHuge(definition: OfferDefinition): void {
  if (JSON.stringify(definition).length <= definitionCharactersMax) return
  const message = 'The offer is too long. Name brands, categories or tags instead of thousands of products.'
  throw new Problem('request/invalid', message, {}, [{ field: 'definition', message }])
}
