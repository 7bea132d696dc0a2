import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { call, currentSession, type Problem, signIn } from '@nexus/contract'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../config.ts'
import { openContext } from '../context.ts'
import { lockFolder } from '../data-folder.ts'
import { type Server, startServer } from '../main.ts'
import { archiveFolder, readGeneration } from '../modules/journal/index.ts'
import { backupSqlite } from '../modules/platform/index.ts'
import { portHolder } from './port-holder.ts'
import { commandLine } from './testing/run.ts'

const shopOptions = [
  '--legal-name=Corner Shop Retail Pvt Ltd',
  '--gstin=29AABCU9603R1ZJ',
  '--store-name=Koramangala',
  '--store-code=kor',
  '--address=80 Feet Road',
  '--city=Bengaluru',
  '--pin-code=560034',
  '--phone=0801234567',
  '--admin-name=Asha',
  '--admin-login=asha',
  '--admin-pin=2580',
]
const password = 'seven-green-mangoes'

async function newShop() {
  const line = commandLine()
  const made = await line.run(['init', ...shopOptions], [password, password])
  expect(made.code, made.output).toBe(0)
  return { ...line, made }
}

async function serve(folder: string): Promise<Server> {
  const env = { DATA_DIR: join(folder, 'data'), PORT: '0', LOG_LEVEL: 'silent', SQLITE_READERS: '1' }
  const server = await startServer(readConfig(env))
  onTestFinished(() => server.stop())
  return server
}

const commands = (await commandNames()).toSorted()
async function commandNames(): Promise<string[]> {
  const lines: string[] = []
  const { runNexus } = await import('./run-nexus.ts')
  await runNexus([], { print: (text) => void lines.push(text), ask: async () => '', env: {} })
  return [...lines.join('\n').matchAll(/^ {2}([a-z-]+) /gm)].map(([, name = '']) => name)
}

describe('the command line', () => {
  test.each(commands)('nexus %s --help explains itself and does nothing', async (name) => {
    const line = commandLine()
    const { code, output } = await line.run([name, '--help'])
    expect(code).toBe(0)
    expect(output).toMatch(new RegExp(`^nexus ${name}`))
    expect(existsSync(join(line.folder, 'data'))).toBe(false)
  })

  test.each([
    [['fly'], 2, 'no command "fly"'],
    [['backup', '--soon'], 1, '--soon'],
    [['reset-password'], 1, 'LOGIN is missing'],
    [['enrol-code', 'KOR', '1', '2'], 1, 'one argument too many'],
    [['tls', 'make'], 1, 'init or renew'],
  ])('%j is refused in words', async (args, wanted, text) => {
    const { code, output } = await commandLine().run(args)
    expect([code, output]).toEqual([wanted, expect.stringContaining(text)])
  })

  test('settings with faults are listed for every command, without a stack', async () => {
    const { code, output } = await commandLine({ PORT: 'x', NEXUS_ROLE: 'y' }).run(['doctor'])
    expect(code).toBe(1)
    expect(output).toMatch(/2 faults[\s\S]*PORT|NEXUS_ROLE/)
    expect(output).not.toContain('    at ')
  })
})

describe('nexus init', () => {
  test('makes a shop in which its administrator can sign in', async () => {
    const { folder } = await newShop()
    const server = await serve(folder)
    const options = { baseUrl: server.url, headers: () => ({ origin: server.url }) }
    const session = await call(options, signIn, { body: { login: 'asha', password } })
    expect(session).toMatchObject({ name: 'Asha', role: 'administrator', storeIds: null })
  })

  test('asks for what no option gave, and for the password twice', async () => {
    const line = commandLine()
    const few = shopOptions.filter((option) => !/^--(city|phone)/.test(option))
    const { code, asked } = await line.run(['init', ...few], ['Bengaluru', '0801', password, password])
    expect(code).toBe(0)
    expect(asked).toHaveLength(4)
  })

  test('refuses bad input by field, before anything exists', async () => {
    const line = commandLine()
    const bad = shopOptions.map((option) => (option.startsWith('--gstin') ? '--gstin=29X' : option))
    const { code, output } = await line.run(['init', ...bad], [password, password])
    expect(code).toBe(1)
    expect(output).toBe('gstin is not written as expected. Check it for typing mistakes.')
    expect(existsSync(join(line.folder, 'data'))).toBe(false)
  })

  test('two passwords that differ change nothing', async () => {
    const line = commandLine()
    const { code, output } = await line.run(['init', ...shopOptions], [password, 'another-password'])
    expect([code, output]).toEqual([1, expect.stringContaining('not the same')])
  })

  test('a shop is begun once; an interrupted beginning is finished', async () => {
    const line = commandLine()
    const wrong = shopOptions.map((option) =>
      option.startsWith('--admin-pin') ? '--admin-pin=1111' : option,
    )
    const first = await line.run(['init', ...wrong], [password, password])
    expect([first.code, first.output]).toEqual([1, expect.stringContaining('guessed first')])
    expect((await line.run(['init', ...shopOptions], [password, password])).code).toBe(0)
    const again = await line.run(['init', ...shopOptions], [password, password])
    expect([again.code, again.output]).toEqual([1, expect.stringContaining('begun already')])
  })
})

test('nexus reset-password sets a password that works, and ends sessions', async () => {
  const { folder, run } = await newShop()
  const server = await serve(folder)
  const client = { baseUrl: server.url, headers: () => ({ origin: server.url }) }
  const cookies: string[] = []
  const keeping: typeof fetch = async (...args) => {
    const answer = await fetch(...args)
    cookies.push(...answer.headers.getSetCookie().map((one) => one.split(';')[0] ?? ''))
    return answer
  }
  await call({ ...client, fetch: keeping }, signIn, { body: { login: 'asha', password } })
  // The server runs meanwhile.
  expect((await run(['reset-password', 'asha'], ['nine-blue-parrots', 'nine-blue-parrots'])).code).toBe(0)
  const withCookie = { ...client, headers: () => ({ cookie: cookies.join('; ') }) }
  const ended = await call(withCookie, currentSession, {}).catch((error: Problem) => error.code)
  expect(ended).toBe('session/required')
  const old = await call(client, signIn, { body: { login: 'asha', password } }).catch(
    (error: Problem) => error.code,
  )
  expect(old).toBe('session/refused')
  await call(client, signIn, { body: { login: 'asha', password: 'nine-blue-parrots' } })
})

test('nexus enrol-code makes a code for a register, and says which registers there are', async () => {
  const { run } = await newShop()
  const { code, output } = await run(['enrol-code', 'kor', '1'])
  expect(code).toBe(0)
  expect(output).toMatch(
    /^[2-9A-Z]{4}-[2-9A-Z]{4}\n\nfor Koramangala, Register 1, until .+\nhttp:\/\/localhost:4600\/till\//,
  )
  expect((await run(['enrol-code', 'kor', '9'])).output).toContain('It has: 1')
  expect((await run(['enrol-code', 'xyz', '1'])).output).toContain('no store xyz')
})

describe('nexus backup and restore', () => {
  test('bring a lost shop back, and the next start tells tills that the data was restored', async () => {
    const { folder, run } = await newShop()
    const first = await serve(folder)
    const generation = await readGeneration(first.context.database.read)
    const file = join(folder, 'copy.nexus')
    expect((await run(['backup', file])).code).toBe(0)
    await first.stop()
    const restored = await run(['restore', file, '--force'])
    expect([restored.code, restored.output]).toEqual([0, expect.stringContaining('backups/replaced-')])
    const second = await serve(folder)
    expect(await readGeneration(second.context.database.read)).not.toBe(generation)
    const options = { baseUrl: second.url, headers: () => ({ origin: second.url }) }
    expect(await call(options, signIn, { body: { login: 'asha', password } })).toMatchObject({ name: 'Asha' })
  })

  test('a restore that would overwrite, or take the folder from a running server, is refused', async () => {
    const { folder, run } = await newShop()
    const file = join(folder, 'copy.nexus')
    await run(['backup', file])
    expect((await run(['restore', file])).output).toContain('--force')
    const lock = lockFolder(join(folder, 'data'))
    expect((await run(['restore', file, '--force'])).output).toContain('in use by process')
    lock.release()
    expect((await run(['restore', join(folder, 'none')])).output).toContain('There is no file')
    writeFileSync(join(folder, 'torn'), 'x')
    expect((await run(['restore', join(folder, 'torn'), '--force'])).output).toContain('Nothing was changed')
  })

  test('[JRN-9e] data older than 40 days is refused, unless the archive is there with all that followed', async () => {
    const { run, folder } = await newShop()
    const file = join(folder, 'old.nexus')
    const data = join(folder, 'data')
    const config = readConfig({ DATA_DIR: data, SQLITE_READERS: '1' })
    await backupSqlite(config, file, Date.now() - 41 * 86_400_000)
    const refused = await run(['restore', file, '--force'])
    expect([refused.code, refused.output]).toEqual([1, expect.stringContaining('41 days old')])
    expect(refused.output).toContain('NEXUS_ARCHIVE')
    // Nothing was changed.
    expect(existsSync(join(data, 'backups'))).toBe(false)
    const archive = join(folder, 'archive')
    const archived = commandLine({ DATA_DIR: data, NEXUS_ARCHIVE: archive }).run
    expect((await archived(['restore', file, '--force'])).output).toContain('lacks segment 1')
    const files = archiveFolder(archive)
    for (const no of [1, 3]) await files.create(no, 'entries')
    expect((await archived(['restore', file, '--force'])).output).toContain('lacks segment 2')
    await files.create(2, 'personal')
    const restored = await archived(['restore', file, '--force'])
    expect([restored.code, restored.output]).toEqual([0, expect.stringContaining('Restored the state')])
  })

  test('[JRN-9e] data restored by other means is asked for its age too', async () => {
    const { run, folder } = await newShop()
    const context = await openContext(readConfig({ DATA_DIR: join(folder, 'data'), SQLITE_READERS: '1' }))
    const ranAt = Date.now() - 50 * 86_400_000
    const job = { name: 'x', holder: '', fence: 1, lease_until: 0, ran_at: ranAt, failure: null }
    await context.database.write((tx) => tx.insertInto('job').values(job).execute())
    await context.database.close()
    const { code, output } = await run(['restore', '--mark'])
    expect([code, output]).toEqual([1, expect.stringContaining('50 days old')])
  })

  test('a database restored by other means begins a new generation when it is said', async () => {
    const { folder, run } = await newShop()
    const first = await serve(folder)
    const generation = await readGeneration(first.context.database.read)
    await first.stop()
    expect((await run(['restore', '--mark'])).code).toBe(0)
    expect(await readGeneration((await serve(folder)).context.database.read)).not.toBe(generation)
  })
})

test('nexus doctor shows every setting, masks secrets, and finds what is wrong', async () => {
  const good = await commandLine({ PEPPER: Buffer.alloc(32, 7).toString('base64') }).run(['doctor'])
  expect(good.code).toBe(0)
  expect(good.output).toMatch(/PEPPER +\*{8}/)
  expect(good.output).not.toContain(Buffer.alloc(32, 7).toString('base64'))
  const bad = await commandLine({
    DATABASE_URL: 'mysql://nobody@127.0.0.1:1/none',
    MYSQL_ACQUIRE_MS: '500',
  }).run(['doctor'])
  expect(bad.code).toBe(1)
  expect(bad.output).toMatch(/BAD +The database cannot be used/)
  expect(bad.output).not.toContain('nobody@')
})

describe('nexus tls', () => {
  test('makes a server certificate that devices which trust the authority accept, for each name', async () => {
    const { folder, run } = commandLine()
    const { output } = await run(['tls', 'init', '--host', 'nexus.shop.lan,192.168.1.5'])
    const file = (name: string) => join(folder, 'data/tls', name)
    const authority = new X509Certificate(readFileSync(file('authority.crt')))
    const server = new X509Certificate(readFileSync(file('server.crt')))
    expect(output).toContain(authority.fingerprint256)
    expect(server.checkIssued(authority) && server.verify(authority.publicKey)).toBe(true)
    expect([server.checkHost('nexus.shop.lan'), server.checkIP('192.168.1.5')]).toEqual([
      'nexus.shop.lan',
      '192.168.1.5',
    ])
    expect(server.checkHost('elsewhere.lan')).toBeUndefined()
    expect([authority.ca, server.ca]).toEqual([true, false])
    const days = (Date.parse(server.validTo) - Date.now()) / 86_400_000
    expect(days).toBeLessThan(825)
    for (const key of ['authority.key', 'server.key']) expect(statSync(file(key)).mode & 0o777).toBe(0o600)
  })

  test('renewing keeps the authority and the names, so devices need nothing new', async () => {
    const { folder, run } = commandLine()
    await run(['tls', 'init', '--host', 'a.lan,10.0.0.7'])
    const read = (name: string) => readFileSync(join(folder, 'data/tls', name), 'utf8')
    const before = { authority: read('authority.crt'), server: read('server.crt') }
    expect((await run(['tls', 'renew'])).code).toBe(0)
    expect(read('authority.crt')).toBe(before.authority)
    expect(read('server.crt')).not.toBe(before.server)
    expect(new X509Certificate(read('server.crt')).subjectAltName).toBe('DNS:a.lan, IP Address:10.0.0.7')
  })

  test('what is no name or address is refused', async () => {
    const { output } = await commandLine().run(['tls', 'init', '--host', 'a b'])
    expect(output).toContain('"a b" is neither')
  })
})

test.runIf(process.platform === 'linux')('whoever holds a port is named', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address && typeof address === 'object' ? address.port : 0
  expect(portHolder(port)).toContain(`process ${process.pid}`)
  await new Promise((resolve) => server.close(resolve))
  expect(portHolder(port)).toBeUndefined()
})

describe('trouble at the start', () => {
  test('a database that is not there is told with its setting', async () => {
    const { code, output } = await commandLine({
      DATABASE_URL: 'mysql://nobody@127.0.0.1:1/x',
      MYSQL_ACQUIRE_MS: '500',
    }).run(['migrate'])
    expect([code, output]).toEqual([1, expect.stringMatching(/cannot be used.*DATABASE_URL/)])
  })

  test('secrets of another installation are told with the way back', async () => {
    const { folder, run } = await newShop()
    rmSync(join(folder, 'data/secrets'), { recursive: true })
    const { code, output } = await run(['enrol-code', 'kor', '1'])
    expect([code, output]).toEqual([1, expect.stringContaining('nexus restore')])
  })
})
