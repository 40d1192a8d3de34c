import ArgumentParser
import Foundation
import Output

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

  /// Opens files; sockets are looked for by the outputs. Ends with exit code 2 when one cannot be opened.
  ///
  /// - Parameter others: files that are written or read already.
  func open(isLive: Bool, overwrite: Bool, beside others: [String]) throws -> [EVEOutput] {
    var known = others
    return try options.map { output in
      guard output.kind == .regular else {
        guard OutputOptions.socketPathRange.contains(output.path.utf8.count) else {
          throw refuse(
            output, "the path of a socket has at most \(OutputOptions.socketPathRange.upperBound) bytes")
        }
        let socket = SocketOutput(output, isLive: isLive) { Terminal.complain("ringwatch: \($0)") }
        return EVEOutput(types: output.types, to: socket)
      }
      guard !known.contains(where: { $0 == output.path || FileIdentity.isSame($0, output.path) }) else {
        throw refuse(output, "this run reads or writes it already; choose another name")
      }
      known.append(output.path)
      do throws(SinkError) {
        return EVEOutput(types: output.types, to: try FileOutput(path: output.path, overwrite: overwrite))
      } catch {
        throw refuse(output, "\(error.cause); check the path and its permissions")
      }
    }
  }

  private func refuse(_ output: OutputOptions, _ cause: String) -> ExitCode {
    Terminal.complain("ringwatch: \(output.name): \(cause)")
    return ExitCode(2)
  }
}
