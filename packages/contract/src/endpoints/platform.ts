import { type Static, Type } from 'typebox'
import { Instant, Nullable } from '../common.ts'
import { endpoint } from '../endpoint.ts'

export const liveness = endpoint({
  method: 'GET',
  path: '/health/live',
  tag: 'platform',
  allow: 'anyone',
  summary: 'The process runs.',
  answer: Type.Object({ status: Type.Literal('live') }),
})
export const readiness = endpoint({
  method: 'GET',
  path: '/health/ready',
  tag: 'platform',
  allow: 'anyone',
  summary: 'The server takes work: database reached, migrations done, not stopping. 503 otherwise.',
  answer: Type.Object({ status: Type.Literal('ready') }),
})
export const ArchiveStatus = Type.Object({
  /**
   * `none`: no folder is set. `same-disk`: it lies on the database's disk. `foreign`: it is another chain's.
   * `unreachable`: it cannot be read or written. In these four nothing becomes durable. `replaying`: a
   * restored database gets back what the archive has. `behind`: entries wait for more than 15 minutes.
   */
  state: Type.Union([
    Type.Literal('none'),
    Type.Literal('same-disk'),
    Type.Literal('foreign'),
    Type.Literal('unreachable'),
    Type.Literal('replaying'),
    Type.Literal('behind'),
    Type.Literal('good'),
  ]),
  /** Accepted and not in the archive yet, and when the first of them came. */
  entries: Type.Integer({ minimum: 0 }),
  oldestAt: Nullable(Instant),
  /** Files of the archive that were found damaged and are being made good. */
  damaged: Type.Integer({ minimum: 0 }),
  /** Epochs that wait for a declared hole, for data of people, or hold bytes that are damaged in the database. */
  waiting: Type.Object({
    hole: Type.Integer({ minimum: 0 }),
    personal: Type.Integer({ minimum: 0 }),
    damaged: Type.Integer({ minimum: 0 }),
  }),
})
export type ArchiveStatus = Static<typeof ArchiveStatus>
export const readArchiveStatus = endpoint({
  method: 'GET',
  path: '/v1/archive',
  tag: 'platform',
  allow: 'stores.read',
  summary: 'Whether what tills sent is kept in a second place, and how far behind that is.',
  answer: ArchiveStatus,
})
export const metrics = endpoint({
  method: 'GET',
  path: '/metrics',
  tag: 'platform',
  allow: 'anyone',
  summary: 'Figures for Prometheus.',
  produces: 'text/plain',
})
export const openApi = endpoint({
  method: 'GET',
  path: '/v1/openapi.json',
  tag: 'platform',
  allow: 'anyone',
  summary: 'This description.',
  produces: 'application/json',
})
