import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

/** `npm run tamper -- [--count N] [--seed S]`: tampers with exports and prints what was found, by kind. */
const { values } = parseArgs({
  options: { count: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
})
for (const [name, text] of Object.entries(values)) {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new RangeError(`--${name} ${text}: give a whole number from 1 on`)
}
const root = fileURLToPath(new URL('../../../../../../../', import.meta.url))
const { status } = spawnSync(
  process.execPath,
  [
    `${root}node_modules/vitest/vitest.mjs`,
    'run',
    '--project',
    'server',
    'apps/server/src/modules/journal/export/tampering.test.ts',
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TAMPERINGS: values.count, TAMPER_SEED: values.seed },
  },
)
process.exitCode = status ?? 1
