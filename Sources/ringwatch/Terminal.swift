import Foundation

/// Words for the user on standard error.
enum Terminal {
  /// Whether somebody looks at standard error.
  static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

  /// One message, with a line break behind it.
  static func complain(_ message: String) {
    FileHandle.standardError.write(Data((message + "\n").utf8))
  }

  /// Shows how much of the input was read, in place; nothing when nobody looks.
  static func showProgress(_ fraction: Double?) {
    guard isInteractive, let fraction else { return }
    let width = 40
    let filled = Int(fraction * Double(width))
    let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
    FileHandle.standardError.write(Data("\r[\(bar)] \(Int(fraction * 100)) %".utf8))
  }

  /// Takes the progress bar away.
  static func clearProgress() {
    guard isInteractive else { return }
    FileHandle.standardError.write(Data("\r\u{1b}[K".utf8))
  }
}
