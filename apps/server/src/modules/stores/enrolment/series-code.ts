import { randomInt } from 'node:crypto'
import type { Tx } from '../../../db/database.ts'
import { seriesCodesLike, takeSeriesCode } from './sql.ts'

/** I and O are left out: on paper they read as 1 and 0. */
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ'
const poolCharacters = `${letters}0123456789`
const codeLengthMax = 6
const poolTriesMax = 50

/**
 * A register's own series codes in the order of its lives: store code, register number, then A, B … Z,
 * AA, AB … as far as six characters reach (KOR2A, KOR2B … KOR2ZZ; KOR12 has 24 lives).
 */
export function* ownSeriesCodes(storeCode: string, registerNumber: number): Generator<string> {
  const prefix = `${storeCode}${registerNumber}`
  let lives = ['']
  for (let length = prefix.length + 1; length <= codeLengthMax; length++) {
    lives = lives.flatMap((life) => [...letters].map((letter) => life + letter))
    for (const life of lives) yield prefix + life
  }
}

/**
 * Gives a register a code that nobody ever had (JRN-14a): the next of its own, and when those are used
 * up one of the chain's common pool, Z and five characters drawn at random. Codes of two stores may
 * meet (AB and register 12, AB1 and register 2), so each is taken from one table of all.
 *
 * @param restored the data once came back from a backup: codes given out between backup and restore
 *   may be unknown here, and would be next in order, so all come from the pool
 */
export async function takeNextSeriesCode(
  tx: Tx,
  register: { id: string | null; storeCode: string; number: number },
  { now, restored }: { now: number; restored: boolean },
): Promise<string> {
  if (!restored) {
    const taken = await seriesCodesLike(tx, `${register.storeCode}${register.number}`)
    for (const code of ownSeriesCodes(register.storeCode, register.number)) {
      if (!taken.has(code) && (await takeSeriesCode(tx, code, register.id, now))) return code
    }
  }
  for (let tries = 0; tries < poolTriesMax; tries++) {
    const code = `Z${Array.from({ length: codeLengthMax - 1 }, () => poolCharacters[randomInt(poolCharacters.length)]).join('')}`
    if (await takeSeriesCode(tx, code, register.id, now)) return code
  }
  throw new Error('the pool of series codes is nearly used up')
}
