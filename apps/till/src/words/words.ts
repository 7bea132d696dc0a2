import { type I18n, type Messages, setupI18n } from '@lingui/core'

/** A file beside this one is a language of the till; nothing else lists them. */
const catalogues = import.meta.glob<{ messages: Messages }>('./*.po')

/** Languages with a catalogue, English first. */
export const languages: readonly string[] = Object.keys(catalogues)
  .map((path) => path.slice('./'.length, -'.po'.length))
  .toSorted((one, other) => Number(other === 'en') - Number(one === 'en') || one.localeCompare(other))

/** The words of the screens. `i18n` changes its language in place and tells its listeners. */
export type Words = {
  i18n: I18n
  /** Switches the screens; an unknown language is English. */
  speak(language: string): Promise<void>
  /** Words of another language without switching, for a bill that was made in it. */
  inLanguage(language: string): Promise<I18n>
}

/** Loads the words of a language. Rejects when its file is neither on this device nor reachable. */
export async function openWords(language: string): Promise<Words> {
  const i18n = setupI18n()

  async function speak(wanted: string): Promise<void> {
    const spoken = languageOrEnglish(wanted)
    i18n.loadAndActivate({ locale: spoken, messages: await messagesOf(spoken) })
  }

  async function inLanguage(wanted: string): Promise<I18n> {
    const spoken = languageOrEnglish(wanted)
    if (spoken === i18n.locale) return i18n
    return setupI18n({ locale: spoken, messages: { [spoken]: await messagesOf(spoken) } })
  }

  await speak(language)
  return { i18n, speak, inLanguage }
}

function languageOrEnglish(wanted: string): string {
  return languages.includes(wanted) ? wanted : 'en'
}

async function messagesOf(language: string): Promise<Messages> {
  const load = catalogues[`./${language}.po`]
  if (load === undefined) throw new Error(`no words for ${language}`)
  return (await load()).messages
}

/** A language in its own words: `हिन्दी`. */
export function languageName(language: string): string {
  return new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language
}

/** Its short name for a switch: `EN`, or the first letter of its own script: `हि`. */
export function languageSign(language: string): string {
  const [first] = new Intl.Segmenter(language).segment(languageName(language))
  const sign = first?.segment ?? language
  return /^\p{Script=Latin}/u.test(sign) ? language.toUpperCase() : sign
}
