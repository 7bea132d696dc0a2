import type { Tx } from '../../db/database.ts'
import { insertRows } from '../../db/rows.ts'
import type { Discrepancy, Fact, Finding, Projector } from './projector.ts'
import { discrepancyRows } from './rows.ts'
import { discrepanciesOf } from './sql.ts'

/** Hands facts to every projector that wants their types, and keeps what the projectors find. */
export async function project(
  tx: Tx,
  projectors: readonly Projector[],
  facts: readonly Fact[],
): Promise<void> {
  const findings: Finding[] = []
  for (const projector of projectors) {
    const wanted = factsFor(projector, facts)
    if (wanted.length > 0) findings.push(...((await projector.apply(tx, wanted)) ?? []))
  }
  for (const finding of findings)
    if (finding.earlier) await insertRows(tx, 'discrepancy', await rowsOfEarlier(tx, finding))
  const ofGroup = findings.filter(({ earlier }) => earlier === undefined)
  const byIdentity = Map.groupBy(ofGroup, ({ identity }) => identity.toString('base64url'))
  for (const fact of byIdentity.size > 0 ? facts : []) {
    const found = byIdentity.get(fact.identity.toString('base64url'))
    if (found !== undefined) await insertRows(tx, 'discrepancy', rowsOf(fact, found))
  }
}

/** Lets projectors tell the rest of the world. Not in a rebuild: it was told already. */
export async function announceFacts(
  tx: Tx,
  projectors: readonly Projector[],
  facts: readonly Fact[],
): Promise<void> {
  for (const projector of projectors) {
    const wanted = projector.announce ? factsFor(projector, facts) : []
    if (wanted.length > 0) await projector.announce?.(tx, wanted)
  }
}

function factsFor({ types }: Projector, facts: readonly Fact[]): Fact[] {
  return facts.filter((fact) => types.includes(fact.entry.type))
}

/** Behind what the fact's own group left. */
async function rowsOfEarlier(tx: Tx, { identity, discrepancy, earlier }: Finding) {
  if (earlier === undefined) return []
  const firstN = (await discrepanciesOf(tx, identity)).length
  const when = { at: earlier.receivedAt, foundBy: 'projector', firstN } as const
  return discrepancyRows(earlier, identity, [discrepancy], when)
}

function rowsOf(fact: Fact, found: readonly Finding[]) {
  const place = { storeNo: fact.storeNo, epoch: fact.entry.epoch, seq: fact.entry.seq }
  const discrepancies: Discrepancy[] = found.map((finding) => finding.discrepancy)
  // Behind those of acceptance.
  const firstN = fact.discrepancies?.length ?? 0
  return discrepancyRows(place, fact.identity, discrepancies, {
    at: fact.receivedAt,
    foundBy: 'projector',
    firstN,
  })
}
