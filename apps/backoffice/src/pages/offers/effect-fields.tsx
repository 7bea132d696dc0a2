import { Button, Checkbox, Grid, NativeSelect, Stack, TextInput } from '@mantine/core'
import { PlusIcon } from '../../app/icons.tsx'
import { Section } from '../../app/section.tsx'
import { useWords } from '../../words/use-words.ts'
import type { FieldProps } from './field-props.ts'
import {
  emptySelector,
  emptyStep,
  emptyTier,
  type OfferFormState,
  type ReductionValues,
  selectorCount,
} from './offer-values.ts'
import { partTitle } from './offer-words.ts'
import { ProductPicker } from './product-picker.tsx'
import { SelectorEditor } from './selector-editor.tsx'
import type { Goods } from './use-goods-names.ts'

type Props = { form: OfferFormState; field: FieldProps; goods: Goods }

/** What an offer of the chosen kind needs to know: its goods and its figures. */
export function EffectFields({ form, field, goods }: Props) {
  const i18n = useWords()
  const { effect, selectors } = form.values
  const wanted = selectorCount(effect)
  const shown = selectors.slice(0, wanted ?? selectors.length)
  const terms = <Terms form={form} field={field} goods={goods} />
  return (
    <Section title={i18n._('offer.terms', {}, { message: 'Terms' })}>
      <Stack gap="md">
        {shown.map((selector, at) => (
          <SelectorEditor
            key={selector.key}
            form={form}
            field={field}
            goods={goods}
            at={at}
            title={partTitle(i18n, effect, at)}
            onRemove={
              wanted === undefined && selectors.length > 2
                ? () => form.removeListItem('selectors', at)
                : undefined
            }
          />
        ))}
        {wanted === undefined && (
          <Button
            variant="default"
            leftSection={<PlusIcon />}
            w="fit-content"
            disabled={selectors.length >= 20}
            onClick={() => form.insertListItem('selectors', emptySelector())}
          >
            {i18n._('offer.add-part', {}, { message: 'Add a part' })}
          </Button>
        )}
        {terms}
      </Stack>
    </Section>
  )
}

function Terms({ form, field, goods }: Props) {
  const i18n = useWords()
  const { values } = form
  const half = { base: 12, xs: 6, md: 4 }
  const minimum = (
    <Grid.Col span={half}>
      <TextInput
        label={i18n._('offer.minimum', {}, { message: 'From a bill of' })}
        description={i18n._('offer.minimum-hint', {}, { message: 'Empty: any bill.' })}
        leftSection="₹"
        inputMode="decimal"
        {...field('minimum')}
      />
    </Grid.Col>
  )
  const percent = (
    <Grid.Col span={half}>
      <TextInput
        label={i18n._('offer.get-percent', {}, { message: 'Off these' })}
        description={i18n._('offer.get-percent-hint', {}, { message: '100 is free.' })}
        rightSection="%"
        inputMode="decimal"
        {...field('getPercent')}
      />
    </Grid.Col>
  )
  switch (values.effect) {
    case 'unit-off':
      return (
        <Grid>
          <Reduction form={form} field={field} place="off" reduction={values.off} capped={false} />
          <Grid.Col span={half}>
            <TextInput
              label={i18n._('offer.minimum-units', {}, { message: 'Once so many are on the bill' })}
              description={i18n._('offer.minimum-units-hint', {}, { message: 'Empty: from the first on.' })}
              inputMode="numeric"
              {...field('minimumUnits')}
            />
          </Grid.Col>
        </Grid>
      )
    case 'buy-get':
    case 'buy-other':
      return (
        <Grid>
          <Grid.Col span={half}>
            <TextInput
              label={i18n._('offer.buy', {}, { message: 'Buy' })}
              description={i18n._('offer.buy-hint', {}, { message: 'Pieces at full price.' })}
              inputMode="numeric"
              {...field('buy')}
            />
          </Grid.Col>
          <Grid.Col span={half}>
            <TextInput
              label={i18n._('offer.get', {}, { message: 'Get' })}
              description={i18n._('offer.get-hint', {}, { message: 'Pieces that are cheaper.' })}
              inputMode="numeric"
              {...field('get')}
            />
          </Grid.Col>
          {percent}
        </Grid>
      )
    case 'bundle':
      return (
        <Grid>
          <Grid.Col span={half}>
            <TextInput
              label={i18n._('offer.bundle-price', {}, { message: 'All together for' })}
              leftSection="₹"
              inputMode="decimal"
              {...field('bundlePrice')}
            />
          </Grid.Col>
        </Grid>
      )
    case 'complimentary':
      return null
    case 'percent-off-bill':
      return (
        <Grid>
          <Grid.Col span={half}>
            <TextInput
              label={i18n._('offer.percent', {}, { message: 'Percentage off' })}
              rightSection="%"
              inputMode="decimal"
              {...field('off.percent')}
            />
          </Grid.Col>
          {minimum}
        </Grid>
      )
    case 'coupon':
      return (
        <Stack gap="sm">
          <Grid>
            <Reduction form={form} field={field} place="off" reduction={values.off} capped />
            {minimum}
          </Grid>
          <Code form={form} field={field} />
          <Checkbox
            label={i18n._('offer.on-gifts', {}, { message: 'Also on goods that are taken as a gift' })}
            {...field('onGifts', { type: 'checkbox' })}
          />
        </Stack>
      )
    case 'gift':
      return (
        <Grid>
          <Grid.Col span={half}>
            <TextInput
              label={i18n._('offer.gift-from', {}, { message: 'Once these come to' })}
              leftSection="₹"
              inputMode="decimal"
              {...field('giftFrom')}
            />
          </Grid.Col>
          <Grid.Col span={half}>
            <TextInput
              label={i18n._('offer.gift-price', {}, { message: 'A gift costs' })}
              description={i18n._('offer.gift-price-hint', {}, { message: 'Empty or 0: nothing.' })}
              leftSection="₹"
              inputMode="decimal"
              {...field('giftPrice')}
            />
          </Grid.Col>
          <Grid.Col span={12}>
            <Gifts form={form} field={field} goods={goods} />
          </Grid.Col>
        </Grid>
      )
    case 'threshold':
      return <Thresholds form={form} field={field} />
    case 'markdown':
      return <Markdowns form={form} field={field} />
  }
}

function Gifts({ form, field, goods }: Props) {
  const i18n = useWords()
  const { value, onChange, ...rest } = field('gifts')
  return (
    <ProductPicker
      {...rest}
      label={i18n._('offer.gifts', {}, { message: 'Gifts, one of which may be taken' })}
      value={form.values.gifts}
      onChange={(next) => onChange(next)}
      goods={goods}
    />
  )
}

type ReductionProps = Omit<Props, 'goods'> & {
  /** The form's member that holds it. */
  place: string
  reduction: ReductionValues
  /** A percentage may have a most. */
  capped: boolean
}

/** A percentage or an amount off. */
function Reduction({ field, place, reduction, capped }: ReductionProps) {
  const i18n = useWords()
  const half = { base: 12, xs: 6, md: 4 }
  return (
    <>
      <Grid.Col span={half}>
        <NativeSelect
          label={i18n._('offer.off-kind', {}, { message: 'Takes off' })}
          data={[
            { value: 'percent', label: i18n._('offer.off-percent', {}, { message: 'a percentage' }) },
            { value: 'amount', label: i18n._('offer.off-amount', {}, { message: 'an amount' }) },
          ]}
          {...field(`${place}.kind`)}
        />
      </Grid.Col>
      <Grid.Col span={half}>
        {reduction.kind === 'percent' ? (
          <TextInput
            label={i18n._('offer.percent', {}, { message: 'Percentage off' })}
            rightSection="%"
            inputMode="decimal"
            {...field(`${place}.percent`)}
          />
        ) : (
          <TextInput
            label={i18n._('offer.amount', {}, { message: 'Amount off' })}
            leftSection="₹"
            inputMode="decimal"
            {...field(`${place}.amount`)}
          />
        )}
      </Grid.Col>
      {capped && reduction.kind === 'percent' && (
        <Grid.Col span={half}>
          <TextInput
            label={i18n._('offer.cap', {}, { message: 'At most' })}
            description={i18n._('offer.cap-hint', {}, { message: 'Empty: without a most.' })}
            leftSection="₹"
            inputMode="decimal"
            {...field(`${place}.cap`)}
          />
        </Grid.Col>
      )}
    </>
  )
}

function Code({ form, field }: Omit<Props, 'goods'>) {
  const i18n = useWords()
  const isPublic = form.values.codeKind === 'public'
  const half = { base: 12, xs: 6, md: 4 }
  return (
    <Grid>
      <Grid.Col span={half}>
        <NativeSelect
          label={i18n._('offer.code-kind', {}, { message: 'Codes' })}
          data={[
            { value: 'public', label: i18n._('offer.code-public', {}, { message: 'one for everybody' }) },
            { value: 'series', label: i18n._('offer.code-series', {}, { message: 'one for each customer' }) },
          ]}
          {...field('codeKind')}
        />
      </Grid.Col>
      <Grid.Col span={half}>
        <TextInput
          label={
            isPublic
              ? i18n._('offer.code', {}, { message: 'Code' })
              : i18n._('offer.prefix', {}, { message: 'Codes begin with' })
          }
          maxLength={isPublic ? 40 : 20}
          autoCapitalize="characters"
          spellCheck={false}
          {...field('code')}
        />
      </Grid.Col>
      {!isPublic && (
        <Grid.Col span={half}>
          <TextInput
            label={i18n._('offer.code-length', {}, { message: 'Characters of a code' })}
            description={i18n._(
              'offer.code-length-hint',
              {},
              { message: 'Beginning included. The codes are made under Coupons.' },
            )}
            inputMode="numeric"
            {...field('codeLength')}
          />
        </Grid.Col>
      )}
    </Grid>
  )
}

function Thresholds({ form, field }: Omit<Props, 'goods'>) {
  const i18n = useWords()
  const { thresholds } = form.values
  return (
    <Stack gap="sm">
      <NativeSelect
        label={i18n._('offer.threshold-on', {}, { message: 'Comes off' })}
        maw={320}
        data={[
          { value: 'bill', label: i18n._('offer.on-bill', {}, { message: 'the whole bill' }) },
          { value: 'selector', label: i18n._('offer.on-goods', {}, { message: 'these goods' }) },
        ]}
        {...field('thresholdOn')}
      />
      {thresholds.map((tier, at) => (
        <fieldset key={tier.key} className="row">
          <legend>{i18n._('offer.step-n', { n: at + 1 }, { message: 'Step {n}' })}</legend>
          <Grid>
            <Grid.Col span={{ base: 12, xs: 6, md: 4 }}>
              <TextInput
                label={i18n._('offer.tier-from', {}, { message: 'Once they come to' })}
                leftSection="₹"
                inputMode="decimal"
                {...field(`thresholds.${at}.from`)}
              />
            </Grid.Col>
            <Reduction form={form} field={field} place={`thresholds.${at}`} reduction={tier} capped />
            <RemoveRow
              at={at}
              shown={thresholds.length > 1}
              onRemove={() => form.removeListItem('thresholds', at)}
            />
          </Grid>
        </fieldset>
      ))}
      <Button
        variant="default"
        leftSection={<PlusIcon />}
        w="fit-content"
        disabled={thresholds.length >= 50}
        onClick={() => form.insertListItem('thresholds', emptyTier())}
      >
        {i18n._('offer.add-step', {}, { message: 'Add a step' })}
      </Button>
    </Stack>
  )
}

function Markdowns({ form, field }: Omit<Props, 'goods'>) {
  const i18n = useWords()
  const { markdowns } = form.values
  return (
    <Stack gap="sm">
      {markdowns.map((step, at) => (
        <fieldset key={step.key} className="row">
          <legend>{i18n._('offer.step-n', { n: at + 1 }, { message: 'Step {n}' })}</legend>
          <Grid>
            <Grid.Col span={{ base: 12, xs: 6, md: 4 }}>
              <TextInput
                label={i18n._('offer.step-days', {}, { message: 'In the last days of a batch' })}
                inputMode="numeric"
                {...field(`markdowns.${at}.days`)}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 12, xs: 6, md: 4 }}>
              <TextInput
                label={i18n._('offer.percent', {}, { message: 'Percentage off' })}
                rightSection="%"
                inputMode="decimal"
                {...field(`markdowns.${at}.percent`)}
              />
            </Grid.Col>
            <RemoveRow
              at={at}
              shown={markdowns.length > 1}
              onRemove={() => form.removeListItem('markdowns', at)}
            />
          </Grid>
        </fieldset>
      ))}
      <Button
        variant="default"
        leftSection={<PlusIcon />}
        w="fit-content"
        disabled={markdowns.length >= 50}
        onClick={() => form.insertListItem('markdowns', emptyStep())}
      >
        {i18n._('offer.add-step', {}, { message: 'Add a step' })}
      </Button>
    </Stack>
  )
}

function RemoveRow({ at, shown, onRemove }: { at: number; shown: boolean; onRemove: () => void }) {
  const i18n = useWords()
  if (!shown) return null
  return (
    <Grid.Col span="content">
      <Button
        variant="subtle"
        mt={{ base: 0, md: 25 }}
        onClick={onRemove}
        aria-label={i18n._('offer.remove-step', { n: at + 1 }, { message: 'Take out step {n}' })}
      >
        {i18n._('action.remove', {}, { message: 'Take out' })}
      </Button>
    </Grid.Col>
  )
}
