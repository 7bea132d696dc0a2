/** Localities of the demo chain: real places, invented shops. PIN codes belong to the State. */
export type Locality = { name: string; nameHi: string; city: string; pin: string }
export type Region = { id: string; state: string; name: string; localities: readonly Locality[] }

function localities(city: string, rows: string): Locality[] {
  return rows
    .trim()
    .split('\n')
    .map((row) => {
      const [name = '', nameHi = '', pin = ''] = row.split('|').map((cell) => cell.trim())
      return { name, nameHi, city, pin }
    })
}

export const regions: readonly Region[] = [
  {
    id: 'south',
    state: '29',
    name: 'South',
    localities: [
      ...localities(
        'Bengaluru',
        `Koramangala | कोरमंगला | 560034
Indiranagar | इंदिरानगर | 560038
Jayanagar | जयनगर | 560041
Whitefield | व्हाइटफ़ील्ड | 560066
Malleshwaram | मल्लेश्वरम | 560003
HSR Layout | एचएसआर लेआउट | 560102
Electronic City | इलेक्ट्रॉनिक सिटी | 560100
Yelahanka | येलहंका | 560064
Banashankari | बनशंकरी | 560070
Marathahalli | मराठहल्ली | 560037
Rajajinagar | राजाजीनगर | 560010
Basavanagudi | बसवनगुडी | 560004
Hebbal | हेब्बल | 560024
Bellandur | बेलंदूर | 560103
Kalyan Nagar | कल्याण नगर | 560043
Sarjapur Road | सरजापुर रोड | 560035`,
      ),
      ...localities(
        'Mysuru',
        'Saraswathipuram | सरस्वतीपुरम | 570009\nVijayanagar | विजयनगर | 570017\nKuvempunagar | कुवेम्पुनगर | 570023',
      ),
      ...localities('Mangaluru', 'Hampankatta | हम्पनकट्टा | 575001\nBejai | बेजई | 575004'),
      ...localities('Hubballi', 'Vidyanagar | विद्यानगर | 580021\nKeshwapur | केशवापुर | 580023'),
    ],
  },
  {
    id: 'west',
    state: '27',
    name: 'West',
    localities: [
      ...localities(
        'Mumbai',
        `Bandra | बांद्रा | 400050
Andheri | अंधेरी | 400053
Dadar | दादर | 400028
Powai | पवई | 400076
Borivali | बोरीवली | 400092
Malad | मालाड | 400064
Chembur | चेंबूर | 400071
Ghatkopar | घाटकोपर | 400077
Vile Parle | विले पार्ले | 400057
Lower Parel | लोअर परेल | 400013
Mulund | मुलुंड | 400080
Colaba | कोलाबा | 400005`,
      ),
      ...localities(
        'Pune',
        'Kothrud | कोथरूड | 411038\nViman Nagar | विमान नगर | 411014\nHadapsar | हडपसर | 411028\nAundh | औंध | 411007\nBaner | बाणेर | 411045\nCamp | कैंप | 411001',
      ),
      ...localities('Nagpur', 'Dharampeth | धरमपेठ | 440010\nSadar | सदर | 440001'),
      ...localities('Nashik', 'College Road | कॉलेज रोड | 422005\nIndira Nagar | इंदिरा नगर | 422009'),
    ],
  },
  {
    id: 'north',
    state: '07',
    name: 'North',
    localities: localities(
      'New Delhi',
      `Lajpat Nagar | लाजपत नगर | 110024
Karol Bagh | करोल बाग | 110005
Rohini | रोहिणी | 110085
Dwarka | द्वारका | 110075
Saket | साकेत | 110017
Rajouri Garden | राजौरी गार्डन | 110027
Pitampura | पीतमपुरा | 110034
Janakpuri | जनकपुरी | 110058
Connaught Place | कनॉट प्लेस | 110001
Hauz Khas | हौज़ ख़ास | 110016
Vasant Kunj | वसंत कुंज | 110070
Kamla Nagar | कमला नगर | 110007
Laxmi Nagar | लक्ष्मी नगर | 110092
Model Town | मॉडल टाउन | 110009
Greater Kailash | ग्रेटर कैलाश | 110048
Tilak Nagar | तिलक नगर | 110018
Preet Vihar | प्रीत विहार | 110091
Mayur Vihar | मयूर विहार | 110096
Green Park | ग्रीन पार्क | 110015
Nehru Place | नेहरू प्लेस | 110019
Paschim Vihar | पश्चिम विहार | 110063
Shahdara | शाहदरा | 110032`,
    ),
  },
]
