/** Pattern for LIKE: what holds a text anywhere. A wildcard in the text stands for any one character, as it does for itself. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '_')}%`
}
