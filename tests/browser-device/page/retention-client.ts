/** What the page of these tests asks of a till that keeps little. */
export type RetentionCommands = {
  /** Opens the journal over the browser's own storage; answers what start found. */
  open(entries: number): Promise<string[]>
  enrol(code: string): Promise<void>
  fill(count: number): Promise<void>
  sync(): Promise<void>
  forget(): Promise<number>
  checkOlder(): Promise<string[]>
  /** Seqs of the present epoch in each copy, with where it begins. */
  held(): Promise<{ primary: number[]; twin: number[]; baseSeq: number; headSeq: number; segments: number }>
}

/** Starts a till that keeps little, in a worker of its own, and answers how to command it. */
export function openRetention(): RetentionCommands {
  const worker = new Worker(new URL('./retention-worker.ts', import.meta.url), { type: 'module' })
  let next = 1
  const ask = (name: string, args: unknown[]) =>
    new Promise((resolve, reject) => {
      const id = next++
      worker.addEventListener('message', ({ data }) => {
        if (data.id !== id) return
        if ('error' in data) reject(new Error(data.error))
        else resolve(data.value)
      })
      worker.postMessage({ id, name, args })
    })
  // as: each member sends its own name, which the worker's end takes.
  return new Proxy({} as RetentionCommands, {
    get:
      (_, name) =>
      (...args: unknown[]) =>
        ask(String(name), args),
  })
}
