internal import Foundation

/// What one run of a program cost.
public struct ProcessCost: Codable, Sendable {
  /// CPU seconds of its own code.
  public var userSeconds: Double
  /// CPU seconds that the kernel spent for it.
  public var systemSeconds: Double
  /// Seconds from its start to its end.
  public var wallSeconds: Double
  /// The most memory that it had, in bytes.
  public var residentBytes: Int
  /// Instructions of its own code; nil where the machine does not count them.
  public var instructions: UInt64?

  /// CPU seconds of both kinds.
  public var cpuSeconds: Double { userSeconds + systemSeconds }
}

/// A program that is run to be measured.
public struct MeasuredProcess: Sendable {
  /// Why there is nothing to measure.
  public enum Problem: Error, CustomStringConvertible {
    case notStarted(String, code: Int32)
    case failed(String, status: Int32, words: String)

    /// What happened, in words.
    public var description: String {
      switch self {
      case .notStarted(let program, let code):
        "\(program) cannot be started: \(unsafe String(cString: strerror(code)))"
      case .failed(let program, let status, let words):
        "\(program) failed with \(status): \(words.isEmpty ? "it said nothing" : words)"
      }
    }
  }

  /// The program's path.
  public let program: String
  /// What it is told.
  public let arguments: [String]

  /// A program by its path.
  public init(_ program: String, _ arguments: [String]) {
    self.program = program
    self.arguments = arguments
  }

  /// The path of a program that is found as a shell finds it; nil when there is none.
  public static func path(of name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin:/usr/sbin").split(
      separator: ":")
    return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Runs it to its end, what it prints going nowhere.
  ///
  /// - Parameter errors: a file for its words on standard error, which are quoted when it fails.
  public func run(errors: String) throws(Problem) -> ProcessCost {
    let start = ContinuousClock.now
    let process = try spawn(errors: errors)
    var (status, usage) = (Int32(0), rusage())
    // Safety: both are variables of this function, which wait4 fills in before it returns.
    while unsafe wait4(process, &status, 0, &usage) < 0 {
      guard errno == EINTR else { throw .notStarted(program, code: errno) }
    }
    guard status == 0 else {
      let words = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
      throw .failed(program, status: status >> 8 & 0xff, words: String(words.prefix(400)))
    }
    let wall = ContinuousClock.now - start
    return ProcessCost(
      userSeconds: Self.seconds(usage.ru_utime), systemSeconds: Self.seconds(usage.ru_stime),
      wallSeconds: Double(wall.components.seconds) + Double(wall.components.attoseconds) * 1e-18,
      residentBytes: usage.ru_maxrss * 1024)
  }

  private func spawn(errors: String) throws(Problem) -> pid_t {
    var process: pid_t = 0
    var actions = unsafe posix_spawn_file_actions_t()
    // Safety: the actions are initialised here and destroyed below; the texts outlive the call.
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    // Safety: the copies made by strdup are ended by a null pointer and freed once the child has its own.
    var words: [UnsafeMutablePointer<CChar>?] = unsafe ([program] + arguments).map { unsafe strdup($0) }
    unsafe words.append(nil)
    defer { unsafe words.forEach { unsafe free($0) } }
    let code = unsafe posix_spawn(&process, program, &actions, nil, words, environ)
    guard code == 0 else { throw .notStarted(program, code: code) }
    return process
  }

  private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
}
