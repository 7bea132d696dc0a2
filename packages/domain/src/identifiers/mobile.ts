/**
 * An Indian mobile number in the one form that is stored, `+919876543210`; undefined for anything
 * else. Takes blanks, hyphens, a leading 0, 91 or +91.
 */
export function normaliseMobile(text: string): string | undefined {
  const parts = /^(?:\+?91|0)?([6-9][0-9]{9})$/.exec(text.replace(/[\s-]/g, ''))
  return parts === null ? undefined : `+91${parts[1]}`
}
