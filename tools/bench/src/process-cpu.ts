import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** CPU milliseconds (user and system, all threads) that a process has used so far. */
export function cpuMsOf(pid: number): number {
  const stat = `/proc/${pid}/stat`
  if (existsSync(stat)) {
    // After the name in brackets: field 14 and 15 of the line are utime and stime in ticks of 10 ms.
    const fields = readFileSync(stat, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10
  }
  const [minutes = '0', seconds = '0'] = execFileSync('ps', ['-o', 'cputime=', '-p', String(pid)], {
    encoding: 'utf8',
  })
    .trim()
    .split(':')
    .slice(-2)
  return (Number(minutes) * 60 + Number(seconds)) * 1000
}

/** Most memory that a process ever held, MiB; NaN where the system does not tell. */
export function peakMemoryOf(pid: number): number {
  const status = `/proc/${pid}/status`
  if (!existsSync(status)) return Number.NaN
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1]) / 1024
}

/** KiB that a process has handed to the disk so far; NaN where the system does not tell. */
export function writtenKibOf(pid: number): number {
  const io = `/proc/${pid}/io`
  if (!existsSync(io)) return Number.NaN
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync(io, 'utf8'))?.[1]) / 1024
}
