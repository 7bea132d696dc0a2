import type { HealthLevel } from '@nexus/domain'
import { useWords } from '../../words/use-words.ts'
import { levelWords } from './health-words.ts'

const signs: Record<HealthLevel, string> = { bad: '✕', warn: '!', good: '✓', off: '–' }

/** How a till is, as a dot with a sign and a word. */
export function LevelMark({ level }: { level: HealthLevel }) {
  const i18n = useWords()
  return (
    <span className="level" data-level={level}>
      <span aria-hidden="true">{signs[level]}</span>
      <span className="visually-hidden">{levelWords(i18n, level)}: </span>
    </span>
  )
}
