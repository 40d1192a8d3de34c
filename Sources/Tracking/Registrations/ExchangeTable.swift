internal import Packets
internal import Protocols
internal import Values

/// All exchanges that wait for an outcome, bounded.
///
/// When the table is full, the one that was used longest ago goes, one of a client that has no binding
/// first: a flood of made-up accounts displaces itself.
struct ExchangeTable: Sendable, ~Copyable {
  private var records = Arena<RegistrationExchange>()
  private var index = HashIndex()
  private var wheel = Self.newWheel
  private var queues = PriorityQueues()
  private let capacity: Int
  private let seed: UInt64
  var texts = RecordTexts()

  /// Exchanges displaced because the table was full.
  private(set) var evictions: UInt64 = 0

  init(capacity: Int, seed: UInt64) {
    self.capacity = max(1, capacity)
    self.seed = seed
  }

  var count: Int { records.count }
  var byteCount: Int { records.byteCount + index.byteCount + queues.byteCount + texts.byteCount }

  subscript(number: Int) -> RegistrationExchange {
    _read { yield records[number] }
  }

  /// The exchange of a client, or nil.
  func find(aor: UInt64, callID: WideKey, client: IPAddress) -> Int? {
    index.find(hash(aor, callID, client)) {
      records[$0].aor == aor && records[$0].callID == callID && records[$0].client == client
    }
  }

  /// Opens an exchange, which displaces another one when the table is full.
  mutating func open(
    aor: UInt64, callID: WideKey, origin: PacketOrigin, until deadline: Timestamp
  ) -> Int {
    while records.count >= capacity, let victim = queues.victim {
      evictions &+= 1
      close(victim)
    }
    let number = records.insert(RegistrationExchange(origin: origin))
    records[number].aor = aor
    records[number].callID = callID
    index.insert(hash(aor, callID, origin.source), record: number)
    wheel.schedule(number, at: deadline)
    return number
  }

  /// Reads a request, or a response whose request was not seen, into an exchange.
  mutating func read(
    _ number: Int, _ message: borrowing SIPMessage, _ bytes: Bytes, _ keys: MessageKeys
  ) {
    records[number].read(message, bytes, keys, number: number, &texts, seed: seed)
  }

  /// Notes where the last request came from, and how many attempts there were.
  mutating func note(_ origin: PacketOrigin, attempts: RegistrationAttempts, of number: Int) {
    records[number].origin = origin
    records[number].attempts = attempts
  }

  /// Notes how many credentials were refused up to the outcome.
  mutating func note(refusals: UInt32, of number: Int) { records[number].attempts.refusals = refusals }

  /// Goes on with what happened in an exchange.
  mutating func take(
    _ input: RegistrationProgress.Input, of number: Int
  ) -> RegistrationProgress.Action {
    records[number].progress.take(input)
  }

  /// Goes on with an exchange as if no challenge had come.
  mutating func disregardChallenge(of number: Int) { records[number].progress.disregardChallenge() }

  /// Says when waiting ends, and whether the client is known to have a binding.
  mutating func keepWaiting(_ number: Int, until deadline: Timestamp, isKnownClient: Bool) {
    records[number].deadline = deadline
    queues.use(number, level: isKnownClient ? 1 : 0)
  }

  /// Takes an exchange out; its number and text are used again.
  mutating func close(_ number: Int) {
    let record = records[number]
    index.remove(hash(record.aor, record.callID, record.client), record: number)
    wheel.cancel(number)
    queues.remove(number)
    records.remove(number)
  }

  private static var newWheel: TimerWheel { TimerWheel(buckets: 64) }

  /// Takes all exchanges out.
  mutating func restart() {
    while let number = queues.victim { close(number) }
    wheel = Self.newWheel
  }

  /// The next exchange that has waited long enough; the caller closes it.
  mutating func popDue(at time: Timestamp) -> Int? {
    while let number = wheel.popDue(at: time) {
      if records[number].deadline <= time { return number }
      wheel.schedule(number, at: records[number].deadline)
    }
    return nil
  }

  private func hash(_ aor: UInt64, _ callID: WideKey, _ client: IPAddress) -> UInt64 {
    var hash = SeededHash(seed: seed)
    hash.combine(aor)
    hash.combine(callID.high)
    hash.combine(callID.low)
    hash.combine(client.high)
    hash.combine(client.low)
    return hash.value
  }
}
