import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { pureModules } from '../../apps/till/build/pure-modules.ts'
import { serviceWorker } from '../../apps/till/build/service-worker-plugin.ts'

/** Builds the page of these tests into a folder: `node build-page.ts FOLDER`, with NODE_ENV=production. */
const [outDir, release = 'till-test'] = process.argv.slice(2)
if (!outDir) throw new Error('say where the page shall be built')
await build({
  configFile: false,
  root: fileURLToPath(new URL('./page', import.meta.url)),
  base: '/till/',
  logLevel: 'error',
  define: { APP_RELEASE: JSON.stringify(release) },
  plugins: [serviceWorker(release)],
  worker: { format: 'es', rolldownOptions: { treeshake: pureModules } },
  build: {
    outDir,
    emptyOutDir: true,
    target: 'chrome120',
    assetsInlineLimit: 0,
    rolldownOptions: { treeshake: pureModules },
  },
})
