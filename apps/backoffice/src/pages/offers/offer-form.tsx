import { Stack, TextInput } from '@mantine/core'
import { Section } from '../../app/section.tsx'
import { useWords } from '../../words/use-words.ts'
import { EffectCards } from './effect-cards.tsx'
import { EffectFields } from './effect-fields.tsx'
import { fieldProps } from './field-props.ts'
import { type OfferFormState, withSelectors } from './offer-values.ts'
import { CalendarFields, LimitFields, PlaceFields } from './rules-fields.tsx'
import type { Goods } from './use-goods-names.ts'

type Props = {
  form: OfferFormState
  goods: Goods
  /** What fields still lack, told at them. */
  hints: Readonly<Record<string, string>>
  /** A new offer is asked for its kind first. */
  isNew: boolean
  /** A published offer never changes, and not everybody may change drafts. */
  readOnly: boolean
}

/** Fields of an offer, new or stored, in the order in which people speak of it. */
export function OfferForm({ form, goods, hints, isNew, readOnly }: Props) {
  const i18n = useWords()
  const field = fieldProps(form, hints)
  return (
    <fieldset disabled={readOnly} className="bare">
      <Stack gap="md">
        <EffectCards
          effect={form.values.effect}
          startsOpen={isNew}
          onChange={(effect) => form.setValues({ effect, selectors: withSelectors(form.values, effect) })}
        />
        <Section title={i18n._('offer.naming', {}, { message: 'Name' })}>
          <TextInput
            label={i18n._('offer.name', {}, { message: 'Name on the bill' })}
            description={i18n._(
              'offer.name-hint',
              {},
              { message: 'Customers read it under the line, e.g. Any 2 lips: 25% off.' },
            )}
            maxLength={80}
            withAsterisk
            {...field('name')}
          />
        </Section>
        <EffectFields form={form} field={field} goods={goods} />
        <CalendarFields form={form} field={field} />
        <PlaceFields form={form} field={field} goods={goods} />
        <LimitFields form={form} field={field} />
      </Stack>
    </fieldset>
  )
}
