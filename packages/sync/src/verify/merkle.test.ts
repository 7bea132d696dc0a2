import { expect, test } from 'vitest'
import { toBase64Url } from '../canonical/base64url.ts'
import { nodeSha256 } from '../testing/memory-ports.ts'
import { leafHash, merkleTree, rootOfPath } from './merkle.ts'

const hex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))

/** The eight leaves with which implementations of RFC 6962 check each other, and their root. */
const inputs = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const rootOfEight = '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'
const rootOfThree = 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'
const leaves = inputs.map((input) => leafHash(hex(input), nodeSha256))

test('[JRN-17c] the tree is that of RFC 6962', () => {
  expect(merkleTree(leaves, nodeSha256).root).toBe(toBase64Url(hex(rootOfEight)))
  expect(merkleTree(leaves.slice(0, 3), nodeSha256).root).toBe(toBase64Url(hex(rootOfThree)))
  expect(merkleTree([], nodeSha256).root).toBe(toBase64Url(nodeSha256(new Uint8Array())))
})

test('[JRN-17c] every path of every size leads to the root, and from its own place only', () => {
  for (let count = 1; count <= leaves.length; count++) {
    const tree = merkleTree(leaves.slice(0, count), nodeSha256)
    for (let index = 0; index < count; index++) {
      const hash = leaves[index] ?? ''
      const path = tree.path(index)
      expect(rootOfPath({ hash, index, count, path }, nodeSha256)).toBe(tree.root)
      expect(rootOfPath({ hash, index, count, path: [...path, hash] }, nodeSha256)).not.toBe(tree.root)
      expect(rootOfPath({ hash, index, count, path: path.slice(1) }, nodeSha256)).not.toBe(
        path.length === 0 ? undefined : tree.root,
      )
      for (let other = 0; other <= count; other++) {
        if (other === index) continue
        expect(rootOfPath({ hash, index: other, count, path }, nodeSha256)).not.toBe(tree.root)
      }
    }
  }
})
