import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ConfigError, isSecret, readConfig, Settings } from './config.ts'

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  return []
}

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-config-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'value'), text)
  return join(folder, 'value')
}

test('without any setting there is a complete configuration, and nothing can change it', () => {
  const config = readConfig({})
  expect(config).toMatchObject({ PORT: 4600, HOST: '127.0.0.1', NEXUS_ROLE: 'all', LOG_LEVEL: 'info' })
  expect(config.DATA_DIR).toMatch(/\.nexus.(demo|shop)$/)
  expect(() => Object.assign(config, { PORT: 1 })).toThrow()
})

test('a bad start lists every fault at once, by name', () => {
  const faults = faultsOf({
    PORT: '99999',
    NEXUS_ROLE: 'boss',
    DATABASE_URL: 'postgres://x',
    TLS_CERT: '-----BEGIN CERTIFICATE-----',
    PEPPER_FILE: '/nowhere/pepper',
  })
  for (const name of [
    'PORT',
    'NEXUS_ROLE',
    'DATABASE_URL',
    'TLS_CERT_FILE and TLS_KEY_FILE',
    'PEPPER_FILE',
  ]) {
    expect(faults.filter((fault) => fault.includes(name))).toHaveLength(1)
  }
  expect(faults).toHaveLength(5)
})

test('a fault never shows the value of a secret', () => {
  const faults = faultsOf({ DATABASE_URL: 'secret-value', PEPPER: 'secret-value' })
  expect(faults).toHaveLength(2)
  expect(faults.join()).not.toContain('secret-value')
})

test('NAME_FILE reads a mounted secret without its line end', () => {
  const file = fileWith('mysql://user:word@db/nexus\n')
  expect(readConfig({ DATABASE_URL_FILE: file }).DATABASE_URL).toBe('mysql://user:word@db/nexus')
})

test('a setting given twice is a fault, and an empty one is not given', () => {
  expect(faultsOf({ PORT: '1', PORT_FILE: fileWith('2') })[0]).toContain('both set')
  expect(readConfig({ PORT: '', DATABASE_URL: '' })).toMatchObject({ PORT: 4600 })
})

test('every setting explains itself, and keys, passwords and unknown names count as secret', () => {
  for (const [name, setting] of Object.entries(Settings.properties)) {
    expect((setting as { description?: string }).description, name).toBeTruthy()
  }
  expect(['TLS_KEY', 'PEPPER', 'DATABASE_URL', 'WHATEVER'].map(isSecret)).toEqual([true, true, true, true])
  expect(['PORT', 'TLS_CERT'].map(isSecret)).toEqual([false, false])
})
