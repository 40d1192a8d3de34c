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

  /// Tells of an input of which nothing can be read, and how the program ends: what was named is the user's to mend.
  static func fail(_ error: CaptureError) -> ExitCode {
    complain("ringwatch: \(error)")
    return ExitCode((error.lastFrame ?? 0) == 0 ? 2 : 1)
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
