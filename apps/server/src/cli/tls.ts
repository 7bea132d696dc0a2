import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { hostsOf, type KeyedCertificate, makeAuthority, makeServerCertificate } from '../tls/authority.ts'
import { CommandError, defineCommand, type Io } from './command.ts'
import { configForCommand } from './open-for-command.ts'

export const command = defineCommand({
  summary: 'Make certificates for a shop of its own.',
  arguments: ['init|renew'],
  options: {
    host: {
      type: 'string',
      value: 'NAMES',
      help: 'Names and addresses of this server, separated by commas.',
    },
  },
  more: `A till on a phone or on another machine needs HTTPS. \`init\` makes a certificate authority of the shop
and a server certificate in tls/ of the data folder, and says how devices learn to trust it; run again it
keeps the authority, so devices need nothing new. \`renew\` makes the server certificate anew for the same
names; it lasts 800 days.`,
  async run({ values, arguments: [action], io }) {
    const config = configForCommand(io)
    const folder = join(config.DATA_DIR, 'tls')
    const paths = {
      authority: join(folder, 'authority.crt'),
      authorityKey: join(folder, 'authority.key'),
      server: join(folder, 'server.crt'),
      serverKey: join(folder, 'server.key'),
    }
    if (action !== 'init' && action !== 'renew') throw new CommandError('Say init or renew. See --help.')
    if (action === 'renew' && !existsSync(paths.server)) {
      throw new CommandError(`There is no certificate in ${folder} to renew. Run: nexus tls init`)
    }
    const hosts = values.host
      ? readHosts(values.host)
      : action === 'renew'
        ? hostsOf(readFileSync(paths.server, 'utf8'))
        : ownHosts()
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const now = Date.now()
    const authority = existsSync(paths.authority)
      ? { certificate: readFileSync(paths.authority, 'utf8'), key: readFileSync(paths.authorityKey, 'utf8') }
      : await makeAuthority(`Nexus ${hosts[0]}`, now)
    store(authority, paths.authority, paths.authorityKey)
    store(await makeServerCertificate(authority, hosts, now), paths.server, paths.serverKey)
    explain(paths, hosts, config.PORT, io)
  },
})

function readHosts(text: string): string[] {
  const hosts = text.split(',').map((host) => host.trim())
  const wrong = hosts.find((host) => !isIP(host) && !/^(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(host))
  if (wrong !== undefined) throw new CommandError(`"${wrong}" is neither a name nor an address.`)
  return hosts
}

/** What this machine is called, where it stands in the network, and itself. */
function ownHosts(): string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((one) => !one.internal && one.family === 'IPv4')
    .map((one) => one.address)
  return [...new Set([hostname(), ...addresses, 'localhost', '127.0.0.1'])]
}

function store({ certificate, key }: KeyedCertificate, file: string, keyFile: string): void {
  writeFileSync(keyFile, `${key.trim()}\n`, { mode: 0o600 })
  writeFileSync(file, `${certificate.trim()}\n`)
}

function explain(
  paths: Record<'authority' | 'server' | 'serverKey', string>,
  hosts: readonly string[],
  port: number,
  io: Io,
): void {
  const server = new X509Certificate(readFileSync(paths.server))
  const authority = new X509Certificate(readFileSync(paths.authority))
  io.print(`A certificate for ${hosts.join(', ')}, good until ${server.validTo}.

1. Start the server with it:

   TLS_CERT_FILE=${paths.server} TLS_KEY_FILE=${paths.serverKey} \\
   HOST=0.0.0.0 PUBLIC_URL=https://${hosts[0]}:${port} npx nexus start

   Keep PUBLIC_URL for ever: to a till another address is another till.

2. Bring ${paths.authority} to each device (a USB stick will do) and compare its fingerprint:

   ${authority.fingerprint256}

   Windows   Double-click it, Install Certificate, Local Machine, "Trusted Root Certification Authorities".
             Or: certutil -addstore -f Root authority.crt
   Android   Settings, Security, Encryption and credentials, Install a certificate, CA certificate.
   iPhone    Open it, install the profile under Settings, then switch it on under General, About,
   and iPad  Certificate Trust Settings.
   macOS     sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain authority.crt
   Linux     sudo cp authority.crt /usr/local/share/ca-certificates/nexus.crt && sudo update-ca-certificates
             Chrome and Firefox: also import it under Settings, Certificates, Authorities.

3. Before it ends: nexus tls renew, then restart the server. Devices need nothing new.

Keep ${join(paths.authority, '..', 'authority.key')} secret: whoever has it can pose as this server.`)
}
