import { isGtin } from '@nexus/domain'

/** Seven modules of a digit on the left, odd parity (ISO/IEC 15420, set A). */
const setA = [
  '0001101',
  '0011001',
  '0010011',
  '0111101',
  '0100011',
  '0110001',
  '0101111',
  '0111011',
  '0110111',
  '0001011',
] as const
/** Which of the six left digits take set B (1), by the leading digit, which has no bars of its own. */
const parities = [
  '000000',
  '001011',
  '001101',
  '001110',
  '010011',
  '011001',
  '011100',
  '010101',
  '010110',
  '011010',
] as const
const guard = '101'
const centre = '01010'

/** True for what an EAN-13 symbol can carry: 13 digits with the right check digit. */
export function isEan13(code: string): boolean {
  return code.length === 13 && isGtin(code)
}

/**
 * The 95 modules of an EAN-13 symbol, `1` for a bar, without quiet zones. Throws for anything that
 * `isEan13` does not take: a label that does not scan must not be printed.
 */
export function ean13Modules(code: string): string {
  if (!isEan13(code)) throw new Error(`${code} is no EAN-13`)
  const [leading = 0, ...digits] = [...code].map(Number)
  const parity = parities[leading] ?? ''
  const left = digits.slice(0, 6).map((digit, at) => (parity[at] === '1' ? setB(digit) : (setA[digit] ?? '')))
  return [guard, ...left, centre, ...digits.slice(6).map(setC), guard].join('')
}

/** Right side: set A with bars and spaces exchanged. */
function setC(digit: number): string {
  return [...(setA[digit] ?? '')].map((module) => (module === '1' ? '0' : '1')).join('')
}

/** Even parity: set C read from the other end. */
function setB(digit: number): string {
  return [...setC(digit)].reverse().join('')
}
