import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Static, type TObject, Type } from 'typebox'
import { Value } from 'typebox/value'
import { StartRefused } from './start-refused.ts'

/** The project's root folder; data folders lie below it unless DATA_DIR says otherwise. */
export const projectRoot = resolve(import.meta.dirname, '../../..')

/** Where `nexus init` puts the real shop. */
export const shopFolder = resolve(projectRoot, '.nexus/shop')

const secret = { secret: true } as const
const Key32 = (description: string) =>
  Type.Optional(Type.String({ pattern: '^[A-Za-z0-9+/_-]{43}=?$', description, ...secret }))

/**
 * Every setting, by the name of its environment variable. `NAME_FILE` reads the value from a file,
 * as Kubernetes and Docker hand secrets over. `docs/config.md` is made from the descriptions.
 */
export const Settings = Type.Object({
  NEXUS_ROLE: Type.Union([Type.Literal('all'), Type.Literal('api'), Type.Literal('worker')], {
    default: 'all',
    description: '`api` answers HTTP, `worker` relays events and runs jobs, `all` does both.',
  }),
  DATA_DIR: Type.Optional(
    Type.String({
      minLength: 1,
      description:
        'Folder of the SQLite database, generated secrets and uploads. Default: `.nexus/shop` in the project once `nexus init` made it, else `.nexus/demo`.',
    }),
  ),
  NEXUS_ARCHIVE: Type.Optional(
    Type.String({
      minLength: 1,
      description:
        'Folder of the archive, the second place that keeps every journal: on another disk than the database, or on another machine. Only what is there too is *durable*, and only that may tills delete after weeks; without it they keep everything.',
    }),
  ),
  DATABASE_URL: Type.Optional(
    Type.String({
      pattern: '^mysql://',
      description:
        'MySQL or MariaDB: `mysql://user:password@host:port/database`. Without it the server keeps SQLite in the data folder.',
      ...secret,
    }),
  ),
  HOST: Type.String({
    minLength: 1,
    default: '127.0.0.1',
    description: 'Address to listen on. `0.0.0.0` lets tills on the network in; use it with a certificate.',
  }),
  PORT: Type.Integer({
    minimum: 0,
    maximum: 65535,
    default: 4600,
    description: 'Port to listen on; 0 takes a free one.',
  }),
  PUBLIC_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^/?#]+$',
      description:
        'Origin under which tills and browsers reach the server, e.g. `https://nexus.shop.lan:4600`; stands in enrolment codes. Default: what the server listens on.',
    }),
  ),
  TLS_CERT: Type.Optional(
    Type.String({
      pattern: '-----BEGIN CERTIFICATE-----',
      description: 'Certificate chain in PEM; usually given as TLS_CERT_FILE. `nexus tls init` makes one.',
    }),
  ),
  TLS_KEY: Type.Optional(
    Type.String({
      pattern: '-----BEGIN [A-Z ]*PRIVATE KEY-----',
      description: 'Private key in PEM; usually given as TLS_KEY_FILE.',
      ...secret,
    }),
  ),
  TRUST_PROXY: Type.Optional(
    Type.String({
      minLength: 1,
      description:
        'Addresses or networks of proxies in front, separated by commas, that are trusted to name the caller in X-Forwarded-For, e.g. `10.0.0.0/8`. Default: none.',
    }),
  ),
  LOG_LEVEL: Type.Union(
    (['debug', 'info', 'warn', 'error', 'silent'] as const).map((level) => Type.Literal(level)),
    {
      default: 'info',
      description:
        'Least severe log line that is written: debug, info, warn, error, silent. Commands, and a start at a terminal, begin at `warn`.',
    },
  ),
  STOP_DELAY_MS: Type.Integer({
    minimum: 0,
    maximum: 60_000,
    default: 0,
    description:
      'How long a stopping server says "not ready" while it still works, so that a load balancer turns away first.',
  }),
  STOP_GRACE_MS: Type.Integer({
    minimum: 0,
    maximum: 600_000,
    default: 15_000,
    description: 'How long a stopping server lets requests under way finish.',
  }),
  SQLITE_READERS: Type.Integer({
    minimum: 1,
    maximum: 16,
    default: 2,
    description: 'Reader threads of SQLite.',
  }),
  SQLITE_BUSY_MS: Type.Integer({
    minimum: 0,
    maximum: 60_000,
    default: 5000,
    description:
      'How long SQLite waits for a lock that another process holds before the request is answered "busy".',
  }),
  MYSQL_READ_CONNECTIONS: Type.Integer({
    minimum: 1,
    maximum: 500,
    default: 8,
    description: 'Connections for screens, reports and feeds.',
  }),
  MYSQL_WRITE_CONNECTIONS: Type.Integer({
    minimum: 1,
    maximum: 500,
    default: 8,
    description: 'Connections for writes; apart from those of reads, so that reports never take them.',
  }),
  MYSQL_ACQUIRE_MS: Type.Integer({
    minimum: 10,
    maximum: 60_000,
    default: 2000,
    description: 'How long a request waits for a free MySQL connection before it is answered "busy".',
  }),
  MYSQL_QUERY_MS: Type.Integer({
    minimum: 100,
    maximum: 3_600_000,
    default: 30_000,
    description: 'How long one MySQL statement may take. Migrations are not limited.',
  }),
  ENROLMENT_KEY: Type.Optional(
    Type.String({
      pattern: '-----BEGIN PRIVATE KEY-----',
      description:
        'ECDSA P-256 key in PEM (PKCS 8) that signs enrolment certificates. Like the four below it is generated into the data folder when it is not given.',
      ...secret,
    }),
  ),
  HQ_KEY: Type.Optional(
    Type.String({
      pattern: '-----BEGIN PRIVATE KEY-----',
      description: 'ECDSA P-256 key in PEM (PKCS 8) that signs marks and rulebooks.',
      ...secret,
    }),
  ),
  TOKEN_SECRET: Key32('32 bytes in base64: device tokens and session ids.'),
  PEPPER: Key32(
    '32 bytes in base64: mixed into PINs and passwords. Lost, every PIN and password must be set again.',
  ),
  SEALING_KEY: Key32('32 bytes in base64: encrypts what must not be readable at rest.'),
})

export type Environment = Record<string, string | undefined>
type Given = Static<typeof Settings>
/** Effective settings, frozen. `DATA_DIR` is absolute. */
export type Config = Readonly<Omit<Given, 'DATA_DIR'> & { DATA_DIR: string }>

/** Settings that could not be used; `faults` has one sentence for each. */
export class ConfigError extends StartRefused {
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(
      `The settings have ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((fault) => `- ${fault}`).join('\n')}`,
    )
    this.name = 'ConfigError'
    this.faults = faults
  }
}

/**
 * Reads the settings once, at start. An empty variable counts as not set. Throws one `ConfigError`
 * that lists every fault by name, never with the value of a secret.
 */
export function readConfig(env: Environment): Config {
  const faults: string[] = []
  const given: Record<string, string> = {}
  for (const name of Object.keys(Settings.properties)) {
    const file = env[`${name}_FILE`]
    const direct = env[name]
    if (file) {
      if (direct) faults.push(`${name} and ${name}_FILE are both set. Unset one of them.`)
      try {
        given[name] = readFileSync(file, 'utf8').trim()
      } catch (error) {
        faults.push(`${name}_FILE names ${file}, which cannot be read (${reasonOf(error)}).`)
      }
    } else if (direct) {
      given[name] = direct.trim()
    }
  }
  const converted = Value.Default(Settings, Value.Convert(Settings, given))
  faults.push(...faultsOf(Settings, converted))
  if (Boolean(given.TLS_CERT) !== Boolean(given.TLS_KEY)) {
    faults.push('TLS_CERT_FILE and TLS_KEY_FILE belong together. Set both, or neither for plain HTTP.')
  }
  if (faults.length > 0 || !Value.Check(Settings, converted)) throw new ConfigError(faults)
  const { NEXUS_ARCHIVE: archive } = converted
  return Object.freeze({
    ...converted,
    ...(archive !== undefined && { NEXUS_ARCHIVE: resolve(archive) }),
    DATA_DIR: resolve(converted.DATA_DIR ?? defaultDataDir()),
  })
}

/** The real shop once there is one, else the demo: `nexus init` decides by making the folder. */
function defaultDataDir(): string {
  return existsSync(shopFolder) ? shopFolder : resolve(projectRoot, '.nexus/demo')
}

function faultsOf(schema: TObject, value: unknown): string[] {
  const names = new Set(Value.Errors(schema, value).map((fault) => fault.instancePath.split('/')[1] ?? ''))
  return [...names].map((name) => {
    // The keys of the schema are the names that faults carry.
    const setting = schema.properties[name] as { description?: string } | undefined
    return `${name} is not usable. It is: ${setting?.description ?? 'unknown'}`
  })
}

function reasonOf(error: unknown): string {
  return (error as { code?: string }).code ?? 'unreadable'
}

/** Is this setting's value to be masked wherever settings are shown? */
export function isSecret(name: string): boolean {
  // Names come from the schema; an unknown one is treated as secret.
  const setting = (Settings.properties as Record<string, { secret?: boolean }>)[name]
  return setting === undefined || setting.secret === true
}

/** This process's environment; no other file reads it. */
export function environment(): Environment {
  return process.env
}
