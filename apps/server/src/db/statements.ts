/**
 * The statements of a SQL file, in order, without comments and without empty ones. Knows quotes, so
 * a semicolon inside a text or a comment splits nothing.
 */
export function statementsOf(text: string): string[] {
  const statements: string[] = []
  let statement = ''
  // One token at a time: a comment, a quoted text or name (doubled quotes inside), or any character.
  for (const [token] of text.matchAll(
    /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|[\s\S]/g,
  )) {
    if (token.startsWith('--') || token.startsWith('/*')) statement += ' '
    else if (token === ';') {
      if (statement.trim()) statements.push(statement.trim())
      statement = ''
    } else statement += token
  }
  if (statement.trim()) statements.push(statement.trim())
  return statements
}
