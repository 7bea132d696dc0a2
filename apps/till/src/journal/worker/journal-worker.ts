import type { CommandName, FromWorker, ToWorker } from '../bridge.ts'
import { journalBlob, journalFileName } from '../journal-blob.ts'
import { noStatus } from '../no-status.ts'
import { salvageLines } from '../salvage.ts'
import { JournalRefused, type JournalState } from '../types.ts'
import { JournalDatabase } from './journal-db.ts'
import { codeOf } from './refusals.ts'
import { TillDevice } from './till-device.ts'

declare const self: DedicatedWorkerGlobalScope

/** Who holds this lock owns the journal; a frozen window keeps it, which is what `steal` is for (JRN-6). */
const LOCK = 'nexus-journal'
/** A reloaded page gives the one before it so long to go before it calls another window the owner. */
const HANDOVER_MS = 1500
/** The owner is gone when nobody held the lock at two looks: between them a reload would be over. */
const LOOK_EVERY_MS = 3000

const database = new JournalDatabase()
/** What the owner opened, or is opening: its status may say "ready" before all of it is done, and people then ask at once. */
let device: Promise<TillDevice> | undefined
let looking: ReturnType<typeof setInterval> | undefined

const send = (message: FromWorker) => self.postMessage(message)

function tellState(state: JournalState, fault: string | null = null): void {
  send({ kind: 'status', status: { ...noStatus, state, fault } })
}

/** Takes the lock and opens the till. Resolves when this window is the owner, rejects when it does not become it. */
function own(options: LockOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(LOCK, options, async () => {
        clearInterval(looking)
        device = TillDevice.open(database, (status) => send({ kind: 'status', status }))
        await device
        resolve()
        // The lock is held as long as this promise is pending: until the window closes or it is stolen.
        await new Promise(() => undefined)
      })
      .catch((cause: unknown) => {
        reject(cause)
        void lose(cause)
      })
  })
}

/** Another window has the lock, or the journal could not be opened. */
async function lose(cause: unknown): Promise<void> {
  const was = device
  device = undefined
  await (await was?.catch(() => undefined))?.close()
  // `AbortError`: stolen. `TimeoutError`: not to be had.
  const isTaken =
    cause instanceof DOMException && (cause.name === 'AbortError' || cause.name === 'TimeoutError')
  if (!isTaken) return tellState('failed', cause instanceof Error ? cause.message : 'failed')
  tellState('read-only')
  ownWhenFree()
}

/**
 * Waits without standing in the lock's queue: there a forgotten window would become the owner whenever
 * the cashier's reloads.
 */
function ownWhenFree(): void {
  let wasFree = false
  clearInterval(looking)
  looking = setInterval(async () => {
    const { held = [] } = await navigator.locks.query()
    const isFree = held.every(({ name }) => name !== LOCK)
    if (isFree && wasFree) own({ signal: AbortSignal.timeout(HANDOVER_MS) }).catch(() => undefined)
    wasFree = isFree && !wasFree
  }, LOOK_EVERY_MS)
}

async function run(command: CommandName, args: unknown[]): Promise<unknown> {
  if (command === 'takeOver') return own({ steal: true })
  const owner = await device?.catch(() => undefined)
  if (command === 'exportJournal' && (!owner || owner.isLost)) {
    return {
      fileName: journalFileName(undefined, Date.now()),
      content: await journalBlob(salvageLines(database)),
    }
  }
  if (!owner || owner.isLost) throw new JournalRefused('not-owner', 'Another window owns this register')
  // as: the page's end is typed by the same commands; a message carries what it was given.
  const method = owner[command] as (...args: unknown[]) => Promise<unknown>
  return method.apply(owner, args)
}

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'nudge') {
    device?.then((owner) => owner.nudge()).catch(() => undefined)
    return
  }
  run(data.command, data.args).then(
    (value) => send({ kind: 'answer', id: data.id, value }),
    (cause: unknown) => {
      const message = cause instanceof Error ? cause.message : String(cause)
      send({ kind: 'refusal', id: data.id, code: codeOf(cause), message })
    },
  )
})

own({ signal: AbortSignal.timeout(HANDOVER_MS) }).catch(() => undefined) // `lose` has told the page.
