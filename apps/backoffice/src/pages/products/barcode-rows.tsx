import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { randomId } from '@mantine/hooks'
import { normaliseGtin } from '@nexus/domain'
import { PlusIcon } from '../../app/icons.tsx'
import { Section } from '../../app/section.tsx'
import { useWords } from '../../words/use-words.ts'
import type { ProductFormState } from './product-values.ts'

type Props = { form: ProductFormState; internalCode: string | undefined }

/** Codes by which the product scans; the check digit is looked at while somebody types. */
export function BarcodeRows({ form, internalCode }: Props) {
  const i18n = useWords()
  return (
    <Section
      title={i18n._('product.barcodes', {}, { message: 'Barcodes' })}
      actions={
        <Button
          variant="default"
          leftSection={<PlusIcon />}
          onClick={() => form.insertListItem('barcodes', { key: randomId(), text: '' })}
        >
          {i18n._('product.add-barcode', {}, { message: 'Add barcode' })}
        </Button>
      }
    >
      <Stack gap="sm">
        {form.values.barcodes.map((row, place) => (
          <Group key={row.key} gap="xs" align="flex-start">
            <TextInput
              label={i18n._('product.barcode-n', { n: place + 1 }, { message: 'Barcode {n}' })}
              description={
                normaliseGtin(row.text) === undefined
                  ? undefined
                  : i18n._('barcode.right', {}, { message: '✓ The check digit is right' })
              }
              inputMode="numeric"
              maxLength={48}
              spellCheck={false}
              w={260}
              {...form.getInputProps(`barcodes.${place}.text`)}
            />
            <Button
              variant="subtle"
              mt={25}
              onClick={() => form.removeListItem('barcodes', place)}
              aria-label={i18n._(
                'product.remove-barcode',
                { code: row.text },
                { message: 'Take out barcode {code}' },
              )}
            >
              {i18n._('action.remove', {}, { message: 'Take out' })}
            </Button>
          </Group>
        ))}
        <Text fz="sm" c="dimmed">
          {internalCode === undefined
            ? i18n._(
                'product.internal-later',
                {},
                {
                  message: 'Without a barcode, the product gets an internal code for its labels.',
                },
              )
            : i18n._(
                'product.internal',
                { code: internalCode },
                {
                  message: 'The internal code {code} scans as well, for ever.',
                },
              )}
        </Text>
      </Stack>
    </Section>
  )
}
