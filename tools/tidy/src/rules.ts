import { indexRules } from './rules-index.ts'

/** `npm run rules`: lists sentences and faults of the specs that no test cites, and citations of nothing. */
const { rules, tests } = indexRules()
const known = new Set(rules.map((rule) => rule.id))
const bare = new Set(rules.map((rule) => rule.id.replace(/[a-z]+$/, '')))
const untested = rules.filter((rule) => !tests.has(rule.id) && !rule.cannotOccur)
const impossible = rules.filter((rule) => rule.cannotOccur && !tests.has(rule.id)).length
const strays = [...tests.keys()].filter((id) => !known.has(id) && !bare.has(id))

for (const rule of untested) console.log(`no test  ${rule.id.padEnd(8)} ${rule.text.slice(0, 90)}`)
for (const id of strays) console.log(`no rule  ${id.padEnd(8)} cited by ${tests.get(id)?.[0]?.path}`)
console.log(
  `${rules.length} sentences and faults, ${rules.length - untested.length - impossible} with a test, ${impossible} that cannot occur, ${untested.length} without; ${strays.length} citations of nothing`,
)
if (process.argv.includes('--strict') && (untested.length > 0 || strays.length > 0)) process.exitCode = 1
