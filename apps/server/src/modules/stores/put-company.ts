import { randomUUIDv7 } from 'node:crypto'
import type { Company, CompanyBody, StaticOf } from '@nexus/contract'
import type { Context } from '../../context.ts'
import { recordAudit } from '../audit/index.ts'
import { findCompany, insertCompany, updateCompany } from './sql.ts'

/** Who changes master data, and by which way in. */
export type Author = { by: string | null; how: string }

/**
 * Sets the company up, or changes it; its id is the tenant of every journal entry and stays for ever.
 *
 * @param id of a company that is set up now; a new one when left out
 */
export async function putCompany(
  context: Context,
  { by, how }: Author,
  body: StaticOf<typeof CompanyBody>,
  id: string = randomUUIDv7(),
): Promise<Company> {
  return await context.database.write(async (tx) => {
    const before = await findCompany(tx)
    const after: Company = { ...body, id: before?.id ?? id }
    if (before) await updateCompany(tx, after)
    else await insertCompany(tx, after)
    await recordAudit(tx, {
      at: context.clock.now(),
      by,
      how,
      subject: 'company',
      subjectId: after.id,
      label: after.tradeName,
      before: before ?? null,
      after,
    })
    return after
  })
}
