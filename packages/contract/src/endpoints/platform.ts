import { Type } from 'typebox'
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
