import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Most mutants fall at once to what the engine has always given. */
class GoldenFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLater = ({ moduleId }: TestSpecification) => (moduleId.includes('golden') ? 0 : 1)
    return files.toSorted((one, other) => isLater(one) - isLater(other))
  }
}

/** The domain's tests as mutants meet them: `npm run mutation`. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^fast-check$/, replacement: fileURLToPath(new URL('./fast-check.ts', import.meta.url)) },
    ],
  },
  test: {
    include: ['packages/domain/src/{pricing,returns,tax,money}/**/*.test.ts'],
    // Seconds each; what the search of hard carts finds, node by node, stands in a golden file.
    exclude: ['**/hard-carts.test.ts'],
    sequence: { sequencer: GoldenFirst },
    testTimeout: 60_000,
  },
})
