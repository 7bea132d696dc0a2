import { createPublicKey, sign, verify } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from './config.ts'
import { loadSecrets, secretNames, secretSource, secretsFingerprint, secretsFolder } from './secrets.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'nexus-secrets-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}
const load = (env: Record<string, string>) => loadSecrets(secretSource(readConfig(env)))

test('secrets are made once, for this user only, and are the same at the next start', () => {
  const DATA_DIR = folder()
  const first = load({ DATA_DIR })
  expect(secretsFingerprint(load({ DATA_DIR }))).toBe(secretsFingerprint(first))
  const files = readdirSync(secretsFolder(DATA_DIR))
  expect(files.toSorted()).toEqual([...secretNames].toSorted())
  for (const file of files) {
    expect(statSync(join(secretsFolder(DATA_DIR), file)).mode & 0o777).toBe(0o600)
  }
})

test('two installations have different secrets, and the fingerprint tells any one of them apart', () => {
  const secrets = load({ DATA_DIR: folder() })
  const other = load({ DATA_DIR: folder() })
  for (const name of ['enrolment', 'hq', 'token', 'pepper', 'sealing'] as const) {
    expect(secretsFingerprint({ ...secrets, [name]: other[name] })).not.toBe(secretsFingerprint(secrets))
  }
})

test('a secret of the settings wins over the folder, and nothing is written for it', () => {
  const DATA_DIR = folder()
  const PEPPER = Buffer.alloc(32, 7).toString('base64')
  expect(load({ DATA_DIR, PEPPER }).pepper).toEqual(Buffer.alloc(32, 7))
  expect(readdirSync(secretsFolder(DATA_DIR))).not.toContain('PEPPER')
})

test('signing keys sign, and their public half is what is told', () => {
  const { hq } = load({ DATA_DIR: folder() })
  const publicKey = createPublicKey({
    key: Buffer.from(hq.publicKeySpki, 'base64url'),
    format: 'der',
    type: 'spki',
  })
  const signature = sign('sha256', Buffer.from('x'), hq.privateKey)
  expect(verify('sha256', Buffer.from('x'), publicKey, signature)).toBe(true)
})
