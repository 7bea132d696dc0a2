import { createServer } from 'node:net'
import type { TestProject } from 'vitest/node'
import { type Mariadb, startMariadb } from './mariadb.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Port that starts the run's MariaDB on the first call and answers its address. */
    mariadbBroker: number
  }
}

/**
 * One MariaDB for a whole test run, started by the first test that asks and ended with the run.
 * Test files run in processes of their own, so they ask over a port.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<Mariadb> | undefined
  const broker = createServer((socket) => {
    socket.on('error', () => undefined)
    started ??= startMariadb('none')
    started.then(
      (mariadb) => socket.end(JSON.stringify({ url: mariadb.url('') })),
      (error: Error) => socket.end(JSON.stringify({ error: error.message })),
    )
  })
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve))
  const address = broker.address()
  if (address === null || typeof address === 'string') throw new Error('the broker has no port')
  project.provide('mariadbBroker', address.port)
  return async () => {
    broker.close()
    await (await started)?.stop()
  }
}
