import { spawnSync } from 'node:child_process'
import { root } from './files.ts'

/** `npm run check`: what CI runs, in its order; stops at the first step that fails. */
const steps: [what: string, command: string[]][] = [
  ['format and lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']],
  ['types', ['node_modules/typescript/bin/tsc', '-b']],
  ['unused code', ['node_modules/knip/bin/knip.js']],
  ['tests', ['tools/tidy/src/run-tests.ts']],
]
for (const [what, command] of steps) {
  const startedAt = Date.now()
  console.log(`\n── ${what}`)
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' })
  if (status !== 0) {
    console.error(`${what} failed`)
    process.exit(status ?? 1)
  }
  console.log(`${what}: ${((Date.now() - startedAt) / 1000).toFixed(0)} s`)
}
