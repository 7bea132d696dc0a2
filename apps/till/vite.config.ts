import { lingui } from '@lingui/vite-plugin'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { pureModules } from './build/pure-modules.ts'
import { serviceWorker } from './build/service-worker-plugin.ts'
import release from './package.json' with { type: 'json' }

/** `TILL_RELEASE` names a build otherwise than the package does, e.g. one from a branch. */
const app = process.env.TILL_RELEASE ?? `till-${release.version}`

/** Builds the till into `dist/`, served by the server under `/till/`. */
export default defineConfig({
  base: '/till/',
  plugins: [react(), lingui(), serviceWorker(app)],
  define: { APP_RELEASE: JSON.stringify(app) },
  worker: { format: 'es', rolldownOptions: { treeshake: pureModules } },
  // Chromium and Android's WebView of the last two years: what tills run.
  build: {
    target: 'chrome120',
    sourcemap: true,
    assetsInlineLimit: 0,
    rolldownOptions: { treeshake: pureModules },
  },
})
