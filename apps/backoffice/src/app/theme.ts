import {
  Anchor,
  Autocomplete,
  Badge,
  type CSSVariablesResolver,
  createTheme,
  Input,
  MultiSelect,
  Select,
} from '@mantine/core'

/**
 * Choices open beside their input, inside the page's landmarks, and the list itself scrolls: screen
 * readers and keyboards reach them so.
 */
const choices = {
  withScrollArea: false,
  comboboxProps: { withinPortal: false },
  styles: { options: { maxHeight: 260, overflowY: 'auto' } },
} as const

/** One quiet neutral palette and one accent. */
export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: 9,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: "system-ui, 'Noto Sans', 'Noto Sans Devanagari', sans-serif",
  headings: { fontWeight: '650' },
  respectReducedMotion: true,
  autoContrast: true,
  components: {
    // A link is as large as the text around it.
    Anchor: Anchor.extend({ defaultProps: { inherit: true } }),
    Autocomplete: Autocomplete.extend({ defaultProps: choices }),
    MultiSelect: MultiSelect.extend({ defaultProps: choices }),
    Select: Select.extend({ defaultProps: choices }),
    Badge: Badge.extend({ defaultProps: { tt: 'none' } }),
    // Inputs of one row stand in one line, whether they are explained or not.
    InputWrapper: Input.Wrapper.extend({
      defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] },
    }),
  },
})

/** Grounds under white text. */
const filled = {
  '--mantine-color-teal-filled-hover': '#066b4c',
  '--mantine-color-orange-filled': '#b33c0b',
  '--mantine-color-orange-filled-hover': '#983208',
}

/** Mantine's quiet texts and its red miss a contrast of 4.5 to 1; these keep it. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...filled,
    '--mantine-color-dimmed': '#566069',
    '--mantine-color-placeholder': '#6b747c',
    '--mantine-color-error': '#c02525',
    '--mantine-color-teal-light-color': '#05604a',
    '--mantine-color-orange-outline': '#9a3a06',
    '--office-ground': '#f6f7f8',
    '--office-line': '#dfe3e7',
    '--office-chosen': '#e6ebee',
    '--office-good': '#0b6e4f',
    '--office-warn': '#8a5300',
    '--office-bad': '#b3261e',
  },
  dark: {
    ...filled,
    '--mantine-color-dimmed': '#a9b1b8',
    '--mantine-color-placeholder': '#8d959c',
    '--mantine-color-error': '#ff8f87',
    '--office-ground': '#1b1d1f',
    '--office-line': '#3a3f44',
    '--office-chosen': '#33393e',
    '--office-good': '#5fd6a6',
    '--office-warn': '#f0b45a',
    '--office-bad': '#ff8f87',
  },
})
