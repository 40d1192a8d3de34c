/// What can be wrong in a session description (RFC 8866); the raw value is a bit index below 64.
public enum SDPFault: UInt8, CaseIterable, Sendable {
  case malformedLine, wrongOrder, repeatedLine, unknownLine, missingVersion, badVersion, missingOrigin
  case badOrigin, missingSessionName, missingTime, badTime, missingConnection, badConnection
  case addressTypeMismatch, badMedia, badPort, badRTPMap, strayRTPMap, badRTCP, badCandidate, badCrypto
  case badFingerprint, keyInClear, tooManyMedia, tooManyFormats, tooManyCandidates, tooManyLines

  /// The stable name, such as `sdp.bad_media`.
  public var name: String { Self.catalogue[Int(rawValue)].name }

  /// One sentence on what is wrong.
  public var meaning: String { Self.catalogue[Int(rawValue)].meaning }

  /// The section that it comes from.
  public var source: String { Self.catalogue[Int(rawValue)].source }

  /// Every fault in the order of the enumeration, with its name, meaning and source.
  public static let catalogue: [(fault: SDPFault, name: String, meaning: String, source: String)] = [
    (
      .malformedLine, "sdp.malformed_line", "A line is not a letter, an equals sign and a value.",
      "RFC 8866 §5"
    ),
    (.wrongOrder, "sdp.wrong_order", "The lines of a section are not in their order.", "RFC 8866 §5"),
    (.repeatedLine, "sdp.repeated_line", "A line that may occur once occurs again.", "RFC 8866 §5"),
    (.unknownLine, "sdp.unknown_line", "A line begins with a letter that SDP does not know.", "RFC 8866 §5"),
    (.missingVersion, "sdp.missing_version", "The description does not begin with v=.", "RFC 8866 §5.1"),
    (.badVersion, "sdp.bad_version", "The version is not 0.", "RFC 8866 §5.1"),
    (.missingOrigin, "sdp.missing_origin", "There is no o= line.", "RFC 8866 §5.2"),
    (.badOrigin, "sdp.bad_origin", "The o= line does not have its six parts.", "RFC 8866 §5.2"),
    (
      .missingSessionName, "sdp.missing_session_name", "There is no s= line.",
      "RFC 8866 §5.3; RFC 4475 §3.1.2.18"
    ),
    (.missingTime, "sdp.missing_time", "There is no t= line.", "RFC 8866 §5.9; RFC 4475 §3.1.2.18"),
    (.badTime, "sdp.bad_time", "The t= line is not two numbers.", "RFC 8866 §5.9"),
    (
      .missingConnection, "sdp.missing_connection", "A medium has no address of its own nor of the session.",
      "RFC 8866 §5.7"
    ),
    (
      .badConnection, "sdp.bad_connection", "A c= line is not a network type, address type and address.",
      "RFC 8866 §5.7"
    ),
    (
      .addressTypeMismatch, "sdp.address_type_mismatch",
      "An address is of the other family than IP4 or IP6 says.", "RFC 8866 §5.7; RFC 5118 §4.6"
    ),
    (
      .badMedia, "sdp.bad_media", "An m= line does not have a medium, port, transport and format.",
      "RFC 8866 §5.14"
    ),
    (.badPort, "sdp.bad_port", "The port of an m= line is no number up to 65535.", "RFC 8866 §5.14"),
    (
      .badRTPMap, "sdp.bad_rtpmap", "An rtpmap is not a payload type, name and clock rate.",
      "RFC 8866 §6.6"
    ),
    (
      .strayRTPMap, "sdp.stray_rtpmap", "An rtpmap describes a payload type that the m= line lacks.",
      "RFC 8866 §6.6"
    ),
    (.badRTCP, "sdp.bad_rtcp", "An rtcp attribute has no port.", "RFC 3605 §2.1"),
    (
      .badCandidate, "sdp.bad_candidate", "An ICE candidate lacks one of its parts.", "RFC 8839 §5.1"
    ),
    (.badCrypto, "sdp.bad_crypto", "A crypto attribute has no tag, suite and key.", "RFC 4568 §9.1"),
    (
      .badFingerprint, "sdp.bad_fingerprint", "A fingerprint lacks its hash function or its value.",
      "RFC 8122 §5"
    ),
    (.keyInClear, "sdp.key_in_clear", "A key stands in the obsolete k= line.", "RFC 8866 §5.12"),
    (.tooManyMedia, "sdp.too_many_media", "There are more media than are kept.", "RFC 8866 §7"),
    (.tooManyFormats, "sdp.too_many_formats", "There are more formats than are kept.", "RFC 8866 §7"),
    (
      .tooManyCandidates, "sdp.too_many_candidates", "There are more ICE candidates than are kept.",
      "RFC 8839 §5.1"
    ),
    (.tooManyLines, "sdp.too_many_lines", "There are more lines than are read.", "RFC 8866 §7"),
  ]
}

/// A set of faults in a session description: one bit each, iterated in the order of the enumeration.
public struct SDPFaultSet: Sendable, Equatable, Sequence, ExpressibleByArrayLiteral {
  /// One bit for each fault, the bit index being the raw value.
  public private(set) var bits: UInt64 = 0

  /// The empty set.
  public init() {}

  /// The set of the faults given.
  public init(arrayLiteral faults: SDPFault...) {
    for fault in faults { insert(fault) }
  }

  /// Whether there is no fault.
  public var isEmpty: Bool { bits == 0 }

  /// Whether a fault is among them.
  public func contains(_ fault: SDPFault) -> Bool { bits >> UInt64(fault.rawValue) & 1 == 1 }

  /// Adds a fault.
  public mutating func insert(_ fault: SDPFault) { bits |= 1 << UInt64(fault.rawValue) }

  /// The faults one by one, without allocating.
  public func makeIterator() -> Iterator { Iterator(rest: bits) }

  /// Yields the faults from the lowest bit to the highest.
  public struct Iterator: IteratorProtocol {
    fileprivate var rest: UInt64

    /// The next fault.
    public mutating func next() -> SDPFault? {
      guard rest != 0 else { return nil }
      let index = rest.trailingZeroBitCount
      rest &= rest &- 1
      return SDPFault(rawValue: UInt8(truncatingIfNeeded: index))
    }
  }
}
