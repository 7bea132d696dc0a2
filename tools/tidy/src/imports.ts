import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { projectFiles, root } from './files.ts'

export type Source = { path: string; text: string }
export type Violation = { path: string; imported: string; rule: string }

export type Import = { from: string /** Erased before anything runs. */; typeOnly: boolean }

/** Imports and re-exports of a TypeScript text, static and dynamic; comments are skipped. */
export function importsOf(text: string): Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1')
  const found: Import[] = []
  const pattern =
    /\b(?:(import|export)\s+(type\s+)?[^'"`;()]*?\bfrom\s*|import\s*\(\s*|import\s+|new URL\(\s*)(['"])([^'"\n]+)\3/g
  for (const match of code.matchAll(pattern)) {
    if (match[4]) found.push({ from: match[4], typeOnly: match[2] !== undefined })
  }
  return found
}

const moduleOf = (path: string) => /^apps\/server\/src\/modules\/([^/]+)\//.exec(path)?.[1]
const isTest = (path: string) =>
  path.endsWith('.test.ts') || path.endsWith('.test.tsx') || path.includes('/testing/')
/** Files that may name Kysely: a module's SQL and its tables, its events, and the kits. */
const speaksSql = (path: string) =>
  /\/(sql|events|tables)\.ts$/.test(path) || /^apps\/server\/src\/(db|bus|jobs)\//.test(path)

/** Every import that STYLE's rules forbid. `sources` are all files, so that cycles are seen. */
export function violationsIn(sources: readonly Source[]): Violation[] {
  const found: Violation[] = []
  const graph = new Map<string, string[]>()
  const known = new Set(sources.map((source) => source.path))
  for (const { path, text } of sources) {
    const targets: string[] = []
    for (const { from: imported, typeOnly } of importsOf(text)) {
      const target = imported.startsWith('.') ? posix.join(posix.dirname(path), imported) : imported
      const flag = (rule: string) => found.push({ path, imported, rule })
      if (known.has(target) && !typeOnly) targets.push(target)

      if (
        path.startsWith('packages/') &&
        (target.startsWith('apps/') || /^@nexus\/(server|till|backoffice)/.test(target))
      ) {
        flag('packages never import an app')
      }
      if (path.startsWith('packages/domain/src/') && !isTest(path) && !imported.startsWith('.')) {
        flag('packages/domain imports nothing but itself')
      }
      if (
        path.startsWith('apps/till/') &&
        /^(apps\/(server|backoffice)\/|@nexus\/(server|backoffice))/.test(target)
      ) {
        flag('the till imports no other app')
      }
      if (
        path.startsWith('apps/backoffice/') &&
        /^(apps\/(server|till)\/|@nexus\/(server|till))/.test(target)
      ) {
        flag('the back office imports no other app')
      }
      if (isTest(path)) continue
      const own = moduleOf(path)
      const into = moduleOf(target)
      if (
        own &&
        into &&
        own !== into &&
        !target.endsWith(`/modules/${into}/index.ts`) &&
        !target.endsWith('/journal/projector.ts')
      ) {
        flag('modules meet only at index.ts')
      }
      if (own === 'journal' && into && into !== 'journal') flag('the journal imports no other module')
      if (
        path.startsWith('apps/server/src/') &&
        /^kysely(\/|$)/.test(imported) &&
        !typeOnly &&
        !speaksSql(path)
      ) {
        flag('only sql.ts, events.ts, tables.ts and the kits import Kysely')
      }
      if (own && /\/src\/cli\//.test(target)) flag('modules do not import the command line')
    }
    graph.set(path, targets)
    if (
      path.startsWith('apps/server/src/') &&
      !isTest(path) &&
      !path.endsWith('/config.ts') &&
      /process\.env\b/.test(text)
    ) {
      found.push({ path, imported: 'process.env', rule: 'only config.ts reads the environment' })
    }
  }
  for (const cycle of cyclesIn(graph)) {
    found.push({ path: cycle[0] ?? '', imported: cycle.join(' → '), rule: 'no import cycles' })
  }
  return found
}

/** One cycle per strongly connected group of files, as the files on it. */
export function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const state = new Map<string, 'open' | 'done'>()
  const stack: string[] = []
  const cycles: string[][] = []
  const visit = (path: string): void => {
    state.set(path, 'open')
    stack.push(path)
    for (const next of graph.get(path) ?? []) {
      if (state.get(next) === 'open') cycles.push([...stack.slice(stack.indexOf(next)), next])
      else if (!state.has(next)) visit(next)
    }
    stack.pop()
    state.set(path, 'done')
  }
  for (const path of graph.keys()) if (!state.has(path)) visit(path)
  return cycles
}

/** The project's own sources. Type-only imports count for boundaries, not for cycles and SQL: they are erased. */
export function projectSources(): Source[] {
  return projectFiles('apps/**/*.ts', 'apps/**/*.tsx', 'packages/**/*.ts', 'tools/**/*.ts').map((path) => ({
    path,
    text: readFileSync(root + path, 'utf8'),
  }))
}
