const steps = [
  { minor: 1_000_000_000, sign: 'Cr' },
  { minor: 10_000_000, sign: 'L' },
  { minor: 100_000, sign: 'K' },
] as const

/** An amount at a glance, as axes and tiles show it: `₹1.2 L`, `₹45 K`, `₹900`; crore, lakh, thousand. */
export function compactRupees(minor: number): string {
  const sign = minor < 0 ? '-' : ''
  const amount = Math.abs(minor)
  const step = steps.find((one) => amount >= one.minor)
  if (step === undefined) return `${sign}₹${Math.round(amount / 100)}`
  const units = amount / step.minor
  const digits = units < 10 ? Math.round(units * 10) / 10 : Math.round(units)
  return `${sign}₹${digits} ${step.sign}`
}

/** Change against a former amount in whole per cent; undefined where there was nothing. */
export function changePercent(now: number, before: number): number | undefined {
  return before === 0 ? undefined : Math.round(((now - before) / Math.abs(before)) * 100)
}
