/** Most lines of a cart; the till asks to finish the bill and begin another (JRN-4). */
export const maxCartLines = 200
/** Largest entry in bytes (JRN-4). */
export const maxEntryBytes = 88 * 1024
/** Largest `rehomed` and `fork-rehomed`, and largest incident that carries another entry's bytes. */
export const maxWrapperBytes = 128 * 1024
/** Most entries and most bytes of entries in one push (JRN-8). */
export const maxPushEntries = 100
export const maxPushBytes = 256 * 1024
/** Longest product name on a bill, in bytes of UTF-8. */
export const maxNameBytes = 80

/** Limit of one entry. `carriesBytes`: it is an incident with another entry's bytes. */
export function sizeLimit(type: string | null, carriesBytes: boolean): number {
  const wraps = type === 'rehomed' || type === 'fork-rehomed' || (type === 'incident' && carriesBytes)
  return wraps ? maxWrapperBytes : maxEntryBytes
}
