/**
 * As MUTATIONS, of Flutter's scenarios: each must turn its scenario red. What either side gets wrong by itself, its own suite
 * tells; these are of what both must know.
 *
 * @type {{ scenario: string, sides: string[], file: string, name: string, from: string, to: string }[]}
 */
export const DART_MUTATIONS = [
  {
    scenario: 'a whole night',
    sides: ['kotlin'],
    file: 'lib/src/channel.dart',
    name: 'the arguments of complete in another order',
    from: "_tell('complete', [runId, outcome, remaining, message])",
    to: "_tell('complete', [runId, outcome, message, remaining])",
  },
  {
    scenario: 'what the app sets',
    sides: ['kotlin'],
    file: 'BackgroundSyncPlugin.kt',
    name: 'a whole number is always a Long',
    from: '(this[index] as Number).toLong()',
    to: 'this[index] as Long',
  },
  {
    scenario: 'a whole night',
    sides: ['swift'],
    file: 'BackgroundSyncPlugin.swift',
    name: 'the arguments of complete in another order',
    from: 'arguments.text(0), outcome: arguments.text(1), remaining: arguments.number(2),',
    to: 'arguments.text(0), outcome: arguments.text(3), remaining: arguments.number(2),',
  },
  {
    scenario: 'a drain that ignores',
    sides: ['swift'],
    file: 'FlutterHost.swift',
    name: 'the engine stays after its run',
    from: '    engine.destroyContext()\n',
    to: '',
  },
  {
    scenario: 'two syncs',
    sides: ['swift'],
    file: 'RunCoordinator+End.swift',
    name: 'a run that waits is handed to the Dart of the last one',
    from: 'if ownsHost, host.endsWithRun { javaScripts.retire() }',
    to: '',
  },
  {
    scenario: 'two syncs',
    sides: ['swift'],
    file: 'BackgroundSyncPlugin.swift',
    name: 'only the first sync is armed',
    from: 'for ledger in worker.ledgers {',
    to: 'for ledger in worker.ledgers.prefix(1) {',
  },
];
