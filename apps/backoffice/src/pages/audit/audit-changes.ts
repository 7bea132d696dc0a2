/** One member that an edit changed; undefined where it was not there before or is not there now. */
export type Change = { path: readonly string[]; before: unknown; after: unknown }

/**
 * What differs between two versions of a thing, member by member, in the order of the newer one. A list
 * of plain values is one member; of a list of things each is compared with the one at its place, or with
 * the one of the same id where they have one.
 */
export function changesBetween(before: unknown, after: unknown, path: readonly string[] = []): Change[] {
  if (isSame(before, after)) return []
  if (isThings(before) || isThings(after)) return ofLists(listOf(before), listOf(after), path)
  if (isRecord(before) || isRecord(after)) {
    const [older, newer] = [recordOf(before), recordOf(after)]
    const names = [...new Set([...Object.keys(newer), ...Object.keys(older)])]
    return names.flatMap((name) => changesBetween(older[name], newer[name], [...path, name]))
  }
  return [{ path, before, after }]
}

function ofLists(before: readonly unknown[], after: readonly unknown[], path: readonly string[]): Change[] {
  const older = new Map(before.map((thing, place) => [nameOf(thing, place), thing]))
  const newer = new Map(after.map((thing, place) => [nameOf(thing, place), thing]))
  return [...new Set([...newer.keys(), ...older.keys()])].flatMap((name) =>
    changesBetween(older.get(name), newer.get(name), [...path, name]),
  )
}

/** Batches are told apart by their ids, prices by list and beginning; all else by its place, from 1. */
function nameOf(thing: unknown, place: number): string {
  const { id, listId, from } = recordOf(thing)
  if (typeof id === 'number' && id !== 0) return String(id)
  if (typeof listId === 'number' && typeof from === 'number') return `${listId}@${from}`
  return String(place + 1)
}

function isSame(one: unknown, other: unknown): boolean {
  return (one ?? null) === (other ?? null) || JSON.stringify(one) === JSON.stringify(other)
}

function isThings(value: unknown): boolean {
  return Array.isArray(value) && value.some(isRecord)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
