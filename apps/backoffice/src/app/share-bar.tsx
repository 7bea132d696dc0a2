import type { ReactNode } from 'react'

type Props = { of: number; part: number; children: ReactNode }

/** A figure with a bar as long as its share; the figure says it, the bar shows it. */
export function ShareBar({ of, part, children }: Props) {
  const share = of > 0 ? Math.max(0, Math.min(100, (part / of) * 100)) : 0
  return (
    <span className="share">
      <span className="share-bar" style={{ width: `${share}%` }} aria-hidden="true" />
      <span>{children}</span>
    </span>
  )
}
