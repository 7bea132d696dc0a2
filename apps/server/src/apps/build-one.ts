import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { build } from 'vite'
import { appFolders } from './app-folders.ts'
import { buildFolder, inputsHash, stampName } from './build-apps.ts'

/** A process of its own: builds the app that its argument names into `dist`, whole or not at all. */
const app = appFolders.find((one) => one.name === process.argv[2])
if (!app) throw new Error(`no app ${process.argv[2]}`)
const stamp = inputsHash(app)
const fresh = join(buildFolder, app.name)
rmSync(fresh, { recursive: true, force: true })
await build({
  root: app.folder,
  logLevel: 'warn',
  build: { outDir: relative(app.folder, fresh), emptyOutDir: true },
})
await compress(fresh)
writeFileSync(join(fresh, stampName), stamp)
rmSync(app.dist, { recursive: true, force: true })
renameSync(fresh, app.dist)

/** Puts `.br` and `.gz` beside each file that gains by it, so that no request waits for a compressor. */
async function compress(folder: string): Promise<void> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(js|css|html|svg|json|webmanifest|wasm)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
  await Promise.all(
    files.map(async (file) => {
      const bytes = readFileSync(file)
      if (bytes.length < 1024) return
      const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }
      writeFileSync(`${file}.br`, await promisify(brotliCompress)(bytes, quality))
      writeFileSync(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }))
    }),
  )
}
