import { expect, test } from 'vitest'
import { cyclesIn, importsOf, projectSources, type Source, violationsIn } from './imports.ts'

test('the project keeps its import rules', () => {
  const sources = projectSources()
  expect(sources.length).toBeGreaterThan(20)
  expect(violationsIn(sources)).toEqual([])
})

const planted: [rule: string, source: Source][] = [
  [
    'packages never import an app',
    { path: 'packages/sync/src/bad.ts', text: "import { buildApp } from '@nexus/server'" },
  ],
  [
    'packages never import an app',
    { path: 'packages/sync/src/bad.ts', text: "import '../../../apps/server/src/context.ts'" },
  ],
  [
    'packages/domain imports nothing but itself',
    { path: 'packages/domain/src/bad.ts', text: "import { z } from 'typebox'" },
  ],
  [
    'the till imports no other app',
    { path: 'apps/till/src/bad.ts', text: "import '../../server/src/context.ts'" },
  ],
  [
    'modules meet only at index.ts',
    { path: 'apps/server/src/modules/sales/bad.ts', text: "import { x } from '../stores/sql.ts'" },
  ],
  [
    'the journal imports no other module',
    { path: 'apps/server/src/modules/journal/bad.ts', text: "import { x } from '../stores/index.ts'" },
  ],
  [
    'only sql.ts, events.ts, tables.ts and the kits import Kysely',
    { path: 'apps/server/src/modules/sales/bad.ts', text: "import { sql } from 'kysely'" },
  ],
  [
    'only config.ts reads the environment',
    { path: 'apps/server/src/modules/sales/bad.ts', text: 'const home = process.env.HOME' },
  ],
]

test.each(planted)('a planted violation is seen: %s', (rule, source) => {
  expect(violationsIn([source]).map((violation) => violation.rule)).toContain(rule)
})

test('a planted cycle is seen', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['a']],
    ['d', ['a']],
  ])
  expect(cyclesIn(graph)).toEqual([['a', 'b', 'c', 'a']])
})

test('imports are found in every form, and not in comments', () => {
  const text = [
    "import a from './a.ts'",
    "export * from './b.ts'",
    "const c = await import('./c.ts')",
    "import './d.ts'",
    "// import './e.ts'",
    "/* from './f.ts' */",
    "new Worker(new URL('./g.ts', import.meta.url))",
  ].join('\n')
  expect(importsOf(text).map(({ from }) => from)).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts', './g.ts'])
})

test('an import of types is told from one that runs, over several lines too', () => {
  const text =
    "import type { A } from './a.ts'\nimport {\n  b,\n  type C,\n} from './b.ts'\nexport type * from './c.ts'"
  expect(importsOf(text)).toEqual([
    { from: './a.ts', typeOnly: true },
    { from: './b.ts', typeOnly: false },
    { from: './c.ts', typeOnly: true },
  ])
})
