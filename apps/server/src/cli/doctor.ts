import { X509Certificate } from 'node:crypto'
import { existsSync, statfsSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pino } from 'pino'
import { type Config, isSecret, readConfig, Settings } from '../config.ts'
import { configPage } from '../config-page.ts'
import { openContext } from '../context.ts'
import { pendingMigrations, readMigrations } from '../db/migrate.ts'
import { openDatabase, sqlitePath } from '../db/open.ts'
import { listJobs } from '../jobs/index.ts'
import { archiveFolder, archiveStatus, type Domain, domainOf } from '../modules/journal/index.ts'
import { CommandError, defineCommand, type Io } from './command.ts'
import { ownPublicKey } from './own-public-key.ts'

type Finding = { good: boolean; text: string }

export const command = defineCommand({
  summary: 'Show settings and what is wrong.',
  options: { page: { type: 'boolean', help: 'Print docs/config.md instead.' } },
  more: 'Changes nothing. Fails when something keeps the server from working.',
  async run({ values, io }) {
    if (values.page) {
      io.print(configPage().trimEnd())
      return
    }
    const config = readConfig(io.env)
    io.print('Settings (secrets are masked; docs/config.md explains them)\n')
    for (const line of settingLines(config, io)) io.print(`  ${line}`)
    const enrolment = ownPublicKey(config, 'ENROLMENT_KEY')
    const hq = ownPublicKey(config, 'HQ_KEY')
    if (enrolment) io.print(`\nPublic enrolment key (nexus verify asks for it)\n\n  ${enrolment}`)
    if (hq) io.print(`\nPublic key of headquarters (nexus verify takes it as --hq-key)\n\n  ${hq}`)
    const findings = [
      nodeVersion(),
      disk(config),
      await database(config),
      await secondPlace(config),
      certificate(config),
      clock(),
    ]
    io.print('\nThe server\n')
    for (const { good, text } of findings) io.print(`  ${good ? 'ok ' : 'BAD'}  ${text}`)
    io.print('\nFor the tests\n')
    for (const { good, text } of [chromium(io), mariadb(io)]) io.print(`  ${good ? 'ok ' : '-- '}  ${text}`)
    const bad = findings.filter((one) => !one.good)
    if (bad.length > 0) throw new CommandError(`\n${bad.length} to put right.`)
  },
})

/** Every setting as it takes effect; a secret only says whether it is set. */
export function settingLines(config: Config, io: Pick<Io, 'env'>): string[] {
  const values: Record<string, unknown> = config
  return Object.keys(Settings.properties).map((name) => {
    const value = values[name]
    const source = io.env[`${name}_FILE`]
      ? ` (from ${io.env[`${name}_FILE`]})`
      : io.env[name]
        ? ''
        : ' (default)'
    const shown = value === undefined ? 'not set' : isSecret(name) ? '********' : firstLine(String(value))
    return `${name.padEnd(24)} ${shown}${value === undefined ? '' : source}`
  })
}

function firstLine(text: string): string {
  return text.includes('\n') ? `${text.split('\n')[0]} …` : text
}

const oldestNode: readonly [number, number] = [24, 15]

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const good = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])
  return {
    good,
    text: good
      ? `Node ${process.versions.node}`
      : `Node ${process.versions.node} is too old. Run through npm or npx: they use the Node that this project brings.`,
  }
}

const freeBytesMin = 1024 ** 3

function disk(config: Config): Finding {
  let folder = config.DATA_DIR
  while (!existsSync(folder)) folder = join(folder, '..')
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const size = (free / 1024 ** 3).toFixed(1)
  return free >= freeBytesMin
    ? { good: true, text: `${size} GiB free for ${config.DATA_DIR}` }
    : { good: false, text: `Only ${size} GiB free for ${config.DATA_DIR}. See docs/runbooks/disk-full.md` }
}

async function database(config: Config): Promise<Finding> {
  if (!config.DATABASE_URL && !existsSync(sqlitePath(config.DATA_DIR))) {
    return { good: true, text: `No database yet in ${config.DATA_DIR}; the first start makes it` }
  }
  try {
    const open = await openDatabase(config)
    try {
      const pending = await pendingMigrations(open)
      const all = readMigrations(open.dialect).length
      const size = config.DATABASE_URL
        ? ''
        : `, ${(statSync(sqlitePath(config.DATA_DIR)).size / 1024 ** 2).toFixed(1)} MiB`
      const failing = pending.length === 0 ? (await listJobs(open.read)).filter((job) => job.failure) : []
      if (failing.length > 0) {
        const jobs = failing.map((job) => `${job.name}: ${job.failure}`).join('; ')
        return { good: false, text: `Background work fails and is tried again. ${jobs}` }
      }
      return {
        good: true,
        text: `Database reached (${open.dialect}${size}); ${pending.length === 0 ? `all ${all} migrations applied` : `${pending.length} migrations will be applied at the next start`}`,
      }
    } finally {
      await open.close()
    }
  } catch (error) {
    return { good: false, text: `The database cannot be used: ${(error as Error).message}` }
  }
}

const placeWords: Record<Domain, string> = {
  none: 'No archive: tills keep every entry. Name a folder on another disk with NEXUS_ARCHIVE.',
  'same-disk':
    "The archive lies on the database's disk, so tills keep every entry. Name a folder on another disk with NEXUS_ARCHIVE.",
  foreign: "The archive's folder holds another chain's. Name an empty one with NEXUS_ARCHIVE.",
  unreachable: 'The archive cannot be read or written. See docs/runbooks/archive-behind.md',
  good: 'The archive is on another disk',
}

/** Where nothing becomes durable a server still works: only a folder that was set and does not serve is bad. */
async function secondPlace(config: Config): Promise<Finding> {
  const isNew = !config.DATABASE_URL && !existsSync(sqlitePath(config.DATA_DIR))
  const files = config.NEXUS_ARCHIVE === undefined ? undefined : archiveFolder(config.NEXUS_ARCHIVE)
  if (isNew || files === undefined) return { good: true, text: placeWords.none }
  const context = await openContext(config, { log: pino({ level: 'silent' }) })
  try {
    const domain = await domainOf(context, files)
    if (domain !== 'good') return { good: false, text: placeWords[domain] }
    const { entries, oldestAt } = await archiveStatus(context.database.read, Date.now())
    const since = oldestAt === null ? '' : `, the oldest since ${new Date(oldestAt).toISOString()}`
    return { good: true, text: `${placeWords.good}; ${entries} entries are not in it yet${since}` }
  } finally {
    await context.database.close()
  }
}

const warnDays = 30

function certificate(config: Config): Finding {
  if (!config.TLS_CERT) {
    return { good: true, text: 'Plain HTTP: only browsers on this machine can be tills (nexus tls init)' }
  }
  const until = new X509Certificate(config.TLS_CERT).validTo
  const days = Math.floor((Date.parse(until) - Date.now()) / 86_400_000)
  return {
    good: days > warnDays,
    text: `The certificate ends in ${days} days${days > warnDays ? '' : '. Run: nexus tls renew'}`,
  }
}

/** Before this program was written: the clock of the machine cannot be right. */
const programMade = Date.UTC(2026, 10, 1)

function clock(): Finding {
  const now = new Date()
  return {
    good: now.getTime() >= programMade,
    text: `The clock says ${now.toISOString()} UTC${now.getTime() >= programMade ? '' : ', which is long past. Set it.'}`,
  }
}

function chromium(io: Io): Finding {
  const path = findProgram(io, ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'])
  return path
    ? { good: true, text: `Chromium: ${path}` }
    : {
        good: false,
        text: 'No Chromium: journeys in a browser cannot run. Get it with: apt-get install chromium fonts-noto-core',
      }
}

function mariadb(io: Io): Finding {
  const path = findProgram(io, ['mariadbd'])
  return path
    ? { good: true, text: `MariaDB: ${path}` }
    : {
        good: false,
        text: 'No MariaDB: its half of the database tests cannot run. Get it with: apt-get install mariadb-server',
      }
}

function findProgram(io: Io, names: readonly string[]): string | undefined {
  const folders = [...(io.env.PATH ?? '').split(delimiter), '/usr/sbin']
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync)
}
