import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readConfig } from '../../../config.ts'
import { type Context, openContext } from '../../../context.ts'
import { sqlitePath } from '../../../db/open.ts'
import { prepareDatabase } from '../../../prepare-database.ts'
import { secretsFingerprint, secretsFolder } from '../../../secrets.ts'
import { claimInstallation, installationKind } from '../installation.ts'
import { backupSqlite } from './backup.ts'
import { BackupBroken, restoreSqlite } from './restore.ts'
import { readTar, writeTar } from './tar.ts'

let folder = ''
let file = ''
const now = Date.UTC(2026, 10, 23)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nexus-backup-'))
  file = join(folder, 'out', 'x.nexus')
})
afterEach(() => rmSync(folder, { recursive: true }))

const configOf = (name: string) =>
  readConfig({ DATA_DIR: join(folder, name), LOG_LEVEL: 'silent', SQLITE_READERS: '1' })

async function open(name: string): Promise<Context> {
  const context = await openContext(configOf(name))
  await prepareDatabase(context)
  return context
}

/** A data folder with a fact in it, closed. */
async function filled(name: string): Promise<string> {
  const context = await open(name)
  await claimInstallation(context, 'shop')
  await context.database.close()
  return secretsFingerprint(context.secrets)
}

test('database and secrets come back on a machine that has nothing', async () => {
  const fingerprint = await filled('a')
  await backupSqlite(configOf('a'), file, now)
  rmSync(configOf('a').DATA_DIR, { recursive: true })
  const { manifest, replaced } = await restoreSqlite(configOf('b'), file, now)
  expect(manifest.createdAt).toBe(now)
  expect(replaced).toBeUndefined()
  const context = await open('b')
  expect(await installationKind(context)).toBe('shop')
  expect(secretsFingerprint(context.secrets)).toBe(fingerprint)
  await context.database.close()
})

test('a backup of a server at work holds everything that was committed, also what is only in the WAL', async () => {
  const context = await open('a')
  await claimInstallation(context, 'demo')
  await context.database.write(async (tx) => {
    await tx.insertInto('installation').values({ name: 'half', value: 'done' }).execute()
    await backupSqlite(configOf('a'), file, now)
  })
  await context.database.close()
  await restoreSqlite(configOf('b'), file, now)
  const restored = await open('b')
  expect(
    await restored.database.read.selectFrom('installation').select('name').orderBy('name').execute(),
  ).toEqual([{ name: 'kind' }, { name: 'secrets' }])
  await restored.database.close()
})

test('certificates of the shop travel with it, and those there stay when the backup has none', async () => {
  await filled('a')
  const tls = (name: string) => join(configOf(name).DATA_DIR, 'tls')
  mkdirSync(tls('a'))
  writeFileSync(join(tls('a'), 'authority.key'), 'key of a')
  await backupSqlite(configOf('a'), file, now)
  await restoreSqlite(configOf('b'), file, now)
  expect(readFileSync(join(tls('b'), 'authority.key'), 'utf8')).toBe('key of a')
  rmSync(tls('a'), { recursive: true })
  await backupSqlite(configOf('a'), file, now)
  await restoreSqlite(configOf('b'), file, now + 1000)
  expect(readFileSync(join(tls('b'), 'authority.key'), 'utf8')).toBe('key of a')
})

test('only this user may read a backup, and no half file stays beside it', async () => {
  await filled('a')
  await backupSqlite(configOf('a'), file, now)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(folder, 'out'))).toEqual(['x.nexus'])
})

test('any tar opens a backup', async () => {
  await filled('a')
  await backupSqlite(configOf('a'), file, now)
  const names = execFileSync('tar', ['-tzf', file]).toString().trim().split('\n')
  expect(names[0]).toBe('manifest.json')
  expect(names).toContain('nexus.db')
  expect(names).toContain('secrets/PEPPER')
})

test('what was there before a restore is moved aside, not deleted', async () => {
  const fingerprint = await filled('a')
  await backupSqlite(configOf('a'), file, now)
  await filled('b')
  const secrets = readFileSync(join(secretsFolder(configOf('b').DATA_DIR), 'PEPPER'), 'utf8')
  const { replaced = '' } = await restoreSqlite(configOf('b'), file, now)
  expect(readFileSync(join(replaced, 'secrets/PEPPER'), 'utf8')).toBe(secrets)
  expect(existsSync(join(replaced, 'nexus.db'))).toBe(true)
  const context = await open('b')
  expect(secretsFingerprint(context.secrets)).toBe(fingerprint)
  await context.database.close()
})

const damages: [string, () => void][] = [
  ['cut short', () => truncateSync(file, statSync(file).size - 200)],
  ['not a backup at all', () => writeFileSync(file, 'hello')],
  ['empty', () => writeFileSync(file, '')],
  [
    'changed inside',
    () => {
      const unpacked = join(folder, 'unpacked')
      mkdirSync(unpacked)
      execFileSync('tar', ['-xzf', file, '-C', unpacked])
      const database = readFileSync(join(unpacked, 'nexus.db'))
      database.writeUInt8(database.readUInt8(5000) ^ 1, 5000)
      writeFileSync(join(unpacked, 'nexus.db'), database)
      execFileSync('tar', [
        '-czf',
        file,
        '--format=ustar',
        '-C',
        unpacked,
        'manifest.json',
        'nexus.db',
        ...secretsIn(unpacked),
      ])
    },
  ],
  [
    'without one of its parts',
    () => {
      const unpacked = join(folder, 'unpacked')
      mkdirSync(unpacked)
      execFileSync('tar', ['-xzf', file, '-C', unpacked])
      execFileSync('tar', [
        '-czf',
        file,
        '--format=ustar',
        '-C',
        unpacked,
        'manifest.json',
        ...secretsIn(unpacked),
      ])
    },
  ],
]
const secretsIn = (unpacked: string) =>
  readdirSync(join(unpacked, 'secrets')).map((name) => `secrets/${name}`)

test.each(damages)('a backup that is %s is refused, and the data stays as it is', async (_, damage) => {
  await filled('a')
  await backupSqlite(configOf('a'), file, now)
  damage()
  const before = readFileSync(sqlitePath(configOf('a').DATA_DIR))
  const error = await restoreSqlite(configOf('a'), file, now).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(BackupBroken)
  expect(String(error)).toContain('Nothing was changed')
  expect(readFileSync(sqlitePath(configOf('a').DATA_DIR)).equals(before)).toBe(true)
  expect(readdirSync(configOf('a').DATA_DIR)).not.toContain('restoring')
})

test('an archive cannot write outside the folder', async () => {
  const content = Buffer.from(
    JSON.stringify({ format: 'nexus-backup-1', createdAt: now, migration: 1, files: [] }),
  )
  const entries = [
    { name: 'manifest.json', content, bytes: content.length },
    { name: '../evil', content, bytes: content.length },
  ]
  const chunks = await Array.fromAsync(writeTar(entries))
  mkdirSync(join(folder, 'out'))
  writeFileSync(file, gzipSync(Buffer.concat(chunks)))
  await expect(restoreSqlite(configOf('a'), file, now)).rejects.toBeInstanceOf(BackupBroken)
  expect(existsSync(join(configOf('a').DATA_DIR, 'evil'))).toBe(false)
})

test.each([0, 1, 511, 512, 513, 100_000])(
  'a file of %i bytes goes through an archive unchanged',
  async (bytes) => {
    const content = Buffer.alloc(bytes, 'abcdefg')
    const packed = Buffer.concat(await Array.fromAsync(writeTar([{ name: 'x', content, bytes }])))
    const seen: Buffer[] = []
    // In odd pieces, as a stream may deliver them.
    const pieces = Array.from({ length: Math.ceil(packed.length / 777) }, (_, n) =>
      packed.subarray(n * 777, n * 777 + 777),
    )
    await readTar(Readable.from(pieces), async (_name, _bytes, stream) => {
      seen.push(...(await Array.fromAsync(stream as AsyncIterable<Buffer>)))
    })
    expect(Buffer.concat(seen).equals(content)).toBe(true)
  },
)

test('a migration on data makes a backup first, which can be restored', async () => {
  await filled('a')
  const { DATA_DIR } = configOf('a')
  // As an older program left it: without the last migration.
  const context = await openContext(configOf('a'))
  const last = await context.database.read
    .selectFrom('schema_migration')
    .select('number')
    .orderBy('number', 'desc')
    .executeTakeFirstOrThrow()
  await context.database.write((tx) =>
    tx.deleteFrom('schema_migration').where('number', '=', last.number).execute(),
  )
  await prepareDatabase(context).catch(() => undefined)
  await context.database.close()
  const [made = ''] = readdirSync(join(DATA_DIR, 'backups'))
  expect(made).toContain('before-migration')
  copyFileSync(join(DATA_DIR, 'backups', made), join(folder, 'kept.nexus'))
  const { manifest } = await restoreSqlite(configOf('b'), join(folder, 'kept.nexus'), now)
  expect(manifest.migration).toBeLessThan(last.number)
})
