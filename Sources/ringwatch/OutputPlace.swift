import ArgumentParser
import Foundation
import Simulation

/// Where a simulation is written: a folder, or a capture file with its companions beside it.
struct OutputPlace {
  /// The capture file.
  let capture: String
  /// Its kind, by its name unless it was said.
  let format: CaptureWriter.Format
  private let folder: String
  /// What stands before the names of the companions: `scan.` beside `scan.pcap`.
  private let prefix: String

  init(_ output: String, format name: String?) throws {
    let isFile = output.hasSuffix(".pcap") || output.hasSuffix(".pcapng")
    let known = CaptureWriter.Format.allCases
    if let name {
      guard let format = CaptureWriter.Format(rawValue: name) else {
        let names = known.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--format is one of \(names), not '\(name)'")
      }
      self.format = format
    } else {
      format = output.hasSuffix(".pcapng") ? .pcapng : .pcap
    }
    let url = URL(fileURLWithPath: output)
    folder = isFile ? url.deletingLastPathComponent().path : output
    prefix = isFile ? url.deletingPathExtension().lastPathComponent + "." : ""
    capture = isFile ? output : "\(output)/capture.\(format == .pcapng ? "pcapng" : "pcap")"
  }

  /// The path of a companion.
  func path(_ name: String) -> String { "\(folder)/\(prefix)\(name)" }

  /// Opens the capture file anew.
  func open() throws -> FileHandle {
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    guard FileManager.default.createFile(atPath: capture, contents: nil),
      let handle = FileHandle(forWritingAtPath: capture)
    else { throw complain("cannot be written; choose another place with -o") }
    return handle
  }

  /// Writes a companion.
  func write(_ text: String, as name: String) throws {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
    } catch {
      throw complain("its \(name) cannot be written; choose another place with -o")
    }
  }

  /// Says what is wrong with the place.
  func complain(_ fault: String) -> ExitCode {
    Terminal.complain("ringwatch: \(capture): \(fault)")
    return ExitCode(1)
  }
}
