import ArgumentParser
import Capture
import Foundation
import Output

/// The rights of a run that goes on as another user: becomes it, and finds out before anything is captured what it may
/// not read or write.
struct RunRights {
  let user: RunUser
  /// Where the log goes; nil for standard output.
  var logFolder: String?
  /// Captures or logs to read.
  var inputs: [String] = []
  /// Path of the control socket.
  var controlPath: String?
  /// Where a model is written at the end.
  var modelPath: String?
  /// Outputs beside the log, with whole paths.
  var outputs: [OutputOptions] = []
  /// What loading the rules again reads; empty when they are loaded once.
  var rules: [String] = []

  init(user: RunUser) {
    self.user = user
  }

  /// The user of a name, nil without one; ends with exit code 2 when the run could not become it.
  static func user(_ name: String?) throws -> RunUser? {
    guard let name else { return nil }
    do throws(RunUserError) {
      let user = try RunUser(name)
      try user.requireRoot()
      return user
    } catch {
      throw fail(error)
    }
  }

  /// Becomes the user; ends with exit code 2 when that fails, or when the user may not do all that the run does.
  func assume() throws {
    do throws(RunUserError) {
      // Folders above that root alone may write are no hindrance.
      if let logFolder { try user.makeFolder(logFolder) }
      try user.assume()
    } catch {
      throw Self.fail(error)
    }
    let faults = faults
    for fault in faults + rotationWarnings {
      Terminal.complain("ringwatch: user '\(user.name)': \(fault)")
    }
    if !faults.isEmpty { throw ExitCode(2) }
  }

  private static func fail(_ error: RunUserError) -> ExitCode {
    Terminal.complain("ringwatch: \(error)")
    return ExitCode(2)
  }

  /// What the user may not do, with what would help, one line each.
  private var faults: [String] {
    inputFaults + ruleFaults + outputs.compactMap(fault)
      + [logFault, controlFault, modelFault].compactMap { $0 }
  }

  private var inputFaults: [String] {
    inputs.compactMap { path in
      obstacle(to: path, [.read]).map {
        "\(path) cannot be read: \($0), or name '-' and let the shell open it: < \(path)"
      }
    }
  }

  /// One fault for each file or folder that is in the way, not for each file behind it.
  private var ruleFaults: [String] {
    var known: Set<String> = []
    return rules.compactMap { path in
      guard let obstacle = obstacle(to: path, [.read]), known.insert(obstacle).inserted else { return nil }
      return "\(path) cannot be read, so rules could not be loaded again: \(obstacle)"
    }
  }

  private var logFault: String? {
    logFolder.flatMap { fault(ofFile: $0 + "/eve.json") }
  }

  private func fault(ofFile path: String) -> String? {
    guard FileManager.default.fileExists(atPath: path) else {
      return obstacle(toMaking: path).map { "\(path) cannot be made: \($0)" }
    }
    return obstacle(to: path, [.write]).map { "\(path) cannot be written: \($0)" }
  }

  /// A socket that nobody has made yet may be one that the user can write to.
  private func fault(of output: OutputOptions) -> String? {
    output.kind == .regular
      ? fault(ofFile: output.path)
      : obstacle(to: output.path, [.write]).map { "\(output.path) cannot be written to: \($0)" }
  }

  /// What is to be known of files that the user may write but could not make.
  private var rotationWarnings: [String] {
    let further = outputs.filter { $0.kind == .regular }.map(\.path)
    return ((logFolder.map { [$0 + "/eve.json"] } ?? []) + further).compactMap { path in
      guard fault(ofFile: path) == nil else { return nil }
      return obstacle(toMaking: path).map {
        "warning: \(path) can be written, but not made again once it was moved away: \($0), or have it made when the log is rotated"
      }
    }
  }

  private var controlFault: String? {
    controlPath.flatMap { path in
      obstacle(toMaking: path).map { "the control socket \(path) cannot be made: \($0)" }
    }
  }

  private var modelFault: String? {
    modelPath.flatMap { path in
      obstacle(toMaking: path).map { "the model \(path) cannot be written: \($0)" }
    }
  }

  /// What keeps the user from making a file.
  private func obstacle(toMaking path: String) -> String? {
    obstacle(to: URL(fileURLWithPath: path).deletingLastPathComponent().path, [.write, .enter])
  }

  /// By the letters of chmod(1).
  private enum Access: String {
    case read = "r"
    case write = "w"
    case enter = "x"
  }

  /// The first thing on the way to a path that the user may not use, and what to do; nil when nothing is in the way,
  /// and for what is not there.
  private func obstacle(to path: String, _ accesses: [Access]) -> String? {
    let whole = URL(fileURLWithPath: path).standardizedFileURL
    var folders: [URL] = []
    var folder = whole
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      folders.append(folder)
    }
    for folder in folders.reversed() where !may(.enter, folder.path) {
      return FileManager.default.fileExists(atPath: folder.path)
        ? advice(folder.path, Access.enter.rawValue) : nil
    }
    guard FileManager.default.fileExists(atPath: whole.path) else { return nil }
    let missing = accesses.filter { !may($0, whole.path) }
    return missing.isEmpty ? nil : advice(whole.path, missing.map(\.rawValue).joined())
  }

  private func may(_ access: Access, _ path: String) -> Bool {
    switch access {
    case .read: FileManager.default.isReadableFile(atPath: path)
    case .write: FileManager.default.isWritableFile(atPath: path)
    case .enter: FileManager.default.isExecutableFile(atPath: path)
    }
  }

  private func advice(_ path: String, _ right: String) -> String {
    "grant '\(right)' on \(path) (chown, chmod, setfacl -m u:\(user.name):\(right))"
  }
}
