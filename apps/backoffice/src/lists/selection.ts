/** Rows of a list that a person has ticked. */
export type Selection = {
  selected: ReadonlySet<string>
  onSelect: (keys: ReadonlySet<string>) => void
  /** What the checkbox of a row is called, e.g. by the row's name. */
  label: (key: string) => string
}
