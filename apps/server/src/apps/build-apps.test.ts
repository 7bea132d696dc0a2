import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { AppFolder } from './app-folders.ts'
import { inputsHash, staleApps, stampName } from './build-apps.ts'

function appFolder(): AppFolder {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-app-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'src'))
  mkdirSync(join(folder, 'dist'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html>')
  writeFileSync(join(folder, 'src/main.ts'), 'export const x = 1')
  return { name: 'till', folder, dist: join(folder, 'dist'), prefix: '/till/', connects: '' }
}
const stamp = (app: AppFolder) => writeFileSync(join(app.dist, stampName), inputsHash(app))

test('an app is built once, and again when one of its sources changes', () => {
  const app = appFolder()
  expect(staleApps([app])).toEqual([app])
  stamp(app)
  expect(staleApps([app])).toEqual([])
  writeFileSync(join(app.folder, 'src/main.ts'), 'export const x = 2')
  expect(staleApps([app])).toEqual([app])
})

test('a renamed source makes a build stale; tests and the build itself do not', () => {
  const app = appFolder()
  stamp(app)
  writeFileSync(join(app.folder, 'src/main.test.ts'), 'export const x = 2')
  writeFileSync(join(app.dist, 'main.js'), 'x')
  expect(staleApps([app])).toEqual([])
  writeFileSync(join(app.folder, 'src/other.ts'), '')
  expect(staleApps([app])).toEqual([app])
})

test('a folder without sources, as in a shipped image, is never built', () => {
  const app = appFolder()
  rmSync(join(app.folder, 'index.html'))
  expect(staleApps([app])).toEqual([])
  expect(existsSync(join(app.dist, stampName))).toBe(false)
})
