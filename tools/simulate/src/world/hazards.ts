import type { PrimaryChange, PrimaryCopy, SegmentName, TillPorts, TwinCopy } from '@nexus/sync'

/** What a copy does to calls: `full` refuses to grow and still reads. */
export type Trouble = 'error' | 'error-after' | 'silent' | 'silent-after' | 'full'

type When = 'before' | 'after' | 'torn'
type Call = (...args: never[]) => Promise<unknown>

/** A storage that was asked to fail. */
export class StorageFailed extends Error {}

/** Power and health of one run of a till. After a cut nothing that it had begun answers any more. */
export class Hazards {
  #isOff = false
  #plan: { calls: number; when: When } | undefined
  primary: Trouble | undefined
  twin: Trouble | undefined
  /** A copy failed at some time of this run: what is missing there may stand in the other one only. */
  isTroubled = false
  /** Takes the last writes of a copy back, newest last; a few are kept. */
  readonly undo: { primary: (() => void)[]; twin: (() => void)[] } = { primary: [], twin: [] }
  /** Where the power went: port, call, before or after it. */
  cutAt: string | undefined
  /** Who waits for something: told when the power goes, or when an answer is held back. */
  readonly listeners = new Set<(what: 'cut' | 'held') => void>()
  /** A call will never be answered: only time can help. */
  onSilent: () => void = () => undefined

  get isOff(): boolean {
    return this.#isOff
  }

  /** The power goes at the n-th call of any port from now on; `torn`: at a write of the second copy. */
  planCut(calls: number, when: When): void {
    this.#plan = { calls, when }
  }

  cut(): void {
    this.#isOff = true
    for (const listener of this.listeners) listener('cut')
  }

  #goesOff(point: string, when: When): boolean {
    if (this.#isOff) return true
    const plan = this.#plan
    if (plan === undefined || plan.when !== when || --plan.calls > 0) return false
    this.cutAt = `${point} ${when}`
    this.cut()
    return true
  }

  /** The same port, with a moment before and after each of its calls at which the power can go. */
  guard<Port extends object>(name: string, port: Port): Port {
    const guarded: { [method: string]: Call } = {}
    for (const method in port) {
      const call = port[method] as Call // as: a port has nothing but methods
      const point = `${name}.${method}`
      guarded[method] = this.#guardCall(point, call)
    }
    return guarded as Port // as: each method of it was just replaced by one of the same type
  }

  /**
   * Functions that are written as a member of an object are born old in V8, and keep alive what they see
   * until old objects are collected: here they are arguments and results instead.
   */
  #guardCall<Args extends unknown[], T>(point: string, call: (...args: Args) => Promise<T>) {
    return async (...args: Args): Promise<T> => {
      if (this.#goesOff(point, 'before')) return await never()
      const answer = await call(...args)
      if (this.#goesOff(point, 'after')) return await never()
      return answer
    }
  }

  guardKeys(keys: TillPorts['keys']): TillPorts['keys'] {
    const guarded = this.guard('keys', keys)
    const create = async () => this.#guardSigner(await guarded.create())
    const open = async (keyId: string) => {
      const signer = await guarded.open(keyId)
      return signer && this.#guardSigner(signer)
    }
    return { create, open }
  }

  #guardSigner<S extends { sign(bytes: Uint8Array): Promise<string> }>(signer: S): S {
    return { ...signer, sign: this.#guardCall('signer.sign', (bytes: Uint8Array) => signer.sign(bytes)) }
  }

  /** The first copy: fails as it is told to, and can forget its last writes. */
  troubledPrimary(
    raw: PrimaryCopy,
    remember: ((change: PrimaryChange) => () => void) | undefined,
  ): PrimaryCopy {
    const met = <T>(writes: boolean, call: () => Promise<T>) => this.#meet(this.primary, writes, call)
    return {
      readState: this.#guardCall('primary.readState', () => met(false, () => raw.readState())),
      readEntries: this.#guardCall(
        'primary.readEntries',
        (...place: Parameters<PrimaryCopy['readEntries']>) => met(false, () => raw.readEntries(...place)),
      ),
      findEnding: this.#guardCall('primary.findEnding', (cart: string) =>
        met(false, () => raw.findEnding(cart)),
      ),
      readPersonal: this.#guardCall('primary.readPersonal', (identities: readonly string[]) =>
        met(false, () => raw.readPersonal(identities)),
      ),
      change: this.#guardCall('primary.change', (change: PrimaryChange) =>
        met(true, () => {
          if (remember !== undefined) this.#remember('primary', remember(change))
          return raw.change(change)
        }),
      ),
      erasePersonal: this.#guardCall('primary.erasePersonal', (identities: readonly string[]) =>
        met(true, () => raw.erasePersonal(identities)),
      ),
    }
  }

  /** The second copy: the same, and torn writes. */
  troubledTwin(raw: TwinCopy, remember: (() => () => void) | undefined): TwinCopy {
    const met = <T>(writes: boolean, call: () => Promise<T>) => this.#meet(this.twin, writes, call)
    return {
      listSegments: this.#guardCall('twin.listSegments', () => met(false, () => raw.listSegments())),
      readSegment: this.#guardCall('twin.readSegment', (name: SegmentName) =>
        met(false, () => raw.readSegment(name)),
      ),
      openSegment: this.#guardCall('twin.openSegment', (name: SegmentName) =>
        met(true, () => raw.openSegment(name)),
      ),
      append: this.#guardCall('twin.append', async (bytes: Uint8Array) => {
        const half = bytes.subarray(0, Math.floor(bytes.length / 2))
        if (this.#goesOff('twin.append', 'torn')) {
          await raw.append(half)
          return await never()
        }
        // A full disk takes what fits before it refuses.
        if (this.twin === 'full') await raw.append(half)
        await met(true, () => {
          if (remember !== undefined) this.#remember('twin', remember())
          return raw.append(bytes)
        })
      }),
      rewriteSegment: this.#guardCall('twin.rewriteSegment', (name: SegmentName, bytes: Uint8Array) =>
        met(true, () => raw.rewriteSegment(name, bytes)),
      ),
      removeSegment: this.#guardCall('twin.removeSegment', (name: SegmentName) =>
        met(true, () => raw.removeSegment(name)),
      ),
    }
  }

  #remember(copy: 'primary' | 'twin', undo: () => void): void {
    const kept = this.undo[copy]
    kept.push(undo)
    if (kept.length > 3) kept.shift()
  }

  async #meet<T>(trouble: Trouble | undefined, writes: boolean, call: () => Promise<T>): Promise<T> {
    if (trouble === undefined) return await call()
    this.isTroubled = true
    if (trouble === 'silent') return await this.#silence()
    if (trouble === 'error' || (trouble === 'full' && writes)) throw new StorageFailed(trouble)
    const answer = await call()
    if (!writes) return answer
    if (trouble === 'error-after') throw new StorageFailed(trouble)
    return trouble === 'silent-after' ? await this.#silence() : answer
  }

  async #silence(): Promise<never> {
    this.onSilent()
    return await never()
  }
}

/** Answers never. Not one promise for all: it would keep everything that ever waited. */
async function never(): Promise<never> {
  return await new Promise(() => undefined)
}
