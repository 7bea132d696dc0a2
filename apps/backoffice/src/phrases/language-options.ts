import { languageName } from '../words/words.ts'

/** Languages that tills speak. */
const tillLanguages = ['en', 'hi', 'kn', 'mr', 'ta'] as const

/** Languages of tills and people as choices, each in its own words; one of elsewhere stays choosable. */
export function languageOptions(current: string): { value: string; label: string }[] {
  return [...new Set<string>([...tillLanguages, current])]
    .filter((language) => language !== '')
    .map((language) => ({ value: language, label: languageName(language) }))
}
