internal import Protocols

/// A request on one of its hops: who was asked, and what came in answer, from there and from elsewhere.
struct Inquiry: Sendable {
  /// What one answer says; two that say the same may be one that was captured on both sides of a NAT.
  struct Answer: Sendable {
    /// The status code; 0 for none.
    var code: UInt16 = 0
    /// The hash of its tag in To; 0 without one.
    var tag: UInt32 = 0

    /// Whether it is there and ends the transaction.
    var isFinal: Bool { code >= 200 }

    /// Whether a server may say it beside another answer: that somebody gave up, or a success that comes after all.
    func isExcused(in method: SIPMethod) -> Bool {
      switch code {
      case 408, 500...599: true
      case 200...299, 480, 487: method == .invite
      case 481: method == .bye || method == .cancel
      default: false
      }
    }

    /// Whether no single server has said both.
    func differs(from other: Answer) -> Bool {
      code != other.code || tag != 0 && other.tag != 0 && tag != other.tag
    }
  }

  /// Hash of who asks.
  let client: UInt32
  /// Hashes of who was asked, one after the other where a client tries the next server (RFC 3263 §4.3); 0 for nobody.
  private var servers = InlineArray<3, UInt32>(repeating: 0)
  /// What who was asked has answered last: the first final answer stays.
  private(set) var own = Answer()
  /// The first final answer from elsewhere.
  private(set) var foreign = Answer()
  /// Whether that came from where nobody is known to the client.
  private var isFromStranger = false
  /// Whether a provisional answer came from elsewhere, so that the server may have another address for its answers.
  private var isElsewhere = false
  /// Whether more were asked than there is room for, or the server was seen to have two addresses.
  private var isExcused = false
  /// Whether the answer from elsewhere was told of.
  private(set) var isTold = false
  /// Whether the request was sent more than once, and may have been judged anew.
  private var isRepeated = false
  /// Whether two answers of the server were told of.
  private var isContradictionTold = false

  /// A request of a client to a server.
  init(client: UInt32, server: UInt32) {
    self.client = client
    servers[0] = server
  }

  /// Whether an address was asked.
  func isAsked(_ address: UInt32) -> Bool {
    for index in servers.indices where servers[index] == address { return true }
    return false
  }

  /// The same request goes to another address: of who asks, or of who was asked and passes it on as it is.
  ///
  /// What anybody else sends to himself makes him none of the servers.
  mutating func ask(_ server: UInt32, by sender: UInt32) {
    if sender == client { isRepeated = true }
    guard sender == client || isAsked(sender), !isAsked(server) else { return }
    for index in servers.indices where servers[index] == 0 {
      servers[index] = server
      return
    }
    isExcused = true
  }

  /// The request was seen again.
  mutating func repeatRequest() {
    isRepeated = true
  }

  /// Whether an answer of who was asked contradicts the final one before it: no server gives one request, sent once, two
  /// different ones.
  ///
  /// A proxy passes on a 2xx to INVITE after the failure with which it has given up (RFC 3261 §16.7), a call that is over is not
  /// known any more, and nobody knows how servers answer that cannot cope.
  mutating func contradicts(_ answer: Answer, _ method: SIPMethod) -> Bool {
    guard own.isFinal, answer.isFinal, own.code != answer.code, !isRepeated, !isContradictionTold,
      servers[1] == 0, !own.isExcused(in: method), !answer.isExcused(in: method)
    else { return false }
    isContradictionTold = true
    return true
  }

  /// Takes an answer of who was asked; says whether it shows the one from elsewhere to be forged.
  mutating func take(_ answer: Answer) -> Bool {
    guard !own.isFinal else { return false }
    // A 100 has no tag.
    own = Answer(code: answer.code, tag: answer.tag == 0 && !answer.isFinal ? own.tag : answer.tag)
    if foreign.isFinal, own.isFinal, !own.differs(from: foreign) { isExcused = true }
    return judge()
  }

  /// Takes an answer from elsewhere; says whether it is shown to be forged.
  mutating func take(foreign answer: Answer, isStranger: Bool) -> Bool {
    guard answer.isFinal else {
      isElsewhere = true
      return false
    }
    if own.isFinal, !own.differs(from: answer) { isExcused = true }
    guard !foreign.isFinal else { return false }
    foreign = answer
    isFromStranger = isStranger
    return judge()
  }

  private mutating func judge() -> Bool {
    guard !isTold, !isExcused, foreign.isFinal, own.code > 0 else { return false }
    isTold =
      own.isFinal
      ? own.differs(from: foreign)
      : isFromStranger && !isElsewhere && (own.tag == 0 || own.tag != foreign.tag)
    return isTold
  }
}
