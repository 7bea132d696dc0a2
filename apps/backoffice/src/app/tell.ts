import type { I18n } from '@lingui/core'
import { notifications } from '@mantine/notifications'

/** Says in a corner that something was done. */
export function tell(i18n: I18n, message: string): void {
  notifications.show({
    color: 'teal',
    message,
    closeButtonProps: { 'aria-label': i18n._('action.close', {}, { message: 'Close' }) },
  })
}
