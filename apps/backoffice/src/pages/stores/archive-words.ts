import type { I18n } from '@lingui/core'
import type { ArchiveStatus } from '@nexus/contract'
import { agoWords } from '../../phrases/date-words.ts'

/** What is the matter with the second place, and what to do; undefined where it is well (JRN-9b). */
export function archiveWords(
  i18n: I18n,
  { state, entries, oldestAt, waiting }: ArchiveStatus,
  now: number,
): { title: string; advice: string } | undefined {
  const title = i18n._('archive.no-second-place', {}, { message: 'Bills are kept in one place only' })
  switch (state) {
    case 'none':
      return {
        title,
        advice: i18n._(
          'archive.none',
          {},
          { message: 'Tills keep every bill. Name a folder on another disk with NEXUS_ARCHIVE.' },
        ),
      }
    case 'same-disk':
      return {
        title,
        advice: i18n._(
          'archive.same-disk',
          {},
          {
            message:
              'The archive is on the same disk as the database, so tills keep every bill. Name a folder on another disk with NEXUS_ARCHIVE.',
          },
        ),
      }
    case 'foreign':
      return {
        title,
        advice: i18n._(
          'archive.foreign',
          {},
          {
            message:
              'The archive’s folder holds another chain’s bills. Name an empty folder with NEXUS_ARCHIVE.',
          },
        ),
      }
    case 'unreachable':
      return {
        title,
        advice: i18n._(
          'archive.unreachable',
          {},
          {
            message:
              'The archive’s folder does not answer. Tills keep every bill until it does: look at its disk.',
          },
        ),
      }
    case 'replaying':
      return {
        title: i18n._('archive.replaying-title', {}, { message: 'The archive is giving bills back' }),
        advice: i18n._(
          'archive.replaying',
          {},
          { message: 'The database was restored. What the archive has beyond it comes back by itself.' },
        ),
      }
    case 'behind':
      return {
        title: i18n._('archive.behind-title', {}, { message: 'The second copy of the bills is behind' }),
        advice: i18n._(
          'archive.behind',
          {
            entries,
            ago: agoWords(i18n.locale, oldestAt ?? now, now),
            waiting: waiting.hole + waiting.personal + waiting.damaged,
          },
          {
            message:
              '{entries, plural, one {# entry waits} other {# entries wait}}, the oldest came {ago}. {waiting, plural, =0 {Look at the archive’s disk.} one {# till waits for something that was lost: see To look at.} other {# tills wait for something that was lost: see To look at.}}',
          },
        ),
      }
    case 'good':
      return undefined
  }
}
