import type { Clock, Transport } from '../ports.ts'

/** The store server that this till was told of. */
export type NearHop = {
  /** Its address: the name under which the journal remembers it. */
  name: string
  transport: Transport
  /** Whether it answers; within a few seconds, and never rejects. */
  answers(): Promise<boolean>
}

export type TwoHops = Transport & {
  hop(): string
  /** Asks at once whether the store server is back. */
  look(): Promise<void>
}

/** One lost answer is no reason to turn away. */
const failuresMax = 2
/** How often a till at headquarters looks whether its store server is back: within the 90 s of JRN-8k. */
const lookEveryMs = 30_000

/**
 * The way of a till with a store server: that one first, headquarters when it does not take what it is sent,
 * and back as soon as it answers. Turning costs a hello and nothing more: heads are kept for each hop.
 */
export function twoHops(
  far: Transport,
  near: () => NearHop | undefined,
  clock: Pick<Clock, 'monotonicMs'>,
): TwoHops {
  let name: string | undefined
  let failures = 0
  let lookAtMs = 0
  let looking: Promise<void> | undefined

  function current(): NearHop | undefined {
    const known = near()
    if (known?.name !== name) {
      name = known?.name
      failures = 0
    }
    return failures < failuresMax ? known : undefined
  }

  function look(): Promise<void> {
    const known = near()
    looking ??= (async () => {
      lookAtMs = clock.monotonicMs() + lookEveryMs
      if (await known?.answers()) failures = 0
    })().finally(() => {
      looking = undefined
    })
    return looking
  }

  async function send<T>(ask: (transport: Transport) => Promise<T>): Promise<T> {
    const at = current()
    if (at === undefined) {
      if (near() !== undefined && clock.monotonicMs() >= lookAtMs) void look()
      return await ask(far)
    }
    try {
      const answer = await ask(at.transport)
      failures = 0
      return answer
    } catch (cause) {
      failures++
      lookAtMs = clock.monotonicMs() + lookEveryMs
      throw cause
    }
  }

  return {
    hop: () => current()?.name ?? '',
    look,
    enrol: (request) => send((transport) => transport.enrol(request)),
    hello: (request) => send((transport) => transport.hello(request)),
    push: (request) => send((transport) => transport.push(request)),
    heartbeat: (request) => send((transport) => transport.heartbeat(request)),
  }
}
