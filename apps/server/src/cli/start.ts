import { relative } from 'node:path'
import { buildApps, staleApps } from '../apps/build-apps.ts'
import { type Config, projectRoot, readConfig } from '../config.ts'
import type { Context } from '../context.ts'
import { type Server, startServer } from '../main.ts'
import { installationKind } from '../modules/platform/index.ts'
import { CommandError, defineCommand, heading, type Io } from './command.ts'
import { portHolder } from './port-holder.ts'

export const command = defineCommand({
  summary: 'Start the server with till and back office.',
  options: {},
  more: `In an empty data folder it makes the demo chain first; \`nexus init\` begins a real shop instead.
Settings are environment variables, described in docs/config.md.`,
  async run({ io }) {
    // What a person sees at the terminal is printed; log lines begin at warnings unless asked for.
    const config = readConfig({ LOG_LEVEL: 'warn', ...io.env })
    const server = await start(config, io)
    stopOnSignal(server, io)
    await describe(server, io)
  },
})

async function start(config: Config, io: Io): Promise<Server> {
  try {
    return await startServer(config, {
      async prepare(context) {
        await Promise.all([buildStale(io), fillEmpty(context, io)])
      },
    })
  } catch (error) {
    throw explain(error, config)
  }
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

async function fillEmpty(context: Context, io: Io): Promise<void> {
  if ((await installationKind(context)) !== undefined) return
  io.print('This data folder is empty. `npx nexus init` begins a real shop.')
}

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
  io.print(`
${heading(`Nexus is running with ${kinds[kind ?? 'empty']}`)} from ${place}

  Till          ${url}/till/
  Back office   ${url}/office/
  API           ${url}/docs
`)
}

const kinds = { demo: 'the demo chain', shop: 'the shop', empty: 'an empty database' }

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
