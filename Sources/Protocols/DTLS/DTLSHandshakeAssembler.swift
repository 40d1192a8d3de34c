public import Packets
public import Values

/// Puts fragmented DTLS handshake messages of one direction together, RFC 6347 §4.2.3.
///
/// Fragments may come in any order, overlap, repeat, and belong to two messages at a time; a third message
/// takes the place of the one that has waited longest without a fragment. Where fragments overlap, the bytes
/// that came first stay. At most two messages of `maximumMessageCount` bytes are kept. Each byte that comes
/// is looked at once; beginning a message clears one bit for each byte of the longest one so far.
public struct DTLSHandshakeAssembler: Sendable {
  /// What a fragment completed.
  public enum Step: Sendable, Equatable {
    /// Nothing yet.
    case needsMore
    /// The fragment was the whole message: its body is in the datagram.
    case whole(type: UInt8, body: ByteRange)
    /// The message is complete: its body is in `buffer`, until the next call.
    case assembled(type: UInt8, body: ByteRange)
    /// The message is longer than the limit.
    case oversized
  }

  fileprivate struct Message {
    var type: UInt8 = 0
    var sequence: UInt16 = 0
    var count = 0
    var missing = 0
    var body: [UInt8] = []
    /// One bit for each byte that has come.
    var present: [UInt64] = []
  }

  /// The longest message that is put together, in bytes.
  public let maximumMessageCount: Int
  /// Incomplete messages that another one has replaced.
  public private(set) var replacedMessages: UInt64 = 0
  private var recent = Message()
  private var older = Message()

  /// An assembler for one direction; it takes memory with the first fragmented message.
  public init(maximumMessageCount: Int = 16_384) {
    self.maximumMessageCount = max(maximumMessageCount, 64)
  }

  /// Bytes that both messages take.
  public var byteCount: Int {
    recent.body.count + older.body.count + 8 * (recent.present.count + older.present.count)
  }

  /// The body that `Step.assembled` tells of.
  public var buffer: [UInt8] { recent.body }

  /// Takes one fragment out of a datagram.
  public mutating func process(_ fragment: DTLSHandshakeFragment, in bytes: Bytes) -> Step {
    guard fragment.data.end <= bytes.count else { return .needsMore }
    if fragment.isWhole { return .whole(type: fragment.type, body: fragment.data) }
    guard fragment.messageCount <= maximumMessageCount else { return .oversized }
    // An empty part of a longer message brings nothing and shall not replace one.
    guard !fragment.data.isEmpty else { return .needsMore }
    if !recent.accepts(fragment) {
      swap(&recent, &older)
      if !recent.accepts(fragment) {
        if recent.missing > 0 { replacedMessages += 1 }
        recent.begin(fragment)
      }
    }
    recent.take(fragment, bytes)
    guard recent.missing == 0 else { return .needsMore }
    return .assembled(type: recent.type, body: ByteRange(0, recent.count))
  }
}

extension DTLSHandshakeAssembler.Message {
  func accepts(_ fragment: DTLSHandshakeFragment) -> Bool {
    missing > 0 && sequence == fragment.messageSequence && type == fragment.type
      && count == fragment.messageCount
  }

  mutating func begin(_ fragment: DTLSHandshakeFragment) {
    type = fragment.type
    sequence = fragment.messageSequence
    count = fragment.messageCount
    missing = count
    // What is left in the body belongs to no set bit, so that it need not be cleared.
    Work.count(present.count)
    for index in present.indices { present[index] = 0 }
  }

  /// The arrays grow to the furthest byte that comes, not to the length that a fragment claims.
  mutating func take(_ fragment: DTLSHandshakeFragment, _ bytes: Bytes) {
    let end = fragment.offset + fragment.data.count
    Work.count(fragment.data.count + max(0, end - body.count))
    while body.count < end { body.append(0) }
    while present.count * 64 < end { present.append(0) }
    for index in 0..<fragment.data.count {
      let place = fragment.offset + index
      let bit: UInt64 = 1 << UInt64(place & 63)
      guard present[place >> 6] & bit == 0 else { continue }
      present[place >> 6] |= bit
      body[place] = bytes[fragment.data.start + index]
      missing -= 1
    }
  }
}
