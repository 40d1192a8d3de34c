import ArgumentParser
import Capture
import Foundation
import Output
import Values

/// The outputs of a run beside its log.
struct RunOutputs {
  /// Where they go, with whole paths: a relative one is in the folder of the log, as Suricata has it.
  let options: [OutputOptions]

  /// - Parameter folder: that of the log; nil for standard output.
  init(_ options: [OutputOptions], folder: String?) {
    self.options = options.map { output in
      var output = output
      if let folder, !output.path.hasPrefix("/") { output.path = folder + "/" + output.path }
      return output
    }
  }

  /// Why they cannot be as they are, whether or not anything is there.
  ///
  /// - Parameter others: files that the run writes or reads.
  func fault(beside others: [String]) -> String? {
    var known = others.map(Self.standard)
    for output in options {
      guard output.kind == .regular else {
        guard !UnixAddress.pathRange.contains(output.path.utf8.count) else { continue }
        return
          "\(output.name): the path of a socket has at most \(UnixAddress.pathRange.upperBound) bytes"
      }
      let path = Self.standard(output.path)
      guard !known.contains(where: { $0 == path || FileIdentity.isSame($0, path) }) else {
        return "\(output.name): this run reads or writes it already; choose another name"
      }
      known.append(path)
    }
    return nil
  }

  /// A path without detours; links stay.
  private static func standard(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
  }

  /// Opens files; sockets are looked for by the outputs. Ends with exit code 2 when one cannot be opened.
  ///
  /// - Parameter stop: ends the waiting for readers.
  func open(isLive: Bool, overwrite: Bool, stop: StopFlag) throws -> [EVEOutput] {
    try options.map { output in
      guard output.kind == .regular else {
        let socket = SocketOutput(output, isLive: isLive, isStopped: { stop.isRaised }) {
          Terminal.complain("ringwatch: \($0)")
        }
        return EVEOutput(types: output.types, to: socket)
      }
      do throws(SinkError) {
        return EVEOutput(types: output.types, to: try FileOutput(path: output.path, overwrite: overwrite))
      } catch {
        Terminal.complain("ringwatch: \(output.name): \(error.cause); check the path and its permissions")
        throw ExitCode(2)
      }
    }
  }
}
