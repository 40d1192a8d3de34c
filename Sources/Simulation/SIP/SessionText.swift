internal import Values

/// Session descriptions: RFC 8866, offers and answers by RFC 3264.
struct SessionText {
  /// Who sends: RFC 8866 §6.7.
  enum Direction: String {
    case both = "sendrecv"
    case sendOnly = "sendonly"
    case receiveOnly = "recvonly"
    case none = "inactive"
  }

  /// Where media is wanted.
  var endpoint: Endpoint
  /// Number of the session; the version grows with each offer.
  var session: Int
  var version: Int
  /// Codecs in the order of preference.
  var codecs: [Codec]
  var direction = Direction.both
  /// Whether key presses may be sent as events.
  var hasEvents = true
  /// The base64 key of SDES (RFC 4568), nil without encryption.
  var key: String?

  /// The description.
  var text: String {
    let family = endpoint.address.isIPv6 ? "IP6" : "IP4"
    let address = "\(endpoint.address)"
    var types = codecs.map { String($0.payloadType) }
    if hasEvents { types.append("101") }
    var text =
      "v=0\r\no=- \(session) \(version) IN \(family) \(address)\r\ns=-\r\nc=IN \(family) \(address)\r\n"
    text += "t=0 0\r\nm=audio \(endpoint.port) \(key == nil ? "RTP/AVP" : "RTP/SAVP") "
    text += types.joined(separator: " ") + "\r\n"
    for codec in codecs { text += "a=rtpmap:\(codec.payloadType) \(codec.encoding)\r\n" }
    if hasEvents { text += "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n" }
    if let key { text += "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:\(key)\r\n" }
    return text + "a=ptime:20\r\na=\(direction.rawValue)\r\n"
  }
}

/// Codecs of speech.
enum Codec: String, CaseIterable, Sendable {
  case pcma = "PCMA"
  case pcmu = "PCMU"
  case g722 = "G722"
  case opus = "opus"

  /// RFC 3551 §6; opus is dynamic.
  var payloadType: UInt8 {
    switch self {
    case .pcmu: 0
    case .pcma: 8
    case .g722: 9
    case .opus: 111
    }
  }

  /// The value of `a=rtpmap`; G.722 says 8000 although it samples twice as often (RFC 3551 §4.5.2).
  var encoding: String { self == .opus ? "opus/48000/2" : "\(rawValue)/8000" }

  /// Units of the RTP clock in 20 ms.
  var ticks: UInt32 { self == .opus ? 960 : 160 }
}
