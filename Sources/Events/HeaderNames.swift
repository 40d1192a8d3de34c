/// The header names that rules ask for with `header["Name"]`, each with the slot of its value.
public struct HeaderNames: Sendable {
  /// The lower-cased full names (compact forms resolved by the caller); the index is the slot.
  public private(set) var names: [String] = []

  /// No names.
  public init() {}

  /// The slot of a name, compared without case; a new one when it is not known yet.
  public mutating func slot(for name: String) -> Int {
    let folded = Self.canonical(name)
    if let index = names.firstIndex(of: folded) { return index }
    names.append(folded)
    return names.count - 1
  }

  /// The lower-cased full name of a header: compact forms of RFC 3261 §7.3.3 and later are expanded.
  public static func canonical(_ name: String) -> String {
    let folded = name.lowercased()
    return compactForms[folded] ?? folded
  }

  /// Compact header names (IANA registry “Session Initiation Protocol (SIP) Parameters”).
  private static let compactForms: [String: String] = [
    "a": "accept-contact", "b": "referred-by", "c": "content-type", "d": "request-disposition",
    "e": "content-encoding", "f": "from", "i": "call-id", "j": "reject-contact", "k": "supported",
    "l": "content-length", "m": "contact", "n": "identity-info", "o": "event", "r": "refer-to",
    "s": "subject", "t": "to", "u": "allow-events", "v": "via", "x": "session-expires", "y": "identity",
  ]
}
