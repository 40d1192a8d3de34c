internal import Foundation

/// Counts the instructions of a run, which vary far less than its seconds.
public enum InstructionCounter: String, CaseIterable, Sendable {
  /// Not at all.
  case none
  /// perf(1), which needs counters that virtual machines often lack; costs nothing.
  case perf
  /// valgrind(1), which works everywhere and takes fifty times as long.
  case valgrind

  /// Instructions of one run; nil when this machine cannot count them.
  public func count(_ process: MeasuredProcess, folder: String) throws(MeasuredProcess.Problem) -> UInt64? {
    let output = "\(folder)/instructions"
    let options: [String]
    var program = process.program
    switch self {
    case .none: return nil
    case .perf: options = ["stat", "-x", ",", "-e", "instructions:u", "-o", output, "--"]
    case .valgrind:
      options = ["--tool=callgrind", "--callgrind-out-file=\(output)"]
      program = Self.stripped(program, in: folder)
    }
    guard let path = MeasuredProcess.path(of: rawValue) else { return nil }
    try? FileManager.default.removeItem(atPath: output)
    _ = try MeasuredProcess(path, options + [program] + process.arguments).run(
      errors: "\(folder)/errors")
    let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
    return Self.number(in: text)
  }

  /// A copy of a program without its debug information, at some of which valgrind gives up; the program itself
  /// where strip(1) cannot make one.
  private static func stripped(_ program: String, in folder: String) -> String {
    let copy = "\(folder)/stripped"
    guard let strip = MeasuredProcess.path(of: "strip") else { return program }
    let making = MeasuredProcess(strip, ["-g", "-o", copy, program])
    return (try? making.run(errors: "\(folder)/errors")) == nil ? program : copy
  }

  /// The number in `123,,instructions:u,…` or `summary: 123`.
  static func number(in text: String) -> UInt64? {
    for line in text.split(separator: "\n") {
      if line.contains("instructions:u"), let count = line.split(separator: ",").first {
        return UInt64(count)
      }
      if line.hasPrefix("summary:") || line.hasPrefix("totals:") {
        return line.split(separator: " ").dropFirst().first.flatMap { UInt64($0) }
      }
    }
    return nil
  }
}
