import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** The domain's tests as mutants meet them: `npm run mutation`. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^fast-check$/, replacement: fileURLToPath(new URL('./fast-check.ts', import.meta.url)) },
    ],
  },
  test: {
    include: ['packages/domain/src/{pricing,returns,tax,money}/**/*.test.ts'],
    testTimeout: 60_000,
  },
})
