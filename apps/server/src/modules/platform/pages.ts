import { type Endpoint, type ProblemCode, problemTypes } from '@nexus/contract'

/** The API as a page for people: one file without scripts, so that it works wherever the server does. */
export function apiPage(endpoints: readonly Endpoint[]): string {
  const tags = [...new Set(endpoints.map((endpoint) => endpoint.tag))]
  const sections = tags.map(
    (tag) =>
      `<section id="${html(tag)}"><h2>${html(tag)}</h2>${endpoints
        .filter((endpoint) => endpoint.tag === tag)
        .map(describe)
        .join('')}</section>`,
  )
  return page(
    'Nexus API',
    `<h1>Nexus API</h1>
<p>Amounts are whole paise, quantities whole thousandths, instants milliseconds since 1970 UTC. Ids are UUIDs that the caller makes, so every PUT may be sent again. The same as data: <a href="/v1/openapi.json">OpenAPI 3.1</a>. Refusals: <a href="/problems">problems</a>.</p>
<nav>${tags.map((tag) => `<a href="#${html(tag)}">${html(tag)}</a>`).join(' ')}</nav>
${sections.join('\n')}`,
  )
}

function describe(endpoint: Endpoint): string {
  return `<details><summary><code><b>${endpoint.method}</b> ${html(endpoint.path)}</code> ${html(endpoint.summary)}</summary>
<p>Who may call: <b>${html(whoMay[endpoint.allow] ?? `a person with ${endpoint.allow}`)}</b></p>
${schemaBlock('Path', endpoint.params)}${schemaBlock('Query', endpoint.query)}${schemaBlock(
  `Body${endpoint.consumes ? ` (${endpoint.consumes})` : ''}`,
  endpoint.body,
)}${endpoint.produces ? `<h3>Answer</h3><p>${html(endpoint.produces)}</p>` : schemaBlock('Answer', endpoint.answer)}</details>`
}

const whoMay: Record<string, string> = {
  anyone: 'anyone',
  device: 'an enrolled till',
  'signed-in': 'any person who is signed in',
}

function schemaBlock(title: string, schema: object | undefined): string {
  return schema ? `<h3>${html(title)}</h3><pre>${html(shapeOf(schema, ''))}</pre>` : ''
}

type Shape = {
  type?: string
  properties?: Record<string, Shape>
  required?: string[]
  items?: Shape
  anyOf?: Shape[]
  const?: unknown
  description?: string
  patternProperties?: Record<string, Shape>
}

/** A schema in the notation that people read: names, kinds, `?` for what may be left out. */
function shapeOf(schema: Shape, indent: string): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.anyOf) return schema.anyOf.map((one) => shapeOf(one, indent)).join(' | ')
  if (schema.items) return `list of ${shapeOf(schema.items, indent)}`
  if (schema.properties) {
    const inner = `${indent}  `
    const members = Object.entries(schema.properties).map(([name, member]) => {
      const note = member.description ? `  // ${member.description}` : ''
      return `${inner}${name}${schema.required?.includes(name) ? '' : '?'}: ${shapeOf(member, inner)}${note}`
    })
    return `{\n${members.join('\n')}\n${indent}}`
  }
  return schema.type ?? 'anything'
}

/** Every problem code on one page. */
export function problemsPage(): string {
  const rows = Object.entries(problemTypes).map(
    ([code, type]) =>
      `<tr><td><a href="/problems/${code}"><code>${code}</code></a></td><td>${type.status}</td><td>${html(type.title)}</td><td>${type.retry}</td></tr>`,
  )
  return page(
    'Problems',
    `<h1>Problems</h1><p>Every refusal names one of these codes. Retry <b>never</b>: a repeat cannot help, a person must act. Retry <b>later</b>: keep it and send again.</p>
<table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th><th>Retry</th></tr></thead><tbody>${rows.join('')}</tbody></table>`,
  )
}

/** What one problem means; undefined for a code that does not exist. */
export function problemPage(code: string): string | undefined {
  const type = problemTypes[code as ProblemCode] as (typeof problemTypes)[ProblemCode] | undefined
  if (!type) return undefined
  return page(
    type.title,
    `<h1>${html(type.title)}</h1><p><code>${html(code)}</code>, HTTP status ${type.status}.</p>
<p>${
      type.retry === 'later'
        ? 'Nothing is lost: keep the request and send it again later. A till does so by itself.'
        : 'Sending it again cannot help. The sentence that came with the problem says what to do.'
    }</p><p><a href="/problems">All problems</a></p>`,
  )
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${html(title)}</title><style>
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
nav a{margin-right:1rem}details{border-top:1px solid #ccc;padding:.5rem 0}summary{cursor:pointer}
pre{background:#f4f4f4;padding:.75rem;overflow:auto}h3{margin:.75rem 0 .25rem;font-size:1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #ddd}
@media (prefers-color-scheme:dark){body{color:#eee;background:#161616}pre{background:#222}a{color:#8ab4f8}}
</style></head><body><main>${body}</main></body></html>`
}

function html(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
