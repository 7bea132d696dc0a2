import { openTillJournal, type TillJournal } from '@nexus/sync'
import { JournalDatabase } from '../../../apps/till/src/journal/worker/journal-db.ts'
import { openKeyRing } from '../../../apps/till/src/journal/worker/key-ring.ts'
import { openPrimaryCopy } from '../../../apps/till/src/journal/worker/primary-copy.ts'
import { openTransport, type Token } from '../../../apps/till/src/journal/worker/transport.ts'
import { openTwinCopy } from '../../../apps/till/src/journal/worker/twin-copy.ts'
import { browserRandom, openClock, sha256, verify } from '../../../apps/till/src/journal/worker/world.ts'
import { readSegment } from '../../../packages/sync/src/till/twin-record.ts'
import type { RetentionCommands } from './retention-client.ts'

declare const self: DedicatedWorkerGlobalScope

const database = new JournalDatabase()
const primary = openPrimaryCopy(database)
const context = { shift: null, tradingDay: null, rulebook: null, staff: null }
const days45 = 45 * 86_400_000
let journal: TillJournal | undefined
let token: Token | undefined

function opened(): TillJournal {
  if (!journal) throw new Error('the journal is opened first')
  return journal
}

const commands: RetentionCommands = {
  async open(entries) {
    const twin = await openTwinCopy()
    const transport = openTransport(
      {
        isOurs: async () => true,
        token: async () => token,
        keepToken: async (kept) => {
          token = kept
        },
        keepVerifierKey: async () => undefined,
        keepPlace: async () => undefined,
      },
      '',
    )
    const clock = openClock(browserRandom)
    const keys = openKeyRing(database)
    const ports = { clock, random: browserRandom, sha256, keys, verify, primary, twin, transport }
    journal = await openTillJournal(ports, { app: 'retention', engine: 1 }, { entries, ms: days45 })
    return journal.findings().map(({ kind }) => kind)
  },
  enrol: (code) =>
    opened().enrol({ code, storage: { persisted: false, quotaBytes: null, usageBytes: null } }),
  async fill(count) {
    for (let n = 0; n < count; n++) {
      await opened().append({ type: 'drawer-opened', context, body: { drawer: null, reason: 'x' } })
    }
  },
  async sync() {
    for (;;) {
      const outcome = await opened().pushOnce()
      if (outcome.kind === 'failed') throw outcome.cause
      if (outcome.kind === 'idle' || outcome.kind === 'beat') return
    }
  },
  async forget() {
    let steps = 0
    while (await opened().forgetOld()) steps++
    return steps
  },
  checkOlder: async () => (await opened().checkOlder()).map(({ kind }) => kind),
  async held() {
    const { head, notes } = await primary.readState()
    const epoch = head?.epoch ?? ''
    const stored = await primary.readEntries(epoch, 1, 100_000)
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('nexus-journal')
    const twin = new Set<number>()
    let segments = 0
    for await (const handle of folder.values()) {
      segments++
      if (handle.kind !== 'file') continue
      // as: its kind was just looked at.
      const bytes = await (await (handle as FileSystemFileHandle).getFile()).arrayBuffer()
      for (const entry of readSegment(new Uint8Array(bytes)).entries)
        if (entry.epoch === epoch) twin.add(entry.seq)
    }
    return {
      primary: stored.map(({ seq }) => seq),
      twin: [...twin].sort((a, b) => a - b),
      baseSeq: notes?.epochs.find((note) => note.epoch === epoch)?.base?.seq ?? 0,
      headSeq: head?.seq ?? 0,
      segments,
    }
  },
}

self.addEventListener('message', ({ data }: MessageEvent<{ id: number; name: string; args: never[] }>) => {
  // as: the page's end is typed by the same commands.
  const command = commands[data.name as keyof RetentionCommands] as (...args: never[]) => Promise<unknown>
  command(...data.args).then(
    (value) => self.postMessage({ id: data.id, value }),
    (cause: unknown) => self.postMessage({ id: data.id, error: String(cause) }),
  )
})
