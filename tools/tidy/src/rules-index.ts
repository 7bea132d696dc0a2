import { readFileSync } from 'node:fs'
import { projectFiles, root } from './files.ts'

export type RuleIndex = {
  /** Lettered sentences and numbered faults of docs/spec, in order of the pages. */
  rules: { id: string; page: string; text: string; cannotOccur: boolean }[]
  /** Tests by the rule that their title cites. */
  tests: Map<string, { path: string; title: string }[]>
}

const letter = /\*\*((?:[A-Z]{3}-\d+|I\d+)[a-z]{1,2}|F\d{2})\*\*[\s|]*([^*\n]*)/g
/** First argument of a call that begins with a list of citations: a title, whatever runs the test. */
const title = /\(\s*(['"`])(\[[A-Z][\s\S]*?)\1/g
const cited = /\[([A-Z][\w-]*(?:\s*,\s*[A-Z][\w-]*)*)\]/g
const ruleOrFault = /^(?:[A-Z]{3}-\d+[a-z]{0,2}|F\d{2})$/

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
    const source = readFileSync(root + path, 'utf8')
    for (const [, , text = ''] of source.matchAll(title)) {
      for (const [, list = ''] of text.matchAll(cited)) {
        for (const id of list.split(/\s*,\s*/).filter((one) => ruleOrFault.test(one))) {
          tests.set(id, [...(tests.get(id) ?? []), { path, title: text }])
        }
      }
    }
  }
  return { rules, tests }
}
