import {
  currentSession as currentSessionEndpoint,
  getStaff as getStaffEndpoint,
  listStaff,
  putStaff as putStaffEndpoint,
  putStaffPassword,
  putStaffPin,
  signIn as signInEndpoint,
  signOut,
  tillRoster,
} from '@nexus/contract'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { type StaffCaller, serve } from '../../http/serve.ts'
import type { Actor } from './actor.ts'
import { putPassword, putPin } from './put-secrets.ts'
import { putStaff } from './put-staff.ts'
import { getStaff, staffPage } from './queries.ts'
import { rosterFor } from './roster.ts'
import { closeSession, currentSession, openSession } from './session.ts'
import { signIn } from './sign-in.ts'

/** HTTP face of the staff module. */
export function staffRoutes(context: Context): (app: FastifyInstance) => void {
  const db = context.database.read
  return (app) => {
    serve(app, signInEndpoint, async ({ body, request, reply }) => {
      const person = await signIn(context, body, request.ip)
      return await openSession(context, person, request, reply)
    })
    serve(app, currentSessionEndpoint, async ({ request }) => await currentSession(context, request))
    serve(app, signOut, async ({ request, reply }) => await closeSession(context, request, reply))
    serve(app, listStaff, async ({ caller, query }) => await staffPage(db, caller, query))
    serve(app, getStaffEndpoint, async ({ caller, params }) => await getStaff(db, caller, params.staffId))
    serve(app, putStaffEndpoint, async ({ caller, params, body }) => {
      await putStaff(context, actorOf(caller), params.staffId, body)
      return await getStaff(db, caller, params.staffId)
    })
    serve(app, putStaffPin, async ({ caller, params, body }) => {
      await putPin(context, actorOf(caller), params.staffId, body.pin)
      return undefined
    })
    serve(app, putStaffPassword, async ({ caller, params, body }) => {
      await putPassword(context, actorOf(caller), params.staffId, body.password)
      return undefined
    })
    serve(app, tillRoster, async ({ caller }) => await rosterFor(context, caller))
  }
}

function actorOf(caller: StaffCaller): Actor {
  return { how: 'back-office', caller }
}
