import {
  type CompletedSale,
  checkpointBytes,
  type EnrolAnswer,
  type EnrolRequest,
  type EntryRecord,
  type HeartbeatAnswer,
  type HeartbeatRequest,
  type HelloAnswer,
  type HelloRequest,
  NoProgress,
  type PushAnswer,
  type PushRequest,
  prepareEntry,
  type SaleDraft,
  type SyncOutcome,
  type TillJournal,
  type TillPorts,
  type Transport,
  toBase64Url,
  type Written,
} from '@nexus/sync'
import {
  cashSale,
  counterContext,
  type Dice,
  type Disk,
  dice,
  emptyDisk,
  type HopDisk,
  MemoryClock,
  MemoryHop,
  MemoryServer,
  memoryHq,
  memoryKeys,
  memoryPrimary,
  memorySign,
  memoryTwin,
  memoryVerify,
  nodeSha256,
  Refused,
  type ServerRows,
  seededRandom,
  soldLine,
  tenInTheMorning,
} from '@nexus/sync/testing'
import { actions } from './actions.ts'
import {
  altered,
  areEqual,
  copyOfDisk,
  holds,
  isIntact,
  putBack,
  rememberPrimary,
  rememberTwin,
  twinEntries,
  wipePrimary,
} from './disks.ts'
import { allFaults, type FaultKind } from './fault-kinds.ts'
import { Hazards, StorageFailed, type Trouble } from './hazards.ts'
import { ServerWatch } from './invariants.ts'
import type { Cores } from './simulate.ts'

/** How a history is played. */
export type WorldOptions = {
  tills?: number | undefined
  faults?: readonly FaultKind[] | undefined
  /** Whether what happens is told; the story costs time. */
  story?: boolean
  /** Everything is copied at each border, as storage and network do. */
  copies?: boolean
}

export type Facts = {
  completed: number
  faults: number
  forks: number
  quarantined: number
  rehomed: number
  /** Faults by kind. */
  kinds: { [kind: string]: number }
  /** Where the power went: port, call, before or after it. */
  cuts: { [point: string]: number }
}

/** The journal of one window, from its start to its end. */
type Run = { journal: TillJournal; hazards: Hazards; clock: MemoryClock; uuid: (at: number) => string }

type Outcome<T> = { kind: 'done'; value: T } | { kind: 'refused' | 'crashed' | 'waiting' }

type MessageKind = 'enrol' | 'hello' | 'push' | 'heartbeat'

/** A register's device, as people see it. */
export type Device = {
  name: string
  disk: Disk
  run: Run
  /** What enrols this register, once more where its key is gone. */
  code: string
  release: 'current' | 'older'
  online: boolean
  route: 'headquarters' | 'store server'
  /** Entries that were completed on this very disk. */
  kept: Set<string>
  /** A sale that was under way when the power went: looked up before it is tried again (JRN-1h). */
  doubt: SaleDraft | undefined
  /** A request whose answer is still on its way, and the step of the loop that waits for it. */
  held: { arrive: () => void; fail: () => void } | undefined
  syncing: Promise<SyncOutcome> | undefined
  lastAnswers: Map<MessageKind, unknown>
  /** The till said that its key is gone: people enrol it once more. */
  needsCode: boolean
  backups: { disk: Disk; kept: Set<string> }[]
  notesSeen: Disk['notes']
}

/** No answer came. */
class Unreachable extends Error {}

const storage = { persisted: true, quotaBytes: null, usageBytes: null }

/** Some tills, headquarters, often a store server in between, and everything that can go wrong. */
export class World {
  readonly #seed: number
  readonly #cores: Cores
  readonly #faults: ReadonlySet<FaultKind>
  readonly #options: WorldOptions
  /** New for each action and for the healing, so that each does the same whatever was left out before it. */
  #dice: Dice
  #action = 0
  readonly #hq: MemoryServer
  readonly #hqWatch: ServerWatch
  readonly #hop: MemoryHop | undefined
  readonly #hopWatch: ServerWatch | undefined
  readonly #devices: Device[] = []
  readonly violations: string[] = []
  readonly story: string[] = []
  readonly facts: Facts = {
    completed: 0,
    faults: 0,
    forks: 0,
    quarantined: 0,
    rehomed: 0,
    kinds: {},
    cuts: {},
  }
  /** Requests that arrive when nobody waits for them any more. */
  readonly #late: (() => unknown)[] = []
  readonly #files: PushRequest[][] = []
  readonly #hqBackups: ServerRows[] = []
  readonly #hopBackups: HopDisk[] = []
  #hqUp = true
  #hopUp = true
  #linkUp = true
  #now = tenInTheMorning
  #hqSkewMs = 0
  #isHealing = false
  #runs = 0
  #acts = 0
  /** By identity: all that was completed anywhere and had to stay. */
  readonly #completed = new Map<string, string>()
  /** The one exception: no copy was left anywhere when a device or a server went back. */
  readonly #excused = new Set<string>()

  constructor(seed: number, cores: Cores, options: WorldOptions) {
    this.#seed = seed
    this.#cores = cores
    this.#options = options
    this.#faults = new Set(options.faults ?? allFaults)
    this.#dice = dice(seed)
    const tell = (invariant: string, what: string) => this.broken(invariant, what)
    const mayDouble = () => (this.facts.kinds.clone ?? 0) + (this.facts.kinds.rollback ?? 0) > 0
    const older = this.has('upgrade') && this.#dice.percent(25)
    const unknownTypes: ReadonlySet<string> = older ? typesOfNextRelease : new Set()
    this.#hq = new MemoryServer(seededRandom(seed + 1), () => this.#now + this.#hqSkewMs, {
      unknownTypes,
      onWritten: (push, decision) => this.#hqWatch.written(push, decision),
    })
    this.#hqWatch = new ServerWatch('headquarters', this.#hq, tell, mayDouble)
    if (!this.has('store-server') || !this.#dice.percent(40)) return
    const link = memoryHq(this.#hq, (send) => this.#copied(this.#uplink(send)))
    const hop = new MemoryHop(link, seededRandom(seed + 2), () => this.#now, {
      unknownTypes,
      onWritten: (push, decision) => watch.written(push, decision),
      askHq: (request) => this.#uplink(() => this.#hq.hello(request)),
      onTakenOver: () => watch.begin(),
    })
    const watch = new ServerWatch('store server', hop.server, tell, mayDouble)
    this.#hop = hop
    this.#hopWatch = watch
  }

  has(kind: FaultKind): boolean {
    return this.#faults.has(kind)
  }

  get hasHop(): boolean {
    return this.#hop !== undefined
  }

  get isBroken(): boolean {
    return this.violations.length > 0
  }

  async begin(): Promise<void> {
    const tills = this.#options.tills ?? (this.#dice.percent(60) ? 1 : 2)
    for (let n = 0; n < tills; n++) {
      const device = await this.#boot(`till ${n}`, this.#hq.issueCode())
      await this.#enrol(device)
      this.#devices.push(device)
    }
  }

  /** One action, by number: its dice are its own. */
  async act(action: number): Promise<void> {
    this.#turnTo(action)
    this.#now += 1_000 + this.#dice.below(90_000)
    const device = this.#dice.pick(this.#devices)
    device.run.clock.advance(1_000 + this.#dice.below(90_000))
    if (device.held !== undefined && this.#dice.percent(40)) await this.#endWait(device)
    const possible = actions.filter(({ kind, needsHop }) => {
      return (kind === null || this.has(kind)) && (!needsHop || this.hasHop)
    })
    let at = this.#dice.below(possible.reduce((sum, { weight }) => sum + weight, 0))
    const chosen = possible.find(({ weight }) => {
      at -= weight
      return at < 0
    })
    await chosen?.play(this, device)
    this.#afterAction()
  }

  #turnTo(action: number): void {
    this.#action = action
    this.#dice = dice(Math.imul(this.#seed, 0x9e3779b1) + action)
  }

  /** Invariants that hold between any two steps and that no server's write shows. */
  #afterAction(): void {
    for (const device of this.#devices) {
      if (device.disk.notes === device.notesSeen) continue
      device.notesSeen = device.disk.notes
      this.#hqWatch.believed(device.name, device.disk, this.#hq)
      this.#hopWatch?.believed(device.name, device.disk, this.#hq)
    }
  }

  // What people do

  async sell(device: Device): Promise<void> {
    await this.#makeReady(device)
    if (device.run.journal.status().state === 'new') return
    const draft = device.doubt ?? this.#newSale(device.run)
    await this.#completeSale(device, device.run, draft)
  }

  #newSale({ journal, uuid }: Run): SaleDraft {
    const lines = Array.from({ length: this.#dice.percent(80) ? 1 : 3 }, (_, n) =>
      soldLine(
        String(n),
        1 + this.#dice.below(5),
        1000 * (1 + this.#dice.below(3)),
        100 + this.#dice.below(900),
      ),
    )
    const { at } = journal.status()
    const sale = cashSale(uuid(at), lines, at)
    return this.#dice.percent(15)
      ? { ...sale, personal: { name: `Customer ${this.#dice.below(1000)}` } }
      : sale
  }

  async #completeSale(device: Device, run: Run, draft: SaleDraft): Promise<void> {
    const outcome = await this.#play(device, run, () => run.journal.completeSale(draft))
    if (outcome.kind === 'done') {
      device.doubt = undefined
      this.#note(device, outcome.value)
    } else if (run === device.run) {
      device.doubt = draft
    }
  }

  async writeOther(device: Device): Promise<void> {
    await this.#makeReady(device)
    if (device.run.journal.status().state === 'new') return
    const { journal } = device.run
    const context = counterContext
    const isOfNextRelease = device.release === 'current' && this.#dice.percent(30)
    const reason = `act ${++this.#acts}`
    const outcome = await this.#play<Written>(device, device.run, () =>
      isOfNextRelease
        ? journal.append({ type: 'attendance', context, body: { action: 'in' } })
        : journal.append({ type: 'drawer-opened', context, body: { drawer: null, reason } }),
    )
    if (outcome.kind === 'done') this.#note(device, outcome.value)
  }

  /** An entry is complete: it has to stand where the till says that it does (JRN-1a). */
  #note(device: Device, written: Written | CompletedSale): void {
    const { identity, entry, copies } = written
    const place = `${entry.epoch.slice(-4)}/${entry.seq}`
    this.#completed.set(identity, `${entry.type} ${place} of ${device.name}`)
    device.kept.add(identity)
    this.facts.completed++
    this.#log(device, () => `completed ${entry.type} ${place} ${identity.slice(0, 6)}, ${copies}`)
    const record = device.disk.entries.get(`${entry.epoch}/${entry.seq}`)
    const inPrimary = record?.hash === identity
    const repeated = 'repeated' in written && written.repeated
    if (
      repeated ? !inPrimary && !twinEntries(device.disk).has(identity) : !inPrimary && copies !== 'twin-only'
    ) {
      this.broken('I1', `${place} of ${device.name} was completed and is not in the first copy`)
    }
    if (repeated || copies === 'primary-only') return
    const isFlushed = inPrimary ? isInTwin(device.disk, record.bytes) : twinEntries(device.disk).has(identity)
    if (!isFlushed)
      this.broken('I1', `${place} of ${device.name} was completed and is not in the second copy`)
  }

  async sync(device: Device, steps = 1 + this.#dice.below(5)): Promise<void> {
    await this.#makeReady(device)
    for (let step = 0; step < steps && device.held === undefined; step++) {
      const outcome = await this.#syncOnce(device, device.run)
      if (outcome === undefined || outcome.kind === 'idle') return
    }
  }

  async #syncOnce(device: Device, run: Run): Promise<SyncOutcome | undefined> {
    const step = () => {
      const syncing = run.journal.pushOnce()
      if (run === device.run) device.syncing = syncing
      return syncing
    }
    const outcome = await this.#play(device, run, step, { mayWait: true })
    if (outcome.kind !== 'done') return undefined
    this.#tellOutcome(device, outcome.value)
    return outcome.value
  }

  #tellOutcome(device: Device, outcome: SyncOutcome): void {
    this.#log(device, () => describe(outcome))
    if (outcome.kind === 'rehomed') this.facts.rehomed++
    if (outcome.kind !== 'failed') return
    this.#checkError(`${device.name} syncing`, outcome.cause)
    const { cause } = outcome
    if (cause instanceof Error && 'code' in cause && cause.code === 'not-enrolled') device.needsCode = true
  }

  async sellWhileSyncing(device: Device): Promise<void> {
    await this.#makeReady(device)
    const draft = device.doubt ?? this.#newSale(device.run)
    const syncing = device.held === undefined ? this.#syncOnce(device, device.run) : undefined
    await this.#completeSale(device, device.run, draft)
    await syncing
    if (device.run.hazards.isOff) await this.restart(device)
  }

  /** What a shop's people do before they go on: reload a window that lost the journal, enrol a till without key. */
  async #makeReady(device: Device): Promise<void> {
    if (device.run.journal.status().state === 'lost') await this.restart(device)
    if (device.needsCode || device.run.journal.status().state === 'new') await this.#enrol(device)
  }

  async #enrol(device: Device): Promise<void> {
    const { journal } = device.run
    for (let attempt = 0; attempt < 8 && device.online && this.#hqUp; attempt++) {
      const enrol = () => journal.enrol({ code: device.code, storage })
      const outcome = await this.#play(device, device.run, enrol, { mayWait: true })
      this.#log(device, () => `enrolling: ${outcome.kind}`)
      if (outcome.kind === 'done') device.needsCode = false
      if (outcome.kind === 'done' || outcome.kind === 'crashed') return
      if (outcome.kind === 'waiting') {
        // People do not wait for ever: they type the code once more.
        device.held?.fail()
        device.held = undefined
        await turn()
      }
    }
  }

  // What goes wrong on a device

  async crash(device: Device): Promise<void> {
    await this.#endWait(device)
    await this.#makeReady(device)
    const torn = this.#dice.percent(10)
    const when = torn ? 'torn' : this.#dice.percent(50) ? 'before' : 'after'
    device.run.hazards.planCut(1 + this.#dice.below(torn ? 2 : 12), when)
    const losing = this.has('lost-write') && this.#dice.percent(25)
    const forgets = losing ? this.#dice.pick(['primary', 'twin'] as const) : undefined
    if (this.#dice.percent(45)) await this.sell(device)
    if (!device.run.hazards.isOff) await this.sync(device, 3)
    this.#log(device, () => `the power goes ${device.run.hazards.cutAt ?? 'while nothing is under way'}`)
    await this.restart(device, forgets)
  }

  /** Starts the till anew; sometimes the power goes during the start too. */
  async restart(device: Device, forgets?: 'primary' | 'twin'): Promise<void> {
    const { hazards } = device.run
    this.#count('crash', hazards.cutAt)
    hazards.cut()
    if (forgets !== undefined) this.#forget(device, forgets)
    device.held = undefined
    if (this.has('crash') && this.#dice.percent(20)) {
      const first = await this.#open(device, {
        calls: 1 + this.#dice.below(10),
        when: this.#dice.percent(50) ? 'before' : 'after',
      })
      this.#log(device, () => `the power goes while it starts ${first.hazards.cutAt ?? '(not yet)'}`)
      this.#count('crash', first.hazards.cutAt)
      first.hazards.cut()
    }
    device.run = await this.#open(device)
    this.#log(device, () => `started, ${device.run.journal.findings().map(({ kind }) => kind)}`)
    this.#checkKept(device)
    await this.#settleDoubt(device)
  }

  /** A disk that had not written all that it said: the last writes of one copy are gone. */
  #forget(device: Device, copy: 'primary' | 'twin'): void {
    const { undo, isTroubled } = device.run.hazards
    // What a failed copy lacks stands in the other one alone.
    if (isTroubled || undo[copy].length === 0) return
    const count = 1 + this.#dice.below(undo[copy].length)
    for (const takeBack of undo[copy].slice(-count).toReversed()) takeBack()
    this.#count('lost-write')
    this.#log(device, () => `the ${copy} copy has forgotten ${count} writes`)
  }

  /** I6: what was completed on this disk is on it still, in one copy at least. */
  #checkKept(device: Device): void {
    const { disk, run, kept } = device
    if (run.hazards.isTroubled) return
    const primary = new Set([...disk.entries.values()].map(({ hash }) => hash))
    const missing = [...kept].filter((identity) => !primary.has(identity))
    if (missing.length === 0) return
    const twin = twinEntries(disk)
    for (const identity of missing) {
      if (!twin.has(identity)) this.broken('I6', `${this.#completed.get(identity)} is gone from its disk`)
    }
  }

  /** After a crash the cart is looked up before anything is tried again. */
  async #settleDoubt(device: Device): Promise<void> {
    const { doubt, run } = device
    if (doubt === undefined) return
    const found = await this.#play(device, run, () => run.journal.findSaleByCart(doubt.cart))
    if (found.kind !== 'done' || found.value === undefined) return
    const { identity, entry } = found.value
    this.#completed.set(identity, `sale ${entry.epoch.slice(-4)}/${entry.seq} of ${device.name}`)
    device.kept.add(identity)
    device.doubt = undefined
    this.#log(device, () => `the sale in doubt is there: ${entry.epoch.slice(-4)}/${entry.seq}`)
  }

  async storageTrouble(device: Device): Promise<void> {
    const trouble = this.#dice.pick(['error', 'error-after', 'silent', 'silent-after'] as const)
    await this.#withTrouble(device, 'storage', trouble)
  }

  async diskFull(device: Device): Promise<void> {
    await this.#withTrouble(device, 'disk-full', 'full')
  }

  async #withTrouble(device: Device, kind: FaultKind, trouble: Trouble): Promise<void> {
    await this.#makeReady(device)
    const { hazards, journal } = device.run
    const which = this.#dice.below(trouble === 'full' ? 3 : 2)
    if (which !== 1) hazards.primary = trouble
    if (which !== 0) hazards.twin = trouble
    this.#count(kind)
    this.#log(
      device,
      () => `trouble of ${['the first copy', 'the second copy', 'both copies'][which]}: ${trouble}`,
    )
    await this.sell(device)
    if (this.#dice.percent(50)) await this.writeOther(device)
    if (this.#dice.percent(30)) await this.sync(device, 1)
    hazards.primary = undefined
    hazards.twin = undefined
    if (this.#dice.percent(50)) await this.restart(device)
    else await this.#play(device, device.run, () => journal.repairCopies())
  }

  /** A copy is damaged while the other one is whole. */
  async damage(device: Device): Promise<void> {
    await this.#endWait(device)
    device.run.hazards.cut()
    const { disk } = device
    if (!areEqual(disk) || disk.entries.size === 0) return await this.restart(device)
    this.#count('damage')
    const records = [...disk.entries]
    const segments = [...disk.segments]
    switch (this.#dice.below(5)) {
      case 4:
        this.#damageBoth(device)
        break
      case 0: {
        const [key, record] = this.#dice.pick(records)
        disk.entries.set(key, {
          ...record,
          bytes: altered(record.bytes, this.#dice.below(record.bytes.length)),
        })
        this.#log(device, () => `${key.slice(-6)} is altered in the first copy`)
        break
      }
      case 1: {
        const [key, bytes] = this.#dice.pick(segments)
        if (bytes.length > 0) disk.segments.set(key, altered(bytes, this.#dice.below(bytes.length)))
        this.#log(device, () => `${key} is altered in the second copy`)
        break
      }
      case 2:
        wipePrimary(disk)
        this.#log(device, () => 'the first copy is gone, and the keys with it')
        break
      default:
        disk.segments = new Map()
        this.#log(device, () => 'the second copy is gone')
    }
    await this.restart(device)
  }

  /** The one record that both copies hold is altered in both: its place becomes a hole (JRN-10f). */
  #damageBoth(device: Device): void {
    const { disk } = device
    // Entry 1 names the epoch: without it a journal is nobody's.
    const others = [...disk.entries].filter(([, { seq }]) => seq > 1)
    if (others.length === 0) return
    const [key, record] = this.#dice.pick(others)
    disk.entries.set(key, { ...record, bytes: altered(record.bytes, record.bytes.length >> 1) })
    for (const [name, bytes] of disk.segments) {
      const at = asBuffer(bytes).indexOf(asBuffer(record.bytes))
      if (at >= 0) disk.segments.set(name, altered(bytes, at))
    }
    device.kept.delete(record.hash)
    this.#log(device, () => `${key.slice(-6)} is altered in both copies`)
    this.#excuse()
  }

  /** A journal is written to a file now and brought to a server some time: another path for the same entries (JRN-20e). */
  carryFile({ name, disk }: Device): void {
    if (this.#files.length > 0 && this.#dice.percent(50)) {
      const pushes = this.#files.splice(this.#dice.below(this.#files.length), 1)[0] ?? []
      this.#count('message')
      this.#tell(() => 'a journal file is brought to headquarters')
      for (const push of pushes)
        this.#arriveLate(() => this.#guarded('headquarters', () => this.#hq.push(push)))
      return
    }
    const pushes = exportOf(disk, this.#dice.below(1_000_000))
    if (pushes.length > 0) this.#files.push(pushes)
    this.#tell(() => `${name} writes its journal to a file`)
  }

  setClock(device: Device): void {
    this.#count('clock')
    const minute = 60_000
    const day = 24 * 60 * minute
    const jump = this.#dice.pick([
      -10 * minute,
      10 * minute,
      -day,
      day,
      -3 * day,
      3650 * day,
      Number.NEGATIVE_INFINITY,
    ])
    if (this.#dice.percent(15)) {
      this.#hqSkewMs = Math.abs(jump) > 3 * day ? 0 : jump
      this.#tell(() => `headquarters' clock is off by ${this.#hqSkewMs} ms`)
      return
    }
    const { clock } = device.run
    clock.setWall(Math.max(0, clock.wallMs() + jump))
    this.#log(device, () => `somebody sets the clock to ${clock.wallMs()}`)
  }

  keepBackup(device: Device): void {
    device.backups.push({ disk: copyOfDisk(device.disk), kept: new Set(device.kept) })
  }

  async rollBack(device: Device): Promise<void> {
    const backup = device.backups.pop()
    if (backup === undefined) return this.keepBackup(device)
    this.#count('rollback')
    this.#log(device, () => 'rolled back')
    device.run.hazards.cut()
    putBack(device.disk, backup.disk)
    device.kept = new Set(backup.kept)
    device.doubt = undefined
    this.#excuse()
    await this.restart(device)
  }

  async clone(device: Device): Promise<void> {
    if (this.#devices.length >= 4) return await this.sync(device)
    this.#count('clone')
    const twin = await this.#boot(`clone ${this.#devices.length}`, device.code, copyOfDisk(device.disk))
    twin.kept = new Set(device.kept)
    twin.release = device.release
    twin.route = device.route
    this.#devices.push(twin)
    this.#log(twin, () => `a clone of ${device.name}`)
  }

  /** A second window takes the journal; the first one finds out at its next write (JRN-6). */
  async secondWindow(device: Device): Promise<void> {
    await this.#endWait(device)
    await this.#makeReady(device)
    this.#count('windows')
    const first = device.run
    device.run = await this.#open(device)
    this.#log(device, () => 'a second window')
    if (this.#dice.percent(50)) await this.sell(device)
    await this.#completeSale(device, first, this.#newSale(first))
    if (this.#dice.percent(50)) await this.#syncOnce(device, first)
    if (device.held !== undefined) {
      device.held.arrive()
      device.held = undefined
      await turn()
    }
    if (this.#dice.percent(50)) await this.sell(device)
    first.hazards.cut()
  }

  /** Another release of the till's program takes over. */
  async upgradeTill(device: Device): Promise<void> {
    await this.#endWait(device)
    this.#count('upgrade')
    device.release = device.release === 'current' ? 'older' : 'current'
    this.#log(device, () => `runs the ${device.release} release`)
    await this.restart(device)
  }

  // What goes wrong on the way

  switchNetwork(device: Device): void {
    this.#count('partition')
    const what = this.#dice.below(this.hasHop ? 10 : 8)
    if (what < 6) {
      device.online = !device.online
      this.#log(device, () => (device.online ? 'online' : 'offline'))
    } else if (what < 8) {
      this.#hqUp = !this.#hqUp
      this.#tell(() => `headquarters: ${this.#hqUp ? 'in' : 'out of'} reach`)
    } else {
      this.#linkUp = !this.#linkUp
      this.#tell(() => `store server: headquarters are ${this.#linkUp ? 'in' : 'out of'} reach`)
    }
  }

  /** Something that was on its way for long arrives after others. */
  deliverLate(): void {
    const arrives = this.#late.splice(this.#dice.below(this.#late.length), 1)[0]
    if (arrives === undefined) return
    this.#tell(() => 'a late message arrives')
    this.#arriveLate(arrives)
  }

  #arriveLate(arrives: () => unknown): void {
    try {
      arrives()
    } catch (error) {
      // Nobody waits for this answer any more, not even for a refusal.
      this.#checkError('a late message', error)
    }
  }

  /** The answer that a till waits for arrives at last, or its connection breaks. */
  async #endWait(device: Device): Promise<void> {
    const { held, syncing, run } = device
    if (held === undefined) return
    device.held = undefined
    const arrives = this.#dice.percent(60)
    this.#log(device, () => (arrives ? 'the late answer arrives' : 'the connection breaks at last'))
    if (arrives) held.arrive()
    else held.fail()
    if (syncing === undefined) return
    const outcome = await this.#play(device, run, () => syncing)
    if (outcome.kind === 'done') this.#tellOutcome(device, outcome.value)
  }

  #transport(device: Device, hazards: Hazards): Transport {
    // A store server passes it on: it gives out no codes (JRN-20b).
    const enrol = (request: EnrolRequest) =>
      this.#carry(device, hazards, 'enrol', () => this.#enrolAtHq(device, request))
    const hello = (request: HelloRequest) =>
      this.#carry(device, hazards, 'hello', (server) => server.hello(request))
    const push = (request: PushRequest) =>
      this.#carry(device, hazards, 'push', (server) => server.push(request))
    const heartbeat = (request: HeartbeatRequest) =>
      this.#carry(device, hazards, 'heartbeat', (server) => server.heartbeat(request))
    return { enrol, hello, push, heartbeat }
  }

  #enrolAtHq({ route }: Device, request: EnrolRequest): EnrolAnswer {
    const enrol = () => this.#hq.enrol(request)
    return route === 'store server' && this.hasHop ? this.#uplink(enrol) : enrol()
  }

  async #carry<Answer extends EnrolAnswer | HelloAnswer | PushAnswer | HeartbeatAnswer>(
    device: Device,
    hazards: Hazards,
    kind: MessageKind,
    send: (server: Pick<MemoryServer, 'hello' | 'push' | 'heartbeat'>) => Answer,
  ): Promise<Answer> {
    if (!device.online) throw new Unreachable('No network')
    const { route } = device
    const arrive = () => this.#copied(this.#serve(route, send))
    const fault = this.#messageFault()
    if (fault !== undefined) this.#log(device, () => `${kind}: ${fault}`)
    switch (fault) {
      case undefined: {
        const answer = arrive()
        device.lastAnswers.set(kind, answer)
        return answer
      }
      case 'lost':
        throw new Unreachable('The request was lost')
      case 'late':
        this.#late.push(arrive)
        throw new Unreachable('The request takes long')
      case 'doubled': {
        const answer = arrive()
        this.#arriveLate(arrive)
        return answer
      }
      case 'answer lost':
        arrive()
        throw new Unreachable('The answer was lost')
      case 'answered as before': {
        const answer = arrive()
        const before = device.lastAnswers.get(kind)
        return before === undefined ? answer : (before as Answer) // as: kept under the same kind
      }
      case 'answered late': {
        const answer = arrive()
        if (device.held !== undefined) return answer
        return await new Promise<Answer>((resolve, reject) => {
          const arrive = () => resolve(answer)
          const fail = () => reject(new Unreachable('No answer came'))
          device.held = { arrive, fail }
          for (const listener of hazards.listeners) listener('held')
        })
      }
    }
  }

  #messageFault() {
    if (this.#isHealing || !this.#dice.percent(24)) return undefined
    const fault = this.#dice.pick([
      'lost',
      'late',
      'doubled',
      'answer lost',
      'answered as before',
      'answered late',
    ] as const)
    const kind = fault === 'answered late' ? 'half-open' : 'message'
    if (!this.has(kind)) return undefined
    this.#count(kind)
    return fault
  }

  #serve<Answer>(
    route: Device['route'],
    send: (server: Pick<MemoryServer, 'hello' | 'push' | 'heartbeat'>) => Answer,
  ): Answer {
    const hop = route === 'store server' ? this.#hop : undefined
    if (hop === undefined ? !this.#hqUp : !this.#hopUp) throw new Unreachable(`The ${route} does not answer`)
    return this.#guarded(route, () => send(hop ?? this.#hq))
  }

  /** What a server throws besides a refusal is its own fault. */
  #guarded<T>(who: string, call: () => T): T {
    try {
      return call()
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Unreachable)) {
        this.broken('server', `${who} failed: ${error instanceof Error ? error.stack : error}`)
      }
      throw error
    }
  }

  /** The line between store server and headquarters, with what happens to messages there. */
  #uplink<T>(send: () => T): T {
    if (!this.#hqUp || !this.#linkUp) throw new Unreachable('Headquarters do not answer')
    const fault = this.#messageFault()
    if (fault !== undefined) this.#tell(() => `store server to headquarters: ${fault}`)
    if (fault === 'lost') throw new Unreachable('The request was lost')
    const arrive = () => this.#guarded('headquarters', send)
    if (fault === 'late') {
      this.#late.push(arrive)
      throw new Unreachable('The request takes long')
    }
    const answer = arrive()
    if (fault === 'doubled') this.#arriveLate(arrive)
    if (fault === 'answer lost' || fault === 'answered late') throw new Unreachable('The answer was lost')
    return answer
  }

  // What happens to servers

  keepHqBackup(): void {
    this.#hqBackups.push(this.#hq.backup())
    this.#standInBackup()
  }

  /** A backup is the second place in which entries stand (JRN-9b). */
  #standInBackup(): void {
    this.#hq.archived.clear()
    for (const { epoch, head } of this.#hq.rows.epochs.values()) this.#hq.archived.set(epoch, head.seq)
  }

  restoreHq(): void {
    if (this.#hqBackups.length === 0) this.keepHqBackup()
    this.#count('restore')
    this.#tell(() => 'headquarters: restored from a backup')
    this.#hq.restore(this.#dice.pick(this.#hqBackups))
    this.#standInBackup()
    this.#hqWatch.begin()
    this.#excuse()
  }

  upgradeServer(): void {
    this.#count('upgrade')
    const server = this.#hop !== undefined && this.#dice.percent(50) ? this.#hop.server : this.#hq
    server.unknownTypes = server.unknownTypes.size > 0 ? new Set() : typesOfNextRelease
    this.#tell(
      () =>
        `${server === this.#hq ? 'headquarters' : 'store server'}: now of the ${server.unknownTypes.size > 0 ? 'older' : 'newer'} release`,
    )
    // A store server decides nothing: what it can read now acts at headquarters alone (JRN-20b).
    if (server === this.#hq) this.#guarded('upgrade', () => server.releaseReadable())
  }

  /** The store server brings to headquarters what they lack, and fetches what it lacks itself. */
  async forward(steps = 1 + this.#dice.below(4)): Promise<boolean> {
    const hop = this.#hop
    if (hop === undefined || !this.#hopUp) return false
    let worked = false
    for (let step = 0; step < steps; step++) {
      const outcome = await hop.forwarder.step()
      if (outcome.kind === 'idle' && hop.forwarder.nextDelayMs() > 0) break
      if (outcome.kind === 'failed') {
        this.#checkError('the store server', outcome.cause)
        this.#tell(() => `store server: failed ${outcome.epoch?.slice(-4)}: ${outcome.cause}`)
      } else if (outcome.kind !== 'asked' && outcome.kind !== 'idle') {
        this.#tell(() => `store server: ${outcome.kind} ${outcome.epoch.slice(-4)}`)
      }
      // What nobody can vouch for any more waits for ever, and everything else goes on.
      const waits = outcome.kind === 'failed' && outcome.cause instanceof NoProgress
      worked ||= outcome.kind !== 'asked' && outcome.kind !== 'idle' && !waits
    }
    return worked
  }

  changeRoute(device: Device): void {
    this.#count('store-server')
    device.route = device.route === 'headquarters' ? 'store server' : 'headquarters'
    this.#log(device, () => `talks to the ${device.route} now`)
  }

  stopOrRestoreHop(): void {
    const hop = this.#hop
    if (hop === undefined) return
    this.#count('store-server')
    const backup = this.#dice.percent(50) ? this.#hopBackups.at(-1) : undefined
    switch (this.#dice.below(4)) {
      case 0:
        this.#hopUp = !this.#hopUp
        if (this.#hopUp) hop.restart()
        this.#tell(() => `store server: ${this.#hopUp ? 'started' : 'stopped'}`)
        return
      case 1:
        this.#hopBackups.push(hop.backup())
        this.#hopUp = true
        return
      default:
        this.#tell(
          () => `store server: ${backup === undefined ? 'lost all its data' : 'restored from a backup'}`,
        )
        hop.restore(backup ?? this.#emptyHop(hop))
        this.#hopWatch?.begin()
        this.#hopUp = true
        this.#excuse()
    }
  }

  #emptyHop(hop: MemoryHop): HopDisk {
    const { rows } = new MemoryServer(seededRandom(1), () => 0)
    return { rows: { ...rows, registers: hop.server.rows.registers }, marks: new Map() }
  }

  /** What no copy was left of anywhere when a device or a server went back: the one exception of the spec. */
  #excuse(): void {
    const known = [this.#hq.rows.identities, ...(this.#hop ? [this.#hop.server.rows.identities] : [])]
    for (const [identity, what] of this.#completed) {
      if (this.#excused.has(identity) || known.some((identities) => identities.has(identity))) continue
      if (this.#devices.some(({ disk }) => holds(disk, identity))) continue
      this.#excused.add(identity)
      this.#tell(() => `no copy is left of ${what}`)
    }
  }

  // How devices live

  async #boot(name: string, code: string, disk = emptyDisk()): Promise<Device> {
    const route = this.hasHop && this.#dice.percent(80) ? 'store server' : 'headquarters'
    const device = {
      name,
      disk,
      code,
      route,
      release: 'current',
      online: true,
      kept: new Set(),
      doubt: undefined,
      held: undefined,
      syncing: undefined,
      lastAnswers: new Map(),
      needsCode: false,
      backups: [],
      notesSeen: undefined,
    } as unknown as Device // as: its run is opened in the next line
    device.run = await this.#open(device)
    return device
  }

  /** A window with its ports. Where a cut is planned it may never open. */
  async #open(device: Device, cut?: { calls: number; when: 'before' | 'after' }): Promise<Run> {
    const { disk } = device
    const random = seededRandom(this.#seed * 1000 + ++this.#runs)
    const wallMs = this.#now + this.#dice.below(5_000)
    const clock = new MemoryClock(wallMs, random.uuid(wallMs))
    const hazards = new Hazards()
    if (cut !== undefined) hazards.planCut(cut.calls, cut.when)
    const losing = this.has('lost-write')
    const copyOf = this.#options.copies ? structuredClone : <T>(value: T) => value
    const hop = () => (this.hasHop && device.route === 'store server' ? device.route : '')
    const ports: TillPorts = {
      clock,
      random,
      sha256: nodeSha256,
      verify: memoryVerify,
      keys: hazards.guardKeys(memoryKeys(disk, random)),
      primary: hazards.troubledPrimary(
        memoryPrimary(disk, undefined, copyOf),
        losing ? (change) => rememberPrimary(disk, change) : undefined,
      ),
      twin: hazards.troubledTwin(
        memoryTwin(disk, undefined, copyOf),
        losing ? () => rememberTwin(disk) : undefined,
      ),
      transport: {
        ...hazards.guard('transport', this.#transport(device, hazards)),
        hop,
      },
    }
    const run = { hazards, clock, uuid: random.uuid } as Run // as: its journal comes with the next lines
    const core = this.#cores[device.release]
    const opened = await this.#play(device, run, () => core(ports, { app: device.release, engine: 1 }))
    if (opened.kind === 'done') return Object.assign(run, { journal: opened.value })
    // JRN-3c: nothing found at start stops a till.
    if (opened.kind === 'refused') this.broken('I6', `${device.name} does not start`)
    return cut === undefined && opened.kind !== 'refused' ? await this.#open(device) : run
  }

  /** Runs something on a device until it is done, refused, the power goes, or its answer is late. */
  async #play<T>(
    device: Device,
    { hazards, clock }: Run,
    task: () => Promise<T>,
    { mayWait = false } = {},
  ): Promise<Outcome<T>> {
    if (hazards.isOff) return { kind: 'crashed' }
    const { promise, resolve } = Promise.withResolvers<Outcome<T>>()
    const listener = (what: 'cut' | 'held') => {
      if (what === 'cut') resolve({ kind: 'crashed' })
      else if (mayWait) resolve({ kind: 'waiting' })
    }
    hazards.listeners.add(listener)
    const pass = () => clock.advance(6_000)
    const onSilent = () => setImmediate(pass)
    hazards.onSilent = onSilent
    task().then(
      (value) => resolve({ kind: 'done', value }),
      (error: unknown) => {
        this.#log(device, () => `refused: ${error}`)
        this.#checkError(device.name, error)
        resolve({ kind: 'refused' })
      },
    )
    const outcome = await promise
    hazards.listeners.delete(listener)
    return outcome
  }

  /** Errors of the language are nobody's refusal. */
  #checkError(who: string, error: unknown): void {
    if (error instanceof Unreachable || error instanceof Refused || error instanceof StorageFailed) return
    if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) {
      this.broken('program', `${who}: ${error.stack}`)
    }
  }

  #copied<T>(value: T): T {
    return this.#options.copies ? structuredClone(value) : value
  }

  // The end of a history

  /** Everything works again: every device starts once more and sends all it has. */
  async heal(): Promise<void> {
    this.#turnTo(0)
    this.#tell(() => 'everything works again')
    this.#isHealing = true
    for (const arrives of this.#late.splice(0)) this.#arriveLate(arrives)
    this.#hqUp = true
    this.#hopUp = true
    this.#linkUp = true
    this.#hqSkewMs = 0
    if (this.#hop) this.#hop.server.unknownTypes = new Set()
    this.#hq.unknownTypes = new Set()
    this.#hq.releaseReadable()
    for (const device of this.#devices) {
      device.release = 'current'
      device.online = true
      // A copy that fell silent is left alone until the next start: the till says so, and people start it.
      const isFailing = device.run.journal.status().failedCopy !== null
      if (isFailing || this.#dice.percent(50)) await this.restart(device)
      else await this.#endWait(device)
      if (device.doubt !== undefined) await this.sell(device)
    }
    let isQuiet = false
    let isMorning = !this.hasHop
    for (let round = 0; round < 60 && !this.isBroken; round++) {
      let busy = false
      for (const device of this.#devices) busy = (await this.#catchUp(device)) || busy
      // Long enough for a wait between two tries, and for the question where headquarters stand.
      this.#now += 61_000
      busy = (await this.forward(20)) || busy
      this.#afterAction()
      if (busy) {
        isQuiet = false
        continue
      }
      if (isQuiet && isMorning) return
      // The next heartbeats must bring no news. What headquarters forked behind the store server's back
      // reaches a till with its next hello: each starts once more, as tills do in the morning.
      if (isQuiet) for (const device of this.#devices) await this.restart(device)
      isMorning ||= isQuiet
      isQuiet = true
      for (const { run } of this.#devices) run.clock.advance(31_000)
    }
    if (!this.isBroken) this.broken('stuck', 'tills still have work after 60 rounds')
  }

  async #catchUp(device: Device): Promise<boolean> {
    await this.#endWait(device)
    await this.#makeReady(device)
    let hadWork = false
    for (let step = 0; step < 20; step++) {
      const outcome = await this.#syncOnce(device, device.run)
      if (outcome === undefined) return true
      if (outcome.kind === 'idle' && device.run.journal.nextPushDelayMs() > 0) return hadWork
      hadWork ||= outcome.kind !== 'beat'
    }
    return true
  }

  /** What must be true when all has come to rest. */
  check(): void {
    this.#hqWatch.end()
    this.#hopWatch?.end()
    const onDisks = new Set<string>()
    for (const device of this.#devices) this.#checkDisk(device, onDisks)
    const { identities, quarantine } = this.#hq.rows
    for (const [identity, what] of this.#completed) {
      const state = identities.get(identity)?.state
      // In the fork store it waits for a person (JRN-7q), but only where no till is left to write it again.
      const isKept =
        state === 'acted' || state === 'quarantine' || (state === 'fork' && !onDisks.has(identity))
      if (!isKept && !this.#excused.has(identity)) this.broken('I1', `${what} is ${state} at headquarters`)
    }
    for (const { reason, identity } of quarantine.values()) {
      if (reason === 'unknown-type') this.broken('I1', `${identity.slice(0, 6)} waits though it can be read`)
    }
    const { forks } = this.#hq.rows
    this.facts.forks = forks.size
    this.facts.quarantined = quarantine.size
  }

  /** I1 seen from a till: nothing that exists is without effect, with its personal data. */
  #checkDisk({ name, disk, kept }: Device, onDisks: Set<string>): void {
    const { identities, personal } = this.#hq.rows
    const entries = [...disk.entries.values()].map(({ hash, bytes }): [string, Uint8Array] => [hash, bytes])
    const inPrimary = new Set(entries.map(([hash]) => hash))
    const isPoorer = [...kept].some((identity) => !inPrimary.has(identity))
    // What only the second copy has and nobody completed may be left of a write that both copies refused.
    const others = isPoorer ? [...twinEntries(disk)].filter(([hash]) => this.#completed.has(hash)) : []
    for (const [hash, bytes] of [...entries, ...others]) {
      if (onDisks.has(hash)) continue
      const prepared = prepareEntry(bytes, nodeSha256)
      // What was damaged in both copies nobody can write again.
      if (prepared.hash !== hash) continue
      onDisks.add(hash)
      // A wrapper that was forked is settled by what it wraps.
      const { outline } = prepared.decoded
      const settled = identities.get(prepared.inner?.hash ?? hash)?.state
      if (settled !== 'acted' && settled !== 'quarantine') {
        const place = `${outline.epoch?.slice(-4)}/${outline.seq}`
        this.broken(
          'I1',
          `${outline.type} ${place} ${hash.slice(0, 6)} of ${name} is ${settled} at headquarters`,
        )
      } else if (disk.personal.has(hash) && !personal.has(hash)) {
        this.broken('I1', `personal data of ${hash.slice(0, 6)} of ${name} is not at headquarters`)
      }
    }
  }

  broken(invariant: string, what: string): void {
    this.violations.push(`${invariant}: ${what} (at step ${this.#action === 0 ? 'healing' : this.#action})`)
    this.#tell(() => `✗ ${invariant}: ${what}`)
  }

  #count(kind: FaultKind, cutAt?: string): void {
    if (kind === 'crash' && cutAt === undefined) return
    this.facts.faults++
    this.facts.kinds[kind] = (this.facts.kinds[kind] ?? 0) + 1
    if (cutAt !== undefined) this.facts.cuts[cutAt] = (this.facts.cuts[cutAt] ?? 0) + 1
  }

  #log(device: Device, what: () => string): void {
    this.#tell(() => `${device.name}: ${what()}`)
  }

  #tell(what: () => string): void {
    if (this.#options.story) this.story.push(`${this.#action === 0 ? '' : this.#action}\t${what()}`)
  }
}

/** What the release before this one does not know yet. */
const typesOfNextRelease: ReadonlySet<string> = new Set(['attendance'])

/** Lets everything happen that waits for nothing but its turn. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

/** The whole journal of a disk as pushes, signed by its keys. Damaged entries end an epoch's part. */
function exportOf({ notes, entries, keys, personal }: Disk, id: number): PushRequest[] {
  return (notes?.epochs ?? []).flatMap(({ epoch, keyId }) => {
    const publicKey = keys.get(keyId)
    const held: EntryRecord[] = []
    for (let next = entries.get(`${epoch}/1`); next !== undefined && isIntact(next); ) {
      held.push(next)
      next = entries.get(`${epoch}/${next.seq + 1}`)
    }
    const last = held.at(-1)
    if (publicKey === undefined || last === undefined) return []
    const checkpoint = { register: notes?.register ?? '', epoch, seq: last.seq, hash: last.hash, keyId }
    const push: PushRequest = {
      requestId: `00000000-0000-7000-8000-${String(id).padStart(12, '0')}`,
      register: checkpoint.register,
      epoch,
      firstSeq: 1,
      entries: held.map(({ bytes }) => toBase64Url(bytes)),
      personal: held.flatMap(({ hash }) => personal.get(hash) ?? []),
      hole: null,
      checkpoint: { checkpoint, signature: memorySign(publicKey, checkpointBytes(checkpoint)) },
    }
    return [push]
  })
}

/** Whether the second copy holds these bytes; the newest segments first. */
function isInTwin(disk: Disk, bytes: Uint8Array): boolean {
  return (
    [...disk.segments.values()].findLast((segment) => asBuffer(segment).includes(asBuffer(bytes))) !==
    undefined
  )
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

function describe(outcome: SyncOutcome): string {
  if (outcome.kind === 'failed') return `failed: ${outcome.cause}`
  if (outcome.kind !== 'pushed') return outcome.kind
  return `pushed ${outcome.accepted}, forked ${outcome.forked}, quarantined ${outcome.quarantined}`
}
