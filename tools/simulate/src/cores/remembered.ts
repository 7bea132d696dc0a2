/**
 * What a history has worked out already: reading the same bytes, or writing them as text, gives the same
 * again. Modules of the cores look here only where the loader put them to it (load-cores.ts).
 */
export const remembered = {
  /** Off: everything is worked out each time, as in a product. */
  isOn: true,
  textOf: new WeakMap<Uint8Array, string>(),
  hashOf: new WeakMap<Uint8Array, Uint8Array>(),
  segmentOf: new WeakMap<Uint8Array, object>(),
  bytesOf: new Map<string, Uint8Array<ArrayBuffer>>(),
  certificateOf: new Map<string, unknown>(),
}

/** Between two histories. */
export function forget(): void {
  remembered.bytesOf.clear()
  remembered.certificateOf.clear()
}
