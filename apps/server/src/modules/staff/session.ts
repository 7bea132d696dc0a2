import { createHash, randomBytes } from 'node:crypto'
import { Problem, type SessionAnswer } from '@nexus/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import type { StaffCaller } from '../../http/serve.ts'
import { permissionsOf } from './roles.ts'
import {
  deleteSession,
  findSession,
  findStaff,
  insertSession,
  type StaffRecord,
  updateLastSignIn,
  updateSessionExpiry,
} from './sql.ts'

const cookieName = 'nexus_session'
const lifetimeMs = 12 * 3600_000
/** Use moves the end of a session on, but writes at most this often. */
const writeEveryMs = 5 * 60_000

/** Signs a person in at this browser: a random id in a cookie that scripts cannot read, its hash in the database. */
export async function openSession(
  context: Context,
  person: StaffRecord,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<SessionAnswer> {
  const id = randomBytes(32)
  const now = context.clock.now()
  const expiresAt = now + lifetimeMs
  await context.database.write(async (tx) => {
    await insertSession(tx, { idHash: hashOf(id), staffId: person.id, createdAt: now, expiresAt })
    await updateLastSignIn(tx, person.id, now)
  })
  // No Max-Age: the browser forgets it with its last window, the server by `expires_at`.
  reply.setCookie(cookieName, id.toString('base64url'), cookieOptions(request))
  return answerOf(person, expiresAt)
}

function cookieOptions(request: FastifyRequest) {
  return { httpOnly: true, sameSite: 'strict', path: '/', secure: request.protocol === 'https' } as const
}

function hashOf(id: Buffer): Buffer {
  return createHash('sha256').update(id).digest()
}

function idHashOf(request: FastifyRequest): Buffer | undefined {
  const text = request.cookies[cookieName]
  return text === undefined ? undefined : hashOf(Buffer.from(text, 'base64url'))
}

function answerOf(person: StaffRecord, expiresAt: number): SessionAnswer {
  return {
    staffId: person.id,
    name: person.name,
    login: person.login,
    role: person.role,
    permissions: [...permissionsOf(person.role)],
    storeIds: person.storeIds,
    expiresAt,
  }
}

/** Who the request's cookie signs in, and until when; role and stores as they are now. Throws `session/required`. */
async function sessionOf(
  context: Context,
  request: FastifyRequest,
): Promise<{ person: StaffRecord; expiresAt: number; idHash: Buffer }> {
  const idHash = idHashOf(request)
  const session = idHash && (await findSession(context.database.read, idHash))
  const isOpen = session && session.expiresAt > context.clock.now()
  const person = isOpen ? await findStaff(context.database.read, session.staffId) : undefined
  if (!idHash || !session || !person?.active) {
    throw new Problem('session/required', 'You are not signed in, or were away for twelve hours. Sign in.')
  }
  return { person, expiresAt: session.expiresAt, idHash }
}

/** Who is signed in at this browser. Throws `session/required`. */
export async function currentSession(context: Context, request: FastifyRequest): Promise<SessionAnswer> {
  const { person, expiresAt } = await sessionOf(context, request)
  return answerOf(person, expiresAt)
}

/** Knows the person by the session cookie and keeps the session alive. Throws `session/required`. */
export function authenticateStaff(context: Context): (request: FastifyRequest) => Promise<StaffCaller> {
  return async (request) => {
    const { person, expiresAt, idHash } = await sessionOf(context, request)
    const renewed = context.clock.now() + lifetimeMs
    if (renewed - expiresAt >= writeEveryMs) {
      await context.database.write((tx) => updateSessionExpiry(tx, idHash, renewed))
    }
    return {
      kind: 'staff',
      staffId: person.id,
      name: person.name,
      permissions: permissionsOf(person.role),
      storeIds: person.storeIds ?? undefined,
    }
  }
}

/** Signs this browser out; repeating is harmless. */
export async function closeSession(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const idHash = idHashOf(request)
  if (idHash) await context.database.write((tx) => deleteSession(tx, idHash))
  reply.clearCookie(cookieName, cookieOptions(request))
}
