import { indexRules } from './rules-index.ts'

/** `npm run rules`: lists the sentences of the specs that no test cites, and citations of no sentence. */
const { rules, tests } = indexRules()
const known = new Set(rules.map((rule) => rule.id))
const bare = new Set(rules.map((rule) => rule.id.replace(/[a-z]+$/, '')))
const untested = rules.filter((rule) => !tests.has(rule.id))
const strays = [...tests.keys()].filter((id) => !known.has(id) && !bare.has(id))

for (const rule of untested) console.log(`no test  ${rule.id.padEnd(8)} ${rule.text.slice(0, 90)}`)
for (const id of strays) console.log(`no rule  ${id.padEnd(8)} cited by ${tests.get(id)?.[0]?.path}`)
console.log(
  `${rules.length} sentences, ${rules.length - untested.length} with a test, ${untested.length} without; ${strays.length} citations of nothing`,
)
if (process.argv.includes('--strict') && (untested.length > 0 || strays.length > 0)) process.exitCode = 1
