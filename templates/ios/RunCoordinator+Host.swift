import Foundation

/// How JavaScript comes up for a run.
extension RunCoordinator {
  /// A scene may have connected since, or the app may have handed its factory over.
  func tryAgain(_ run: SyncRun) {
    Task { @MainActor in
      let isPossible = host.canStart
      queue.async { [self] in
        guard current === run, run.phase == .waitingForHost, run.outcome == nil else { return }
        if !isPossible { return skip(run, "no-host") }
        run.ledger.start(run)
        startHost(run, after: 0)
      }
    }
  }

  func startHost(_ run: SyncRun, after patience: Int) {
    run.phase = .hostStarting
    run.ledger.write(.hostStart, run)
    giveUp(run, after: limits.hostSeconds, in: .hostStarting, why: "host-timeout")
    if patience == 0 { return startHostNow(run, isOnlyWay: true) }
    clock.after(patience) { [self] in
      queue.async { [self] in
        guard current === run, run.phase == .hostStarting, run.outcome == nil else { return }
        startHostNow(run, isOnlyWay: false)
      }
    }
  }

  private func startHostNow(_ run: SyncRun, isOnlyWay: Bool) {
    Task { @MainActor in
      let start = host.start()
      queue.async { [self] in
        if start == .started {
          // Its run may have been given up meanwhile, and none may have come after it.
          guard current != nil else { return stopHost() }
          ownsHost = true
        }
        guard start == .impossible, isOnlyWay else { return }
        guard current === run, run.phase == .hostStarting else { return }
        end(run, .skipped, why: "no-host")
      }
    }
  }

  private func stopHost() {
    Task { @MainActor in host.stopIfUnused() }
  }
}
