import { Problem } from '@nexus/contract'
import { formatDateTime } from '@nexus/domain'
import { joinHeadquarters, readLink } from '../modules/hop/index.ts'
import { makeStoreServerCode } from '../modules/store-servers/index.ts'
import { findStoreByCode } from '../modules/stores/index.ts'
import { CommandError, defineCommand, type Io } from './command.ts'
import { configForCommand, openForCommand } from './open-for-command.ts'
import { originOf } from './origin.ts'

export const command = defineCommand({
  summary: 'Join headquarters as a store server, or make the code for it.',
  arguments: ['join|code', 'STORE?'],
  options: {
    hq: { type: 'string', value: 'URL', help: 'join: where headquarters is, e.g. https://hq.example.in' },
    code: { type: 'string', value: 'CODE', help: 'join: the code that headquarters shows.' },
  },
  more: `\`join\` runs on the machine in the back room, once; then start it with: nexus start --role store
\`code STORE\` runs at headquarters and prints a code for that store, as the page of the store does.
STORE is the store's short code.`,
  async run({ values, arguments: [action, store], io }) {
    if (action === 'join') await join(values, io)
    else if (action === 'code') await makeCode(store, io)
    else throw new CommandError('Say join or code. See --help.')
  },
})

async function join(
  { hq, code }: { hq: string | undefined; code: string | undefined },
  io: Io,
): Promise<void> {
  if (!hq || !code) throw new CommandError('Give --hq and --code. See --help.')
  const config = configForCommand({ ...io, env: { ...io.env, NEXUS_ROLE: 'store' } })
  const before = readLink(config)
  const link = await joinOrExplain(config, hq, code)
  io.print(`${before ? 'Joined anew' : 'Joined'} as the server of store ${link.storeId}.

Start it, with the address under which tills reach it:

  HOST=0.0.0.0 PUBLIC_URL=https://NAME:PORT npx nexus start --role store

Tills need HTTPS there; \`npx nexus tls init\` makes a certificate. The till app finds the server by itself
once it has told headquarters its address.`)
}

async function joinOrExplain(config: Parameters<typeof joinHeadquarters>[0], hq: string, code: string) {
  const origin = URL.parse(hq)?.origin
  if (!origin || !/^https?:/.test(origin)) throw new CommandError(`"${hq}" is no address. Write https://…`)
  try {
    return await joinHeadquarters(config, { hq: origin, code })
  } catch (cause) {
    if (cause instanceof Problem) throw cause
    throw new CommandError(
      `${origin} does not answer (${(cause as Error).message}). Is the address right, and its certificate trusted here?`,
      { cause },
    )
  }
}

async function makeCode(storeCode: string | undefined, io: Io): Promise<void> {
  if (!storeCode) throw new CommandError('STORE is missing. See --help.')
  await using context = await openForCommand(io)
  const store = await findStoreByCode(context.database.read, storeCode)
  if (!store) throw new CommandError(`There is no store ${storeCode}.`)
  const {
    code,
    expiresAt,
    command: typed,
  } = await makeStoreServerCode(context, store.id, {
    by: null,
    how: 'command-line',
    origin: originOf(context.config),
  })
  io.print(`${code}\n\nfor the server of ${store.name}, until ${formatDateTime(expiresAt)}\n\n  npx ${typed}`)
}
