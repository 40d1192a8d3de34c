import ArgumentParser
import Foundation
import Rules

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// `ringwatch fmt`: rule files in the canonical form.
struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt",
    abstract: "Rewrites rule files in the canonical form.",
    discussion: """
      Order of keys, indentation, blanks, line breaks and quotes become the same everywhere; comments and meaning
      stay. A file whose canonical form does not load to the same rules is left as it is.

      Exits with 1 when --check finds a file that would change, with 2 when a file is wrong or cannot be written.

      EXAMPLES:
        ringwatch fmt my-rules/
        ringwatch fmt --check rules/
        ringwatch fmt --stdout draft.yaml
      """)

  @Flag(help: "Write nothing; list the files that would change.")
  var check = false

  @Flag(help: "Print the result instead of writing it; for one file.")
  var stdout = false

  @Argument(help: ArgumentHelp("Rule files and folders of rule files.", valueName: "path"))
  var paths: [String] = []

  func validate() throws {
    if paths.isEmpty { throw ValidationError("name a rule file or a folder of rule files") }
    if check, stdout { throw ValidationError("give --check or --stdout, not both") }
  }

  func run() throws {
    let formatter = RuleFormatter()
    let (files, report) = formatter.files(paths)
    RuleLoading.show(report, format: .text)
    if stdout, files.count > 1 {
      Terminal.complain("ringwatch: --stdout takes one file, and there are \(files.count)")
      throw ExitCode(2)
    }
    var hasFailed = report.errorCount > 0
    var changed = 0
    for file in files {
      switch formatter.format(file) {
      case .refused(let report):
        RuleLoading.show(report, format: .text)
        hasFailed = true
      case .unchanged:
        if stdout { FileHandle.standardOutput.write(try Data(contentsOf: URL(fileURLWithPath: file))) }
      case .changed(let bytes):
        changed += 1
        if stdout {
          FileHandle.standardOutput.write(Data(bytes))
        } else if check {
          print(file)
        } else if Self.replace(file, by: bytes) {
          print(file)
        } else {
          hasFailed = true
        }
      }
    }
    if hasFailed { throw ExitCode(2) }
    if check, changed > 0 { throw ExitCode(1) }
  }

  /// Puts a new file in the place of the old one in one step, with the old one's permissions; a link stays a
  /// link to the file that it leads to.
  private static func replace(_ path: String, by bytes: [UInt8]) -> Bool {
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let temporary = "\(target).\(ProcessInfo.processInfo.processIdentifier).tmp"
    do {
      let old = try FileManager.default.attributesOfItem(atPath: target)
      try Data(bytes).write(to: URL(fileURLWithPath: temporary), options: .withoutOverwriting)
      if let permissions = old[.posixPermissions] {
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: temporary)
      }
      // Safety: both are C strings for the length of the call.
      guard unsafe rename(temporary, target) == 0 else { throw CocoaError(.fileWriteUnknown) }
      return true
    } catch {
      try? FileManager.default.removeItem(atPath: temporary)
      Terminal.complain("ringwatch: \(path): the file cannot be written, and is as it was")
      return false
    }
  }
}
