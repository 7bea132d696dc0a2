/** Throws when our own code broke a promise; `promise` says what must hold. */
export function invariant(condition: boolean, promise: string): asserts condition {
  if (!condition) throw new Error(`Broken promise: ${promise}`)
}
