import { relative } from 'node:path'
import { inventChain } from '@nexus/seed'
import { Registry } from 'prom-client'
import { buildApps, staleApps } from '../apps/build-apps.ts'
import { type Config, projectRoot, readConfig, shopFolder } from '../config.ts'
import type { Context } from '../context.ts'
import { type Server, startServer } from '../main.ts'
import { installationKind } from '../modules/platform/index.ts'
import { createEnrolmentCode, findCompany } from '../modules/stores/index.ts'
import { isSeeded, readProgress } from '../seeding/progress.ts'
import { demoChain, seedChain } from '../seeding/seed-chain.ts'
import { CommandError, defineCommand, heading, type Io } from './command.ts'
import { portHolder } from './port-holder.ts'

export const command = defineCommand({
  summary: 'Start the server with till and back office.',
  options: {
    role: { type: 'string', value: 'ROLE', help: 'As NEXUS_ROLE: all, api, worker or store.' },
  },
  more: `In an empty data folder it makes the demo chain first; \`nexus init\` begins a real shop instead.
Settings are environment variables, described in docs/config.md.`,
  async run({ io, values }) {
    const env = values.role === undefined ? io.env : { ...io.env, NEXUS_ROLE: values.role }
    // Whoever watches a terminal reads what is printed; what collects logs gets every line.
    const config = readConfig(process.stderr.isTTY ? { LOG_LEVEL: 'warn', ...env } : env)
    const server = await start(config, io)
    stopOnSignal(server, io)
    await describe(server, io)
  },
})

async function start(config: Config, io: Io): Promise<Server> {
  try {
    return await startServer(config, {
      async prepare(context) {
        if (servesApps(config)) await Promise.all([buildStale(io), fillEmpty(context, io)])
      },
    })
  } catch (error) {
    throw explain(error, config)
  }
}

function servesApps({ NEXUS_ROLE }: Config): boolean {
  return NEXUS_ROLE === 'all' || NEXUS_ROLE === 'api'
}

async function buildStale(io: Io): Promise<void> {
  const stale = staleApps()
  if (stale.length === 0) return
  io.print(`Building ${stale.map((app) => app.name).join(' and ')} …`)
  try {
    await buildApps(stale, io.env)
  } catch (error) {
    io.print(`${(error as Error).message}\nThe server starts with what was built before.`)
  }
}

/**
 * Makes the demo chain in an empty SQLite folder, or goes on with one that was stopped. Never in the
 * shop's own folder, and never in MySQL: there an empty database waits for `nexus init`.
 */
async function fillEmpty(context: Context, io: Io): Promise<void> {
  const { config } = context
  const kind = await installationKind(context)
  if (kind === 'shop') return
  if (kind === undefined && (config.DATABASE_URL || config.DATA_DIR === shopFolder)) {
    io.print('The database is empty. Begin the shop with: npx nexus init')
    return
  }
  const progress = readProgress(config)
  const isWhole = progress ? isSeeded(progress) : (await findCompany(context.database.read)) !== undefined
  if (kind === 'demo' && isWhole) return
  if (
    progress &&
    progress.options.billsPerDay * progress.options.days * progress.options.stores > demoBillsMax
  ) {
    io.print('This large chain is not complete. Go on with: npx nexus seed')
    return
  }
  io.print('Making the demo chain, once. `npx nexus init` begins a real shop instead.')
  // The seeding runs an app of its own, whose figures are not this server's.
  const apart = { ...context, metrics: new Registry() }
  await seedChain(apart, demoChain, (line) => io.print(`  ${line}`))
}

/** More than this is made by `nexus seed` alone: nobody waits hours for a start. */
const demoBillsMax = 50_000

/** Puts what keeps the server from listening into words with a way out. */
function explain(error: unknown, config: Config): unknown {
  const code = (error as { code?: string }).code
  if (code === 'EADDRINUSE') {
    const holder = portHolder(config.PORT)
    return new CommandError(
      `Port ${config.PORT} on ${config.HOST} is in use${holder ? ` by ${holder}` : ''}. Stop that program, or choose another port with PORT, e.g. PORT=${config.PORT + 1}.`,
    )
  }
  if (code === 'EADDRNOTAVAIL') {
    return new CommandError(
      `This machine has no address ${config.HOST}. Correct HOST; 0.0.0.0 is every address it has.`,
    )
  }
  if (code === 'EACCES' && (error as { syscall?: string }).syscall === 'listen') {
    return new CommandError(
      `Port ${config.PORT} may not be used by this user. Choose one above 1023 with PORT.`,
    )
  }
  return error
}

async function describe({ context, url }: Server, io: Io): Promise<void> {
  const { config } = context
  const kind = await installationKind(context)
  const inside = relative(projectRoot, config.DATA_DIR)
  const folder = inside.startsWith('..') ? config.DATA_DIR : inside
  const place = config.DATABASE_URL ? 'MySQL (DATABASE_URL)' : folder
  if (config.NEXUS_ROLE === 'worker') {
    io.print(`The worker is running; its health is at ${url}/health/ready`)
    return
  }
  if (config.NEXUS_ROLE === 'store') {
    io.print(`The store server is running at ${url}, from ${folder}`)
    if (!config.PUBLIC_URL) {
      io.print('Tills do not find it yet: set PUBLIC_URL to the address under which they reach it.')
    }
    return
  }
  io.print(`
${heading(`Nexus is running with ${kinds[kind ?? 'empty']}`)} from ${place}

  Till          ${url}/till/
  Back office   ${url}/office/
  API           ${url}/docs
`)
  if (kind === 'demo') await describeDemo(context, url, io)
}

const kinds = { demo: 'the demo chain', shop: 'the shop', empty: 'an empty database' }

/** Sign-ins as they were invented, and a code that makes this browser a till. */
async function describeDemo(context: Context, origin: string, io: Io): Promise<void> {
  const progress = readProgress(context.config)
  if (!progress) return
  // People and places do not depend on how many products there are.
  const { staff, stores } = inventChain({ ...progress.options, products: 1 })
  const [store] = stores
  const register = store?.registers[0]
  if (!store || !register) return
  const cashier = staff.find((person) => person.role === 'cashier' && person.storeId === store.id)
  const manager = staff.find((person) => person.role === 'store-manager' && person.storeId === store.id)
  const rows = [staff[0], manager, cashier].flatMap((person) =>
    person
      ? [
          `  ${person.role.padEnd(14)} ${person.login.padEnd(16)} PIN ${person.pin}   ${person.password ? `password ${person.password}` : ''}`,
        ]
      : [],
  )
  const { code, url } = await createEnrolmentCode(context, register.id, { by: null, how: 'start', origin })
  io.print(`Demo sign-ins (PINs are for the till, passwords for the back office)

${rows.join('\n')}

To make this browser the till of ${store.name}, ${register.name}, open within a day:

  ${url}
  or type the code ${code}
`)
}

/** Once is asking, twice is insisting. */
function stopOnSignal(server: Server, io: Io): void {
  let asked = false
  const stop = () => {
    if (asked) process.exit(1)
    asked = true
    io.print('Stopping: requests under way finish first.')
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        server.context.log.error({ err: error }, 'the server did not stop cleanly')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
