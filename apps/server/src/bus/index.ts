export { embeddedBus } from './embedded-bus.ts'
export type { Consumer, Event, EventBus, StoredEvent } from './event-bus.ts'
export { relayOutbox, sweepBus } from './relay.ts'
export { announce, outboxDepth } from './sql.ts'
