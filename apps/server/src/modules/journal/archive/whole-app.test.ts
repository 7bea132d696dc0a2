import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readArchiveStatus } from '@nexus/contract'
import { expect, onTestFinished, test } from 'vitest'
import { buildJobs } from '../../../build-app.ts'
import { openShop } from '../../../testing/index.ts'

/** The machine's memory disk, where it is another one than the temporary folder's. */
const memory = '/dev/shm'
const hasOtherDisk = existsSync(memory) && statSync(memory).dev !== statSync(tmpdir()).dev

function newFolder(parent: string): string {
  const folder = mkdtempSync(join(parent, 'nexus-archive-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function stateWith(archive: string | undefined): Promise<string> {
  await using shop = await openShop(archive === undefined ? {} : { NEXUS_ARCHIVE: archive })
  const job = buildJobs(shop.context).find(({ name }) => name === 'archive')
  while (await job?.run({ hold: async () => undefined }));
  return (await shop.call(readArchiveStatus, {})).state
}

test('[JRN-9b] the back office is told that there is no second place', async () => {
  expect(await stateWith(undefined)).toBe('none')
  const here = newFolder(tmpdir())
  expect(await stateWith(here)).toBe('same-disk')
  expect(readdirSync(here)).toEqual([])
})

test.skipIf(!hasOtherDisk)('[JRN-9b] a folder on another disk is a second place', async () => {
  expect(await stateWith(newFolder(memory))).toBe('good')
})
