import ArgumentParser
import Capture
import Dispatch
import Foundation
import Pipeline
import Rules

/// What acts on a run from outside while it goes on: signals, changed files, the control socket.
final class RunControl {
  let mailbox = SensorMailbox()
  private let reloader: RuleReloader
  private let server: ControlServer?
  private var signals: [any DispatchSourceSignal] = []

  /// How a run is to be acted on.
  struct Options {
    let rulePaths: [String]
    let loading: RuleLoadingOptions
    let limits: EngineLimits
    let watching: RuleReloader.Watching
    let controlPath: String?
    let isQuiet: Bool
  }

  /// Begins to listen; ends with exit code 2 when the control socket cannot be made.
  init(_ options: Options, _ loaded: RuleSetLoader.Outcome, _ stop: StopFlag) throws {
    let (paths, loading, isQuiet) = (options.rulePaths, options.loading, options.isQuiet)
    reloader = RuleReloader(
      options: loading, limits: options.limits, mailbox: mailbox, watching: options.watching,
      load: { RuleSetLoader.load(paths, options: loading) },
      onOutcome: { Self.tell($0, isQuiet: isQuiet) })
    do throws(LocalSocketError) {
      let answers = ControlAnswers(mailbox: mailbox, reloader: reloader, stop: stop)
      server = try options.controlPath.map { path throws(LocalSocketError) in
        try ControlServer(path: path, answers: answers)
      }
    } catch {
      Terminal.complain("ringwatch: the control socket cannot be opened: \(error)")
      throw ExitCode(2)
    }
    for number in [SIGINT, SIGTERM] { handle(number) { stop.raise() } }
    handle(SIGHUP) { [mailbox, reloader] in
      mailbox.reopen { fault in
        if let fault { Terminal.complain("ringwatch: \(fault)") }
      }
      reloader.request()
    }
    reloader.start(with: loaded)
    server?.start()
  }

  private static func tell(_ outcome: RuleReloader.Outcome, isQuiet: Bool) {
    if outcome.report.errorCount > 0 { RuleLoading.show(outcome.report, format: .text) }
    let isGood = outcome.changes?.emptied.isEmpty ?? false
    if !isGood || !isQuiet { Terminal.complain("ringwatch: \(outcome.summary)") }
  }

  private func handle(_ number: Int32, _ action: @escaping @Sendable () -> Void) {
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler(handler: action)
    source.resume()
    signals.append(source)
  }

  /// Ends it all.
  func end() {
    for source in signals { source.cancel() }
    reloader.stop()
    server?.stop()
  }
}
