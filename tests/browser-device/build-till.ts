import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'vite'

/**
 * Builds the real till into a folder: `TILL_RELEASE=… node build-till.ts FOLDER [throws|silent]`,
 * with NODE_ENV=production. `throws`: a version that fails before it draws anything; `silent`: one that
 * does nothing at all and does not say so.
 */
const [outDir, fault] = process.argv.slice(2)
if (!outDir) throw new Error('say where the till shall be built')

const broken: Plugin = {
  name: 'broken-version',
  transform(code, id) {
    if (fault === 'throws' && id.endsWith('/src/app/till.ts')) {
      return `throw new Error('this version does not start')\n${code}`
    }
    return fault === 'silent' && id.endsWith('/src/main.tsx') ? 'console.log("nothing")' : undefined
  },
}
process.chdir(fileURLToPath(new URL('../../apps/till', import.meta.url)))
await build({
  logLevel: 'error',
  plugins: [broken],
  build: { outDir, emptyOutDir: true },
})
