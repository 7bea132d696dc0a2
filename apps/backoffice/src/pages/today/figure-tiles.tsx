import { SimpleGrid, Text } from '@mantine/core'
import { localDate, localTime } from '@nexus/domain'
import { TileLink } from '../../app/links.tsx'
import { changePercent } from '../../phrases/compact-rupees.ts'
import { countText, wholeRupees } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import { finishedHours } from './finished-hours.ts'
import type { Scope, Today } from './today.ts'

type Props = { today: Today; scope: Scope }

/** The figures of the day; each opens into the bills behind it. */
export function FigureTiles({ today, scope }: Props) {
  const i18n = useWords()
  const { figures, lastWeek } = today
  // Half a day against a whole one would look like a disaster every morning.
  const runs = today.day === localDate(today.asOf)
  const tiles = [
    { title: i18n._('today.sold', {}, { message: 'Sold' }), text: wholeRupees, name: 'soldMinor' },
    { title: i18n._('today.bills', {}, { message: 'Bills' }), text: countText, name: 'bills' },
    {
      title: i18n._('today.average', {}, { message: 'Average bill' }),
      text: wholeRupees,
      name: 'averageMinor',
    },
    { title: i18n._('today.units', {}, { message: 'Units' }), text: countText, name: 'units' },
    {
      title: i18n._('today.discount', {}, { message: 'Discount' }),
      text: wholeRupees,
      name: 'discountMinor',
    },
    { title: i18n._('today.tax', {}, { message: 'Tax' }), text: wholeRupees, name: 'taxMinor' },
  ] as const
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm">
      {tiles.map(({ title, text, name }) => (
        <TileLink key={name} to="/bills" search={scope}>
          <Text fz="sm" c="dimmed">
            {title}
          </Text>
          <Text className="figure">{text(figures[name])}</Text>
          {runs ? (
            <Text fz="sm" c="dimmed">
              {name === 'soldMinor' && <SoFar today={today} />}
              {i18n._(
                'today.whole-day',
                { figure: text(lastWeek[name]) },
                { message: 'a week ago, whole day: {figure}' },
              )}
            </Text>
          ) : (
            <Change now={figures[name]} before={lastWeek[name]} beforeText={text(lastWeek[name])} />
          )}
        </TileLink>
      ))}
    </SimpleGrid>
  )
}

/** What was sold in the hours that are over, beside the same hours a week before. */
function SoFar({ today }: { today: Today }) {
  const i18n = useWords()
  const time = `${localTime(today.asOf).slice(0, 2)}:00`
  const { soldMinor, lastWeekMinor } = finishedHours(today.hours, Number(time.slice(0, 2)))
  const percent = changePercent(soldMinor, lastWeekMinor)
  if (percent === undefined) return null
  return (
    <>
      <Percent percent={percent} />
      {percent !== 0 && <br />}
      {i18n._(
        'today.by-time',
        { time, figure: wholeRupees(lastWeekMinor) },
        { message: 'a week ago by {time}: {figure}' },
      )}
      <br />
    </>
  )
}

function Percent({ percent }: { percent: number }) {
  const i18n = useWords()
  if (percent === 0) return null
  return (
    <span className={percent > 0 ? 'good' : 'bad'}>
      {percent > 0
        ? i18n._('today.more', { percent }, { message: '▲ {percent}% more' })
        : i18n._('today.less', { percent: -percent }, { message: '▼ {percent}% less' })}{' '}
    </span>
  )
}

function Change({ now, before, beforeText }: { now: number; before: number; beforeText: string }) {
  const i18n = useWords()
  const percent = changePercent(now, before)
  return (
    <Text fz="sm" c="dimmed">
      {percent !== undefined && <Percent percent={percent} />}
      <span>{i18n._('today.last-week', { figure: beforeText }, { message: 'a week ago {figure}' })}</span>
    </Text>
  )
}
