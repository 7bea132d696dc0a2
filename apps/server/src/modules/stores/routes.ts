import {
  createEnrolmentCode as createEnrolmentCodeEndpoint,
  enrolTill,
  getCompany as getCompanyEndpoint,
  getRegisterHealth,
  getStore as getStoreEndpoint,
  helloTill,
  listRegisterHealth,
  listStores,
  putCompany as putCompanyEndpoint,
  putRegister as putRegisterEndpoint,
  putStore as putStoreEndpoint,
  tillPlace,
} from '@nexus/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { requireStore, type StaffCaller, serve } from '../../http/serve.ts'
import { enrol } from './enrolment/enrol.ts'
import { createEnrolmentCode } from './enrolment/enrolment-code.ts'
import { hello } from './enrolment/hello.ts'
import type { JournalView } from './enrolment/ports.ts'
import { healthOf, healthPage } from './health/queries.ts'
import { type Author, putCompany } from './put-company.ts'
import { putRegister } from './put-register.ts'
import { putStore } from './put-store.ts'
import { getCompany, getRegister, getStore, storesWithRegisters, tillPlaceOf } from './queries.ts'

/** HTTP face of the stores module; what it needs to know of the journal is handed in. */
export function storesRoutes(context: Context, journal: JournalView): (app: FastifyInstance) => void {
  const db = context.database.read
  return (app) => {
    serve(app, getCompanyEndpoint, async () => await getCompany(db))
    serve(
      app,
      putCompanyEndpoint,
      async ({ caller, body }) => await putCompany(context, authorOf(caller), body),
    )
    serve(app, listStores, async ({ caller }) => ({
      stores: await storesWithRegisters(db, journal, caller.storeIds),
    }))
    serve(app, listRegisterHealth, async ({ caller, query }) => {
      if (query.store !== undefined) requireStore(caller, query.store)
      return await healthPage(db, journal, caller, query, context.clock.now())
    })
    serve(app, getRegisterHealth, async ({ caller, params }) => {
      return await healthOf(db, journal, caller, params.registerId, context.clock.now())
    })
    serve(app, getStoreEndpoint, async ({ caller, params }) => {
      requireStore(caller, params.storeId)
      return await getStore(db, journal, params.storeId)
    })
    serve(app, putStoreEndpoint, async ({ caller, params, body }) => {
      requireStore(caller, params.storeId)
      await putStore(context, authorOf(caller), params.storeId, body)
      return await getStore(db, journal, params.storeId)
    })
    serve(app, putRegisterEndpoint, async ({ caller, params, body }) => {
      requireStore(caller, body.storeId)
      await putRegister(context, authorOf(caller), params.registerId, body)
      return await getRegister(db, journal, params.registerId)
    })
    serve(app, createEnrolmentCodeEndpoint, async ({ caller, params, request }) => {
      requireStore(caller, (await getRegister(db, journal, params.registerId)).storeId)
      return await createEnrolmentCode(context, params.registerId, {
        ...authorOf(caller),
        origin: originOf(context, request),
      })
    })
    serve(
      app,
      tillPlace,
      async ({ caller }) => await tillPlaceOf(db, caller.registerId, journal.storeServerOf),
    )
    serve(app, enrolTill, async ({ body, request }) => await enrol(context, journal, body, request.ip))
    serve(app, helloTill, async ({ body }) => await hello(context, journal, body))
  }
}

function authorOf(caller: StaffCaller): Author {
  return { by: caller.staffId, how: 'back-office' }
}

/** Where tills reach the server: as set, else as the back office reached it. */
function originOf(context: Context, request: FastifyRequest): string {
  return context.config.PUBLIC_URL ?? `${request.protocol}://${request.host}`
}
