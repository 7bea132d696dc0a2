import type { CommandName, FromWorker, JournalCommands, ToWorker } from './bridge.ts'
import { journalBlob, journalFileName } from './journal-blob.ts'
import { noStatus } from './no-status.ts'
import { type JournalClient, JournalRefused, type JournalStatus } from './types.ts'

/** Starts the journal worker of this window. Call once. The first status is `starting`. */
export function openJournalClient(): JournalClient {
  const worker = new Worker(new URL('./worker/journal-worker.ts', import.meta.url), {
    type: 'module',
    name: 'journal',
  })
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (cause: Error) => void }>()
  const listeners = new Set<() => void>()
  let status = noStatus
  let lastId = 0

  const send = (message: ToWorker) => worker.postMessage(message)

  function setStatus(next: JournalStatus): void {
    status = next
    for (const listener of listeners) listener()
  }

  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === 'status') return setStatus(data.status)
    const call = waiting.get(data.id)
    waiting.delete(data.id)
    if (data.kind === 'answer') call?.resolve(data.value)
    else
      call?.reject(
        data.code === undefined ? new Error(data.message) : new JournalRefused(data.code, data.message),
      )
  })
  worker.addEventListener('error', (event) => {
    setStatus({ ...status, state: 'failed', fault: event.message || 'worker-failed' })
    for (const call of waiting.values()) call.reject(new Error('the journal worker failed'))
    waiting.clear()
  })

  function ask<C extends CommandName>(command: C): JournalCommands[C] {
    const run = (...args: unknown[]) =>
      new Promise<unknown>((resolve, reject) => {
        lastId += 1
        waiting.set(lastId, { resolve, reject })
        send({ kind: 'ask', id: lastId, command, args })
      })
    // The worker's table of commands has the same type, so the answer is the one that C promises.
    return run as JournalCommands[C]
  }

  /** Without the worker, which may be what failed. */
  async function salvageHere(): Promise<{ fileName: string; content: Blob }> {
    const [{ salvageLines }, { JournalDatabase }] = await Promise.all([
      import('./salvage.ts'),
      import('./worker/journal-db.ts'),
    ])
    const content = await journalBlob(salvageLines(new JournalDatabase()))
    return { fileName: journalFileName(undefined, Date.now()), content }
  }

  /** Only a page may ask, a worker cannot; browsers change their mind, e.g. once the till is installed (F05). */
  async function askToPersist(): Promise<void> {
    if (await navigator.storage.persisted()) return
    if (await navigator.storage.persist()) send({ kind: 'nudge' })
  }

  askToPersist().catch(() => undefined) // Refused: the status says so.
  addEventListener('online', () => send({ kind: 'nudge' }))
  // A hidden or frozen window that is looked at again.
  document.addEventListener('visibilitychange', () => send({ kind: 'nudge' }))

  return {
    getStatus: () => status,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    enrol: async (code) => {
      await askToPersist().catch(() => undefined)
      return ask('enrol')(code)
    },
    signIn: ask('signIn'),
    checkPin: ask('checkPin'),
    signOut: ask('signOut'),
    openShift: ask('openShift'),
    shiftSummary: ask('shiftSummary'),
    closeShift: ask('closeShift'),
    append: ask('append'),
    beginAttempt: ask('beginAttempt'),
    endAttempt: ask('endAttempt'),
    completeSale: ask('completeSale'),
    lastBills: ask('lastBills'),
    findBill: ask('findBill'),
    findReturns: ask('findReturns'),
    askForBills: ask('askForBills'),
    beginReprint: ask('beginReprint'),
    confirmPrint: ask('confirmPrint'),
    settleDoubt: ask('settleDoubt'),
    takeOver: ask('takeOver'),
    personalOf: ask('personalOf'),
    exportJournal: () => (status.state === 'failed' ? salvageHere() : ask('exportJournal')()),
    approveRemoval: ask('approveRemoval'),
    removeRegister: ask('removeRegister'),
    claimCoupon: ask('claimCoupon'),
    releaseCoupon: ask('releaseCoupon'),
    deviceToken: ask('deviceToken'),
    nudge: () => send({ kind: 'nudge' }),
  }
}
