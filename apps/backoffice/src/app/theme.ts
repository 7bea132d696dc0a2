import { type CSSVariablesResolver, createTheme } from '@mantine/core'

/** One quiet neutral palette and one accent. */
export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 9, dark: 4 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: "system-ui, 'Noto Sans', 'Noto Sans Devanagari', sans-serif",
  headings: { fontWeight: '650' },
  respectReducedMotion: true,
  autoContrast: true,
})

/** Mantine's quiet texts and its red miss a contrast of 4.5 to 1; these keep it. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#566069',
    '--mantine-color-placeholder': '#6b747c',
    '--mantine-color-error': '#c02525',
    '--office-ground': '#f6f7f8',
    '--office-line': '#dfe3e7',
    '--office-good': '#0b6e4f',
    '--office-warn': '#8a5300',
    '--office-bad': '#b3261e',
  },
  dark: {
    '--mantine-color-dimmed': '#a9b1b8',
    '--mantine-color-placeholder': '#8d959c',
    '--mantine-color-error': '#ff8f87',
    '--office-ground': '#1b1d1f',
    '--office-line': '#3a3f44',
    '--office-good': '#5fd6a6',
    '--office-warn': '#f0b45a',
    '--office-bad': '#ff8f87',
  },
})
