import { isSecret, Settings } from './config.ts'

/** `docs/config.md`: every setting with what it does, made from the schema that reads them. */
export function configPage(): string {
  const rows = Object.entries(Settings.properties).map(([name, setting]) => {
    // Members of the schema that are not needed to check a value.
    const { description = '', default: preset } = setting as { description?: string; default?: unknown }
    return `| \`${name}\` | ${preset === undefined ? '' : `\`${String(preset)}\``} | ${isSecret(name) ? 'yes' : ''} | ${description.replaceAll('|', '\\|')} |`
  })
  return `# Settings

Made by \`npx nexus doctor --page\` from apps/server/src/config.ts; a test keeps it current.

Settings are environment variables, read once at start; a bad start lists every fault at once. \`NAME_FILE\` reads
the value of \`NAME\` from a file, which is how secrets are mounted. An empty variable counts as not set.
\`npx nexus doctor\` shows what takes effect, with secrets masked. A new setting always has a default that
keeps the old behaviour.

| Setting | Default | Secret | |
|---|---|---|---|
${rows.join('\n')}
`
}
