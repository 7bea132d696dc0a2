import { i18n, type Messages } from '@lingui/core'

/** A file beside this one is a language of the back office; nothing else lists them. */
const catalogues = import.meta.glob<{ messages: Messages }>('./*.po')

/** Languages with a catalogue, English first. */
export const languages: readonly string[] = Object.keys(catalogues)
  .map((path) => path.slice('./'.length, -'.po'.length))
  .toSorted((one, other) => Number(other === 'en') - Number(one === 'en') || one.localeCompare(other))

const storageKey = 'nexus-office-language'

/** The language chosen last on this machine, else the browser's where there is one, else English. */
export function chosenLanguage(): string {
  const wanted = [localStorage.getItem(storageKey), ...navigator.languages.map((tag) => tag.slice(0, 2))]
  return wanted.find((language) => language !== null && languages.includes(language)) ?? 'en'
}

/** Switches every word on the screen and remembers the choice. */
export async function speak(language: string): Promise<void> {
  const load = catalogues[`./${language}.po`]
  if (!load) throw new Error(`no words for ${language}`)
  i18n.loadAndActivate({ locale: language, messages: (await load()).messages })
  localStorage.setItem(storageKey, language)
  document.documentElement.lang = language
}

/** A language in its own words: `हिन्दी`. */
export function languageName(language: string): string {
  return new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language
}
