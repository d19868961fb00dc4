// Prints texts that may be dates, each with what this engine's Date makes of it, as JSON: `["2020-1-2",1577941200000]`.
(function () {
  'use strict';
  let seed = 12345;
  const pick = (list) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return list[Math.floor((seed / 2147483648) * list.length)];
  };
  const zones = [
    '',
    '',
    'Z',
    'z',
    ' Z',
    '+01:00',
    '+0100',
    '-05:30',
    '+01',
    '+1:00',
    ' +01:00',
  ].concat(
    [
      ' GMT',
      ' UTC',
      'GMT+0100',
      ' GMT+0100 (CET)',
      ' EST',
      '+24:00',
      ' EST+0100',
      ' GMT-0700 (PDT',
    ],
    ['  +0100', 'PDT', '-0700 (a) b', ' A', 'AB', '+010', ' ', 'GMTx', ' GMT+0100 (CET) '],
  );
  const iso = () => {
    const separator = pick(['-', '-', '-', '/', '.', '']);
    const month = pick(['01', '1', '12', '13', '00', 'Jan', '3000000000']);
    const day = pick(['02', '2', '31', '32', '00']);
    const time =
      pick(['T', ' ', '', 't', '  ', ', ']) +
      pick(['10', '9', '24', '00']) +
      pick([
        ':30',
        ':5',
        ':30:15',
        ':30:15.5',
        ':30:15.123',
        ':30:15.123456',
        ':30:60',
        ':61',
        '',
        ' AM',
      ]) +
      pick(zones);
    const year = pick(['2020', '1999', '20', '+002020', '-000001', '12020', '300000', ' 2020']);
    const date = pick([year, year + separator + month, year + separator + month + separator + day]);
    return pick([date, date + time, date + time]);
  };
  const words = () => {
    const month = pick(['Jan', 'January', 'jan', 'Dec', 'Foo']);
    const day = pick(['01', '1', '31', '32']);
    const dates = [
      `${month} ${day}`,
      `${day} ${month}`,
      `${day}-${month}`,
      `${month}-${day}`,
    ].concat(
      [`${month} ${day},`, `${day} -${month}`, `${day}- ${month}`, `${day},${month}`, month + day],
      [
        day + month,
        `${month}.${day}`,
        `${day}--${month}`,
        ` ${month}  ${day}`,
        `of ${month} ${day}`,
      ],
      [
        `${day}-${month}-`,
        `${month}-${day}-`,
        `${day} ${month}-`,
        `${month} -${day}`,
        `${day}th ${month}`,
      ],
      [
        `${month}- ${day}`,
        `a-${month} ${day}`,
        `(${day}) ${month}`,
        `at ${day} ${month}`,
        `${month} ${day} 2019`,
      ],
    );
    const times = [
      '10:30:15',
      '10:30',
      '9:5:1',
      '',
      ' 10:30:15.5',
      '10:30:15 PM',
      '10:30:',
      '10::1',
      '10',
      'x',
    ];
    const weekday = pick(['Mon', 'Monday', 'Wed', 'wed', 'Xyz', '']);
    const year = pick(['2020', '2020', '1999', '99', '-2020', 'x', '3000000000']);
    return (
      weekday +
      pick([', ', ' ', ',']) +
      pick(dates) +
      pick([' ', '']) +
      year +
      pick([' ', '  ']) +
      pick(times) +
      pick(zones)
    );
  };
  const named = [
    'Jan 1, 2020',
    '2020/01/01',
    '01/02/2020',
    '1/2/2020, 10:00:00 AM',
    '20200101T100000Z',
    '',
    ' ',
    'now',
  ].concat([
    new Date(1577836800000).toString(),
    new Date(1577836800000).toUTCString(),
    new Date(0).toISOString(),
  ]);
  const texts = named.concat(
    Array.from({ length: 4000 }, iso),
    Array.from({ length: 8000 }, words),
  );
  for (const text of texts) globalThis.print(JSON.stringify([text, new Date(text).getTime()]));
})();
