/**
 * What a history has worked out already: reading the same bytes, or writing them as text, gives the same
 * again. Modules of the cores look here only where the loader put them to it (load-cores.ts).
 */
export const remembered = {
  /** Off: everything is worked out each time, as in a product. */
  isOn: true,
  textOf: new Map<Uint8Array, string>(),
  hashOf: new Map<Uint8Array, Uint8Array>(),
  decodedOf: new Map<Uint8Array, object>(),
  decodedOfOlder: new Map<Uint8Array, object>(),
  /** By servers, which run one release. */
  preparedOf: new Map<Uint8Array, object>(),
  segmentOf: new Map<Uint8Array, object>(),
  bytesOf: new Map<string, Uint8Array<ArrayBuffer>>(),
  certificateOf: new Map<string, unknown>(),
}

/** Between two histories. */
export function forget(): void {
  // New ones: a table that has lived long makes the collector keep what was in it.
  remembered.textOf = new Map()
  remembered.hashOf = new Map()
  remembered.segmentOf = new Map()
  remembered.preparedOf = new Map()
  remembered.decodedOf = new Map()
  remembered.decodedOfOlder = new Map()
  remembered.bytesOf = new Map()
  remembered.certificateOf = new Map()
}
