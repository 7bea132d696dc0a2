import { invariant } from '../invariant.ts'
import type { DocumentKind } from './document-kind.ts'

/**
 * A number of a bill in its parts. The series belongs to one epoch of a register, one kind and one
 * financial year (JRN-14a).
 */
export type BillNumber = {
  code: string
  kind: DocumentKind
  /** The year in which the financial year begins. */
  fyStartYear: number
  /** 1 to 999,999. */
  n: number
}

/** The series that a number belongs to, and the part of it before the hyphen: `KOR2AI26`. */
export function seriesKey(code: string, kind: DocumentKind, fyStartYear: number): string {
  invariant(isSeriesCode(code), 'a series code is at most six of A–Z 0–9, a letter first')
  invariant(fyStartYear >= 2000 && fyStartYear <= 2099, 'a financial year begins in this century')
  return `${code}${kind}${String(fyStartYear).slice(2)}`
}

/** The number as printed, at most 16 characters: `KOR2AI26-000321`. */
export function billNumber(code: string, kind: DocumentKind, fyStartYear: number, n: number): string {
  invariant(Number.isInteger(n) && n >= 1 && n <= 999_999, 'a series counts from 1 to 999,999')
  return `${seriesKey(code, kind, fyStartYear)}-${String(n).padStart(6, '0')}`
}

/** The parts of a printed number; undefined for a text that is none of ours. */
export function parseBillNumber(text: string): BillNumber | undefined {
  const parts = /^([A-Z][A-Z0-9]{0,5})([IBCRPG])([0-9]{2})-([0-9]{6})$/.exec(text)
  const n = Number(parts?.[4] ?? 0)
  if (parts === null || n === 0) return undefined
  // The pattern allows the six letters of kinds and nothing else.
  return { code: parts[1] ?? '', kind: parts[2] as DocumentKind, fyStartYear: 2000 + Number(parts[3]), n }
}

/** True for a code that may begin bill numbers. */
export function isSeriesCode(code: string): boolean {
  return /^[A-Z][A-Z0-9]{0,5}$/.test(code)
}

/** True for a number that rule 46(b) and the e-invoice portal both take, ours or another system's. */
export function isDocumentNumber(text: string): boolean {
  return /^[A-Za-z1-9][A-Za-z0-9/-]{0,15}$/.test(text)
}
