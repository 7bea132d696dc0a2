import type { Database, Tx } from './database.ts'
import { isDuplicateKey } from './errors.ts'

const triesMax = 10

/**
 * `database.write` for work that looks before it inserts. When another transaction took the same
 * unique key between the look and the insert, the whole of `work` runs again and sees what it took.
 */
export async function writeRacing<T>(
  database: Pick<Database, 'write'>,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await database.write(work)
    } catch (error) {
      if (!isDuplicateKey(error) || tries >= triesMax) throw error
    }
  }
}
