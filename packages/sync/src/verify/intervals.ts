/** Which slots of an epoch something is known of: ranges of seqs, merged where they touch. */
export class Intervals {
  #ranges: { from: number; to: number }[] = []

  add(from: number, to: number): void {
    if (to < from) return
    const last = this.#ranges.at(-1)
    // The usual case: the chain grows at its end.
    if (last !== undefined && from >= last.from && from <= last.to + 1) {
      last.to = Math.max(last.to, to)
      return
    }
    const apart = this.#ranges.filter((range) => range.to < from - 1 || range.from > to + 1)
    const touched = this.#ranges.filter((range) => !apart.includes(range))
    const merged = {
      from: Math.min(from, ...touched.map((range) => range.from)),
      to: Math.max(to, ...touched.map((range) => range.to)),
    }
    this.#ranges = [...apart, merged].toSorted((a, b) => a.from - b.from)
  }

  /** The last seq up to which nothing is left out from 1 on; 0 where 1 is. */
  get unbrokenTo(): number {
    const [first] = this.#ranges
    return first?.from === 1 ? first.to : 0
  }
}
