import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendNotFound } from '../http/problems.ts'
import type { AppFolder } from './app-folders.ts'

type AppFile = { path: string; type: string; etag: string; immutable: boolean; br: boolean; gz: boolean }

/**
 * Shows a built app below its prefix. An address without a file is a page of the app itself, so it
 * answers `index.html`. Files that carry a hash in their
 * name are kept by browsers for ever, all others are asked for each time. An app that was not built
 * says so.
 */
export function serveApp(app: FastifyInstance, { name, dist, prefix, connects }: AppFolder): void {
  const files = readFiles(dist)
  const index = files.get('index.html')
  const open = { config: { allow: 'anyone' } } as const
  app.get(prefix.slice(0, -1), open, async (_, reply) => await reply.redirect(prefix, 308))
  app.get<{ Params: { '*': string } }>(`${prefix}*`, open, async (request, reply) => {
    const wanted = request.params['*']
    if (connects) widenPolicy(reply, connects)
    const file = files.get(wanted === '' ? 'index.html' : wanted)
    if (file) return await sendFile(file, request, reply)
    if (!request.headers.accept?.includes('text/html')) return await sendNotFound(request, reply)
    if (index) return await sendFile(index, request, reply)
    return await reply
      .code(503)
      .type('text/plain')
      .send(`The app ${name} has not been built. Run: npx nexus start`)
  })
}

function widenPolicy(reply: FastifyReply, connects: string): void {
  const policy = String(reply.getHeader('content-security-policy') ?? '')
  const widened = policy.replace("connect-src 'self'", `connect-src 'self' ${connects}`)
  reply.header('content-security-policy', widened)
}

function readFiles(dist: string): Map<string, AppFile> {
  const files = new Map<string, AppFile>()
  if (!existsSync(dist)) return files
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.startsWith('.') || /\.(br|gz)$/.test(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    const name = relative(dist, path).split(sep).join('/')
    files.set(name, {
      path,
      type: types[extname(name)] ?? 'application/octet-stream',
      etag: `"${createHash('sha256').update(readFileSync(path)).digest('base64url').slice(0, 22)}"`,
      immutable: name.startsWith('assets/'),
      br: existsSync(`${path}.br`),
      gz: existsSync(`${path}.gz`),
    })
  }
  return files
}

async function sendFile(file: AppFile, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply
    .header('etag', file.etag)
    .header('vary', 'accept-encoding')
    .header('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
  if (request.headers['if-none-match']?.includes(file.etag)) return await reply.code(304).send()
  reply.type(file.type)
  const accepted = request.headers['accept-encoding'] ?? ''
  if (file.br && /\bbr\b/.test(accepted)) {
    return await reply.header('content-encoding', 'br').send(createReadStream(`${file.path}.br`))
  }
  if (file.gz && /\bgzip\b/.test(accepted)) {
    return await reply.header('content-encoding', 'gzip').send(createReadStream(`${file.path}.gz`))
  }
  return await reply.send(createReadStream(file.path))
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
}
