import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { call, joinStoreServer } from '@nexus/contract'
import { canonicalBytes } from '@nexus/sync'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Config } from '../../config.ts'
import { type Secrets, secretsFolder } from '../../secrets.ts'

const LinkFile = Type.Object({
  /** Headquarters' origin. */
  hq: Type.String(),
  id: Type.String(),
  storeId: Type.String(),
  tenant: Type.String(),
  enrolmentKey: Type.String(),
  hqKey: Type.String(),
})

/** What binds a store server to its chain. */
export type Link = Static<typeof LinkFile> & { key: KeyObject }

/** Release of this server, as it tells headquarters. */
export const serverRelease = 'server-0.1.0'

const linkName = 'store-server.json'
const keyName = 'STORE_SERVER_KEY'

/** The link in a data folder; undefined before it joined. */
export function readLink({ DATA_DIR }: Pick<Config, 'DATA_DIR'>): Link | undefined {
  const folder = secretsFolder(DATA_DIR)
  if (!existsSync(join(folder, linkName))) return undefined
  const link = Value.Parse(LinkFile, JSON.parse(readFileSync(join(folder, linkName), 'utf8')))
  return { ...link, key: createPrivateKey(readFileSync(join(folder, keyName), 'utf8')) }
}

/**
 * Joins headquarters by a one-time code and keeps the link. A lost answer is asked for again with the same
 * key. Throws `Problem` for a refusal and what `fetch` throws without an answer.
 */
export async function joinHeadquarters(
  { DATA_DIR }: Pick<Config, 'DATA_DIR'>,
  { hq, code }: { hq: string; code: string },
): Promise<Link> {
  const folder = secretsFolder(DATA_DIR)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const key = keyIn(folder, code)
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64url')
  const body = { code, publicKey, app: serverRelease }
  const { token: _, ...joined } = await call({ baseUrl: hq }, joinStoreServer, { body })
  const link = { hq, ...joined }
  writeFileSync(join(folder, keyName), pemOf(key), { mode: 0o600, flush: true })
  writeFileSync(join(folder, `${linkName}.new`), JSON.stringify(link, null, 2), { mode: 0o600, flush: true })
  renameSync(join(folder, `${linkName}.new`), join(folder, linkName))
  return { ...link, key }
}

/** A key for this code, kept before anything is asked. */
function keyIn(folder: string, code: string): KeyObject {
  const file = join(folder, `${keyName}.${code.toUpperCase().replace(/[^A-Z0-9]/g, '')}`)
  if (existsSync(file)) return createPrivateKey(readFileSync(file, 'utf8'))
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  writeFileSync(file, pemOf(privateKey), { mode: 0o600, flush: true })
  return privateKey
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** Asks for a pass: who holds the link's key signs for it. */
export function signedRenewal({ id, key }: Pick<Link, 'id' | 'key'>, at: number) {
  const bytes = canonicalBytes({ storeServer: id, at })
  const signature = sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
  return { storeServer: id, at, signature }
}

/**
 * The secrets of a store server: its own, but what proves enrolments is the chain's public key. Its own
 * private half signs nothing that anybody believes (JRN-20b).
 */
export function secretsOfLink(secrets: Secrets, { enrolmentKey, hqKey }: Link): Secrets {
  return {
    ...secrets,
    enrolment: { ...secrets.enrolment, publicKeySpki: enrolmentKey },
    hq: { ...secrets.hq, publicKeySpki: hqKey },
  }
}
