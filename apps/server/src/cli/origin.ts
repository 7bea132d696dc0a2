import type { Config } from '../config.ts'

/** Where tills reach a server with these settings, as far as the settings tell. */
export function originOf(config: Config): string {
  if (config.PUBLIC_URL) return config.PUBLIC_URL
  const anyHost = ['0.0.0.0', '::', '127.0.0.1'].includes(config.HOST)
  return `${config.TLS_CERT ? 'https' : 'http'}://${anyHost ? 'localhost' : config.HOST}:${config.PORT}`
}
