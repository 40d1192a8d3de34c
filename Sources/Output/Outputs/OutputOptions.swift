public import Events

/// Where lines go beside the log, and which.
public struct OutputOptions: Hashable, Sendable {
  /// What lines are written to, by Suricata's names for it.
  public enum Kind: String, CaseIterable, Sendable {
    /// A file.
    case regular
    /// A Unix stream socket that somebody listens at.
    case stream = "unix_stream"
    /// A Unix datagram socket that somebody reads, a line a datagram.
    case datagrams = "unix_dgram"
    /// The system log, an event a message.
    case syslog
  }

  /// What lines are written to.
  public var kind: Kind
  /// The file or the socket.
  public var path: String
  /// The event types whose lines are written.
  public var types: Set<EventType>
  /// How messages of the system log are marked.
  public var syslog = SyslogOptions()

  /// An output.
  public init(_ kind: Kind, path: String, types: Set<EventType>) {
    self.kind = kind
    self.path = path
    self.types = types
  }

  /// Where the system log is read on this machine.
  public static let syslogPath = "/dev/log"
  /// How many outputs there may be.
  public static let maximumCount = 8

  /// What it is called in messages.
  public var name: String { "output \(kind.rawValue) \(path)" }
}

/// How messages of the system log are marked (RFC 5424 §6.2.1).
public struct SyslogOptions: Hashable, Sendable {
  /// The number of the facility.
  public var facility = 16 + 5
  /// The number of the severity of what is no alert.
  public var level = 6
  /// The name of the program in messages.
  public var identity = "ringwatch"

  /// `local5` and `info`.
  public init() {}

  /// The words for facilities, by number.
  public static let facilities =
    [
      "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
      "ntp", "audit", "console", "clock",
    ] + (0...7).map { "local\($0)" }
  /// The words for severities, by number.
  public static let levels = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"]

  /// The severity of an alert's message; emergencies are shown to all who are logged in, so none is one.
  static func level(of severity: Severity) -> Int {
    switch severity {
    case .high: 2
    case .medium: 4
    case .low: 5
    case .info: 6
    }
  }

  /// What stands before an event: priority, program and process, as syslog(3) of this machine writes them. The time is
  /// left to who receives it.
  func header(_ severity: Severity?, process: Int32) -> String {
    "<\(facility << 3 | (severity.map(Self.level) ?? level))>\(identity)[\(process)]: "
  }
}

extension SyslogOptions {
  /// Whether whoever receives messages finds the end of the name (RFC 3164 §5.3, RFC 5424 §6.2.5).
  public static func isIdentity(_ name: String) -> Bool {
    (1...48).contains(name.utf8.count)
      && name.utf8.allSatisfy { (0x21...0x7e).contains($0) && !"[]:".utf8.contains($0) }
  }
}
