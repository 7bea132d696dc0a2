import { Button } from '@mantine/core'
import { useWords } from '../words/use-words.ts'
import { languageName, languages, speak } from '../words/words.ts'

/** One tap switches every word; the choice survives. Each other language is offered in its own words. */
export function LanguageSwitch() {
  const i18n = useWords()
  return languages
    .filter((language) => language !== i18n.locale)
    .map((language) => (
      <Button key={language} variant="subtle" px="xs" lang={language} onClick={() => void speak(language)}>
        {languageName(language)}
      </Button>
    ))
}
