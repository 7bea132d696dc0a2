import { lingui } from '@lingui/vite-plugin'
import { defineConfig } from 'vitest/config'

/** Five kinds of test: pure code, the server, histories of the simulation, the repository itself, journeys in a real browser. */
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [lingui()],
        test: {
          name: 'unit',
          include: [
            'packages/**/*.test.ts',
            'apps/till/src/**/*.test.ts',
            'apps/backoffice/src/**/*.test.ts',
            'tools/{seed,bench,simulate}/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', 'tools/simulate/src/histories.test.ts'],
          setupFiles: ['tools/tidy/src/laws.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'server',
          include: ['apps/server/**/*.test.ts'],
          globalSetup: ['apps/server/src/testing/global-setup.ts'],
          setupFiles: ['tools/tidy/src/laws.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      { test: { name: 'histories', include: ['tools/simulate/src/histories.test.ts'] } },
      { test: { name: 'repo', include: ['tools/tidy/**/*.test.ts'], testTimeout: 120_000 } },
      {
        test: {
          name: 'browser',
          include: ['tests/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
