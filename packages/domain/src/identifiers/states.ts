type State = {
  name: string
  /** First three digits of its PIN codes, as ranges. Some are shared by neighbours. */
  pins: readonly (readonly [number, number])[]
}

/** States and Union Territories by the GST portal's two digits. */
const STATES: ReadonlyMap<string, State> = new Map([
  ['01', { name: 'Jammu and Kashmir', pins: [[180, 194]] }],
  ['02', { name: 'Himachal Pradesh', pins: [[171, 177]] }],
  ['03', { name: 'Punjab', pins: [[140, 160]] }],
  [
    '04',
    {
      name: 'Chandigarh',
      pins: [
        [140, 140],
        [160, 160],
      ],
    },
  ],
  ['05', { name: 'Uttarakhand', pins: [[244, 263]] }],
  ['06', { name: 'Haryana', pins: [[121, 136]] }],
  ['07', { name: 'Delhi', pins: [[110, 110]] }],
  ['08', { name: 'Rajasthan', pins: [[301, 345]] }],
  ['09', { name: 'Uttar Pradesh', pins: [[201, 285]] }],
  ['10', { name: 'Bihar', pins: [[800, 855]] }],
  ['11', { name: 'Sikkim', pins: [[737, 737]] }],
  ['12', { name: 'Arunachal Pradesh', pins: [[790, 792]] }],
  ['13', { name: 'Nagaland', pins: [[797, 798]] }],
  ['14', { name: 'Manipur', pins: [[795, 795]] }],
  ['15', { name: 'Mizoram', pins: [[796, 796]] }],
  ['16', { name: 'Tripura', pins: [[799, 799]] }],
  ['17', { name: 'Meghalaya', pins: [[793, 794]] }],
  ['18', { name: 'Assam', pins: [[781, 788]] }],
  ['19', { name: 'West Bengal', pins: [[700, 743]] }],
  ['20', { name: 'Jharkhand', pins: [[813, 835]] }],
  ['21', { name: 'Odisha', pins: [[751, 770]] }],
  ['22', { name: 'Chhattisgarh', pins: [[490, 497]] }],
  ['23', { name: 'Madhya Pradesh', pins: [[450, 488]] }],
  ['24', { name: 'Gujarat', pins: [[360, 396]] }],
  [
    '26',
    {
      name: 'Dadra and Nagar Haveli and Daman and Diu',
      pins: [
        [362, 362],
        [396, 396],
      ],
    },
  ],
  ['27', { name: 'Maharashtra', pins: [[400, 445]] }],
  ['29', { name: 'Karnataka', pins: [[560, 591]] }],
  ['30', { name: 'Goa', pins: [[403, 403]] }],
  ['31', { name: 'Lakshadweep', pins: [[682, 682]] }],
  ['32', { name: 'Kerala', pins: [[670, 695]] }],
  ['33', { name: 'Tamil Nadu', pins: [[600, 643]] }],
  [
    '34',
    {
      name: 'Puducherry',
      pins: [
        [533, 533],
        [605, 605],
        [607, 607],
        [609, 609],
        [673, 673],
      ],
    },
  ],
  ['35', { name: 'Andaman and Nicobar Islands', pins: [[744, 744]] }],
  ['36', { name: 'Telangana', pins: [[500, 509]] }],
  ['37', { name: 'Andhra Pradesh', pins: [[507, 535]] }],
  ['38', { name: 'Ladakh', pins: [[194, 194]] }],
  // Territorial waters and whatever belongs to no State: no post is delivered there.
  ['97', { name: 'Other Territory', pins: [] }],
])

/** The name of a State by its GST code; undefined for a code that does not exist. */
export function stateName(stateCode: string): string | undefined {
  return STATES.get(stateCode)?.name
}

/** All GST codes of States and Union Territories, ascending. */
export function stateCodes(): string[] {
  return [...STATES.keys()]
}

/** True for the form of a PIN code: six digits, the first not zero. */
export function isPin(text: string): boolean {
  return /^[1-9][0-9]{5}$/.test(text)
}

/** Whether a PIN code lies in a State, as far as its first three digits tell: a hint, never a refusal. */
export function pinMatchesState(pin: string, stateCode: string): boolean {
  if (!isPin(pin)) return false
  const area = Number(pin.slice(0, 3))
  return STATES.get(stateCode)?.pins.some(([first, last]) => area >= first && area <= last) ?? false
}
