import { useWords } from '../../words/use-words.ts'
import { levelWords } from './health-words.ts'
import type { Level } from './register-health.ts'

const signs: Record<Level, string> = { bad: '✕', warn: '!', good: '✓', off: '–' }

/** How a till is, as a dot with a sign and a word. */
export function LevelMark({ level }: { level: Level }) {
  const i18n = useWords()
  return (
    <span className="level" data-level={level}>
      <span aria-hidden="true">{signs[level]}</span>
      <span className="visually-hidden">{levelWords(i18n, level)}: </span>
    </span>
  )
}
