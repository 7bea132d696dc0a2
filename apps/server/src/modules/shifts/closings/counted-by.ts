import type { Cover } from './sql.ts'

/**
 * Which closing counted a slot, by what closings named of its epoch and never by dates (JRN-22e): the first
 * that reaches it and does not name it. It is late there when an earlier one had reached it (JRN-22d).
 * undefined: none has counted it yet.
 *
 * @param covers of closings of one kind that count, lowest last seq first
 */
export function countedBy(
  covers: readonly Cover[],
  seq: number,
): { closing: Cover; isLate: boolean } | undefined {
  const reaching = covers.filter(({ lastSeq }) => lastSeq >= seq)
  const closing = reaching.find(({ excepted }) => !excepted.includes(seq))
  return closing && { closing, isLate: closing !== reaching[0] }
}
