/** The part of a form's state that finds the input of a field. */
type Inputs = { getInputNode: (field: string) => HTMLElement | null }

/**
 * Leads to the first wrong field, in the order in which fields stand on the page, so that nobody wonders
 * why nothing was saved. Called with the faults that kept a form from being sent.
 */
export function focusFault(form: Inputs, faults: Record<string, unknown>): void {
  const [first] = Object.keys(faults)
    .map((field) => form.getInputNode(field))
    .filter((node) => node !== null)
    .toSorted((one, other) =>
      one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
    )
  first?.focus()
}
