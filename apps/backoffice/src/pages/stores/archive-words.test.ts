import { type Messages, setupI18n } from '@lingui/core'
import type { ArchiveStatus } from '@nexus/contract'
import { describe, expect, test } from 'vitest'
import { archiveWords } from './archive-words.ts'

const catalogues = import.meta.glob<{ messages: Messages }>('../../words/*.po')
const wordsOf = async (language: string) => {
  const messages = (await catalogues[`../../words/${language}.po`]?.())?.messages ?? {}
  return setupI18n({ locale: language, messages: { [language]: messages } })
}
const now = Date.UTC(2026, 10, 30, 12)
const states = ['none', 'same-disk', 'foreign', 'unreachable', 'replaying', 'behind'] as const

function statusOf(state: ArchiveStatus['state'], hole = 0): ArchiveStatus {
  const waiting = { hole, personal: 0, damaged: 0 }
  return { state, entries: 3, oldestAt: now - 7_200_000, damaged: 0, waiting }
}

describe.each(['en', 'hi'])('what people read of the second place (%s)', (language) => {
  test.each(states)('[JRN-9b] %s: what is the matter, and what to do', async (state) => {
    const words = archiveWords(await wordsOf(language), statusOf(state), now)
    expect(words?.title).toMatch(/\S+ \S+/)
    expect(words?.advice).toMatch(/\S+ \S+/)
  })

  test('nothing where all is well', async () => {
    expect(archiveWords(await wordsOf(language), statusOf('good'), now)).toBeUndefined()
  })
})

test('a till that waits for something lost is named, so that nobody looks at the disk for it', async () => {
  const i18n = await wordsOf('en')
  expect(archiveWords(i18n, statusOf('behind', 1), now)?.advice).toContain('1 till waits for something')
  expect(archiveWords(i18n, statusOf('behind'), now)?.advice).toContain('disk')
})
