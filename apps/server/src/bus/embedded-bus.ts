import type { Context } from '../context.ts'
import type { Consumer, EventBus } from './event-bus.ts'
import { insertInbox } from './sql.ts'

/**
 * The bus without a broker: an event is taken when every consumer of its topic has handled it. A
 * consumer that throws rejects the publication; those before it do not handle the event again.
 */
export function embeddedBus(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  consumers: readonly Consumer[],
): EventBus {
  return {
    async publish(events) {
      for (const event of events) {
        for (const consumer of consumers) {
          if (!consumer.topics.includes(event.topic)) continue
          await database.write(async (tx) => {
            if (await insertInbox(tx, consumer.name, event.id, clock.now())) await consumer.handle(tx, event)
          })
        }
      }
    },
  }
}
