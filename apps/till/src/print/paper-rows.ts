import type { Labelled, PrintModel } from './types.ts'

/** Characters that a line of an 80 mm printer takes in its normal font. */
export const COLUMNS = 48

/** One line of paper, before anybody knows whether it goes out as text or as a picture. */
export type PaperRow =
  | { kind: 'text'; left: string; right: string; bold: boolean }
  | { kind: 'center'; text: string; bold: boolean; large: boolean }
  /** The first cell to the left, the others to the right of equal columns. */
  | { kind: 'cells'; cells: readonly string[] }
  | { kind: 'rule' }
  | { kind: 'qr'; content: string }

/** The document line by line, in the order of the receipt on the screen. */
export function paperRows(model: PrintModel): PaperRow[] {
  const rule: PaperRow = { kind: 'rule' }
  const center = (text: string, bold = false, large = false): PaperRow => ({
    kind: 'center',
    text,
    bold,
    large,
  })
  const small = (texts: readonly string[]) =>
    texts.flatMap((text) => wrap(text, COLUMNS)).map((text) => center(text))
  return [
    ...(model.duplicate ? [center(`*** ${model.duplicate} ***`, true, true)] : []),
    center(model.tradeName, true, true),
    ...small(model.seller),
    center(model.title, true),
    rule,
    ...model.facts.flatMap((fact) => pair(fact)),
    rule,
    ...model.lines.flatMap((line) => [
      ...wrap(line.name, COLUMNS).map((text) => left(text)),
      ...wrap(line.details, COLUMNS - 2).map((text) => left(`  ${text}`)),
      ...pair({ label: `  ${line.quantity}`, value: line.amount }),
      ...(line.discount ? pair({ ...line.discount, label: `  ${line.discount.label}` }) : []),
    ]),
    rule,
    ...model.sums.flatMap((sum) => pair(sum)),
    ...pair(model.total, true),
    ...wrap(model.amountInWords, COLUMNS).map((text) => left(text)),
    ...(model.taxRows.length > 0 ? [rule, { kind: 'cells', cells: model.taxHeadings } as const] : []),
    ...model.taxRows.map((cells) => ({ kind: 'cells', cells }) as const),
    ...(model.tenders.length > 0 ? [rule, ...model.tenders.flatMap((tender) => pair(tender))] : []),
    ...(model.footer.length > 0 ? [rule, ...small(model.footer)] : []),
    { kind: 'qr', content: model.qr },
  ]
}

function left(text: string): PaperRow {
  return { kind: 'text', left: text, right: '', bold: false }
}

/** A long label keeps its lines; the value stands on the last one, or on its own when both are long. */
function pair({ label, value }: Labelled, bold = false): PaperRow[] {
  const values = wrap(value, COLUMNS)
  if (values.length > 1) return [left(label), ...values.map((text) => left(text))]
  const room = COLUMNS - value.length - 1
  const labels = wrap(label, Math.max(room, 12))
  return labels.map((text, at) => ({
    kind: 'text',
    left: text,
    right: at === labels.length - 1 ? value : '',
    bold,
  }))
}

/** Lines of at most so many characters, broken at blanks where there are any. One empty line for no text. */
function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/(?<=\s)/)) {
    if (line !== '' && (line + word.trimEnd()).length > columns) {
      lines.push(line.trimEnd())
      line = ''
    }
    line += word
    while (line.trimEnd().length > columns) {
      lines.push(line.slice(0, columns))
      line = line.slice(columns)
    }
  }
  return [...lines, line.trimEnd()]
}
