/** Mutations of what holds when calls, windows and processes meet in another order than usual; as in `mutations.mjs`. */
export const ORDER_MUTATIONS = [
  {
    name: 'register counts from when its coroutine gets a thread',
    only: 'of register and cancel the last call counts',
    file: 'BackgroundSyncModule.kt',
    find: 'inOrder(promise) { BackgroundSyncWorker.register(',
    put: 'settle(promise) { BackgroundSyncWorker.register(',
    by: 'tests',
  },
  {
    name: 'cancel counts from when its coroutine gets a thread',
    only: 'of register and cancel the last call counts',
    file: 'BackgroundSyncModule.kt',
    find: 'inOrder(promise) {\n            BackgroundSyncWorker.cancel(',
    put: 'settle(promise) {\n            BackgroundSyncWorker.cancel(',
    by: 'tests',
  },
  {
    name: 'scheduleNext counts from when its coroutine gets a thread',
    only: 'of two scheduleNext the last call counts',
    file: 'BackgroundSyncModule.kt',
    find: 'inOrder(promise) { (runtime.schedulerOf(task).scheduleAt',
    put: 'settle(promise) { (runtime.schedulerOf(task).scheduleAt',
    by: 'tests',
  },
  {
    name: 'the lock of the schedule is given in no order',
    only: 'of two scheduleNext the last call counts',
    file: 'SyncScheduler.kt',
    find: 'scope.async(start = CoroutineStart.UNDISPATCHED) {',
    put: 'scope.async(start = CoroutineStart.DEFAULT) {',
    by: 'tests',
  },
  {
    name: 'register switches on once the killed run is told',
    only: 'of register and cancel the last call counts.*killed run',
    file: 'BackgroundSyncWorker.kt',
    find: `            if (switchOn) runtime.gate.ledger.switchOn(task, true)
            runtime.runner.closeKilledRun()`,
    put: `            runtime.runner.closeKilledRun()
            if (switchOn) runtime.gate.ledger.switchOn(task, true)`,
    by: 'tests',
  },
  {
    name: 'register arms what was switched off before its turn',
    only: 'of register and cancel the last call counts.*killed run',
    file: 'SyncScheduler.kt',
    find: 'if (requests.isSwitchedOff) return@guarded else find()',
    put: 'find()',
    by: 'tests',
  },
];
