import ArgumentParser
import Capture
import Foundation

/// Words for the user on standard error.
enum Terminal {
  /// Whether somebody looks at standard error.
  static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

  /// One message, with a line break behind it.
  static func complain(_ message: String) {
    write(message + "\n")
  }

  /// Tells of an input that cannot be read at all, and how the program ends: a wrong name or filter is the user's
  /// to mend, wrong content is not.
  static func fail(_ error: CaptureError) -> ExitCode {
    complain("ringwatch: \(error)")
    return ExitCode(error.lastFrame == nil ? 2 : 1)
  }

  /// Shows how much of the input was read, in place; nothing when nobody looks.
  static func showProgress(_ fraction: Double?) {
    guard isInteractive, let fraction else { return }
    let width = 40
    let filled = Int(fraction * Double(width))
    let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
    write("\r[\(bar)] \(Int(fraction * 100)) %")
  }

  /// Takes the progress bar away.
  static func clearProgress() {
    guard isInteractive else { return }
    write("\r\u{1b}[K")
  }

  /// Text as it is. Nobody is left to be told that standard error is closed.
  static func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
