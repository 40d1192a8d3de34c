internal import Values

/// The folder of the system's time zones.
struct ZoneDatabase {
  /// Why there is no zone.
  enum Problem: Error {
    /// The machine has no time zones at all.
    case missing(folder: String)
    /// There is no zone of that name; the closest one, if any.
    case unknown(suggestion: String)
    /// The file is there and cannot be used.
    case damaged(path: String)
  }

  /// Where the files are.
  let folder: String

  /// Reads a zone by its IANA name.
  func zone(named name: String) throws(Problem) -> ZoneTransitions {
    guard Self.isName(name) else { throw .unknown(suggestion: suggestion(for: name)) }
    let path = "\(folder)/\(name)"
    let bytes: [UInt8]
    do throws(FileProblem) {
      bytes = try RegularFile.read(path, limit: 1 << 20)
    } catch {
      if let examined = try? RegularFile.examine(folder), examined.kind == .folder {
        throw .unknown(suggestion: suggestion(for: name))
      }
      // Coordinated universal time needs no file.
      if ["UTC", "Etc/UTC", "Etc/GMT", "GMT", "Z"].contains(name) { return ZoneTransitions(fixedOffset: 0) }
      throw .missing(folder: folder)
    }
    guard let zone = ZoneTransitions(tzif: bytes) else { throw .damaged(path: path) }
    return zone
  }

  /// Whether a text can be a zone's name; anything else must not become a path.
  private static func isName(_ name: String) -> Bool {
    guard !name.isEmpty, name.utf8.count <= 64, !name.hasPrefix("right/"), !name.hasPrefix("posix/") else {
      return false
    }
    return name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty
        && part.utf8.allSatisfy { byte in
          (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
        }
    }
  }

  /// The zone that was probably meant, out of the table of canonical zones.
  private func suggestion(for name: String) -> String {
    for table in ["zone1970.tab", "zone.tab"] {
      guard let bytes = try? RegularFile.read("\(folder)/\(table)", limit: 1 << 20) else { continue }
      let names = String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
        line.hasPrefix("#") ? nil : line.split(separator: "\t").dropFirst(2).first.map(String.init)
      }
      return Suggestion.phrase(for: name, among: names + ["UTC"])
    }
    return ""
  }
}

extension ZoneDatabase.Problem {
  /// The diagnostic for the zone that a schedule names.
  func diagnostic(for name: Spanned<String>) -> RuleDiagnostic {
    switch self {
    case .missing(let folder):
      RuleDiagnostic(
        .unknownZone, .error, at: name.span, "this machine has no time zones in '\(folder)'",
        help: "install the package tzdata")
    case .damaged(let path):
      RuleDiagnostic(
        .unknownZone, .error, at: name.span, "'\(path)' is no usable time zone file",
        help: "reinstall the package tzdata")
    case .unknown(let suggestion):
      RuleDiagnostic(
        .unknownZone, .error, at: name.span, "unknown time zone \(name.value.quoted)\(suggestion)",
        help: "zones are named as in the IANA database: Europe/Berlin, UTC")
    }
  }
}
