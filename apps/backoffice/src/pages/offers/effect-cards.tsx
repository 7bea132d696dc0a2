import { Button, Group, Radio, SimpleGrid, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Section } from '../../app/section.tsx'
import { useWords } from '../../words/use-words.ts'
import { type EffectName, effects } from './offer-values.ts'
import { effectExample, effectName } from './offer-words.ts'

type Props = {
  effect: EffectName
  /** A new offer is asked for its kind first; a stored one shows what it is. */
  startsOpen: boolean
  onChange: (effect: EffectName) => void
}

/** What kind of offer it is, by a sentence that such offers say. */
export function EffectCards({ effect, startsOpen, onChange }: Props) {
  const i18n = useWords()
  const [open, setOpen] = useState(startsOpen)
  const title = i18n._('offer.kind', {}, { message: 'What it gives' })
  if (!open) {
    return (
      <Section
        title={title}
        actions={
          <Button variant="default" onClick={() => setOpen(true)}>
            {i18n._('offer.other-kind', {}, { message: 'Choose another kind' })}
          </Button>
        }
      >
        <Text>
          <Text span fw={600}>
            {effectName(i18n, effect)}
          </Text>
          {' · '}
          <Text span c="dimmed">
            {effectExample(i18n, effect)}
          </Text>
        </Text>
      </Section>
    )
  }
  return (
    <Section title={title}>
      <Radio.Group
        value={effect}
        label={title}
        labelProps={{ className: 'visually-hidden' }}
        onChange={(value) => {
          const chosen = effects.find((name) => name === value)
          if (chosen !== undefined) onChange(chosen)
        }}
      >
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
          {effects.map((name) => (
            <Radio.Card key={name} value={name} p="sm" className="effect-card">
              <Group wrap="nowrap" align="flex-start" gap="sm">
                <Radio.Indicator />
                <Stack gap={0}>
                  <Text fw={600}>{effectName(i18n, name)}</Text>
                  <Text fz="sm" c="dimmed">
                    {effectExample(i18n, name)}
                  </Text>
                </Stack>
              </Group>
            </Radio.Card>
          ))}
        </SimpleGrid>
      </Radio.Group>
    </Section>
  )
}
