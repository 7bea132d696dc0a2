import type { CommandName, FromWorker, ToWorker } from '../bridge.ts'
import { noStatus } from '../no-status.ts'
import { JournalRefused, type JournalState } from '../types.ts'
import { JournalDatabase } from './journal-db.ts'
import { codeOf } from './refusals.ts'
import { TillDevice } from './till-device.ts'

declare const self: DedicatedWorkerGlobalScope

/** Who holds this lock owns the journal; a frozen window keeps it, which is what `steal` is for (JRN-6). */
const LOCK = 'nexus-journal'
/** A reloaded page gives the one before it so long to go before it calls another window the owner. */
const HANDOVER_MS = 1500
/** This window's place in the queue for the lock was given up, because it takes the lock by force. */
const SUPERSEDED = 'superseded'

const database = new JournalDatabase()
let device: TillDevice | undefined
let queued: AbortController | undefined

const send = (message: FromWorker) => self.postMessage(message)

function tellState(state: JournalState, fault: string | null = null): void {
  send({ kind: 'status', status: { ...noStatus, state, fault } })
}

/** Becomes the owner: by force, or once the window that is has gone. Resolves when this one is it. */
function own(steal: boolean): Promise<void> {
  queued?.abort(SUPERSEDED)
  queued = steal ? undefined : new AbortController()
  const options: LockOptions = queued ? { signal: queued.signal } : { steal: true }
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(LOCK, options, async () => {
        device = await TillDevice.open(database, (status) => send({ kind: 'status', status }))
        resolve()
        // The lock is held as long as this promise is pending: until the window closes or it is stolen.
        await new Promise(() => undefined)
      })
      .catch((cause: unknown) => {
        reject(cause)
        if (cause !== SUPERSEDED) void lose(cause)
      })
  })
}

/** Another window took the lock, or the journal could not be opened. */
async function lose(cause: unknown): Promise<void> {
  const was = device
  device = undefined
  await was?.close()
  const isTaken = cause instanceof DOMException && cause.name === 'AbortError'
  if (!isTaken) return tellState('failed', cause instanceof Error ? cause.message : 'failed')
  tellState('read-only')
  // The other window may close: then this one is the owner again.
  await own(false).catch(() => undefined)
}

async function run(command: CommandName, args: unknown[]): Promise<unknown> {
  if (command === 'takeOver') return own(true)
  if (!device || device.isLost) throw new JournalRefused('not-owner', 'Another window owns this register')
  // as: the page's end is typed by the same commands; a message carries what it was given.
  const method = device[command] as (...args: unknown[]) => Promise<unknown>
  return method.apply(device, args)
}

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'nudge') {
    device?.nudge()
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

const waitingLong = setTimeout(() => tellState('read-only'), HANDOVER_MS)
own(false)
  .catch(() => undefined) // `lose` has told the page.
  .finally(() => clearTimeout(waitingLong))
