import { setImmediate } from 'node:timers/promises'
import { Problem } from '@nexus/contract'
import type { PreparedPush, PushAnswer } from '@nexus/sync'
import type { Logger } from 'pino'
import { isConnectionLost, isDatabaseTrouble } from '../../../db/errors.ts'
import type { Offered } from './offered.ts'
import { type GroupTools, writeGroup } from './write-group.ts'

/** Pushes and bytes that share one commit at most. */
const groupPushesMax = 64
const groupBytesMax = 4 * 1024 * 1024
/** Pushes that may be under way; the next one is told to come again later. */
export const pushesMax = 1024
const busySeconds = 2
/** Tries of a group whose connection was lost: each reads the heads back from the database first. */
const connectionTriesMax = 3

type Waiting = { offered: Offered; resolve(answer: PushAnswer): void; reject(error: unknown): void }
export type QueueTools = GroupTools & {
  log: Logger
  /** Told of each group that was committed. */
  onGroup?(pushes: number): void
}

/**
 * Application group commit: pushes that arrive while a transaction runs share the next one. A lone push
 * is not delayed. One queue a database.
 */
export class AcceptQueue {
  readonly #tools: QueueTools
  readonly #waiting: Waiting[] = []
  #inside = 0
  #running: Promise<void> | undefined

  constructor(tools: QueueTools) {
    this.#tools = tools
  }

  /** Pushes that wait for their group. */
  get waiting(): number {
    return this.#waiting.length
  }

  /**
   * Runs a push from its first check to its answer. Throws `server/busy` when too many are under way:
   * nothing is then stored and the till sends again.
   */
  async admit<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside >= pushesMax) {
      throw new Problem(
        'server/busy',
        'Too many tills are sending at once. This one keeps its bills and sends them again in a moment.',
        { retryAfterSeconds: busySeconds },
      )
    }
    this.#inside++
    try {
      return await work()
    } finally {
      this.#inside--
    }
  }

  /** Resolves when the push is committed, with its answer. */
  async offer(offered: Offered): Promise<PushAnswer> {
    return await new Promise((resolve, reject) => {
      this.#waiting.push({ offered, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Waits for everything that was offered. */
  async close(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    await this.#accept(this.#takeGroup())
    while (this.#waiting.length > 0) {
      // Others are coming too: requests whose bodies have arrived meanwhile join this group.
      await setImmediate()
      await this.#accept(this.#takeGroup())
    }
    this.#running = undefined
  }

  #takeGroup(): Waiting[] {
    let bytes = 0
    let count = 0
    for (const { offered } of this.#waiting) {
      for (const entry of offered.push.entries) bytes += entry.bytes.length
      if (count > 0 && (count >= groupPushesMax || bytes > groupBytesMax)) break
      count++
    }
    return this.#waiting.splice(0, count)
  }

  async #accept(group: readonly Waiting[]): Promise<void> {
    try {
      const answers = await this.#write(group.map(({ offered }) => offered))
      for (const [index, { resolve, reject }] of group.entries()) {
        const answer = answers[index]
        if (answer) resolve(answer)
        else reject(new Error('the group left a push without an answer'))
      }
    } catch (error) {
      // Everyone sends again later; nobody is quarantined for what the database cannot do now.
      if (isDatabaseTrouble(error)) {
        for (const { reject } of group) reject(refusalFor(error))
        return
      }
      this.#tools.log.error({ err: error, pushes: group.length }, 'a group of pushes failed; each runs alone')
      for (const one of group) await this.#acceptAlone(one)
    }
  }

  async #write(group: readonly Offered[]): Promise<PushAnswer[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        const answers = await writeGroup(this.#tools, group)
        this.#tools.onGroup?.(group.length)
        return answers
      } catch (error) {
        // Nobody knows whether it was committed. Run again, it finds what is there and answers by that.
        if (!isConnectionLost(error) || attempt >= connectionTriesMax) throw error
        this.#tools.log.warn({ err: error }, 'the database connection was lost; heads are read back')
      }
    }
  }

  /** Alone, then entry by entry, so that one bad entry takes no good one along (JRN-10). */
  async #acceptAlone({ offered, resolve, reject }: Waiting): Promise<void> {
    try {
      const [answer] = await this.#write([offered])
      if (answer) resolve(answer)
      return
    } catch (error) {
      if (isDatabaseTrouble(error)) {
        reject(refusalFor(error))
        return
      }
    }
    try {
      resolve(await this.#acceptByEntry(offered))
    } catch (error) {
      reject(refusalFor(error))
    }
  }

  async #acceptByEntry(offered: Offered): Promise<PushAnswer> {
    let whole: PushAnswer | undefined
    for (const [index] of offered.push.entries.entries()) {
      const one = { ...offered, push: entryOf(offered.push, index) }
      const answer = await this.#acceptEntry(one)
      whole = {
        ...answer,
        quarantined: [...(whole?.quarantined ?? []), ...answer.quarantined],
        forked: [...(whole?.forked ?? []), ...answer.forked],
      }
    }
    if (whole === undefined) throw new Error('a push without entries was offered')
    return whole
  }

  /** What cannot be derived is stored by the minimal path: bytes, slot, quarantine. */
  async #acceptEntry(offered: Offered): Promise<PushAnswer> {
    const { log } = this.#tools
    let answers: PushAnswer[]
    try {
      answers = await this.#write([offered])
    } catch (error) {
      if (isDatabaseTrouble(error)) throw error
      const { epoch, firstSeq } = offered.push
      log.error({ err: error, epoch, seq: firstSeq }, 'an entry cannot be derived; it waits in quarantine')
      answers = await this.#write([{ ...offered, push: { ...offered.push, withoutEffects: true } }])
    }
    const [answer] = answers
    if (answer === undefined) throw new Error('the group left a push without an answer')
    return answer
  }
}

/** The part of a push that is its entry `index`. */
function entryOf(push: PreparedPush, index: number): PreparedPush {
  const first = index === 0
  const entry = push.entries[index]
  const names = new Set(entry ? [entry.hash, ...(entry.inner ? [entry.inner.hash] : [])] : [])
  return {
    ...push,
    firstSeq: push.firstSeq + index,
    entries: entry ? [entry] : [],
    personal: push.personal.filter(({ identity }) => names.has(identity)),
    strayPersonal: first ? push.strayPersonal : [],
    hole: first ? push.hole : null,
    certificate: first ? push.certificate : null,
  }
}

/** Busy and full databases have words of their own at the edge; a lost connection is said here. */
function refusalFor(error: unknown): unknown {
  if (!isConnectionLost(error)) return error
  return new Problem(
    'server/busy',
    'The server has lost its database for a moment. The till keeps its bills and sends them again.',
    { retryAfterSeconds: busySeconds },
  )
}
