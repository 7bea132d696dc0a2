import {
  Button,
  Chip,
  Grid,
  Group,
  MultiSelect,
  NativeSelect,
  Radio,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core'
import { useState } from 'react'
import { Section } from '../../app/section.tsx'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { useWords } from '../../words/use-words.ts'
import type { FieldProps } from './field-props.ts'
import type { OfferFormState, OfferValues } from './offer-values.ts'
import { weekdayName } from './offer-words.ts'
import type { Goods } from './use-goods-names.ts'

type Props = { form: OfferFormState; field: FieldProps }

/** When an offer is on, in the stores' time. */
export function CalendarFields({ form, field }: Props) {
  const i18n = useWords()
  const half = { base: 12, xs: 6, md: 3 }
  const days = i18n._('offer.weekdays', {}, { message: 'Days of the week' })
  return (
    <Section title={i18n._('offer.when', {}, { message: 'When' })}>
      <Grid>
        <Grid.Col span={half}>
          <TextInput
            type="date"
            label={i18n._('price.from', {}, { message: 'First day' })}
            description={
              form.values.firstDay === '' && i18n._('price.since-ever', {}, { message: 'Since ever' })
            }
            {...field('firstDay')}
          />
        </Grid.Col>
        <Grid.Col span={half}>
          <TextInput
            type="time"
            label={i18n._('offer.first-time', {}, { message: 'Begins at' })}
            {...field('firstTime')}
          />
        </Grid.Col>
        <Grid.Col span={half}>
          <TextInput
            type="date"
            label={i18n._('price.until', {}, { message: 'Last day' })}
            description={
              form.values.lastDay === '' && i18n._('offer.endless', {}, { message: 'Without an end' })
            }
            {...field('lastDay')}
          />
        </Grid.Col>
        <Grid.Col span={half}>
          <TextInput
            type="time"
            label={i18n._('offer.last-time', {}, { message: 'Ends at' })}
            description={i18n._('offer.last-time-hint', {}, { message: 'Empty: when the day is over.' })}
            {...field('lastTime')}
          />
        </Grid.Col>
        <Grid.Col span={12}>
          <Stack gap={6}>
            <Text fz="sm" fw={500} id="offer-weekdays">
              {days}
            </Text>
            <Chip.Group
              multiple
              value={form.values.weekdays}
              onChange={(weekdays) => form.setFieldValue('weekdays', weekdays)}
            >
              <Group gap={6} role="group" aria-labelledby="offer-weekdays">
                {[1, 2, 3, 4, 5, 6, 7].map((weekday) => (
                  <Chip key={weekday} value={String(weekday)}>
                    {weekdayName(i18n, weekday, 'short')}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
            <Text fz="sm" c="dimmed">
              {i18n._('offer.weekdays-hint', {}, { message: 'None chosen: every day.' })}
            </Text>
          </Stack>
        </Grid.Col>
        <Grid.Col span={half}>
          <TextInput
            type="time"
            label={i18n._('offer.hour-from', {}, { message: 'Each day from' })}
            {...field('hourFrom')}
          />
        </Grid.Col>
        <Grid.Col span={half}>
          <TextInput
            type="time"
            label={i18n._('offer.hour-until', {}, { message: 'Each day to' })}
            {...field('hourUntil')}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Text fz="sm" c="dimmed" mt={{ base: 0, md: 28 }}>
            {isOverMidnight(form.values)
              ? i18n._(
                  'offer.over-midnight',
                  {},
                  { message: 'Over midnight: the hours belong to the day on which they begin.' },
                )
              : i18n._('offer.hours-hint', {}, { message: 'Empty: all day.' })}
          </Text>
        </Grid.Col>
      </Grid>
    </Section>
  )
}

function isOverMidnight({ hourFrom, hourUntil }: OfferValues): boolean {
  return hourFrom !== '' && hourUntil !== '' && hourUntil !== '00:00' && hourUntil <= hourFrom
}

/** Where an offer is on, and for whom. */
export function PlaceFields({ form, field, goods }: Props & { goods: Goods }) {
  const i18n = useWords()
  const stores = useStores()
  return (
    <Section title={i18n._('offer.where', {}, { message: 'Where and for whom' })}>
      <Grid>
        <Grid.Col span={{ base: 12, sm: 6 }}>
          <Switch
            mb="xs"
            label={i18n._('offer.every-store', {}, { message: 'In every store' })}
            {...field('everyStore', { type: 'checkbox' })}
          />
          {!form.values.everyStore && (
            <MultiSelect
              label={i18n._('staff.stores', {}, { message: 'Stores' })}
              data={storeOptions(stores)}
              searchable
              hidePickedOptions
              limit={50}
              {...field('storeIds')}
            />
          )}
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 6 }}>
          <NativeSelect
            label={i18n._('offer.audience', {}, { message: 'For' })}
            data={[
              { value: '', label: i18n._('offer.for-anyone', {}, { message: 'everyone' }) },
              { value: 'tier', label: i18n._('offer.for-tier', {}, { message: 'customers of a tier' }) },
              { value: 'staff', label: i18n._('offer.for-staff', {}, { message: 'staff' }) },
              {
                value: 'first-purchase',
                label: i18n._('offer.for-first', {}, { message: 'a first purchase' }),
              },
            ]}
            {...field('audience')}
          />
          {form.values.audience === 'tier' && (
            <TagsInput
              mt="xs"
              label={i18n._('offer.tiers', {}, { message: 'Tiers' })}
              description={i18n._(
                'offer.tiers-hint',
                {},
                { message: 'Choose, or type one and press Enter.' },
              )}
              data={[...goods.tiers]}
              {...field('tiers')}
            />
          )}
        </Grid.Col>
      </Grid>
    </Section>
  )
}

/** How often an offer is given, and how it gets on with others. */
export function LimitFields({ form, field }: Props) {
  const i18n = useWords()
  const { perBill, perCustomer, total, budget, combinable, priority } = form.values
  const [open, setOpen] = useState(
    combinable || priority !== '0' || [perBill, perCustomer, total, budget].some((text) => text !== ''),
  )
  const title = i18n._('offer.limits', {}, { message: 'Limits, and other offers' })
  const half = { base: 12, xs: 6, md: 3 }
  if (!open) {
    return (
      <Section
        title={title}
        actions={
          <Button variant="default" onClick={() => setOpen(true)}>
            {i18n._('offer.set-limits', {}, { message: 'Set limits' })}
          </Button>
        }
      >
        <Text c="dimmed">
          {i18n._(
            'offer.no-limits',
            {},
            { message: 'As often as it fits, and never together with another offer on the same piece.' },
          )}
        </Text>
      </Section>
    )
  }
  return (
    <Section title={title}>
      <Grid>
        <Grid.Col span={half}>
          <TextInput
            label={i18n._('offer.per-bill', {}, { message: 'Times on a bill' })}
            inputMode="numeric"
            {...field('perBill')}
          />
        </Grid.Col>
        <Grid.Col span={half}>
          <TextInput
            label={i18n._('offer.per-customer', {}, { message: 'Times for a customer' })}
            inputMode="numeric"
            {...field('perCustomer')}
          />
        </Grid.Col>
        <Grid.Col span={half}>
          <TextInput
            label={i18n._('offer.total', {}, { message: 'Times in all' })}
            inputMode="numeric"
            {...field('total')}
          />
        </Grid.Col>
        <Grid.Col span={half}>
          <TextInput
            label={i18n._('offer.budget', {}, { message: 'Budget' })}
            leftSection="₹"
            inputMode="decimal"
            {...field('budget')}
          />
        </Grid.Col>
        <Grid.Col span={12}>
          <Text fz="sm" c="dimmed">
            {i18n._(
              'offer.limits-hint',
              {},
              {
                message:
                  'Tills that are offline count what they know; what goes beyond a limit or the budget then is reported.',
              },
            )}
          </Text>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Radio.Group
            label={i18n._('offer.together', {}, { message: 'With other offers on the same goods or bill' })}
            value={combinable ? 'yes' : 'no'}
            onChange={(value) => form.setFieldValue('combinable', value === 'yes')}
          >
            <Stack gap={6} mt={4}>
              <Radio
                value="no"
                label={i18n._('offer.alone', {}, { message: 'Alone: the customer gets the better one' })}
              />
              <Radio
                value="yes"
                label={i18n._(
                  'offer.combinable',
                  {},
                  { message: 'Together with others that may be combined too' },
                )}
              />
            </Stack>
          </Radio.Group>
        </Grid.Col>
        <Grid.Col span={half}>
          <TextInput
            label={i18n._('offer.priority', {}, { message: 'Priority' })}
            description={i18n._(
              'offer.priority-hint',
              {},
              { message: 'Higher goes first where rules leave a choice.' },
            )}
            {...field('priority')}
          />
        </Grid.Col>
      </Grid>
    </Section>
  )
}
