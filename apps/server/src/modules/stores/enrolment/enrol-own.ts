import { Problem } from '@nexus/contract'
import type { Context } from '../../../context.ts'
import type { EnrolOwn } from '../../journal/index.ts'
import { companyMissing } from '../queries.ts'
import { findCompany, findStoreByNo } from '../sql.ts'
import { issueCertificate, keyIdOf } from './certificates.ts'
import { requireReported } from './held-codes.ts'
import type { JournalView } from './ports.ts'
import { takeNextSeriesCode } from './series-code.ts'

/** Register 0 of a store is its recovery journal: KOR0A, KOR0B … Registers of people count from 1. */
const recoveryNumber = 0
/** Name no series: these journals take no numbers. A store's own codes have a digit, so they never meet. */
const namesOnly = { hq: 'HQ', 'store-server': 'SS' } as const

/**
 * Enrols epochs of this server's own journals (JRN-20c): certificates like a till's, a series code only for
 * recovery. The chain's journals stand under the company's id in place of a store's.
 */
export function enrolOwn(context: Pick<Context, 'clock' | 'secrets'>, journal: JournalView): EnrolOwn {
  return async (tx, { kind, storeNo, epoch, register, publicKey }) => {
    const company = await findCompany(tx)
    if (!company) throw companyMissing()
    const store = storeNo === 0 ? undefined : await findStoreByNo(tx, storeNo)
    if (storeNo !== 0 && !store) {
      throw new Problem('store/not-found', 'The store of this entry is not known here.', { storeNo })
    }
    const code =
      kind !== 'recovery'
        ? namesOnly[kind]
        : await takeNextSeriesCode(
            tx,
            { id: null, storeCode: store?.code ?? '', number: recoveryNumber },
            { now: context.clock.now(), restored: await requireReported(tx, journal) },
          )
    return issueCertificate(context.secrets, {
      tenant: company.id,
      store: store?.id ?? company.id,
      register,
      epoch,
      code,
      publicKey,
      keyId: keyIdOf(publicKey),
    })
  }
}
