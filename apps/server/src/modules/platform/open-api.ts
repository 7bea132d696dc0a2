import * as contract from '@nexus/contract'
import { type Endpoint, ProblemBody } from '@nexus/contract'

/** Every endpoint that the contract promises, by tag and path. */
export const endpoints: readonly Endpoint[] = Object.values(contract as Record<string, unknown>)
  .filter(isEndpoint)
  .toSorted((a, b) => compare(`${a.tag} ${a.path} ${a.method}`, `${b.tag} ${b.path} ${b.method}`))

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

function isEndpoint(value: unknown): value is Endpoint {
  return (
    typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'allow' in value
  )
}

/** OpenAPI 3.1 of the endpoints. TypeBox schemas are JSON Schema 2020-12 as they stand. */
export function openApiDocument(list: readonly Endpoint[]): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const endpoint of list) {
    const path = endpoint.path.replace(/:([A-Za-z]+)/g, '{$1}').replace('*', '{path}')
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(endpoint) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Nexus',
      version: '1',
      description:
        'Amounts are whole paise, quantities whole thousandths, instants milliseconds since 1970 UTC. Ids are UUIDs made by the caller, so every PUT may be sent again. A refusal is a problem (RFC 9457); its `retry` says whether sending again can help.',
    },
    paths,
    components: {
      schemas: { Problem: ProblemBody },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'nexus_session', description: 'Set by signing in.' },
        device: { type: 'http', scheme: 'bearer', description: 'Token of an enrolled till.' },
      },
    },
  }
}

function operation(endpoint: Endpoint): object {
  return {
    summary: endpoint.summary,
    tags: [endpoint.tag],
    ...(endpoint.allow === 'anyone'
      ? {}
      : { security: [endpoint.allow === 'device' ? { device: [] } : { session: [] }] }),
    'x-allow': endpoint.allow,
    parameters: [...parameters(endpoint.params, 'path'), ...parameters(endpoint.query, 'query')],
    ...(endpoint.body
      ? {
          requestBody: {
            required: true,
            content: { [endpoint.consumes ?? 'application/json']: { schema: endpoint.body } },
          },
        }
      : {}),
    responses: {
      ...answers(endpoint),
      default: {
        description: 'A problem.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function answers(endpoint: Endpoint): object {
  if (endpoint.produces) return { 200: { description: 'Done.', content: { [endpoint.produces]: {} } } }
  if (!endpoint.answer) return { 204: { description: 'Done.' } }
  return { 200: { description: 'Done.', content: { 'application/json': { schema: endpoint.answer } } } }
}

function parameters(schema: Endpoint['params'], place: 'path' | 'query'): object[] {
  if (!schema) return []
  // Parameters are objects throughout the contract.
  const { properties, required } = schema as unknown as {
    properties: Record<string, object>
    required?: string[]
  }
  return Object.entries(properties).map(([name, member]) => ({
    name,
    in: place,
    required: required?.includes(name) === true,
    schema: member,
  }))
}
