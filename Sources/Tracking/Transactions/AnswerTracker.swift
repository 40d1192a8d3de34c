public import Packets
public import Protocols
public import Values

/// Who forges answers: a final response from an address to which its request was not seen to go.
///
/// That alone is honest where servers have several addresses. It is forged when who was asked has answered, too: finally
/// and with another status or another tag in To; or for now, with the final response coming from where nobody is known to
/// the client. Both are responses to one transaction (branch, Call-ID and CSeq), which has one server and one final
/// response but for the 2xx of several telephones, that come through who was asked (RFC 3261 §16.7, §18.2.2).
///
/// Ports say nothing: servers answer from others than they are asked at.
public struct AnswerTracker: Sendable, ~Copyable {
  /// What an answer is to the request that it answers.
  public enum Standing: Sendable {
    /// It comes from where the request went, or nothing speaks against it.
    case accepted
    /// It is final and comes from a stranger, and who was asked has said nothing yet.
    case doubtful
    /// It was told of as forged.
    case forged
  }

  /// A response that was shown to be forged.
  public struct Forgery: Sendable {
    /// Its packet.
    public let origin: PacketOrigin
    /// Its status code.
    public let code: UInt16
    /// Whether it is an earlier message than the one at hand.
    public let isEarlier: Bool
  }

  /// Timer C and more (RFC 3261 §16.6); each message of the transaction renews it.
  private static let memory: Int64 = 240_000_000_000
  /// Answers from elsewhere that wait for those of who was asked.
  private static let waitingLimit = 1024

  /// What the last message shows to be forged.
  public private(set) var forgery: Forgery?
  /// The status codes of the two final responses of one server that contradict each other, of which the last message is the
  /// second.
  public private(set) var contradiction: (first: UInt16, second: UInt16)?
  /// What the last message is, when it is a response.
  public private(set) var standing = Standing.accepted

  private var inquiries: RecentSet<Inquiry>
  private var waiting: RecentTable<PacketOrigin>
  private let seed: UInt64

  /// A tracker that has seen nobody ask.
  ///
  /// - Parameters:
  ///   - capacity: requests at the most.
  ///   - seed: of the hashes; results do not depend on it.
  public init(capacity: Int, seed: UInt64) {
    inquiries = RecentSet(capacity: capacity, lifetime: Self.memory, empty: Inquiry(client: 0, server: 0))
    waiting = RecentTable(capacity: Self.waitingLimit, lifetime: Self.memory)
    self.seed = seed
  }

  /// How full the tables are together.
  public var usage: TableUsage { inquiries.usage + waiting.usage }

  /// Forgets everything: packet time begins anew.
  public mutating func restart() {
    inquiries.removeAll()
    waiting.removeAll()
  }

  /// Takes a message.
  ///
  /// - Parameter strangers: tells who is known to whom; it has not taken the message yet.
  public mutating func process(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ keys: MessageKeys, _ verdict: RepeatVerdict,
    _ origin: PacketOrigin, _ strangers: borrowing StrangerTracker, at time: Timestamp
  ) {
    forgery = nil
    contradiction = nil
    standing = .accepted
    guard message.method != .none, message.method != .ack, !message.isIdentityCut, keys.callID != .none,
      origin.source != origin.destination
    else { return }
    let isRequest = message.kind == .request
    let isRepeat = verdict.contains(.retransmission)
    // A packet that was captured twice was sent once.
    guard !isRequest || !verdict.contains(.duplicate) else { return }
    let branch = MessageKeys.branch(of: message, bytes, seed: seed)
    guard branch != 0 else { return }
    let key = key(message, keys, branch: branch)
    let known = inquiries.value(key.high, key.low, at: time.nanoseconds)
    if isRequest {
      ask(key, known, origin, isRepeat: isRepeat, at: time.nanoseconds)
    } else if let known {
      answer(message, keys, key, known, origin, strangers, isRepeat: isRepeat, at: time.nanoseconds)
    }
  }

  private mutating func ask(
    _ key: WideKey, _ known: Inquiry?, _ origin: PacketOrigin, isRepeat: Bool, at time: Int64
  ) {
    guard known != nil || !isRepeat else { return }
    let (client, server) = (hash(origin.source), hash(origin.destination))
    var inquiry = known ?? Inquiry(client: client, server: server)
    if isRepeat {
      inquiry.repeatRequest()
    } else if known != nil {
      inquiry.ask(server, by: client)
    }
    inquiries.insert(key.high, key.low, inquiry, at: time)
  }

  private mutating func answer(
    _ message: borrowing SIPMessage, _ keys: MessageKeys, _ key: WideKey, _ known: Inquiry,
    _ origin: PacketOrigin, _ strangers: borrowing StrangerTracker, isRepeat: Bool, at time: Int64
  ) {
    guard known.client == hash(origin.destination), (100...699).contains(message.startLine.statusCode) else {
      return
    }
    var inquiry = known
    let answer = Inquiry.Answer(
      code: UInt16(clamping: message.startLine.statusCode), tag: UInt32(truncatingIfNeeded: keys.toTag >> 32))
    if inquiry.isAsked(hash(origin.source)) {
      guard !isRepeat else { return }
      if inquiry.contradicts(answer, message.method) {
        contradiction = (known.own.code, answer.code)
      }
      if inquiry.take(answer), let earlier = waiting.value(key, at: time) {
        forgery = Forgery(origin: earlier, code: inquiry.foreign.code, isEarlier: true)
      }
    } else if isRepeat {
      return standing = inquiry.isTold && answer.isFinal ? .forged : .accepted
    } else {
      takeForeign(answer, key, &inquiry, origin, strangers, at: time)
    }
    inquiries.insert(key.high, key.low, inquiry, at: time)
  }

  /// Takes an answer from where nobody was asked. A server of the client itself may be one whose request was lost.
  private mutating func takeForeign(
    _ answer: Inquiry.Answer, _ key: WideKey, _ inquiry: inout Inquiry, _ origin: PacketOrigin,
    _ strangers: borrowing StrangerTracker, at time: Int64
  ) {
    let acquaintance = strangers.acquaintance(of: origin.source, answering: origin.destination, at: time)
    guard acquaintance != .known else { return }
    let isFirst = answer.isFinal && !inquiry.foreign.isFinal
    if inquiry.take(foreign: answer, isStranger: acquaintance == .stranger) {
      forgery = Forgery(origin: origin, code: answer.code, isEarlier: false)
    } else if isFirst {
      waiting.insert(key, origin, at: time)
      if acquaintance == .stranger, inquiry.own.code == 0 { standing = .doubtful }
    }
    if inquiry.isTold, answer.isFinal { standing = .forged }
  }

  /// The request on one hop: Call-ID, CSeq and branch, whatever addresses it has before and behind a NAT.
  private func key(_ message: borrowing SIPMessage, _ keys: MessageKeys, branch: UInt32) -> WideKey {
    var hash = SeededHash(seed: seed)
    hash.combine(keys.callID.high)
    hash.combine(UInt64(branch) << 32 | UInt64(message.cseq.number ?? 0))
    hash.combine(UInt64(message.method.rawValue))
    return WideKey(high: hash.value, low: keys.callID.low ^ hash.value &* 0x9e37_79b9_7f4a_7c15)
  }

  private func hash(_ address: IPAddress) -> UInt32 {
    UInt32(truncatingIfNeeded: MessageKeys.key(address, seed: seed)) | 1
  }
}
