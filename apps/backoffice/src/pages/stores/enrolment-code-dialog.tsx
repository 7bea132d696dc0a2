import { Alert, Button, Center, CopyButton, Group, Stack, Text } from '@mantine/core'
import { createEnrolmentCode, type Register } from '@nexus/contract'
import { useMutation } from '@tanstack/react-query'
import { ask } from '../../app/api.ts'
import { Dialog } from '../../app/dialog.tsx'
import { QrCode } from '../../app/qr-code.tsx'
import { moment } from '../../phrases/figures.ts'
import { problemWords } from '../../phrases/problem-words.ts'
import { useWords } from '../../words/use-words.ts'

type Props = { register: Register; onClose: () => void }

/** Makes a one-time code that enrols a device as this register, and shows it to be typed or scanned. */
export function EnrolmentCodeDialog({ register, onClose }: Props) {
  const i18n = useWords()
  const code = useMutation({
    mutationFn: () => ask(createEnrolmentCode, { params: { registerId: register.id } }),
  })
  return (
    <Dialog
      opened
      onClose={onClose}
      size="lg"
      title={i18n._('register.enrol-name', { name: register.name }, { message: 'Enrolment code for {name}' })}
    >
      <Stack>
        {code.error && (
          <Alert role="alert" color="red" variant="outline">
            {problemWords(i18n, code.error)}
          </Alert>
        )}
        {code.data ? (
          <>
            <Text>
              {i18n._(
                'enrolment.how',
                {},
                {
                  message:
                    'Open the till on the device and type this code, or scan the square with its camera.',
                },
              )}
            </Text>
            <Text
              className="enrolment-code"
              aria-label={i18n._('enrolment.code', {}, { message: 'Code' })}
              role="img"
            >
              {code.data.code}
            </Text>
            <Center>
              <QrCode
                text={code.data.url}
                label={i18n._('enrolment.qr', {}, { message: 'QR code of the till with this code' })}
              />
            </Center>
            <Text c="dimmed" ta="center">
              {i18n._(
                'enrolment.expires',
                { at: moment(code.data.expiresAt) },
                {
                  message: 'For one device, until {at}. A new code ends this one.',
                },
              )}
            </Text>
            <Group justify="center">
              <CopyButton value={code.data.url}>
                {({ copied, copy }) => (
                  <Button variant="default" onClick={copy}>
                    {copied
                      ? i18n._('action.copied', {}, { message: 'Copied' })
                      : i18n._('enrolment.copy', {}, { message: 'Copy the address' })}
                  </Button>
                )}
              </CopyButton>
              <Button onClick={onClose}>{i18n._('action.close', {}, { message: 'Close' })}</Button>
            </Group>
          </>
        ) : (
          <>
            <Text>
              {register.enrolled
                ? i18n._(
                    'enrolment.replaces',
                    {},
                    {
                      message:
                        'This register has a device already. Enrolling another one takes its place; bills that only the old one holds must be sent first.',
                    },
                  )
                : i18n._(
                    'enrolment.makes',
                    {},
                    {
                      message: 'The code enrols one device as this register and is valid for a short time.',
                    },
                  )}
            </Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {i18n._('action.cancel', {}, { message: 'Cancel' })}
              </Button>
              <Button onClick={() => code.mutate()} loading={code.isPending} data-autofocus>
                {i18n._('enrolment.make', {}, { message: 'Make a code' })}
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Dialog>
  )
}
