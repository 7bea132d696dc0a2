import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/**
 * Says who listens on a TCP port of this machine, e.g. `process 4711 (node)`; undefined where the
 * system does not tell. Linux only: elsewhere there is no way without a program that may be absent.
 */
export function portHolder(port: number): string | undefined {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeners(table, port)))
  const pids = (attempt(() => readdirSync('/proc')) ?? []).filter((name) => /^\d+$/.test(name))
  const holder = pids.find((pid) => socketsOf(pid).some((inode) => inodes.has(inode)))
  if (holder === undefined) return undefined
  const name = attempt(() => readFileSync(`/proc/${holder}/comm`, 'utf8').trim())
  return `process ${holder}${name ? ` (${name})` : ''}`
}

const listening = '0A'

function listeners(table: string, port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  return (attempt(() => readFileSync(table, 'utf8')) ?? '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(`:${hex}`) && columns[3] === listening)
    .map((columns) => columns[9] ?? '')
}

function socketsOf(pid: string): string[] {
  const folder = `/proc/${pid}/fd`
  const files = attempt(() => readdirSync(folder)) ?? []
  return files.flatMap((file) => {
    const target = attempt(() => readlinkSync(`${folder}/${file}`))
    const inode = /^socket:\[(\d+)\]$/.exec(target ?? '')?.[1]
    return inode ? [inode] : []
  })
}

/** Processes and their files come and go while one looks, and those of others are not ours to see. */
function attempt<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
