public import Numbering
internal import Packets
internal import Protocols
public import Values

/// All calls: finds the call of each message, lets its state machine decide, and says what changed.
///
/// A call is a Call-ID and the tag of its caller; a Call-ID may be used again. When the table is full, a
/// call that is over goes first, then one that nobody has answered yet, then one in setup, and an answered
/// one last: a flood of INVITEs displaces itself.
public struct CallTable: Sendable, ~Copyable {
  /// A call with what changed in it.
  public struct Change: Sendable {
    /// The call; its record is valid until the next message.
    public let call: CallReference
    /// What changed.
    public let changes: CallChanges
    /// When: the message's time, or that of the deadline that passed.
    public let time: Timestamp
    /// The packet that made it, when that is an earlier one than the present.
    public let origin: PacketOrigin?
  }

  /// How a call table works.
  public struct Options: Sendable {
    /// Calls at the most, ended ones that linger included.
    public var capacity = 1 << 15
    /// How long the phases last.
    public var limits = CallState.Limits()
    /// The header that a back-to-back user agent copies from leg to leg.
    public var legHeader = "X-Call-ID"
    /// Tells of user parts what numbers they are.
    public var numberPlan = NumberPlan()

    /// The defaults.
    public init() {}
  }

  /// What changed and was not collected yet, in order.
  public private(set) var changes: [Change] = []
  /// What was wrong with the messages since it was last collected.
  public private(set) var faults: [SignallingFault] = []
  /// Calls displaced because the table was full.
  public private(set) var evictions: UInt64 = 0
  /// Calls that were displaced although they were answered.
  public private(set) var answeredEvictions: UInt64 = 0
  /// Calls so far.
  public private(set) var total: UInt64 = 0
  /// Calls that were answered so far.
  public private(set) var answered: UInt64 = 0

  var records = Arena<CallRecord>()
  var index = HashIndex()
  /// The last call with a Call-ID, and the last first leg with each piece of evidence.
  var legIndex = HashIndex()
  var callers = CallerCounts()
  /// Live calls by the address that their first INVITE came from.
  var callerAddresses = CallerCounts()
  /// Where accepted REFERs want a call to go, by the hash of user and host.
  var transferTargets: RecentSet<CallReference>
  /// Callers with places of answers between which media was seen.
  var mediaPaths: RecentSet<UInt8>
  let legHeader: SIPHeaderKey
  let numberPlan: NumberPlan
  let limits: CallState.Limits
  let seed: UInt64
  /// The most calls that are kept.
  public let capacity: Int
  var hangUps = HangUpQueue()
  /// Whether the last message came from a party of its call.
  var isSenderTrusted = false
  private var queues = PriorityQueues()
  private var wheel = TimerWheel()
  private var nextExpiry = Int64.min
  private var lastExpiry = Timestamp(nanoseconds: .min)
  private var nextSerial: UInt32 = 0

  /// An empty table.
  ///
  /// - Parameter seed: of the hashes; results do not depend on it.
  public init(options: Options = Options(), seed: UInt64) {
    transferTargets = RecentSet(
      capacity: max(64, options.capacity / 64), lifetime: options.limits.transaction,
      empty: .none)
    mediaPaths = RecentSet(
      capacity: max(64, options.capacity / 2), lifetime: Self.pathMemory, empty: 0)
    legHeader = SIPHeaderKey(options.legHeader)
    numberPlan = options.numberPlan
    limits = options.limits
    capacity = max(1, options.capacity)
    self.seed = seed
  }

  /// Calls in the table, ended ones that linger included.
  public var count: Int { records.count }
  /// Bytes that the table takes, without the text of calls.
  public var byteCount: Int {
    records.byteCount + index.byteCount + legIndex.byteCount + callers.byteCount + callerAddresses.byteCount
      + queues.byteCount + hangUps.byteCount
      + transferTargets.byteCount + mediaPaths.byteCount + textBytes
  }
  /// Bytes of the text of calls.
  var textBytes = 0
  /// Memory of the texts of calls that are forgotten, for the next ones.
  var spareTexts: [[UInt8]] = []
  private static let spareLimit = 1024

  /// Forgets the changes once they were collected.
  public mutating func removeChanges() {
    changes.removeAll(keepingCapacity: true)
  }

  /// Forgets the faults once they were collected.
  public mutating func removeFaults() {
    if !faults.isEmpty { faults.removeAll(keepingCapacity: true) }
  }

  /// Notes what is wrong with a message.
  mutating func note(_ fault: SignallingFault) {
    faults.append(fault)
  }

  /// Whether a reference still means a call.
  func isLive(_ call: CallReference) -> Bool {
    call.number >= 0 && Int(call.number) < records.extent && call.serial != 0
      && records[Int(call.number)].serial == call.serial
  }

  func reference(_ number: Int) -> CallReference {
    CallReference(number: Int32(truncatingIfNeeded: number), serial: records[number].serial)
  }

  /// The call of a message; nil when none is known.
  func find(_ keys: MessageKeys) -> Int? {
    if let number = find(keys.callID, keys.fromTag) { return number }
    return keys.toTag == keys.fromTag ? nil : find(keys.callID, keys.toTag)
  }

  /// The call with a Call-ID and a tag of its caller, of which there is one at the most.
  func find(_ callID: WideKey, _ callerTag: UInt64) -> Int? {
    index.find(Self.hash(callID, callerTag)) {
      records[$0].callerTag == callerTag && records[$0].key == callID
    }
  }

  /// Of both: whoever makes many calls with one Call-ID makes no search longer.
  private static func hash(_ callID: WideKey, _ callerTag: UInt64) -> UInt64 {
    callID.high ^ callerTag &* 0x9e37_79b9_7f4a_7c15
  }
}

// MARK: - Life of a record

extension CallTable {
  /// Adds a call; a full table gives up another one.
  mutating func insert(_ record: CallRecord) -> Int {
    if records.count >= capacity, let victim = queues.victim {
      evictions &+= 1
      if records[victim].state.phase == .talking, records[victim].silence == .none { answeredEvictions &+= 1 }
      remove(victim)
    }
    total &+= 1
    nextSerial &+= 1
    if nextSerial == 0 { nextSerial = 1 }
    var record = record
    record.serial = nextSerial
    textBytes += record.text.count
    let number = records.insert(record)
    index.insert(Self.hash(record.key, record.callerTag), record: number)
    return number
  }

  /// Notes what a message or a deadline changed, and puts the call into its class of worth.
  ///
  /// - Parameter origin: the packet that changed it, when that is an earlier one.
  mutating func update(
    _ number: Int, _ changes: CallChanges, at time: Timestamp, origin: PacketOrigin? = nil
  ) {
    if !changes.isEmpty {
      self.changes.append(Change(call: reference(number), changes: changes, time: time, origin: origin))
    }
    if changes.contains(.answered) { answered &+= 1 }
    let phase = records[number].state.phase
    let level =
      switch phase {
      case .ended: 0
      case .calling: 1
      case .proceeding, .ringing, .waiting: 2
      case .talking: 3
      }
    if records[number].silence != .none { wake(number) }
    queues.touch(number, level: level)
    if changes.contains(.ended) { release(number) }
    guard phase != .talking || changes.contains(.answered) else { return }
    // A new phase may end sooner than the last one would have.
    wheel.cancel(number)
    schedule(number, at: records[number].state.deadline(limits, lastMedia: nil, hadMedia: false))
  }

  /// A call that talks is looked at again and again: its media may stop, or it may come off hold.
  private mutating func schedule(_ number: Int, at deadline: Timestamp) {
    let state = records[number].state
    let look = max(state.lastActivity, lastExpiry).advanced(byNanoseconds: limits.mediaSilence / 4)
    wheel.schedule(number, at: state.phase == .talking ? min(deadline, look) : deadline)
  }

  /// Ends the calls whose time is up at an instant, and forgets those that ended long enough ago.
  ///
  /// - Parameter answers: what is known of answers that were not read: of a call that may have had one it is not said
  ///   why it ended.
  public mutating func expire(
    at time: Timestamp, _ streams: borrowing StreamTable, _ answers: borrowing AnswerVisibility
  ) {
    settleHangUps(at: time)
    guard time.nanoseconds >= nextExpiry else { return }
    nextExpiry = time.advanced(byNanoseconds: 1_000_000_000).nanoseconds
    lastExpiry = time
    while let number = wheel.popDue(at: time) {
      let lastMedia = lastMedia(of: number, streams)
      let deadline = records[number].state.deadline(
        limits, lastMedia: judgedMedia(of: number, lastMedia), hadMedia: lastMedia != nil)
      guard deadline < time else {
        noteUnheard(number, hadMedia: lastMedia != nil, at: time)
        schedule(number, at: deadline)
        continue
      }
      guard records[number].state.phase != .ended else {
        forget(number, at: time, streams)
        continue
      }
      let changes = records[number].state.expire(
        at: deadline, noticed: time, lastMedia: lastMedia, isSilence: isSilence(number, answers, at: time))
      update(number, changes, at: deadline)
    }
  }

  /// A call of which nothing is seen is waited for, and no longer counts; of a full table it goes before those that are
  /// heard of.
  private mutating func noteUnheard(_ number: Int, hadMedia: Bool, at time: Timestamp) {
    let isUnheard = records[number].state.isUnheard(limits, hadMedia: hadMedia, at: time)
    guard isUnheard != (records[number].silence != .none) else { return }
    guard isUnheard else { return wake(number) }
    // What goes on in another leg is counted there.
    let isCounted = records[number].isCounted && !records[number].isContinued
    records[number].silence = isCounted ? .counted : .uncounted
    if isCounted { release(number) }
    queues.use(number, level: 1)
  }

  /// Something is heard of a call again.
  private mutating func wake(_ number: Int) {
    let wasCounted = records[number].silence == .counted
    records[number].silence = .none
    guard records[number].state.phase == .talking else { return }
    queues.use(number, level: 3)
    if wasCounted { count(number) }
  }

  /// Whether nothing came that would have been seen: an answer to the INVITE, or the INVITE that a response asked for.
  private func isSilence(_ number: Int, _ answers: borrowing AnswerVisibility, at time: Timestamp) -> Bool {
    let record = records[number]
    if record.state.awaitsInvite {
      return !answers.hasUnreadRequest(.invite, of: record.origin.source, at: time)
    }
    if answers.unreadCode(record.inviteBranch, to: record.origin.source, at: time) ?? 0 > 100 { return false }
    return record.state.phase != .calling || answers.showsAnswers(to: record.origin, at: time)
  }

  /// Forgets all calls: packet time begins anew.
  public mutating func restart() {
    for number in 0..<records.extent where records[number].serial != 0 { remove(number) }
    transferTargets.removeAll()
    mediaPaths.removeAll()
    hangUps.removeAll()
    wheel = TimerWheel()
    nextExpiry = .min
    lastExpiry = Timestamp(nanoseconds: .min)
  }

  /// Forgets a call that is over, unless its streams go on: they are still said to be its own.
  private mutating func forget(_ number: Int, at time: Timestamp, _ streams: borrowing StreamTable) {
    guard hasLiveStreams(number, streams) else { return remove(number) }
    wheel.schedule(number, at: time.advanced(byNanoseconds: limits.linger))
  }

  /// Takes a call out of everything.
  mutating func remove(_ number: Int) {
    release(number)
    wheel.cancel(number)
    queues.remove(number)
    index.remove(Self.hash(records[number].key, records[number].callerTag), record: number)
    removeLeg(number)
    textBytes -= records[number].text.count
    records[number].serial = 0
    if spareTexts.count < Self.spareLimit { spareTexts.append(records[number].text) }
    records[number].text = []
    records.remove(number)
  }

  /// The call no longer counts as one of its caller's.
  private mutating func release(_ number: Int) {
    guard records[number].isCounted else { return }
    records[number].isCounted = false
    callers.remove(records[number].caller)
    callerAddresses.remove(addressKey(records[number].origin.source))
    // After a transfer the call goes on in another leg.
    let next = records[number].continuation
    guard isLive(next), records[Int(next.number)].state.phase != .ended else { return }
    count(Int(next.number))
  }

  /// The call counts as one of its caller's.
  mutating func count(_ number: Int) {
    guard !records[number].isCounted else { return }
    records[number].isCounted = true
    callers.add(records[number].caller)
    callerAddresses.add(addressKey(records[number].origin.source))
  }
}
