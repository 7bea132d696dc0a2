import type { I18n } from '@lingui/core'
import { formatRupees } from '@nexus/domain'
import type { JournalStatus } from '../journal/index.ts'
import { ageWords } from './age-words.ts'

export type Severity = 'good' | 'warn' | 'bad'

/** Sending takes seconds; what waits no longer than this is no news. */
const NEWS_AFTER_MS = 60_000

/**
 * Where the bills of this till are, in one line. Money that is only here comes before everything but
 * trouble of the journal itself.
 *
 * @param now the till's time
 */
export function whereaboutsWords(
  i18n: I18n,
  status: Pick<JournalStatus, 'state' | 'waiting' | 'notAtHq' | 'hop' | 'storage' | 'newEpoch' | 'rehoming'>,
  now: number,
): { severity: Severity; text: string } {
  const { waiting, notAtHq, hop, storage, newEpoch, rehoming } = status
  if (storage.failedCopy !== null) {
    const text = i18n._('status.copy-failed', {}, { message: 'One copy of the bills failed on this device' })
    return { severity: 'bad', text }
  }
  if (storage.room === 'none') {
    const text = i18n._('status.room-none', {}, { message: 'No room for another bill on this device' })
    return { severity: 'bad', text }
  }
  if (status.state === 'retired') {
    const text = i18n._('status.retired', {}, { message: 'Handed over to another device' })
    return { severity: 'warn', text }
  }
  if (newEpoch === 'key-lost') {
    const text = i18n._('status.key-lost', {}, { message: 'This till needs a new enrolment code' })
    return { severity: 'bad', text }
  }
  if (newEpoch !== null || rehoming > 0) {
    const text = i18n._('status.forked', {}, { message: 'The history of this till is being mended' })
    return { severity: 'warn', text }
  }
  const ageMs = waiting.oldestAt === null ? 0 : now - waiting.oldestAt
  if (waiting.sales > 0 && (!hop.reachable || ageMs > NEWS_AFTER_MS)) {
    const values = {
      count: waiting.sales,
      sum: formatRupees(waiting.soldMinor),
      age: ageWords(i18n, ageMs),
    }
    const text = i18n._('status.only-here', values, {
      message: '{count, plural, one {# bill} other {# bills}}, {sum}, only on this till for {age}',
    })
    return { severity: 'warn', text }
  }
  const inStore = notAtHq.sales - waiting.sales
  const inStoreMs = notAtHq.oldestAt === null ? 0 : now - notAtHq.oldestAt
  if (inStore > 0 && (!hop.reachable || inStoreMs > NEWS_AFTER_MS)) {
    const values = {
      count: inStore,
      sum: formatRupees(notAtHq.soldMinor - waiting.soldMinor),
      age: ageWords(i18n, inStoreMs),
    }
    const text = i18n._('status.only-in-store', values, {
      message: '{count, plural, one {# bill} other {# bills}}, {sum}, only in this store for {age}',
    })
    return { severity: 'warn', text }
  }
  if (!hop.reachable) {
    return {
      severity: 'warn',
      text: i18n._('status.offline', {}, { message: 'Offline · all bills at HQ' }),
    }
  }
  if (waiting.entries > 0 || inStore > 0) {
    return { severity: 'good', text: i18n._('status.sending', {}, { message: 'Sending…' }) }
  }
  return { severity: 'good', text: i18n._('status.all-at-hq', {}, { message: 'All bills at HQ' }) }
}
