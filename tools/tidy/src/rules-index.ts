import { readFileSync } from 'node:fs'
import { projectFiles, root } from './files.ts'

export type RuleIndex = {
  /** Lettered sentences and numbered faults of docs/spec, in order of the pages. */
  rules: { id: string; page: string; text: string; cannotOccur: boolean }[]
  /** Tests by the rule that their title cites. */
  tests: Map<string, { path: string; title: string }[]>
}

const letter = /\*\*((?:[A-Z]{3}-\d+|I\d+)[a-z]{1,2}|F\d{2})\*\*[\s|]*([^*\n]*)/g
const cited = /\[((?:[A-Z]{3}-\d+[a-z]{0,2}|F\d{2})(?:\s*,\s*(?:[A-Z]{3}-\d+[a-z]{0,2}|F\d{2}))*)\]/g

/** Reads every lettered sentence and fault of the specs and every test title that cites one. */
export function indexRules(): RuleIndex {
  const rules = projectFiles('docs/spec/*.md').flatMap((page) =>
    [...readFileSync(root + page, 'utf8').matchAll(letter)].map((match) => ({
      id: match[1] ?? '',
      page,
      text: (match[2] ?? '').trim(),
      cannotOccur: (match[2] ?? '').includes('Cannot occur: '),
    })),
  )
  const tests: RuleIndex['tests'] = new Map()
  for (const path of projectFiles('*.test.ts', '*.test.tsx')) {
    const text = readFileSync(root + path, 'utf8')
    for (const match of text.matchAll(
      /\b(?:test|it|inBrowser)(?:\.each\([\s\S]*?\))?\(\s*(['"`])([\s\S]*?)\1/g,
    )) {
      const title = match[2] ?? ''
      for (const group of title.matchAll(cited)) {
        for (const id of (group[1] ?? '').split(/\s*,\s*/)) {
          tests.set(id, [...(tests.get(id) ?? []), { path, title }])
        }
      }
    }
  }
  return { rules, tests }
}
