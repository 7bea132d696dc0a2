import type { I18n } from '@lingui/core'
import { createContext, use, useSyncExternalStore } from 'react'
import type { Words } from './words.ts'

export const WordsContext = createContext<Words | undefined>(undefined)

/** All words, for switching the language. */
export function useAllWords(): Words {
  const words = use(WordsContext)
  if (words === undefined) throw new Error('the words stand around every screen')
  return words
}

/** The words of the screen's language; the component is drawn again when it changes. */
export function useWords(): I18n {
  const { i18n } = useAllWords()
  useSyncExternalStore(
    (listener) => i18n.on('change', listener),
    () => i18n.locale,
  )
  return i18n
}
