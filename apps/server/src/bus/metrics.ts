import { Gauge } from 'prom-client'
import type { Context } from '../context.ts'
import { outboxDepth } from './sql.ts'

/** Shows how much waits to go out: alarms stand on these two. */
export function measureOutbox({
  database,
  metrics,
  log,
}: Pick<Context, 'database' | 'metrics' | 'log'>): void {
  new Gauge({
    name: 'nexus_outbox_events',
    help: 'Events that have not gone out yet, and streams that are held after a failure.',
    labelNames: ['state'],
    registers: [metrics],
    async collect() {
      try {
        const { waiting, parked } = await outboxDepth(database.read)
        this.set({ state: 'waiting' }, waiting)
        this.set({ state: 'parked-streams' }, parked)
      } catch (error) {
        // The other figures are wanted most when the database is away.
        this.reset()
        log.warn({ err: error }, 'the outbox cannot be counted')
      }
    },
  })
}
