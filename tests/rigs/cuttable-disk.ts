import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const call = promisify(execFile)

/**
 * A disk whose power can be cut: an ext4 image, mounted by a loop device, on an XFS that copies files
 * atomically by reference. A cut is such a copy: what the block device had been given at that instant,
 * caches of the file system left out. It does not model a drive that lies about its own cache.
 */
export type CuttableDisk = {
  /** Mount point of the living disk. */
  folder: string
  /** Everything written so far is on the disk: what was set up long before the first cut. */
  settle(): Promise<void>
  /** Takes what the disk holds now; the disk lives on. */
  cut(): Promise<Remains>
  dispose(): Promise<void>
}
/** What a cut left, mounted at `folder` as a machine finds it at its next start. */
export type Remains = { mount(): Promise<string>; dispose(): Promise<void> }

/** Why power cannot be cut here, and what helps; undefined when it can. In CI that is a failure. */
export function missingDisks(): string | undefined {
  const programs = ['mkfs.xfs', 'mkfs.ext4', 'mount', 'umount', 'cp']
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  const lacking = programs.filter((name) => !folders.some((folder) => existsSync(join(folder, name))))
  const reasons = [
    ...(process.platform === 'linux' ? [] : ['loop mounts exist on Linux only']),
    ...(process.getuid?.() === 0 ? [] : ['mounting needs root']),
    ...(existsSync('/dev/loop-control') ? [] : ['there is no /dev/loop-control']),
    ...(lacking.length > 0
      ? [`${lacking.join(', ')} missing: apt-get install xfsprogs e2fsprogs mount`]
      : []),
  ]
  if (reasons.length === 0) return undefined
  const advice = `could not run: ${reasons.join('; ')}`
  if (process.env.CI === 'true') throw new Error(advice)
  console.warn(advice)
  return advice
}

const diskMiB = 1024

/** Makes a disk of 1 GiB; the images are sparse. */
export async function makeCuttableDisk(): Promise<CuttableDisk> {
  const base = mkdtempSync(join(tmpdir(), 'nexus-disk-'))
  const host = join(base, 'host')
  const folder = join(base, 'disk')
  const mounted: string[] = []
  const mount = async (image: string, where: string) => {
    mkdirSync(where)
    await call('mount', ['-o', 'loop', image, where])
    mounted.unshift(where)
  }
  const unmount = async (where: string) => {
    await call('umount', [where]).catch(async () => await call('umount', ['-l', where]))
    mounted.splice(mounted.indexOf(where), 1)
  }
  const dispose = async () => {
    for (const where of [...mounted]) await unmount(where)
    rmSync(base, { recursive: true, force: true })
  }
  try {
    await call('truncate', ['-s', `${diskMiB * 8}M`, join(base, 'host.img')])
    await call('mkfs.xfs', ['-q', '-m', 'reflink=1', join(base, 'host.img')])
    await mount(join(base, 'host.img'), host)
    const image = join(host, 'disk.img')
    await call('truncate', ['-s', `${diskMiB}M`, image])
    await call('mkfs.ext4', ['-q', '-F', image])
    await mount(image, folder)
    let cuts = 0
    return {
      folder,
      async settle() {
        await call('sync', ['-f', folder])
      },
      async cut() {
        const name = `cut-${++cuts}`
        const copy = join(host, `${name}.img`)
        await call('cp', ['--reflink=always', image, copy])
        const where = join(base, name)
        return {
          async mount() {
            await mount(copy, where)
            return where
          },
          async dispose() {
            if (mounted.includes(where)) await unmount(where)
            rmSync(copy, { force: true })
            rmSync(where, { recursive: true, force: true })
          },
        }
      },
      dispose,
    }
  } catch (error) {
    await dispose()
    throw error
  }
}
