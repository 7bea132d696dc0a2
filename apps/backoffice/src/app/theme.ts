import { createTheme } from '@mantine/core'

/** One quiet neutral palette and one accent; text 16 px, targets large enough for a thumb. */
export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 9, dark: 4 },
  defaultRadius: 'md',
  fontFamily: "system-ui, 'Noto Sans', 'Noto Sans Devanagari', sans-serif",
  respectReducedMotion: true,
  autoContrast: true,
})
