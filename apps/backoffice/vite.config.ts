import { lingui } from '@lingui/vite-plugin'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Builds the back office into `dist/`, served by the server under `/office/`. */
export default defineConfig({
  base: '/office/',
  plugins: [react(), lingui()],
  build: { target: 'es2022', sourcemap: true, assetsInlineLimit: 0 },
  server: { proxy: { '/v1': 'http://127.0.0.1:4600' } },
})
