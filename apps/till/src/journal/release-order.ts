/** True where a release, e.g. `till-0.9.0`, comes before another: by its numbers, one after another. */
export function isOlder(release: string, than: string): boolean {
  const [own, other] = [numbersOf(release), numbersOf(than)]
  const at = other.findIndex((number, index) => number !== (own[index] ?? 0))
  return at >= 0 && (own[at] ?? 0) < (other[at] ?? 0)
}

function numbersOf(release: string): number[] {
  return (release.match(/\d+/g) ?? []).map(Number)
}
