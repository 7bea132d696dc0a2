import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Secrets } from '../../secrets.ts'

const argon2id = promisify(argon2)
/** OWASP's smallest: 19 MiB, two passes; about 40 ms. */
const parameters = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const

/**
 * Argon2id of a secret with the pepper; parameters and salt stand in the text, so that they can rise later.
 *
 * @param belongsTo what the secret belongs to; a hash that is copied elsewhere matches nothing there
 */
export async function pepperedHash(
  secrets: Pick<Secrets, 'pepper'>,
  secret: string,
  belongsTo = '',
): Promise<string> {
  const salt = randomBytes(16)
  const tag = await tagOf(secrets, secret, belongsTo, salt, parameters)
  return [
    'argon2id',
    parameters.memory,
    parameters.passes,
    parameters.parallelism,
    salt.toString('base64url'),
    tag.toString('base64url'),
  ].join('$')
}

/** Whether the secret, of this belonging, is the one that was hashed. Without a hash it takes the same time and says no. */
export async function matchesHash(
  secrets: Pick<Secrets, 'pepper'>,
  secret: string,
  hash: string | null,
  belongsTo = '',
): Promise<boolean> {
  const [kind, memory, passes, parallelism, salt = '', tag = ''] = (hash ?? '').split('$')
  if (kind !== 'argon2id') {
    await tagOf(secrets, secret, belongsTo, Buffer.alloc(16), parameters)
    return false
  }
  const expected = Buffer.from(tag, 'base64url')
  const found = await tagOf(secrets, secret, belongsTo, Buffer.from(salt, 'base64url'), {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  })
  return timingSafeEqual(found, expected)
}

async function tagOf(
  secrets: Pick<Secrets, 'pepper'>,
  secret: string,
  belongsTo: string,
  nonce: Buffer,
  cost: { memory: number; passes: number; parallelism: number; tagLength: number },
): Promise<Buffer> {
  return await argon2id('argon2id', {
    // NFKC: the same letters typed on another keyboard may come in other code points.
    message: secret.normalize('NFKC'),
    nonce,
    secret: secrets.pepper,
    associatedData: belongsTo,
    ...cost,
  })
}
