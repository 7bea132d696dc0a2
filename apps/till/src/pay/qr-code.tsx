import { useMemo } from 'react'
import { encode } from 'uqr'

type Props = { content: string; label: string }

/** A QR as one path. Always dark on white: phones read it in the dark theme too. */
export function QrCode({ content, label }: Props) {
  const { size, path } = useMemo(() => pathOf(content), [content])
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}

function pathOf(content: string): { size: number; path: string } {
  const { size, data } = encode(content, { ecc: 'M', border: 3 })
  let path = ''
  data.forEach((cells, y) => {
    cells.forEach((dark, x) => {
      if (dark) path += `M${x} ${y}h1v1h-1z`
    })
  })
  return { size, path }
}
