import { keepPreferences } from '../device/index.ts'
import { useAllWords, useWords } from '../words/use-words.ts'
import { languageName, languageSign, languages } from '../words/words.ts'

/** One tap a language; the choice survives restarts. */
export function LanguageSwitch() {
  const words = useAllWords()
  const i18n = useWords()
  async function speak(language: string): Promise<void> {
    await words.speak(language)
    keepPreferences({ language })
  }
  return (
    <fieldset className="languages" aria-label={i18n._('language.label', {}, { message: 'Language' })}>
      {languages.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-label={`${languageSign(language)} · ${languageName(language)}`}
          title={languageName(language)}
          aria-pressed={language === i18n.locale}
          onClick={() => void speak(language)}
        >
          {languageSign(language)}
        </button>
      ))}
    </fieldset>
  )
}
