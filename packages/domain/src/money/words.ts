import { invariant } from '../invariant.ts'

type Words = {
  small: readonly string[]
  hundred: string
  thousand: string
  lakh: string
  crore: string
  rupees: string
  and: string
  paise: string
  only: string
}

/**
 * An amount in words as bills print it, in lakh and crore:
 * `Rupees One Lakh Twenty-Three Thousand Four Hundred Fifty Only`.
 *
 * @param amountMinor paise, not negative
 */
export function amountInWords(amountMinor: number, language: 'en' | 'hi'): string {
  invariant(Number.isSafeInteger(amountMinor) && amountMinor >= 0, 'an amount in words is not negative')
  const words = language === 'hi' ? HINDI : ENGLISH
  const paise = amountMinor % 100
  const rupees = `${words.rupees} ${numberInWords((amountMinor - paise) / 100, words)}`
  if (paise === 0) return `${rupees} ${words.only}`
  return `${rupees} ${words.and} ${numberInWords(paise, words)} ${words.paise} ${words.only}`
}

function numberInWords(number: number, words: Words): string {
  if (number < 100) return words.small[number] ?? ''
  // Crores have no greater unit above them: 1,00,000 crore is said as a lakh crore.
  const [size, name] =
    number >= 10_000_000
      ? [10_000_000, words.crore]
      : number >= 100_000
        ? [100_000, words.lakh]
        : number >= 1000
          ? [1000, words.thousand]
          : [100, words.hundred]
  const rest = number % size
  const head = `${numberInWords((number - rest) / size, words)} ${name}`
  return rest === 0 ? head : `${head} ${numberInWords(rest, words)}`
}

const UNITS =
  'Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Sixteen Seventeen Eighteen Nineteen'.split(
    ' ',
  )
const TENS = 'Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety'.split(' ')

const ENGLISH: Words = {
  small: [...UNITS, ...TENS.flatMap((ten) => [ten, ...UNITS.slice(1, 10).map((unit) => `${ten}-${unit}`)])],
  hundred: 'Hundred',
  thousand: 'Thousand',
  lakh: 'Lakh',
  crore: 'Crore',
  rupees: 'Rupees',
  and: 'and',
  paise: 'Paise',
  only: 'Only',
}

/** Hindi has its own word for every number below a hundred. */
const HINDI: Words = {
  small: [
    'शून्य एक दो तीन चार पाँच छह सात आठ नौ',
    'दस ग्यारह बारह तेरह चौदह पंद्रह सोलह सत्रह अठारह उन्नीस',
    'बीस इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस',
    'तीस इकतीस बत्तीस तैंतीस चौंतीस पैंतीस छत्तीस सैंतीस अड़तीस उनतालीस',
    'चालीस इकतालीस बयालीस तैंतालीस चौवालीस पैंतालीस छियालीस सैंतालीस अड़तालीस उनचास',
    'पचास इक्यावन बावन तिरेपन चौवन पचपन छप्पन सत्तावन अट्ठावन उनसठ',
    'साठ इकसठ बासठ तिरेसठ चौंसठ पैंसठ छियासठ सड़सठ अड़सठ उनहत्तर',
    'सत्तर इकहत्तर बहत्तर तिहत्तर चौहत्तर पचहत्तर छिहत्तर सतहत्तर अठहत्तर उनासी',
    'अस्सी इक्यासी बयासी तिरासी चौरासी पचासी छियासी सत्तासी अट्ठासी नवासी',
    'नब्बे इक्यानवे बानवे तिरानवे चौरानवे पंचानवे छियानवे सत्तानवे अट्ठानवे निन्यानवे',
  ].flatMap((decade) => decade.split(' ')),
  hundred: 'सौ',
  thousand: 'हज़ार',
  lakh: 'लाख',
  crore: 'करोड़',
  rupees: 'रुपये',
  and: 'और',
  paise: 'पैसे',
  only: 'मात्र',
}
