import type { I18n } from '@lingui/core'
import type { Answer, searchAll } from '@nexus/contract'

export type SearchHit = Answer<typeof searchAll>['hits'][number]

/** The page that a hit opens. A bill's id is its entry's identity and, behind a slash, its document. */
export function targetOf(hit: SearchHit) {
  switch (hit.kind) {
    case 'bill': {
      const [identity = '', document] = hit.id.split('/')
      const params = { identity, document: document === '1' ? 1 : 0 }
      return { to: '/bills/$identity/$document', params } as const
    }
    case 'product':
      return { to: '/products/$productId', params: { productId: Number(hit.id) } } as const
    case 'staff':
      return { to: '/staff/$staffId', params: { staffId: hit.id } } as const
    case 'store':
      return { to: '/stores/$storeId', params: { storeId: hit.id } } as const
  }
}

/** What a hit is. */
export function hitKindWords(i18n: I18n, kind: SearchHit['kind']): string {
  switch (kind) {
    case 'bill':
      return i18n._('hit.bill', {}, { message: 'Bill' })
    case 'product':
      return i18n._('hit.product', {}, { message: 'Product' })
    case 'staff':
      return i18n._('hit.staff', {}, { message: 'Person' })
    case 'store':
      return i18n._('hit.store', {}, { message: 'Store' })
  }
}
