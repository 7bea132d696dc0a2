import { Alert, Button, Group, NumberInput, Stack, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { getStore, listStores, putRegister, type Register, type Store } from '@nexus/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, keyOf } from '../../app/api.ts'
import { Dialog } from '../../app/dialog.tsx'
import { newId } from '../../app/new-id.ts'
import { fieldErrors } from '../../forms/field-errors.ts'
import { focusFault } from '../../forms/focus-fault.ts'
import { problemWords } from '../../phrases/problem-words.ts'
import { useWords } from '../../words/use-words.ts'

type Props = { store: Store; register: Register | undefined; onClose: () => void }

/** Adds or changes a register. */
export function RegisterDialog({ store, register, onClose }: Props) {
  const i18n = useWords()
  const queries = useQueryClient()
  const [registerId] = useState(() => register?.id ?? newId())
  const next = Math.max(0, ...store.registers.map((one) => one.number)) + 1
  const form = useForm({
    mode: 'controlled',
    initialValues: {
      number: register?.number ?? next,
      name:
        register?.name ?? i18n._('register.usual-name', { number: next }, { message: 'Register {number}' }),
      active: register?.active ?? true,
    },
    validate: {
      name: (name) => (name.trim() === '' ? i18n._('form.required', {}, { message: 'Fill this in.' }) : null),
      number: (number) =>
        Number.isInteger(number) && number >= 1 && number <= 99
          ? null
          : i18n._('register.number-fault', {}, { message: 'A number from 1 to 99.' }),
    },
  })
  const save = useMutation({
    mutationFn: () =>
      ask(putRegister, {
        params: { registerId },
        body: { ...form.values, name: form.values.name.trim(), storeId: store.id },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: keyOf(getStore, { params: { storeId: store.id } }) })
      void queries.invalidateQueries({ queryKey: keyOf(listStores) })
      onClose()
    },
    onError: (error) => {
      const faults = fieldErrors(i18n, error)
      form.setErrors(faults)
      focusFault(form, faults)
    },
  })
  return (
    <Dialog
      opened
      onClose={onClose}
      title={
        register
          ? i18n._('register.edit-name', { name: register.name }, { message: 'Change {name}' })
          : i18n._('registers.add', {}, { message: 'Add register' })
      }
    >
      <form
        onSubmit={form.onSubmit(
          () => save.mutate(),
          (faults) => focusFault(form, faults),
        )}
        noValidate
      >
        <Stack>
          {save.error && (
            <Alert role="alert" color="red" variant="outline">
              {problemWords(i18n, save.error)}
            </Alert>
          )}
          <NumberInput
            label={i18n._('register.number-label', {}, { message: 'Number in the store' })}
            min={1}
            max={99}
            allowDecimal={false}
            hideControls
            {...form.getInputProps('number')}
          />
          <TextInput
            label={i18n._('store.name', {}, { message: 'Name' })}
            maxLength={80}
            data-autofocus
            {...form.getInputProps('name')}
          />
          <Switch
            label={i18n._('register.active', {}, { message: 'In use' })}
            {...form.getInputProps('active', { type: 'checkbox' })}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {i18n._('action.cancel', {}, { message: 'Cancel' })}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {i18n._('action.save', {}, { message: 'Save' })}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
