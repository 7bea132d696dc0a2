import type { Label } from '@nexus/contract'
import { formatRupees, internalCode } from '@nexus/domain'
import { memo } from 'react'
import { useWords } from '../../words/use-words.ts'
import { ean13Modules, isEan13 } from './ean13.ts'

/** One label of 40 × 25 mm, black on white. */
export const LabelView = memo(function LabelView({ label }: { label: Label }) {
  const i18n = useWords()
  // Other symbols than EAN-13 fall back on the product's own code, by which tills know it as well.
  const code = isEan13(label.barcode) ? label.barcode : internalCode(label.productId)
  const price = label.priceMinor !== label.mrpMinor ? label.priceMinor : null
  return (
    <div className="label">
      <div className="label-name">
        {label.brand !== '' && <b>{label.brand} </b>}
        {label.name}
      </div>
      <Bars code={code} />
      <div className="label-digits">{code}</div>
      <div className="label-foot">
        {label.mrpMinor !== null && (
          <span>
            {i18n._(
              'label.mrp',
              { mrp: formatRupees(label.mrpMinor) },
              { message: 'MRP {mrp} incl. of all taxes' },
            )}
          </span>
        )}
        {price !== null && (
          <b>
            {i18n._(
              'label.price',
              { price: formatRupees(price), unit: label.uqc },
              { message: 'Price {price}/{unit}' },
            )}
          </b>
        )}
        {price === null && label.mrpMinor !== null && <span>{label.uqc}</span>}
      </div>
    </div>
  )
})

/** Quiet zones of an EAN-13: 11 modules before, 7 behind. */
const [before, behind] = [11, 7]

function Bars({ code }: { code: string }) {
  const modules = ean13Modules(code)
  const bars = [...modules.matchAll(/1+/g)].map(
    (run) => `M${before + run.index} 0h${run[0].length}v40h-${run[0].length}z`,
  )
  return (
    <svg
      viewBox={`0 0 ${before + modules.length + behind} 40`}
      preserveAspectRatio="none"
      className="label-bars"
      shapeRendering="crispEdges"
      aria-hidden="true"
    >
      <path d={bars.join('')} fill="#000" />
    </svg>
  )
}
