import { createReadStream } from 'node:fs'
import { Transform } from 'node:stream'
import { Problem } from '@nexus/contract'
import { CsvError, parse } from 'csv-parse'
import { detectFormat, type FileFormat } from './detect-format.ts'

/** A row of a file; `line` is where it begins, 1 is the file's first line. */
export type FileRow = { line: number; values: string[] }

/** A file whose header was read. */
export type RowFile = {
  path: string
  format: FileFormat
  /** Names of the columns without blanks at their ends. */
  columns: string[]
}

/** Rows in one portion: a portion is one transaction, and short enough not to stop the event loop. */
export const portionRows = 1000
/** A record longer than this is an unclosed quote that swallows the file. */
const recordCharactersMax = 100_000

/**
 * Opens a CSV file: finds its format and reads its header.
 *
 * Throws Problem `import/unreadable` when there is no header or no CSV.
 */
export async function openRows(path: string): Promise<RowFile & { sample: string[][] }> {
  const format = await detectFormat(path)
  for await (const [header, ...rows] of records(path, format)) {
    if (header === undefined) break
    return {
      path,
      format,
      columns: header.values.map((name) => name.trim()),
      sample: rows.slice(0, 5).map((row) => row.values),
    }
  }
  throw new Problem(
    'import/unreadable',
    'The file is empty. Choose a CSV file whose first line names the columns.',
  )
}

/**
 * The rows after the header, in portions. Blank lines, and lines of nothing but delimiters, are passed
 * over. A row may have more or fewer values than there are columns: `checkShape` says so.
 *
 * Throws Problem `import/unreadable` where a quote is opened and not closed.
 */
export async function* readRows(file: RowFile): AsyncGenerator<FileRow[]> {
  let isFirst = true
  for await (const portion of records(file.path, file.format)) {
    const rows = isFirst ? portion.slice(1) : portion
    isFirst = false
    if (rows.length > 0) yield rows
  }
}

async function* records(path: string, format: FileFormat): AsyncGenerator<FileRow[]> {
  const bytes = createReadStream(path)
  const parser = parse({
    delimiter: format.delimiter,
    // A quote inside a bare value, as in 24" hair band, is a letter like any other.
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    from_line: 1 + format.skipLines,
    max_record_size: recordCharactersMax,
    info: true,
  })
  bytes.on('error', (error) => parser.destroy(error))
  bytes.pipe(decoded(format.encoding)).pipe(parser)
  let portion: FileRow[] = []
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[]
      info: { lines: number }
    }>) {
      portion.push({ line: info.lines - breaksIn(record), values: record })
      if (portion.length === portionRows) {
        yield portion
        portion = []
      }
    }
  } catch (error) {
    throw error instanceof CsvError ? unreadable(error) : error
  } finally {
    bytes.destroy()
  }
  if (portion.length > 0) yield portion
}

/** The parser counts a record's last line; values in quotes may hold line breaks. */
function breaksIn(record: readonly string[]): number {
  let breaks = 0
  for (const value of record) {
    for (let at = value.indexOf('\n'); at !== -1; at = value.indexOf('\n', at + 1)) breaks++
  }
  return breaks
}

/** Text of the bytes, each line ended by one character: of two inside quotes the parser would count two lines. */
function decoded(encoding: FileFormat['encoding']): Transform {
  const decoder = new TextDecoder(encoding)
  let held = ''
  const oneEnd = (text: string, isLast: boolean): string => {
    const whole = held + text
    held = !isLast && whole.endsWith('\r') ? '\r' : ''
    return whole.slice(0, whole.length - held.length).replaceAll('\r\n', '\n')
  }
  return new Transform({
    transform(bytes: Buffer, _encoding, done) {
      done(null, oneEnd(decoder.decode(bytes, { stream: true }), false))
    },
    flush(done) {
      done(null, oneEnd(decoder.decode(), true))
    },
  })
}

function unreadable(error: CsvError): Problem {
  // The parser puts where it stopped beside the message.
  const line = Number(Reflect.get(error, 'lines') ?? 0)
  return new Problem(
    'import/unreadable',
    `The file cannot be read as CSV at line ${line}: most likely a quotation mark is opened there, or before, and never closed. Correct the line and upload the file again; nothing was imported.`,
    { line },
  )
}
