import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Plugin, transformWithOxc } from 'vite'

/** A file that the app needs offline. `integrity` is checked by the browser when the file is fetched. */
export type PrecacheEntry = { url: string; integrity: string }

/**
 * Every file of a build but source maps and the worker itself, with its hash, ascending by address;
 * `index.html` stands for the address of the app.
 */
export function listPrecache(folder: string, base: string): PrecacheEntry[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/(\.map|^sw\.js)$/.test(entry.name) && !entry.name.startsWith('.'))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name)
      const path = relative(folder, file).split(sep).join('/')
      const hash = createHash('sha256').update(readFileSync(file)).digest('base64')
      return { url: base + (path === 'index.html' ? '' : path), integrity: `sha256-${hash}` }
    })
    .sort((one, other) => (one.url < other.url ? -1 : 1))
}

/**
 * Writes `sw.js` beside the built app: `src/service-worker/sw.ts` with the list of files put before it.
 * Its bytes change exactly when a file of the app does, which is what makes browsers update. `release` is
 * what people are told of the version.
 */
export function serviceWorker(release: string): Plugin {
  let outDir = ''
  let base = '/'
  return {
    name: 'nexus-service-worker',
    apply: 'build',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir)
      base = config.base
    },
    // Vite copies public/ before bundles close, so the folder holds everything now.
    async closeBundle() {
      const source = fileURLToPath(new URL('../src/service-worker/sw.ts', import.meta.url))
      if (!existsSync(join(outDir, 'index.html'))) return
      const entries = listPrecache(outDir, base)
      const version = createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 16)
      const { code } = await transformWithOxc(readFileSync(source, 'utf8'), source)
      const constants = { PRECACHE: entries, VERSION: version, RELEASE: release }
      const head = Object.entries(constants).map(
        ([name, value]) => `const ${name} = ${JSON.stringify(value)}\n`,
      )
      // A classic script: the `export {}` that makes the source a module of its own is in the way.
      writeFileSync(join(outDir, 'sw.js'), head.join('') + code.replace(/^export \{\s*\};?\s*$/m, ''))
    },
  }
}
