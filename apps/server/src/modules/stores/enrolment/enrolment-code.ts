import { createHmac, randomInt } from 'node:crypto'
import { Problem } from '@nexus/contract'
import type { Context } from '../../../context.ts'
import { recordAudit } from '../../audit/index.ts'
import { companyMissing } from '../queries.ts'
import { findCompany, findRegister, findStore } from '../sql.ts'
import { insertCode } from './sql.ts'

/** Read aloud and typed by hand: no 0 and O, no 1, I and L, no U beside V. */
const characters = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const groups = 2
const groupLength = 4
const lifetimeMs = 24 * 3600_000

/**
 * Makes a one-time code that enrols a device as this register, e.g. `K7QM-2XRD`; older codes of the
 * register end. The code is kept nowhere, only its HMAC.
 *
 * @param by person, or null from the command line
 * @param origin where tills reach the server, e.g. `https://nexus.shop.lan:4600`
 * Throws `register/not-found`, `company/not-found`.
 */
export async function createEnrolmentCode(
  context: Context,
  registerId: string,
  { by, how, origin }: { by: string | null; how: string; origin: string },
): Promise<{ code: string; expiresAt: number; url: string }> {
  const now = context.clock.now()
  const code = newCode()
  const expiresAt = now + lifetimeMs
  await context.database.write(async (tx) => {
    if (!(await findCompany(tx))) throw companyMissing()
    const register = await findRegister(tx, registerId)
    const store = register && (await findStore(tx, register.storeId))
    if (!register || !store) {
      throw new Problem(
        'register/not-found',
        'There is no such register. Choose one from the list of stores.',
        {
          registerId,
        },
      )
    }
    await insertCode(tx, {
      hash: hashOfCode(context, code),
      registerId,
      createdAt: now,
      createdBy: by,
      expiresAt,
    })
    await recordAudit(tx, {
      at: now,
      by,
      how,
      subject: 'enrolment-code',
      subjectId: registerId,
      label: `${store.code} register ${register.number}`,
      before: null,
      after: { expiresAt },
    })
  })
  return { code, expiresAt, url: `${origin}/till/?code=${code}` }
}

/** Forty random bits that people can read aloud, e.g. `K7QM-2XRD`. */
export function newCode(): string {
  return Array.from({ length: groups }, randomGroup).join('-')
}

function randomGroup(): string {
  return Array.from({ length: groupLength }, () => characters[randomInt(characters.length)]).join('')
}

/** As stored; blanks, hyphens and case of what was typed do not matter. */
export function hashOfCode(context: Pick<Context, 'secrets'>, typed: string): Buffer {
  const code = typed.toUpperCase().replace(/[^A-Z0-9]/g, '')
  // Keyed: forty bits are soon guessed by whoever holds only a copy of the database.
  return createHmac('sha256', context.secrets.token).update(`enrolment-code:${code}`).digest()
}
