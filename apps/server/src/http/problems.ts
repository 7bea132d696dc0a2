import { Problem, type ProblemBody, type ProblemCode, problemTypes } from '@nexus/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isBusy, isDiskFull } from '../db/errors.ts'
import { RequestInvalid } from './validation.ts'

/** RFC 9457 for everything that goes wrong; what we did not foresee is logged and says nothing of itself. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error)
  const type = problemTypes[problem.code]
  if (type.status >= 500) {
    request.log.error({ requestId: request.id, err: error, code: problem.code }, 'a request failed')
  }
  const wait = problem.facts.retryAfterSeconds
  if (typeof wait === 'number') reply.header('retry-after', wait)
  else if (type.status === 503) reply.header('retry-after', busySeconds)
  const body: ProblemBody = {
    type: `/problems/${problem.code}`,
    code: problem.code,
    title: type.title,
    status: type.status,
    detail: problem.message,
    requestId: request.id,
    retry: type.retry,
    ...(problem.errors.length > 0 ? { errors: [...problem.errors] } : {}),
    ...(Object.keys(problem.facts).length > 0 ? { facts: problem.facts } : {}),
  }
  // The route's response schema is for its own answer, not for problems.
  return reply
    .code(type.status)
    .type('application/problem+json')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(body)
}

const busySeconds = 5

/** The refusal that stands for any error. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof RequestInvalid) return new Problem('request/invalid', error.message, {}, error.fields)
  if (isDiskFull(error)) {
    return new Problem(
      'server/disk-full',
      'The server has no room left to store this, and stored nothing. Tills keep their bills and send them again; free space on the server.',
    )
  }
  if (isBusy(error)) {
    return new Problem(
      'server/busy',
      'The database is busy. Nothing was changed; try again in a few seconds.',
    )
  }
  const { code, statusCode } = error as { code?: string; statusCode?: number }
  const known = frameworkProblems[code ?? '']
  if (known) return new Problem(known.code, known.detail)
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new Problem('request/invalid', unreadable)
  return new Problem(
    'server/unexpected',
    'Something went wrong on our side. Try again; if it stays, give the request id to whoever looks after the server.',
  )
}

const unreadable = 'The request cannot be read. Send JSON with the content type application/json.'
const tooLarge = 'The request is larger than this server accepts. Send less at a time.'
const frameworkProblems: Record<string, { code: ProblemCode; detail: string }> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'request/too-large', detail: tooLarge },
  FST_REQ_FILE_TOO_LARGE: { code: 'request/too-large', detail: tooLarge },
}

/** Answers an address that has no route. */
export function sendNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?')[0] ?? ''
  return sendProblem(
    new Problem('request/not-found', `Nothing is at ${request.method} ${path}. Check the address.`),
    request,
    reply,
  )
}
