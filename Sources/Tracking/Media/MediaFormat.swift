internal import Packets
internal import Protocols
internal import Values

/// What one payload type of a stream means.
struct MediaFormat: Sendable {
  /// Hertz of all video (RFC 3551 §5), and of no speech.
  static let videoClock: UInt32 = 90_000
  private static let nameCapacity = 15

  private(set) var payloadType: UInt8
  /// Whether its packets are telephone events (RFC 4733).
  private(set) var isEvent = false
  /// Whether its packets are comfort noise (RFC 3389).
  var isNoise: Bool { payloadType == 13 || isNamedNoise }
  private var isNamedNoise = false
  /// Whether its packets carry those of other payload types again (RFC 2198).
  private var isRedundancy = false
  /// Whether it is a codec of its own.
  var isSound: Bool { !isEvent && !isNoise && !isRedundancy }
  /// Clock in hertz, 0 when unknown.
  private(set) var clockRate: UInt32 = 0
  /// Bytes of the encoding name; 0 when it is unknown.
  private(set) var nameCount: UInt8 = 0
  private(set) var nameBytes = InlineArray<15, UInt8>(repeating: 0)

  /// What is known of a payload type without a description: RFC 3551 or nothing.
  init(payloadType: UInt8) {
    self.payloadType = payloadType
    guard let codec = RTPCodec.assigned(to: payloadType) else { return }
    clockRate = codec.clockRate
    setName(codec.name)
  }

  /// What a description says; it cannot give an assigned payload type another clock.
  init?(_ format: SDPFormat, in bytes: Bytes) {
    guard let payloadType = format.payloadType else { return nil }
    self.init(payloadType: payloadType)
    guard clockRate == 0, format.codec.end <= bytes.count else { return }
    clockRate = format.clockRate
    let name = bytes.extracting(format.codec.range)
    if let codec = RTPCodec.named(name) {
      setName(codec.name)
    } else {
      for index in 0..<min(name.count, Self.nameCapacity) { append(name[index]) }
    }
    isEvent = spells("telephone-event")
    isNamedNoise = spells("CN")
    isRedundancy = spells("red")
  }

  private mutating func setName(_ name: StaticString) {
    // Safety: a static string's bytes live as long as the process, and the index stays below their number.
    name.withUTF8Buffer { letters in
      for index in 0..<letters.count { append(unsafe letters[index]) }
    }
  }

  private mutating func append(_ byte: UInt8) {
    guard Int(nameCount) < Self.nameCapacity else { return }
    nameBytes[Int(nameCount)] = byte
    nameCount += 1
  }

  private func spells(_ text: StaticString) -> Bool {
    guard text.utf8CodeUnitCount == Int(nameCount) else { return false }
    // Safety: a static string's bytes live as long as the process, and the index stays below their number.
    return text.withUTF8Buffer { letters in
      for index in 0..<letters.count {
        if unsafe letters[index] != nameBytes[index] { return false }
      }
      return true
    }
  }
}

/// What a session description says of the packets that one address and port receive.
struct AnnouncedMedia: Sendable {
  private static let capacity = 12

  /// What the description says of keys; nil when the capture cut it where it may say so.
  var keys: MediaKeys?
  /// The offer and answer that decide whether keys mean something; 0 for none.
  var exchange: UInt32 = 0
  /// Whether the packets are SRTP; nil while that is open.
  var isSecure: Bool?
  /// Whether a description says it, rather than the packets of the other party.
  private(set) var isDescribed: Bool
  /// The certificate with which the owner makes a DTLS handshake from there (RFC 5763 §5); nil when it is not told.
  private(set) var fingerprint: SDPFingerprint?
  /// Whose they are; nil when no call is known.
  var owner: MediaOwner?
  /// Whether one of the parties has rejected it.
  var isVoid = false
  /// The hash of the address of who is taken for the party that sends there; 0 while nobody is.
  var peer: UInt32 = 0
  private var count: UInt8 = 0
  /// The first formats, and the others in `more`: few descriptions have so many, and addresses are many.
  private var formats = InlineArray<2, MediaFormat>(repeating: MediaFormat(payloadType: 255))
  private var more: [MediaFormat] = []

  /// Nothing.
  init() {
    keys = .absent
    isDescribed = false
  }

  /// What one side of a medium receives where only packets tell of it: payload types mean on both sides the same, as a rule
  /// (RFC 3264 §5.1), and keys are agreed on for both.
  init(likeThatOf other: AnnouncedMedia, owner: MediaOwner) {
    keys = other.keys
    exchange = other.exchange
    isDescribed = false
    self.owner = owner
    (count, formats, more) = (other.count, other.formats, other.more)
  }

  /// The formats of a medium, and in a bundle those of all its media, which share one port (RFC 9143).
  init(_ medium: SDPMedia, of description: borrowing SessionDescription, in bytes: Bytes) {
    let keys = MediaKeys(medium)
    self.keys = keys == .absent && description.isCut ? nil : keys
    fingerprint = SDPFingerprint(medium, in: bytes)
    isDescribed = true
    add(medium, of: description, in: bytes)
    guard !description.bundle.isEmpty else { return }
    for other in description.media where other.line != medium.line && !other.isRejected {
      add(other, of: description, in: bytes)
    }
  }

  /// Payload types that are the same everywhere need no place; of the others the first ones are kept.
  private mutating func add(
    _ medium: SDPMedia, of description: borrowing SessionDescription, in bytes: Bytes
  ) {
    for index in medium.formats where Int(count) < Self.capacity {
      let written = description.formats[index]
      guard let payloadType = written.payloadType, RTPCodec.assigned(to: payloadType) == nil,
        let format = MediaFormat(written, in: bytes)
      else { continue }
      if Int(count) < formats.count { formats[Int(count)] = format } else { more.append(format) }
      count += 1
    }
  }

  /// What a payload type means; nil when the description does not name it.
  func format(of payloadType: UInt8) -> MediaFormat? {
    for index in 0..<min(Int(count), formats.count) where formats[index].payloadType == payloadType {
      return formats[index]
    }
    return more.first { $0.payloadType == payloadType }
  }
}
