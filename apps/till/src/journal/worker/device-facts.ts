import type { RosterPerson, TillPlace } from '@nexus/contract'
import type { JournalDatabase } from './journal-db.ts'

/** Where this till stands and who works there. Nothing secret: verifiers need the device's key. */
export type DeviceFacts = {
  place: TillPlace | null
  roster: { version: string; people: RosterPerson[] } | null
}

export const FACTS_FILE = 'nexus-device.json'

/**
 * Place and roster from IndexedDB, else from their copy beside the journal's: a till that lost its
 * database still knows its people by name (JRN-3).
 */
export async function readFacts(journal: JournalDatabase): Promise<DeviceFacts> {
  const place = await journal.device('place').catch(() => undefined)
  const roster = await journal.device('roster').catch(() => undefined)
  if (place && roster) return { place, roster }
  const copy = await readCopy().catch(() => undefined)
  return { place: place ?? copy?.place ?? null, roster: roster ?? copy?.roster ?? null }
}

/** Keeps both where they can be kept; one good copy is enough to go on. */
export async function keepFacts(journal: JournalDatabase, facts: DeviceFacts): Promise<void> {
  const inDatabase = async () => {
    if (facts.place) await journal.keep('place', facts.place)
    if (facts.roster) await journal.keep('roster', facts.roster)
  }
  const kept = await Promise.allSettled([inDatabase(), writeCopy(facts)])
  if (kept.every(({ status }) => status === 'rejected')) throw new Error('this device keeps nothing')
}

async function readCopy(): Promise<DeviceFacts> {
  const root = await navigator.storage.getDirectory()
  const file = await (await root.getFileHandle(FACTS_FILE)).getFile()
  return JSON.parse(await file.text()) as DeviceFacts // as: `writeCopy` is the only writer
}

async function writeCopy(facts: DeviceFacts): Promise<void> {
  const root = await navigator.storage.getDirectory()
  const handle = await root.getFileHandle(FACTS_FILE, { create: true })
  const file = await handle.createSyncAccessHandle()
  try {
    file.truncate(0)
    file.write(new TextEncoder().encode(JSON.stringify(facts)), { at: 0 })
    file.flush()
  } finally {
    file.close()
  }
}
