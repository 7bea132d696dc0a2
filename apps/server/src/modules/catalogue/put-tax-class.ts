import { Problem, type TaxClassRow } from '@nexus/contract'
import type { Context } from '../../context.ts'
import { recordAudit } from '../audit/index.ts'
import { type Author, changing } from './save-products.ts'
import { allTaxClasses, countByTaxClass, replaceTaxClass } from './sql.ts'

/**
 * Creates or changes a tax class. Tills see it with the next version of the rulebook. Safe to repeat;
 * what it already is writes nothing.
 *
 * Throws Problem `request/invalid` for rates that begin together or do not fit their kind.
 */
export async function putTaxClass(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  given: Omit<TaxClassRow, 'products'>,
  author: Omit<Author, 'at'>,
): Promise<TaxClassRow> {
  const after = {
    id: given.id,
    name: given.name.trim(),
    rates: given.rates
      .map(({ from, kind, rateBp }) => ({ from, kind, rateBp }))
      .sort((one, other) => one.from - other.from),
  }
  refuseOddRates(after.rates)
  await database.write(
    async (tx) =>
      await changing(tx, async () => {
        const before = (await allTaxClasses(tx)).find((taxClass) => taxClass.id === after.id) ?? null
        if (JSON.stringify(before) === JSON.stringify(after)) return
        await replaceTaxClass(tx, after)
        await recordAudit(tx, {
          ...author,
          at: clock.now(),
          subject: 'tax-class',
          subjectId: after.id,
          label: after.name,
          before,
          after,
        })
      }),
  )
  return { ...after, products: (await countByTaxClass(database.read)).get(after.id) ?? 0 }
}

function refuseOddRates(rates: TaxClassRow['rates']): void {
  const errors: { field: string; message: string }[] = []
  for (const [index, rate] of rates.entries()) {
    if (rates[index - 1]?.from === rate.from) {
      errors.push({
        field: `rates.${index}.from`,
        message: 'Two rates begin at the same time. Take one out.',
      })
    }
    if (rate.kind !== 'taxable' && rate.rateBp !== 0) {
      errors.push({
        field: `rates.${index}.rateBp`,
        message: 'Nil-rated, exempt and non-GST goods have a rate of 0. Set it to 0, or choose taxable.',
      })
    }
    if (rate.kind === 'taxable' && rate.rateBp === 0) {
      errors.push({
        field: `rates.${index}.rateBp`,
        message: 'A taxable rate is above 0. Set it, or choose nil-rated.',
      })
    }
  }
  if (errors[0]) throw new Problem('request/invalid', errors[0].message, {}, errors)
}
