import Events
import Foundation
import Output
import Pipeline
import Rules

/// Shows alerts on standard output as they fire, many lines a write.
final class TerminalAlerts {
  private var printer = AlertPrinter()
  private let output = FileSink()
  private var isGone = false

  /// What a sensor calls for each alert.
  var listener: AlertListener {
    { [self] alert, rule, _, event in printer.write(alert, of: rule, event) }
  }

  /// Shows what gathered; a reader that went away is no reason to stop the log.
  func flush() {
    printer.takePending { lines in
      guard !isGone else { return }
      do throws(SinkError) {
        try output.write(lines)
      } catch {
        isGone = true
        Terminal.complain("ringwatch: \(error)")
      }
    }
  }
}
