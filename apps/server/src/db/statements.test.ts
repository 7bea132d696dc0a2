import { expect, test } from 'vitest'
import { statementsOf } from './statements.ts'

test('statements end at semicolons, but not at those in texts, names and comments', () => {
  const text = `-- one; two
CREATE TABLE a (b TEXT DEFAULT 'x;''y' /* ; */ ); -- after; this
INSERT INTO \`a;b\` VALUES ("c;d");
;
`
  expect(statementsOf(text)).toEqual([
    `CREATE TABLE a (b TEXT DEFAULT 'x;''y'   )`,
    'INSERT INTO `a;b` VALUES ("c;d")',
  ])
})
