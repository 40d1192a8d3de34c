import ArgumentParser
import Foundation
import Glibc
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

  /// Says that nothing was written, and why.
  func complain(_ error: any Error) -> ExitCode {
    let cause = SystemCause(of: error)
    let isFull = cause.code == ENOSPC || cause.code == EDQUOT || cause.code == EFBIG
    let remedy =
      isFull
      ? "make room, choose another place with -o, or make less with --duration or --media none"
      : "choose another place with -o"
    let path = (error as NSError).userInfo[NSFilePathErrorKey] as? String ?? capture
    Terminal.complain("ringwatch: \(path): cannot be written: \(cause.text); \(remedy)")
    return ExitCode(1)
  }
}

/// Files that belong together: they have other names until all are whole, so that nobody ever sees half of one.
struct OutputFiles {
  private var paths: [String] = []

  /// Begins a file, and its folder where there is none.
  mutating func open(_ path: String) throws -> FileHandle {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var kind = stat()
    // Safety: the paths are Swift strings that live through the calls.
    guard unsafe stat(path, &kind) != 0 || kind.st_mode & S_IFMT != S_IFDIR else {
      throw Self.failure(EISDIR, path)
    }
    // A file or link that stands there is not this run's.
    let descriptor = unsafe Glibc.open(Self.partial(path), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw Self.failure(errno, path) }
    paths.append(path)
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Writes a whole file.
  mutating func write(_ text: String, to path: String) throws {
    let file = try open(path)
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }

  /// Gives the files their names, in the place of those that had them.
  func publish() throws {
    for path in paths {
      // Safety: both paths are Swift strings that live through the call.
      guard unsafe rename(Self.partial(path), path) == 0 else { throw Self.failure(errno, path) }
    }
  }

  /// Removes what was begun.
  func discard() {
    for path in paths { try? FileManager.default.removeItem(atPath: Self.partial(path)) }
  }

  private static func partial(_ path: String) -> String { "\(path).\(getpid()).partial" }

  private static func failure(_ code: Int32, _ path: String) -> NSError {
    NSError(domain: NSPOSIXErrorDomain, code: Int(code), userInfo: [NSFilePathErrorKey: path])
  }
}
