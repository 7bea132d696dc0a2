import { useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { DataTable } from '../../app/data-table.tsx'
import { compactRupees } from '../../phrases/compact-rupees.ts'
import { countText, wholeRupees } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import { shownHours } from './shown-hours.ts'
import type { Today } from './today.ts'

const height = 260

/** Takings by hour: today as bars, the same weekday a week before as a line, and both as a table. */
export function HoursChart({ hours }: { hours: Today['hours'] }) {
  const i18n = useWords()
  const shown = shownHours(hours)
  const hour = i18n._('chart.hour', {}, { message: 'Hour' })
  const today = i18n._('chart.today', {}, { message: 'This day' })
  const lastWeek = i18n._('chart.last-week', {}, { message: 'A week before' })
  return (
    <>
      <Plot hours={shown} today={today} lastWeek={lastWeek} hour={hour} />
      <details>
        <summary>{i18n._('chart.table', {}, { message: 'The same as a table' })}</summary>
        <DataTable
          label={i18n._('today.by-hour', {}, { message: 'Takings by hour' })}
          head={[
            { title: hour },
            { title: today, numeric: true },
            { title: lastWeek, numeric: true },
            { title: i18n._('today.bills', {}, { message: 'Bills' }), numeric: true },
          ]}
          rows={shown.map((row) => ({
            key: String(row.hour),
            cells: [
              hourText(row.hour),
              wholeRupees(row.soldMinor),
              wholeRupees(row.lastWeekMinor),
              countText(row.bills),
            ],
          }))}
        />
      </details>
    </>
  )
}

type PlotProps = { hours: Today['hours']; today: string; lastWeek: string; hour: string }

function Plot({ hours, today, lastWeek, hour }: PlotProps) {
  const i18n = useWords()
  const { ref, width } = useElementSize()
  const box = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('light')
  useEffect(() => {
    const target = box.current
    if (!target || width === 0) return
    const colour = (name: string) => getComputedStyle(target).getPropertyValue(name).trim()
    const plot = new uPlot(
      optionsOf({ width, today, lastWeek, hour, colour, dark: scheme === 'dark' }),
      dataOf(hours),
      target,
    )
    return () => plot.destroy()
  }, [hours, width, scheme, today, lastWeek, hour])
  const best = hours.reduce((one, other) => (other.soldMinor > one.soldMinor ? other : one))
  return (
    <div ref={ref}>
      <div
        ref={box}
        role="img"
        style={{ minHeight: height }}
        aria-label={i18n._(
          'chart.label',
          { hour: hourText(best.hour), sold: wholeRupees(best.soldMinor) },
          {
            message: 'Takings by hour. The best hour so far began at {hour} with {sold}.',
          },
        )}
      />
    </div>
  )
}

function dataOf(hours: Today['hours']): uPlot.AlignedData {
  return [
    hours.map((row) => row.hour),
    hours.map((row) => row.soldMinor),
    hours.map((row) => row.lastWeekMinor),
  ]
}

type Look = {
  width: number
  today: string
  lastWeek: string
  hour: string
  colour: (name: string) => string
  dark: boolean
}

function optionsOf({ width, today, lastWeek, hour, colour, dark }: Look): uPlot.Options {
  const bars = uPlot.paths.bars?.({ size: [0.6, 48], radius: 0.1 })
  const text = colour('--mantine-color-text')
  const line = colour('--office-line')
  const axis = { stroke: text, grid: { stroke: line, width: 1 }, ticks: { stroke: line } }
  const accent = colour(dark ? '--mantine-color-teal-4' : '--mantine-color-teal-7')
  return {
    width,
    height,
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: (_, min, max) => [min - 0.6, max + 0.6] },
      y: { range: (_, __, max) => [0, Math.max(max, 100_00) * 1.1] },
    },
    axes: [
      { ...axis, grid: { show: false }, incrs: [1, 2, 3, 6], values: (_, ticks) => ticks.map(hourText) },
      { ...axis, size: 64, values: (_, ticks) => ticks.map(compactRupees) },
    ],
    series: [
      { label: hour, value: (_, at) => (at === null ? '–' : hourText(at)) },
      {
        label: today,
        fill: accent,
        stroke: accent,
        points: { show: false },
        value: (_, minor) => (minor === null ? '–' : wholeRupees(minor)),
        ...(bars && { paths: bars }),
      },
      {
        label: lastWeek,
        stroke: text,
        width: 2,
        dash: [6, 4],
        points: { show: true, size: 6 },
        value: (_, minor) => (minor === null ? '–' : wholeRupees(minor)),
      },
    ],
  }
}

function hourText(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`
}
