import Foundation

/// What JavaScript asks for. Safe on any thread where it is public to the worker; a run is handed over once.
extension RunCoordinator {
  /// JavaScript has loaded the module. Answers its number.
  func javaScriptDidLoad() -> Int {
    let number = numbers.next()
    queue.async { [self] in
      javaScripts.add(number)
      guard let run = current, run.outcome == nil else { return }
      if run.phase == .waitingForHost {
        run.ledger.start(run)
        waitForJavaScript(run)
      } else if run.phase == .hostStarting {
        run.ledger.write(.hostReady, run)
        waitForJavaScript(run)
      }
    }
    return number
  }

  /// JavaScript is gone, for a reload: its promise leads nowhere, and nobody works in a run that it had.
  func javaScriptDidStop(_ number: Int) {
    queue.async { [self] in
      javaScripts.remove(number)
      ended.forget(javaScript: number)
      for run in parked where run.asker?.javaScript == number {
        parked.removeAll { $0 === run }
        turnAway(run, why: "js-gone", success: false)
      }
      guard let run = current, run.owner == number else { return }
      end(run, run.expiry == nil ? .retry : .expired, why: run.expiry ?? "js-gone")
    }
  }

  /// Stays pending until there is a run for this JavaScript.
  func nextRun(_ number: Int, _ answer: @escaping Answer) {
    queue.async { [self] in
      javaScripts.wait(number, answer)
      giveToWaiting()
    }
  }

  /// Stays pending until a run has ended that JavaScript does not know.
  ///
  /// - Parameter after: the number of the last that it knows
  func endedRun(_ number: Int, after: Int, _ answer: @escaping Answer) {
    queue.async { [self] in ended.next(after: after, javaScript: number, answer) }
  }

  /// Answers whether a JavaScript waits for a run and none is open.
  func isListening(_ answer: @escaping @Sendable (Bool) -> Void) {
    queue.async { [self] in answer(current == nil && javaScripts.isWaiting) }
  }

  /// Stays pending until the window closes (the reason) or the run is complete ("").
  func whenExpired(_ runId: String, _ answer: @escaping Answer) {
    queue.async { [self] in
      guard let run = current, run.id == runId else { return answer("") }
      if run.expiry != nil || run.phase == .ending { return answer(run.expiry ?? "") }
      run.expiryWaiters.append(answer)
    }
  }

  func progress(_ runId: String, done: Int, total: Int) {
    queue.async { [self] in
      guard let run = current, run.id == runId, run.phase == .running else { return }
      let now = clock.now()
      // Also after a clock that went back.
      guard abs(now.timeIntervalSince(run.lastProgress)) >= 1 else { return }
      run.lastProgress = now
      run.ledger.write(.progress, run) {
        $0.n = done
        $0.of = total
      }
    }
  }

  /// JavaScript's answer. Anything but `done` and `retry` counts as `failed`.
  func complete(_ runId: String, outcome: String, remaining: Int, message: String) {
    let outcome = [Outcome.done, .retry].first { $0.rawValue == outcome } ?? .failed
    #if DEBUG
      let message = message
    #else
      let message = ReleaseText.of(message)
    #endif
    queue.async { [self] in
      guard let run = current, run.id == runId, run.outcome == nil,
        run.phase == .running || run.phase == .expiring
      else {
        let remaining = remaining < 0 ? nil : remaining
        return log.write(SyncEvent(ev: .late, run: runId, out: outcome, rem: remaining))
      }
      run.remaining = remaining
      // The window closed meanwhile. What is drained is drained; anything else was cut short.
      let isCut = run.phase == .expiring && !(outcome == .done && remaining == 0)
      end(run, isCut ? .expired : outcome, why: run.expiry, message: message)
    }
  }

  func waitForJavaScript(_ run: SyncRun) {
    run.phase = .javaScriptStarting
    giveUp(run, after: limits.javaScriptSeconds, in: .javaScriptStarting, why: "js-timeout")
    giveToWaiting()
  }

  private func giveToWaiting() {
    guard let run = current, run.outcome == nil, run.phase == .javaScriptStarting else { return }
    guard let (number, answer) = javaScripts.take() else { return }
    give(run, to: number, answer)
  }

  func give(_ run: SyncRun, to javaScript: Int, _ answer: Answer) {
    let isRefresh = run.taskId == BackgroundSyncConfig.refreshTaskId
    let budget = isRefresh ? limits.refreshBudgetSeconds : limits.budgetSeconds
    run.phase = .running
    run.owner = javaScript
    run.deadline = clock.now() + TimeInterval(budget)
    run.ledger.write(.javaScriptStart, run)
    clock.after(budget) { [self] in expire(run, why: "budget") }
    answer(run.json)
  }

  /// The app asks for its next window: inside a run, that holds against the policy of the run.
  func keep(requested: SyncState.Request, of task: SyncTask) {
    queue.async { [self] in
      guard let run = current, run.ledger.task.name == task.name else { return }
      run.requested = requested
      run.ledger.keep(requested, run)
    }
  }
}
