import type { ProblemType } from '@nexus/contract'

/** Text of docs/problems.md: one row a code, from the table that the server answers by. */
export function problemsPage(types: Readonly<Record<string, ProblemType>>): string {
  const rows = Object.entries(types).map(
    ([code, { status, title, retry }]) => `| \`${code}\` | ${status} | ${title} | ${retry} |`,
  )
  return `# Problems

Every refusal is an RFC 9457 document with one of these codes. \`retry\` says what a program does:
\`never\` means that a repeat cannot help and a person must act; \`later\` means keep it and send it again.
Written by \`npm run problems\` from \`packages/contract/src/problems.ts\`.

| code | status | title | retry |
|---|---|---|---|
${rows.join('\n')}
`
}
