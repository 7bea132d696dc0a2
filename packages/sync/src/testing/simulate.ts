import { setImmediate } from 'node:timers/promises'
import type { PushRequest } from '../messages.ts'
import type { Transport } from '../ports.ts'
import { prepareEntry } from '../server/prepare-push.ts'
import type { PreparedEntry } from '../server/types.ts'
import { verifyChain } from '../server/verify-chain.ts'
import type { SaleDraft, SyncOutcome, Written } from '../till/types.ts'
import { cashSale, counterContext, soldLine, tenInTheMorning } from './bills.ts'
import {
  type CrashPoint,
  type Disk,
  emptyDisk,
  memoryVerify,
  nodeSha256,
  type Power,
} from './memory-ports.ts'
import { type Decide, MemoryServer, type ServerRows } from './memory-server.ts'
import { type MemoryTill, startTill } from './memory-till.ts'
import { type Dice, dice, seededRandom } from './seeded-random.ts'

/** How a history is played. */
export type SimulationOptions = {
  /** Actions before everything is healed. */
  actions?: number
  /** Registers at the beginning; one to three by the seed where absent. */
  tills?: number
  /** Numbers of actions that are left out, which is how a story is shortened. */
  without?: ReadonlySet<number>
  /** The server core, or one with a planted defect. */
  decide?: Decide
}

export const ACTIONS = 60

/** What a history showed. `violations` names broken invariants; `trace` is for the one who looks for the cause. */
export type SimulationResult = {
  seed: number
  violations: string[]
  /** What happened, each line with the number of its action. */
  trace: string[]
  facts: {
    completed: number
    /** All together: crashes, losses and doubles on the way, failing storage, jumps of clocks, restores … */
    faults: number
    crashes: number
    clones: number
    rollbacks: number
    restores: number
    forks: number
    quarantined: number
  }
}

/** The way between a device and the hop. */
type Network = { online: boolean }

type Device = {
  name: string
  disk: Disk
  till: MemoryTill
  /** Entries that the device had completed as far as its people know, by identity. */
  completed: Map<string, { type: string; cart: string | null }>
  /** Sales that were under way when the power went: looked up before they are tried again (JRN-1). */
  doubt: SaleDraft | undefined
  network: Network
  backups: Disk[]
}

const crashPoints: readonly CrashPoint[] = [
  'before-primary',
  'after-primary',
  'before-twin',
  'torn-twin',
  'after-twin',
  'before-send',
  'after-send',
]

/**
 * Plays one history of some tills and a hop, with everything that can go wrong on disks, devices and the
 * way between them, heals all, and checks the invariants. Deterministic: the seed says it all.
 */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulationResult> {
  const world = new World(seed, options)
  await world.begin(options.tills)
  for (let action = 1; action <= (options.actions ?? ACTIONS); action++) {
    if (!options.without?.has(action)) await world.act(action)
  }
  await world.heal()
  world.check()
  return world.result()
}

class World {
  readonly #seed: number
  /** New for each action and for the healing, so that each does the same whatever was left out before it. */
  #dice: Dice
  #action = 0
  readonly #server: MemoryServer
  readonly #devices: Device[] = []
  readonly #violations: string[] = []
  readonly #trace: string[] = []
  readonly #delayed: PushRequest[] = []
  readonly #serverBackups: ServerRows[] = []
  #now = tenInTheMorning
  #faults = 0
  #runs = 0
  #crashes = 0
  #clones = 0
  #rollbacks = 0
  #restores = 0

  constructor(seed: number, { decide }: SimulationOptions) {
    this.#seed = seed
    this.#dice = dice(seed)
    this.#server = new MemoryServer(seededRandom(seed + 1), () => this.#now, decide)
    if (this.#dice.percent(30)) this.#server.unknownTypes = new Set(['attendance'])
  }

  async begin(wanted: number | undefined): Promise<void> {
    const tills = wanted ?? 1 + this.#dice.below(3)
    for (let n = 0; n < tills; n++) {
      const device = await this.#boot(`till ${n}`)
      const storage = { persisted: true, quotaBytes: null, usageBytes: null }
      const code = this.#server.issueCode()
      // The answer of an enrolment can be lost like any other; people type the code once more.
      for (let attempt = 0; device.till.journal.status().state === 'new' && attempt < 20; attempt++) {
        await device.till.journal.enrol({ code, storage }).catch(() => undefined)
      }
      this.#devices.push(device)
    }
  }

  async act(action: number): Promise<void> {
    this.#turnTo(action)
    this.#now += 1_000 + this.#dice.below(90_000)
    const device = this.#dice.pick(this.#devices)
    device.till.clock.advance(1_000 + this.#dice.below(90_000))
    const throwOfDice = this.#dice.below(100)
    if (throwOfDice < 24) await this.#sell(device)
    else if (throwOfDice < 30) await this.#writeOther(device)
    else if (throwOfDice < 50) await this.#sync(device, 1 + this.#dice.below(5))
    else if (throwOfDice < 56) await this.#sellWhileSyncing(device)
    else if (throwOfDice < 64) await this.#crash(device)
    else if (throwOfDice < 70) this.#switchNetwork(device)
    else if (throwOfDice < 74) await this.#storageTrouble(device)
    else if (throwOfDice < 76) await this.#restart(device)
    else if (throwOfDice < 79) this.#deliverLate()
    else if (throwOfDice < 81) this.#setClock(device)
    else if (throwOfDice < 85) device.backups.push(structuredClone(device.disk))
    else if (throwOfDice < 89) await this.#rollBack(device)
    else if (throwOfDice < 91) await this.#clone(device)
    else if (throwOfDice < 95) this.#serverBackups.push(this.#server.backup())
    else this.#restoreServer()
  }

  #turnTo(action: number): void {
    this.#action = action
    this.#dice = dice(Math.imul(this.#seed, 0x9e3779b1) + action)
  }

  // What people do

  async #sell(device: Device): Promise<void> {
    const draft = device.doubt ?? this.#newSale(device)
    await this.#completeSale(device, draft)
  }

  #newSale({ till }: Device): SaleDraft {
    const lines = Array.from({ length: 1 + this.#dice.below(3) }, (_, n) =>
      soldLine(
        String(n),
        1 + this.#dice.below(9),
        1000 * (1 + this.#dice.below(3)),
        100 + this.#dice.below(90_000),
      ),
    )
    const { at } = till.journal.status()
    const sale = cashSale(till.random.uuid(at), lines, at)
    return this.#dice.percent(20)
      ? { ...sale, personal: { name: `Customer ${this.#dice.below(1000)}` } }
      : sale
  }

  async #completeSale(device: Device, draft: SaleDraft): Promise<void> {
    const outcome = await this.#run(device, () => device.till.journal.completeSale(draft))
    if (outcome.kind === 'done') {
      device.doubt = undefined
      this.#note(device, outcome.value)
    } else {
      device.doubt = draft
    }
  }

  async #writeOther(device: Device): Promise<void> {
    const { journal } = device.till
    const context = counterContext
    const outcome = await this.#run<Written>(device, () =>
      this.#dice.percent(60)
        ? journal.append({ type: 'drawer-opened', context, body: { drawer: null, reason: 'change' } })
        : journal.append({ type: 'attendance', context, body: { action: 'in' } }),
    )
    if (outcome.kind === 'done') this.#note(device, outcome.value)
  }

  #note(device: Device, { identity, entry }: Written): void {
    device.completed.set(identity, { type: entry.type, cart: entry.cart })
    this.#log(device, `completed ${entry.type} ${entry.epoch.slice(-4)}/${entry.seq} ${identity.slice(0, 6)}`)
  }

  async #sync(device: Device, steps: number): Promise<void> {
    for (let step = 0; step < steps; step++) {
      const outcome = await this.#run(device, () => device.till.journal.pushOnce())
      if (outcome.kind !== 'done') return
      this.#log(device, describe(outcome.value))
      if (outcome.value.kind === 'idle') return
    }
  }

  async #sellWhileSyncing(device: Device): Promise<void> {
    const pushing = this.#run(device, () => device.till.journal.pushOnce())
    await this.#sell(device)
    await pushing
  }

  // What goes wrong

  async #crash(device: Device): Promise<void> {
    const point = this.#dice.pick(crashPoints)
    this.#log(device, `will crash ${point}`)
    device.till.power.plan(point, 1 + this.#dice.below(2))
    if (this.#dice.percent(50)) await this.#sell(device)
    else await this.#sync(device, 3)
    await this.#restart(device)
  }

  async #restart(device: Device): Promise<void> {
    if (device.till.power.isOff) this.#crashes++
    device.till.power.cut()
    device.till = await this.#startRun(device.disk, device.network)
    this.#log(device, `started, ${device.till.journal.findings().map(({ kind }) => kind)}`)
    await this.#settleDoubt(device)
  }

  /** After a crash the cart is looked up before anything is tried again. */
  async #settleDoubt(device: Device): Promise<void> {
    if (device.doubt === undefined) return
    const found = await device.till.journal.findSaleByCart(device.doubt.cart)
    if (found === undefined) return
    device.completed.set(found.identity, { type: 'sale', cart: device.doubt.cart })
    device.doubt = undefined
  }

  #switchNetwork(device: Device): void {
    this.#faults++
    device.network.online = !device.network.online
    this.#log(device, device.network.online ? 'online' : 'offline')
  }

  async #storageTrouble(device: Device): Promise<void> {
    const { power } = device.till
    this.#faults++
    const trouble = this.#dice.pick(['error', 'error-after-commit', 'silent', 'twin'] as const)
    this.#log(device, `storage trouble: ${trouble}`)
    if (trouble === 'twin') power.twinFails = true
    else power.primaryFails = trouble
    await this.#sell(device)
    await this.#sell(device)
    power.twinFails = false
    power.primaryFails = false
    if (this.#dice.percent(50)) await this.#restart(device)
    else await this.#run(device, () => device.till.journal.repairCopies())
  }

  #setClock({ till }: Device): void {
    this.#faults++
    till.clock.setWall(till.clock.wallMs() + (this.#dice.below(3) - 1) * 86_400_000)
  }

  async #rollBack(device: Device): Promise<void> {
    const backup = device.backups.pop()
    if (backup === undefined) return
    this.#rollbacks++
    this.#log(device, 'rolled back')
    device.till.power.cut()
    device.disk = structuredClone(backup)
    device.doubt = undefined
    await this.#restart(device)
  }

  async #clone(device: Device): Promise<void> {
    if (this.#devices.length >= 5) return
    this.#clones++
    const twin = await this.#boot(`clone ${this.#clones} of ${device.name}`, structuredClone(device.disk))
    this.#devices.push(twin)
    this.#log(twin, 'cloned')
  }

  #restoreServer(): void {
    const backup = this.#serverBackups.length > 0 ? this.#dice.pick(this.#serverBackups) : undefined
    if (backup === undefined) return
    this.#restores++
    this.#tell('server: restored from a backup')
    this.#server.restore(backup)
  }

  /** A push that was on its way for long arrives after others. */
  #deliverLate(): void {
    const request = this.#delayed.splice(this.#dice.below(this.#delayed.length), 1)[0]
    if (request === undefined) return
    this.#faults++
    try {
      this.#server.push(request)
    } catch {
      // Nobody waits for this answer any more, not even for a refusal.
    }
  }

  // How devices live

  async #boot(name: string, disk = emptyDisk()): Promise<Device> {
    const network = { online: true }
    const till = await this.#startRun(disk, network)
    return { name, disk, till, network, completed: new Map(), doubt: undefined, backups: [] }
  }

  async #startRun(disk: Disk, network: Network): Promise<MemoryTill> {
    const link: { power?: Power } = {}
    const transport = this.#transport(network, link)
    const wallMs = this.#now + this.#dice.below(5_000)
    const till = await startTill(transport, { disk, seed: this.#seed * 1000 + ++this.#runs, wallMs })
    link.power = till.power
    return till
  }

  #transport(network: Network, link: { power?: Power }): Transport {
    const carry = async <Answer>(send: () => Answer, late?: () => void): Promise<Answer> => {
      const { power } = link
      if (power?.passes('before-send')) await power.alive()
      if (!network.online) throw new Error('No network')
      const luck = this.#dice.below(100)
      if (luck < 16 || luck >= 92) this.#faults++
      if (luck < 6) throw new Error('The request was lost')
      if (luck < 10 && late !== undefined) {
        late()
        throw new Error('The request takes long')
      }
      const answer = structuredClone(send())
      if (luck < 16) structuredClone(send())
      if (power?.passes('after-send')) await power.alive()
      if (luck >= 92) throw new Error('The answer was lost')
      return answer
    }
    return {
      enrol: (request) => carry(() => this.#server.enrol(request)),
      hello: (request) => carry(() => this.#server.hello(request)),
      push: (request) =>
        carry(
          () => this.#server.push(request),
          () => this.#delayed.push(structuredClone(request)),
        ),
      heartbeat: (request) => carry(() => this.#server.heartbeat(request)),
    }
  }

  /** Runs something on a device until it is done, refused, or the power goes. Time goes by while it waits. */
  async #run<T>(
    device: Device,
    task: () => Promise<T>,
  ): Promise<{ kind: 'done'; value: T } | { kind: 'refused' | 'crashed' }> {
    const { power, clock } = device.till
    let outcome: { kind: 'done'; value: T } | { kind: 'refused' | 'crashed' } | undefined
    const running = task().then(
      (value) => {
        outcome ??= { kind: 'done', value }
      },
      (error: unknown) => {
        this.#log(device, `refused: ${error}`)
        outcome ??= { kind: 'refused' }
      },
    )
    const crashed = power.crashed.then(() => {
      outcome ??= { kind: 'crashed' }
    })
    while (outcome === undefined) {
      // Everything here runs in microtasks: what is not done after a turn waits for time to go by.
      await Promise.race([running, crashed, setImmediate()])
      if (outcome === undefined) clock.advance(6_000)
    }
    return outcome
  }

  // The end of a history

  /** Everything works again: every device starts once more and sends all it has. */
  async heal(): Promise<void> {
    this.#turnTo(0)
    this.#tell('everything works again')
    for (const request of this.#delayed.splice(0)) {
      try {
        this.#server.push(request)
      } catch {
        // As above: an old request whose credentials are gone.
      }
    }
    for (const device of this.#devices) {
      await this.#restart(device)
      device.network.online = true
    }
    for (let round = 0; round < 400; round++) {
      let busy = false
      for (const device of this.#devices) {
        const outcome = await this.#run(device, () => device.till.journal.pushOnce())
        if (outcome.kind !== 'done') continue
        this.#log(device, describe(outcome.value))
        if (outcome.value.kind !== 'idle' && outcome.value.kind !== 'beat') busy = true
      }
      if (!busy) return
    }
    this.#violations.push('stuck: tills still have work after 400 rounds')
  }

  check(): void {
    this.#checkStored()
    this.#checkChains()
    this.#checkEffects()
    this.#checkLosses()
    this.#checkNumbers()
  }

  /** I2 bytes hash to their identity. I3 chains link without gaps. */
  #checkChains(): void {
    const { epochs, slots } = this.#server.rows
    for (const { epoch, head, holes } of epochs.values()) {
      const entries: { seq: number; bytes: Uint8Array }[] = []
      for (let seq = 1; seq <= head.seq; seq++) {
        const slot = slots.get(`${epoch}/${seq}`)
        if (slot === undefined) continue
        entries.push({ seq, bytes: slot.bytes })
        if (prepareEntry(slot.bytes, nodeSha256).hash !== slot.hash) this.#broken('I2', `${epoch}/${seq}`)
      }
      const report = verifyChain(
        { epoch, entries, holes, checkpoints: [], trusted: null },
        { sha256: nodeSha256, verify: memoryVerify, enrolmentKeys: ['enrolment-key'] },
      )
      if (report.firstBad !== null) this.#broken('I3', `${epoch}: ${JSON.stringify(report.firstBad)}`)
      if (report.wrongTotals.length > 0) this.#broken('I8', `${epoch}: totals at ${report.wrongTotals}`)
      if (report.wrongNumbers.length > 0)
        this.#broken('I7', `${epoch}: ${JSON.stringify(report.wrongNumbers)}`)
    }
  }

  /** I5: what a till believes acknowledged is stored. */
  #checkStored(): void {
    const { slots } = this.#server.rows
    for (const { name, disk } of this.#devices) {
      for (const [epoch, { seq, hash }] of Object.entries(disk.notes?.hop.agreed ?? {})) {
        if (seq > 0 && slots.get(`${epoch}/${seq}`)?.hash !== hash) {
          this.#broken('I5', `${name} believes that ${epoch}/${seq} is stored`)
        }
      }
    }
  }

  /** I1: effect once, or waiting for a person. I4: figures are the fold of the journal. */
  #checkEffects(): void {
    const { effects, sold, identities, slots } = this.#server.rows
    for (const [identity, count] of effects) {
      if (count !== 1) this.#broken('I1', `${identity} took effect ${count} times`)
    }
    const folded = new Map<number, number>()
    const counted = new Set<string>()
    const count = (prepared: PreparedEntry) => {
      if (prepared.inner !== null) count(prepared.inner)
      if (counted.has(prepared.hash) || identities.get(prepared.hash)?.state !== 'acted') return
      counted.add(prepared.hash)
      if (prepared.decoded.kind !== 'ok' || prepared.decoded.entry.type !== 'sale') return
      for (const { lines } of prepared.decoded.entry.body.documents) {
        for (const line of lines)
          folded.set(line.product, (folded.get(line.product) ?? 0) + line.quantityMilli)
      }
    }
    for (const { bytes } of slots.values()) count(prepareEntry(bytes, nodeSha256))
    const products = new Set([...folded.keys(), ...sold.keys()])
    for (const product of products) {
      if (folded.get(product) !== sold.get(product)) {
        this.#broken(
          'I4',
          `product ${product}: ${sold.get(product)} booked, ${folded.get(product)} in the journal`,
        )
      }
    }
  }

  /** I1 seen from the tills: nothing that exists is without effect, nothing that was completed is gone. */
  #checkLosses(): void {
    const { identities } = this.#server.rows
    const onDisks = new Set<string>()
    for (const { name, disk } of this.#devices) {
      for (const { epoch, seq, hash } of disk.entries.values()) {
        onDisks.add(hash)
        const state = identities.get(hash)?.state
        // A wrapper that was forked is settled by what it wraps.
        const inner = prepareEntry(
          disk.entries.get(`${epoch}/${seq}`)?.bytes ?? new Uint8Array(),
          nodeSha256,
        ).inner
        const settled = inner === null ? state : identities.get(inner.hash)?.state
        if (settled !== 'acted' && settled !== 'quarantine') {
          this.#broken(
            'I1',
            `${epoch.slice(-4)}/${seq} ${hash.slice(0, 6)} of ${name} is ${settled} at the server`,
          )
        }
      }
    }
    for (const { name, completed } of this.#devices) {
      for (const [identity, { type }] of completed) {
        const exists = onDisks.has(identity) || identities.has(identity)
        if (!exists && this.#rollbacks === 0) this.#broken('I1', `${type} ${identity} of ${name} is gone`)
      }
    }
  }

  /** I7: a number stands on one bill, or people were told. A cart was sold once, or people were told. */
  #checkNumbers(): void {
    const { identities, slots, notices } = this.#server.rows
    const holders = new Map<string, Set<string>>()
    const note = (prepared: PreparedEntry) => {
      if (prepared.inner !== null) note(prepared.inner)
      if (identities.get(prepared.hash)?.state !== 'acted') return
      if (prepared.decoded.kind !== 'ok' || prepared.decoded.entry.type !== 'sale') return
      const { entry } = prepared.decoded
      const numbers = entry.body.documents.map(({ number }) => number)
      for (const key of [...numbers, `cart ${entry.cart}`]) {
        holders.set(key, (holders.get(key) ?? new Set()).add(prepared.hash))
      }
    }
    for (const { bytes } of slots.values()) note(prepareEntry(bytes, nodeSha256))
    const told = new Set(
      notices.flatMap(({ code, identity }) => (isDouble(code) && identity ? [identity] : [])),
    )
    for (const [key, bills] of holders) {
      const untold = [...bills].filter((identity) => !told.has(identity))
      if (untold.length > 1) this.#broken('I7', `${key} stands on ${bills.size} bills and nobody was told`)
      const faultless = this.#clones === 0 && this.#rollbacks === 0
      if (bills.size > 1 && faultless)
        this.#broken('I7', `${key} stands on ${bills.size} bills without any reason`)
    }
  }

  result(): SimulationResult {
    const { forks, quarantine } = this.#server.rows
    const completed = this.#devices.reduce((sum, device) => sum + device.completed.size, 0)
    return {
      seed: this.#seed,
      violations: this.#violations,
      trace: this.#trace,
      facts: {
        completed,
        faults: this.#faults + this.#crashes + this.#clones + this.#rollbacks + this.#restores,
        crashes: this.#crashes,
        clones: this.#clones,
        rollbacks: this.#rollbacks,
        restores: this.#restores,
        forks: forks.size,
        quarantined: quarantine.size,
      },
    }
  }

  #broken(invariant: string, what: string): void {
    this.#violations.push(`${invariant}: ${what}`)
  }

  #log(device: Device, what: string): void {
    this.#tell(`${device.name}: ${what}`)
  }

  #tell(what: string): void {
    this.#trace.push(`${this.#action === 0 ? '' : this.#action}\t${what}`)
  }
}

function isDouble(code: string): boolean {
  return code === 'number-twice' || code === 'cart-closed-twice'
}

function describe(outcome: SyncOutcome): string {
  if (outcome.kind === 'failed') return `failed: ${outcome.cause}`
  if (outcome.kind !== 'pushed') return outcome.kind
  return `pushed ${outcome.accepted}, forked ${outcome.forked}, quarantined ${outcome.quarantined}`
}
