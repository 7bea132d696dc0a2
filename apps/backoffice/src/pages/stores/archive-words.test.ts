import { setupI18n } from '@lingui/core'
import type { ArchiveStatus } from '@nexus/contract'
import { describe, expect, test } from 'vitest'
import { messages as en } from '../../words/en.po'
import { messages as hi } from '../../words/hi.po'
import { archiveWords } from './archive-words.ts'

const now = Date.UTC(2026, 10, 30, 12)
const states = ['none', 'same-disk', 'foreign', 'unreachable', 'replaying', 'behind'] as const

function statusOf(state: ArchiveStatus['state'], hole = 0): ArchiveStatus {
  const waiting = { hole, personal: 0, damaged: 0 }
  return { state, entries: 3, oldestAt: now - 7_200_000, damaged: 0, waiting }
}

describe.each([
  ['en', en],
  ['hi', hi],
])('what people read of the second place (%s)', (locale, messages) => {
  const i18n = setupI18n({ locale, messages: { [locale]: messages } })

  test.each(states)('[JRN-9b] %s: what is the matter, and what to do', (state) => {
    const words = archiveWords(i18n, statusOf(state), now)
    expect(words?.title).toMatch(/\S+ \S+/)
    expect(words?.advice).toMatch(/\S+ \S+/)
  })

  test('nothing where all is well', () => {
    expect(archiveWords(i18n, statusOf('good'), now)).toBeUndefined()
  })
})

test('a till that waits for something lost is named, so that nobody looks at the disk for it', () => {
  const i18n = setupI18n({ locale: 'en', messages: { en } })
  expect(archiveWords(i18n, statusOf('behind', 1), now)?.advice).toContain('1 till waits for something')
  expect(archiveWords(i18n, statusOf('behind'), now)?.advice).toContain('disk')
})
