import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Problem } from '@nexus/contract'
import type { Secrets } from '../../secrets.ts'

const argon2id = promisify(argon2)
/** OWASP's smallest: 19 MiB, two passes; about 40 ms. */
const parameters = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const
const distinctMin = 5
const nameLengthMin = 3
/** What is left of a password without digits and signs must be none of these. */
const common =
  /^(pass(word|wort|code)*|welcome|admin(istrator)*|qwerty(uiop)*|asdf(ghjkl)*|letmein|iloveyou|abc|abcdef(ghij)*|india|nexus|secret|login|changeme|manager|cashier|store|shop)?$/

/** Argon2id with pepper; parameters and salt stand in the text, so that they can rise later. */
export async function hashPassword(secrets: Pick<Secrets, 'pepper'>, password: string): Promise<string> {
  const salt = randomBytes(16)
  const tag = await tagOf(secrets, password, salt, parameters)
  return [
    'argon2id',
    parameters.memory,
    parameters.passes,
    parameters.parallelism,
    salt.toString('base64url'),
    tag.toString('base64url'),
  ].join('$')
}

/**
 * Whether the password is the one that was hashed. Without a hash it takes the same time and says no,
 * so that an answer's delay does not tell who has a password.
 */
export async function isPassword(
  secrets: Pick<Secrets, 'pepper'>,
  password: string,
  hash: string | null,
): Promise<boolean> {
  const [kind, memory, passes, parallelism, salt = '', tag = ''] = (hash ?? '').split('$')
  if (kind !== 'argon2id') {
    await tagOf(secrets, password, Buffer.alloc(16), parameters)
    return false
  }
  const expected = Buffer.from(tag, 'base64url')
  const found = await tagOf(secrets, password, Buffer.from(salt, 'base64url'), {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  })
  return timingSafeEqual(found, expected)
}

async function tagOf(
  secrets: Pick<Secrets, 'pepper'>,
  password: string,
  nonce: Buffer,
  cost: { memory: number; passes: number; parallelism: number; tagLength: number },
): Promise<Buffer> {
  // NFKC: the same letters typed on another keyboard may come in other code points.
  return await argon2id('argon2id', {
    message: password.normalize('NFKC'),
    nonce,
    secret: secrets.pepper,
    ...cost,
  })
}

/** Throws `staff/password-weak` for what guessers try first. `login` and `name` are the person's. */
export function requireStrongPassword(password: string, person: { login: string; name: string }): void {
  const lower = password.toLowerCase()
  const names = [person.login, ...person.name.toLowerCase().split(/\s+/)]
  const weak =
    new Set(lower).size < distinctMin ||
    common.test(lower.replace(/[^\p{L}]/gu, '')) ||
    names.some((name) => name.length >= nameLengthMin && lower.includes(name))
  if (weak) {
    throw new Problem(
      'staff/password-weak',
      "Guessers try this first. Take three or four unrelated words, without the person's name.",
      {},
      [{ field: 'password', message: 'too easy to guess' }],
    )
  }
}
