internal import Events
public import Packets
public import Protocols
public import Values

/// Requests and their final responses (RFC 3261 §17), bounded.
///
/// A transaction opens with the first sight of a request that is not ACK, and ends with the first final
/// response of the same transaction to the same client. What a proxy passes on has another top Via and is
/// the same message, so it opens none. When the table is full, the one that was used longest ago goes, an
/// unanswered one first.
public struct TransactionTracker: Sendable, ~Copyable {
  /// Transactions that ended and were not collected yet.
  public private(set) var changes: [TransactionChange] = []
  /// Transactions so far.
  public private(set) var total: UInt64 = 0
  /// Transactions that had a final response.
  public private(set) var finished: UInt64 = 0
  /// Transactions that had none in time.
  public private(set) var timedOut: UInt64 = 0
  /// Transactions displaced because the table was full.
  public private(set) var evictions: UInt64 = 0
  /// Open transactions at the most.
  public let capacity: Int

  var records = Arena<TransactionRecord>()
  var texts = RecordTexts()
  private var index = HashIndex()
  private var wheel = Self.newWheel
  private var queues = PriorityQueues()
  private var nextExpiry = Timestamp(nanoseconds: .min)
  private let seed: UInt64

  /// A tracker without transactions.
  ///
  /// - Parameters:
  ///   - capacity: open transactions at the most.
  ///   - seed: of the hashes; results do not depend on it.
  public init(capacity: Int, seed: UInt64) {
    self.capacity = max(1, capacity)
    self.seed = seed
  }

  private static var newWheel: TimerWheel { TimerWheel(buckets: 256) }

  /// Open transactions.
  public var count: Int { records.count }
  /// Bytes that the table takes.
  public var byteCount: Int { records.byteCount + index.byteCount + queues.byteCount + texts.byteCount }

  /// Takes a message.
  public mutating func process(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ keys: MessageKeys, _ verdict: RepeatVerdict,
    _ origin: PacketOrigin, at time: Timestamp
  ) {
    guard message.method != .none, !verdict.contains(.duplicate), !message.isIdentityCut else { return }
    let isRequest = message.kind == .request
    guard !isRequest || message.method != .ack else { return }
    let client = isRequest ? origin.source : origin.destination
    let transaction = keys.transaction(of: message, bytes, seed: seed)
    let key = key(transaction, callID: keys.callID, cseq: message.cseq.number, client: client)
    if let number = index.find(key.high, where: { records[$0].key == key }) {
      go(on: number, message, verdict, at: time)
    } else if isRequest, verdict.isEmpty {
      open(key, message, bytes, origin, at: time)
    }
  }

  /// Ends the transactions that waited too long at an instant, once a second.
  ///
  /// - Parameter answers: what is known of answers that were not read: nothing is said of those who may have had one.
  public mutating func expire(at time: Timestamp, _ answers: borrowing AnswerVisibility) {
    guard time >= nextExpiry else { return }
    nextExpiry = time.advanced(byNanoseconds: 1_000_000_000)
    while let number = wheel.popDue(at: time) {
      let deadline = records[number].deadline
      guard deadline <= time else {
        wheel.schedule(number, at: deadline)
        continue
      }
      guard isSilence(number, answers, at: time) else {
        forget(number)
        records.remove(number)
        continue
      }
      act(on: records[number].progress.take(.silence), number, code: nil, at: deadline)
    }
  }

  /// Forgets all open transactions: packet time begins anew.
  public mutating func restart() {
    while let number = queues.victim {
      forget(number)
      records.remove(number)
    }
    wheel = Self.newWheel
    nextExpiry = Timestamp(nanoseconds: .min)
  }

  /// Forgets the changes once they were collected.
  public mutating func removeChanges() {
    for change in changes { records.remove(change.number) }
    changes.removeAll(keepingCapacity: true)
  }
}

extension TransactionTracker {
  /// Whether a final response would have been read.
  private func isSilence(_ number: Int, _ answers: borrowing AnswerVisibility, at time: Timestamp) -> Bool {
    let record = records[number]
    return !answers.hasUnreadEnd(record.branch, to: record.origin.source, at: time)
      && (record.progress.provisional != nil || answers.showsAnswers(to: record.origin, at: time))
  }

  private mutating func open(
    _ key: WideKey, _ message: borrowing SIPMessage, _ bytes: Bytes, _ origin: PacketOrigin,
    at time: Timestamp
  ) {
    while records.count >= capacity, let victim = queues.victim {
      evictions &+= 1
      forget(victim)
      records.remove(victim)
    }
    total &+= 1
    let number = records.insert(TransactionRecord(message.method, key: key, origin: origin, at: time))
    texts.clear(number)
    records[number].branch = MessageKeys.branch(of: message, bytes, seed: seed)
    records[number].callID = texts.append(bytes, message.callID, to: number)
    if message.method == .other {
      records[number].methodText = texts.append(bytes, message.methodRange, to: number, upTo: 64)
    }
    index.insert(key.high, record: number)
    queues.use(number, level: 0)
    wheel.schedule(number, at: records[number].deadline)
  }

  private mutating func go(
    on number: Int, _ message: borrowing SIPMessage, _ verdict: RepeatVerdict, at time: Timestamp
  ) {
    if verdict.contains(.retransmission) {
      _ = records[number].progress.take(.repetition)
      return
    }
    // A request of first sight with the key of an open transaction goes to another server under the same
    // identity; its answers could not be told apart.
    guard message.kind == .response else { return }
    let code = UInt16(clamping: message.startLine.statusCode)
    act(on: records[number].progress.take(.response(code: code)), number, code: code, at: time)
  }

  private mutating func act(
    on action: TransactionProgress.Action, _ number: Int, code: UInt16?, at time: Timestamp
  ) {
    switch action {
    case .wait:
      queues.use(number, level: 1)
    case .waitAnew(let patience):
      records[number].deadline = time.advanced(byNanoseconds: patience)
      queues.use(number, level: 1)
    case .finish:
      finished &+= 1
      end(number, code: code, at: time)
    case .timeOut:
      timedOut &+= 1
      end(number, code: nil, at: time)
    }
  }

  /// Takes a transaction out; its record is kept until its change was collected.
  private mutating func end(_ number: Int, code: UInt16?, at time: Timestamp) {
    forget(number)
    changes.append(
      TransactionChange(time: time, origin: records[number].origin, code: code, number: number))
  }

  private mutating func forget(_ number: Int) {
    index.remove(records[number].key.high, record: number)
    wheel.cancel(number)
    queues.remove(number)
  }

  /// A client that uses one branch for everything still has different Call-IDs and sequence numbers.
  private func key(
    _ transaction: WideKey, callID: WideKey, cseq: UInt32?, client: IPAddress
  ) -> WideKey {
    var high = SeededHash(seed: seed)
    high.combine(transaction.high)
    high.combine(callID.high)
    high.combine(client.high)
    high.combine(client.low)
    high.combine(cseq.map { UInt64($0) } ?? .max)
    var low = SeededHash(seed: ~seed)
    low.combine(transaction.low)
    low.combine(high.value)
    return WideKey(high: high.value, low: low.value)
  }
}
