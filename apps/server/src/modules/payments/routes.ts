import { listOpenPayments, listSettlements, Problem, putSettlement } from '@nexus/contract'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { serve } from '../../http/serve.ts'
import { openPayments, settlementFiles } from './queries.ts'
import { putSettlement as put } from './settlements/put-settlement.ts'

/** HTTP face of the payments module. */
export function paymentsRoutes(context: Context): (app: FastifyInstance) => void {
  const { database, clock } = context
  return (app) => {
    serve(
      app,
      listOpenPayments,
      async ({ caller, query }) => await openPayments(database.read, caller, query, clock.now()),
    )
    serve(app, listSettlements, async () => ({ files: await settlementFiles(database.read) }))
    serve(app, putSettlement, async ({ params, query, caller, request }) => {
      const file = await request.file()
      if (!file) throw new Problem('import/unreadable', 'No file came with the request. Choose a CSV file.')
      const { provider, ...columns } = query
      const content = await file.toBuffer()
      return await put(context, {
        id: params.fileId,
        provider,
        name: file.filename,
        content,
        columns,
        by: caller.staffId,
      })
    })
  }
}
