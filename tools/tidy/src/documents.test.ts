import { existsSync, readFileSync, statSync } from 'node:fs'
import { problemTypes } from '@nexus/contract'
import { expect, test } from 'vitest'
import { projectFiles, root } from './files.ts'
import { problemsPage } from './problems-page.ts'
import { indexRules } from './rules-index.ts'

const documents = projectFiles('*.md').map((path) => ({ path, text: readFileSync(root + path, 'utf8') }))
const scripts = Object.keys(JSON.parse(readFileSync(`${root}package.json`, 'utf8')).scripts)

test('every npm script that a document names exists', () => {
  const named = documents.flatMap(({ path, text }) =>
    [...text.matchAll(/npm run ([a-z][a-z:-]*)/g)].map((match) => ({ path, script: match[1] ?? '' })),
  )
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter(({ script }) => !scripts.includes(script))).toEqual([])
})

test('every nexus command that a document names exists', () => {
  const named = documents.flatMap(({ path, text }) =>
    [...text.matchAll(/npx nexus ([a-z][a-z-]*)/g)].map((match) => ({ path, command: match[1] ?? '' })),
  )
  expect(named.length).toBeGreaterThan(3)
  expect(named.filter(({ command }) => !existsSync(`${root}apps/server/src/cli/${command}.ts`))).toEqual([])
})

test('every path that a document names exists', () => {
  const missing = documents.flatMap(({ path, text }) =>
    [...text.matchAll(/`((?:apps|packages|tools|tests|docs|\.ci)\/[A-Za-z0-9_./-]+)`/g)]
      .map((match) => match[1] ?? '')
      .filter((named) => !named.includes('…') && !existsSync(root + named))
      .map((named) => `${path}: ${named}`),
  )
  expect(missing).toEqual([])
})

test('every link between documents leads somewhere', () => {
  const broken = documents.flatMap(({ path, text }) =>
    [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
      .map((match) => match[1] ?? '')
      .filter((target) => !existsSync(new URL(target, `file://${root}${path}`)))
      .map((target) => `${path}: ${target}`),
  )
  expect(broken).toEqual([])
})

test('every server module has a page that says what it owns', () => {
  const modules = new Set(projectFiles('apps/server/src/modules').map((path) => path.split('/')[4] ?? ''))
  expect(
    [...modules].filter((name) => !existsSync(`${root}apps/server/src/modules/${name}/README.md`)),
  ).toEqual([])
})

test('docs/problems.md is the table of problem codes', () => {
  expect(readFileSync(`${root}docs/problems.md`, 'utf8')).toBe(problemsPage(problemTypes))
})

test('migrations come as twins, one a dialect', () => {
  const names = (dialect: string) =>
    projectFiles(`apps/server/migrations/${dialect}/*.sql`).map((path) => path.split('/').at(-1))
  expect(names('sqlite').length).toBeGreaterThan(0)
  expect(names('mysql')).toEqual(names('sqlite'))
})

test('the lockfile names no address, runs no install script and fits package.json', () => {
  const lock = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')) as {
    packages: Record<
      string,
      { hasInstallScript?: boolean; resolved?: string; link?: boolean; optional?: boolean }
    >
  }
  const entries = Object.entries(lock.packages)
  expect(
    entries.filter(([, entry]) => entry.hasInstallScript && !entry.optional).map(([name]) => name),
  ).toEqual([])
  expect(entries.filter(([, entry]) => entry.resolved && !entry.link).map(([name]) => name)).toEqual([])
})

test('no file speaks of machine paths', () => {
  const paths = /(?:\/work\/(?:main|shared)|\/tmp\/bash_jobs|\/root\/)/
  const guilty = projectFiles().filter((path) => {
    if (path === 'tools/tidy/src/documents.test.ts' || statSync(root + path).size > 1_000_000) return false
    return paths.test(readFileSync(root + path, 'utf8'))
  })
  expect(guilty).toEqual([])
})

test('every sentence and every fault of the specs has a test that cites it, or says why it cannot occur', () => {
  const { rules, tests } = indexRules()
  expect(rules.length).toBeGreaterThan(300)
  expect(rules.filter(({ id, cannotOccur }) => !tests.has(id) && !cannotOccur).map(({ id }) => id)).toEqual(
    [],
  )
})

test('each lettered sentence of the specs has one letter, and tests cite sentences that exist', () => {
  const { rules, tests } = indexRules()
  const ids = rules.map((rule) => rule.id)
  expect(ids.length).toBeGreaterThan(100)
  expect(ids.filter((id, place) => ids.indexOf(id) !== place)).toEqual([])
  const bare = new Set(ids.map((id) => id.replace(/[a-z]+$/, '')))
  expect([...tests.keys()].filter((id) => !ids.includes(id) && !bare.has(id))).toEqual([])
})
