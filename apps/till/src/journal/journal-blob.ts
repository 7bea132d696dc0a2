const PART = 1024 * 1024

/** A file of the lines. Parts of it leave for the browser's own keeping as they are made: years fit. */
export async function journalBlob(lines: AsyncIterable<string>): Promise<Blob> {
  const parts: Blob[] = []
  let text = ''
  for await (const line of lines) {
    text += `${line}\n`
    if (text.length < PART) continue
    parts.push(new Blob([text]))
    text = ''
  }
  return new Blob([...parts, text], { type: 'application/jsonl' })
}

/** Name of the file: series code and day, so that several in one folder are told apart. */
export function journalFileName(code: string | undefined, at: number): string {
  return `nexus-journal-${code ?? 'till'}-${new Date(at).toISOString().slice(0, 10)}.jsonl`
}
