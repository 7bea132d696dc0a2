import { createPublicKey } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { secretsFolder } from '../secrets.ts'

type KeyName = 'ENROLMENT_KEY' | 'HQ_KEY'

/** Public half of a key in the settings or the data folder, base64url; undefined where there is none. */
export function ownPublicKey(config: Pick<Config, 'DATA_DIR' | KeyName>, name: KeyName): string | undefined {
  const file = join(secretsFolder(config.DATA_DIR), name)
  const pem = config[name] ?? (existsSync(file) ? readFileSync(file, 'utf8') : undefined)
  if (pem === undefined) return undefined
  return createPublicKey(pem).export({ type: 'spki', format: 'der' }).toString('base64url')
}
