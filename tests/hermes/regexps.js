// Prints regular expressions, each with whether this engine takes it, as JSON: `["a","v",false]`.
(function () {
  'use strict';
  const patterns = [
    ...['a', '(?:a)', '(a)', '(?=a)', '(?!a)', '(?<=a)b', '(?<!a)b', '(?<=a)(?<!b)c'],
    ...[
      '(?i:a)',
      '(?-i:a)',
      '(?ims:a)',
      '(?i-s:a)',
      'x(?m:^a)',
      '\\(?i:a',
      '[(?i:a)]',
      '\\[(?i:a)',
    ],
    ...[
      '(?<a>x)|(?<a>y)',
      '(?<a>x)(?<b>y)',
      '(?<a>x)\\k<a>',
      '(?<a>x)|[(?<a>y)]',
      '\\(?<a>x|(?<a>y)',
    ],
    ...['(?<aa>x)|(?<a>y)', '[\\](?i:a)]', '[[](?<a>x)', '\\\\(?s:.)', '(?<$a>x)|(?<$a>y)'],
  ];
  for (const pattern of patterns)
    for (const flags of ['', 'i', 'u', 'd', 'gimsuy', 'v', 'iv']) {
      let isTaken = true;
      try {
        new RegExp(pattern, flags);
      } catch {
        isTaken = false;
      }
      globalThis.print(JSON.stringify([pattern, flags, isTaken]));
    }
})();
