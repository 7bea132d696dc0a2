import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useWords } from '../words/use-words.ts'
import { MoonIcon, SunIcon } from './icons.tsx'

/** Light or dark; what the machine prefers until somebody chooses. */
export function ColorSwitch() {
  const i18n = useWords()
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const label =
    scheme === 'light'
      ? i18n._('colors.dark', {}, { message: 'Switch to dark colours' })
      : i18n._('colors.light', {}, { message: 'Switch to light colours' })
  return (
    <ActionIcon
      variant="subtle"
      size={36}
      aria-label={label}
      title={label}
      onClick={() => setColorScheme(scheme === 'light' ? 'dark' : 'light')}
    >
      {scheme === 'light' ? <MoonIcon /> : <SunIcon />}
    </ActionIcon>
  )
}
