import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Page } from 'playwright-core'

/** An entry as one side holds it; bytes in base64. */
export type HeldEntry = { epoch: string; seq: number; bytes: string }

/** Every entry in the till's first copy, by place. */
export async function entriesOnTill(page: Page): Promise<HeldEntry[]> {
  const held = await page.evaluate(async () => {
    const open = indexedDB.open('nexus-journal')
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      open.onsuccess = () => resolve(open.result)
      open.onerror = () => reject(open.error)
    })
    const all = db.transaction('entries').objectStore('entries').getAll()
    const records = await new Promise<{ epoch: string; seq: number; bytes: Uint8Array }[]>(
      (resolve, reject) => {
        all.onsuccess = () => resolve(all.result)
        all.onerror = () => reject(all.error)
      },
    )
    db.close()
    return records.map(({ epoch, seq, bytes }) => ({
      epoch,
      seq,
      bytes: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')),
    }))
  })
  return inOrder(held)
}

/** Every entry of the given epochs in a server's SQLite file, by place. */
export function entriesOnServer(dataDir: string, epochs: readonly string[]): HeldEntry[] {
  const db = new DatabaseSync(join(dataDir, 'nexus.db'), { readOnly: true })
  try {
    const rows = db
      .prepare(
        'SELECT p.epoch, e.seq, e.bytes FROM journal_entry e JOIN journal_epoch p ON p.epoch_no = e.epoch_no',
      )
      .all()
    const held = rows.map((row) => ({
      epoch: uuidText(row.epoch as Uint8Array),
      seq: Number(row.seq),
      bytes: Buffer.from(row.bytes as Uint8Array).toString('base64'),
    }))
    return inOrder(held.filter((entry) => epochs.includes(entry.epoch)))
  } finally {
    db.close()
  }
}

/** Bills of the given numbers in a server's SQLite file: how often each stands there. */
export function billCounts(dataDir: string, numbers: readonly string[]): Map<string, number> {
  const db = new DatabaseSync(join(dataDir, 'nexus.db'), { readOnly: true })
  try {
    const count = db.prepare('SELECT COUNT(*) AS bills FROM bill WHERE number = ?')
    return new Map(numbers.map((number) => [number, Number(count.get(number)?.bills)]))
  } finally {
    db.close()
  }
}

function inOrder(entries: HeldEntry[]): HeldEntry[] {
  return entries.sort((one, other) => one.epoch.localeCompare(other.epoch) || one.seq - other.seq)
}

function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
