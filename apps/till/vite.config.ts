import { lingui } from '@lingui/vite-plugin'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { pureModules } from './build/pure-modules.ts'
import { serviceWorker } from './build/service-worker-plugin.ts'
import release from './package.json' with { type: 'json' }

/** Builds the till into `dist/`, served by the server under `/till/`. */
export default defineConfig({
  base: '/till/',
  plugins: [react(), lingui(), serviceWorker()],
  define: { APP_RELEASE: JSON.stringify(`till-${release.version}`) },
  worker: { format: 'es', rolldownOptions: { treeshake: pureModules } },
  // Chromium and Android's WebView of the last two years: what tills run.
  build: {
    target: 'chrome120',
    sourcemap: true,
    assetsInlineLimit: 0,
    rolldownOptions: { treeshake: pureModules },
  },
})
