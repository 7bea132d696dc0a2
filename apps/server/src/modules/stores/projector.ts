import type { Context } from '../../context.ts'
import type { Projector } from '../journal/projector.ts'
import { proveCertificate } from './enrolment/certificates.ts'
import { markOpened, takeSeriesCode } from './enrolment/sql.ts'
import { findRegister } from './sql.ts'

/**
 * Marks an epoch as begun when its entry 1 takes effect, and keeps its series code from being given out
 * again where a restored server had forgotten it (JRN-4, JRN-14a). Nothing is cleared before a rebuild:
 * the same entries mark the same epochs.
 */
export function epochProjector(context: Pick<Context, 'secrets'>): Projector {
  return {
    name: 'stores',
    types: ['epoch-opened'],
    async apply(tx, facts) {
      for (const { entry, receivedAt } of facts) {
        if (entry.type !== 'epoch-opened') continue
        await markOpened(tx, entry.epoch, receivedAt)
        const certificate = proveCertificate(context.secrets, {
          certificate: entry.body.certificate,
          signature: entry.body.certificateSignature,
        })
        if (certificate && (await findRegister(tx, certificate.register))) {
          await takeSeriesCode(tx, certificate.code, certificate.register, receivedAt)
        }
      }
    },
    async clear() {},
  }
}
