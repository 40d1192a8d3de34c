import ArgumentParser
import Capture

/// Captures or logs that a command reads from their beginning to their end.
struct RecordedInput: ParsableArguments {
  @Option(
    name: [.customShort("r"), .customLong("read")],
    help: ArgumentHelp(
      "Capture file to read, pcap or pcapng, also gzip-compressed; - is standard input. Repeatable.",
      valueName: "file"))
  var files: [String] = []

  @Option(
    help: ArgumentHelp(
      "Log to read instead of captures; also gzip-compressed; - is standard input. Repeatable.",
      valueName: "file"))
  var eve: [String] = []

  /// Refuses both kinds at once, and neither.
  func requireOneKind() throws {
    guard files.isEmpty != eve.isEmpty else {
      throw ValidationError("name captures with -r or logs with --eve, one or the other")
    }
  }

  /// Reads the kind that was named; an input that cannot be read at all ends the program.
  func read<Result>(
    captures: ([String]) throws(CaptureError) -> Result, logs: ([String]) throws(CaptureError) -> Result
  ) throws -> Result {
    do throws(CaptureError) {
      return try eve.isEmpty ? captures(files) : logs(eve)
    } catch {
      throw Terminal.fail(error)
    }
  }
}
