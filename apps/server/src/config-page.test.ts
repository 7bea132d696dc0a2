import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from './config.ts'
import { configPage } from './config-page.ts'

test('docs/config.md says what the settings are now (else run: npx nexus doctor --page > docs/config.md)', () => {
  expect(readFileSync(join(projectRoot, 'docs/config.md'), 'utf8')).toBe(configPage())
})
