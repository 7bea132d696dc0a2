import { SimpleGrid, Text } from '@mantine/core'
import { TileLink } from '../../app/links.tsx'
import { Section } from '../../app/section.tsx'
import { countText } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import type { Today } from './today.ts'

type Props = { attention: Today['attention']; store: string | undefined }

/** What waits for a person; what does not is left out. */
export function Attention({ attention, store }: Props) {
  const i18n = useWords()
  const of = store === undefined ? {} : { store }
  const tiles = [
    {
      count: attention.quietRegisters,
      title: i18n._('attention.quiet', {}, { message: 'Tills that do not report' }),
      target: { to: '/stores' },
    },
    {
      count: attention.quarantined,
      title: i18n._('attention.quarantined', {}, { message: 'Entries in quarantine' }),
      target: { to: '/incidents/quarantine', search: of },
    },
    {
      count: attention.forked,
      title: i18n._('attention.forked', {}, { message: 'Forked entries' }),
      target: { to: '/incidents/forks', search: of },
    },
    {
      count: attention.discrepancies,
      title: i18n._('attention.discrepancies', {}, { message: 'Discrepancies' }),
      target: { to: '/incidents/discrepancies', search: of },
    },
    {
      count: attention.incidents,
      title: i18n._('attention.incidents', {}, { message: 'Incidents' }),
      target: { to: '/incidents', search: of },
    },
  ] as const
  const waiting = tiles.filter((tile) => tile.count > 0)
  return (
    <Section title={i18n._('attention.title', {}, { message: 'To look at' })}>
      {waiting.length === 0 ? (
        <Text c="dimmed">{i18n._('attention.none', {}, { message: '✓ Nothing waits for you.' })}</Text>
      ) : (
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 5 }} spacing="sm">
          {waiting.map((tile) => (
            <TileLink key={tile.title} {...tile.target}>
              <Text className="figure bad">{countText(tile.count)}</Text>
              <Text fz="sm">{tile.title}</Text>
            </TileLink>
          ))}
        </SimpleGrid>
      )}
    </Section>
  )
}
