import type { I18n } from '@lingui/core'
import type { OfferStatus } from '@nexus/contract'

/** Where an offer stands in its life. */
export function offerStatusName(i18n: I18n, status: OfferStatus): string {
  switch (status) {
    case 'draft':
      return i18n._('offer.draft', {}, { message: 'Draft' })
    case 'scheduled':
      return i18n._('offer.scheduled', {}, { message: 'Scheduled' })
    case 'live':
      return i18n._('offer.live', {}, { message: 'Live' })
    case 'ended':
      return i18n._('offer.ended', {}, { message: 'Ended' })
    case 'stopped':
      return i18n._('offer.stopped', {}, { message: 'Stopped' })
  }
}
