import { describe, expect, test } from 'vitest'
import { plantedDefects } from './defects.ts'
import { simulate } from './simulate.ts'

const histories = 200

test('[JRN-7a, JRN-8f, JRN-10c, JRN-1f, F28, F67] whatever goes wrong, every history ends with each sale counted once', async () => {
  let forked = 0
  for (let seed = 1; seed <= histories; seed++) {
    const { violations, trace, facts } = await simulate(seed)
    forked += facts.clones + facts.rollbacks
    if (violations.length > 0) {
      throw new Error(`Seed ${seed}: ${violations.join('; ')}\n${trace.join('\n')}`)
    }
  }
  expect(forked).toBeGreaterThan(histories / 4)
}, 300_000)

test('a seed plays the same history every time', async () => {
  const [first, second] = [await simulate(11), await simulate(11)]
  expect(second).toEqual(first)
})

describe('the simulation sees what is missing', () => {
  test.each(Object.entries(plantedDefects))(
    'a server that %s breaks an invariant',
    async (_, decide) => {
      const broken: number[] = []
      for (let seed = 1; seed <= 150 && broken.length === 0; seed++) {
        const { violations } = await simulate(seed, { decide })
        if (violations.length > 0) broken.push(seed)
      }
      expect(broken).toHaveLength(1)
    },
    300_000,
  )
})
