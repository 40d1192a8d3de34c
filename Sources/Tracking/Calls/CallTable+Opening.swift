internal import Packets
internal import Protocols
internal import Values

/// The first INVITE of a call: its record, its text and the leg that it continues.
extension CallTable {
  private static let callIDLimit = 256
  private static let userLimit = 128
  /// How long a back-to-back user agent may take to call on, where only the numbers speak for it.
  private static let forwardingTime: Int64 = 3_000_000_000

  /// Legs with which exchanges may carry on one call; one that makes more does so of its own accord.
  private static let carriedLegs: UInt32 = 4
  /// How long an exchange may take to carry a call on, trying one trunk after another.
  private static let carryingTime: Int64 = 10_000_000_000

  /// Makes a call of an INVITE that opens a dialog.
  mutating func open(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ input: Input
  ) -> CallReference {
    var record = CallRecord(
      key: input.keys.callID, callerTag: input.keys.fromTag, id: identity(input), origin: input.origin,
      state: CallState(at: input.time, hasCredentials: Self.hasCredentials(message, bytes)),
      inviteSession: input.session?.identity ?? .unknown,
      caller: input.keys.fromAddress, callee: input.keys.toAddress,
      text: spareTexts.popLast() ?? [], inviteViaCount: UInt16(clamping: message.viaCount),
      inviteCSeq: message.cseq.number ?? 0)
    record.messages = 1
    record.seenPlace = UInt32(truncatingIfNeeded: addressKey(input.origin.source))
    record.inviteBranch = MessageKeys.branch(of: message, bytes, seed: seed)
    record.hasOffer = input.session != nil
    record.hasOneWayMedia = input.session?.isOneWay ?? false
    setText(message, bytes, &record)
    let first = findFirstLeg(message, bytes, input, &record)
    if let first {
      record.id = records[first].id
      records[first].legs &+= 1
      record.legs = records[first].legs
      record.isAttempt = !isContinuation(record.evidence, of: first)
      noteExchange(of: first, input, &record)
    }
    let isAttempt = record.isAttempt
    // The table may give up the first leg to make room.
    let firstReference = first.map { self.reference($0) }
    let number = insert(record)
    noteTakeover(number, message, bytes, input)
    if let firstReference, isLive(firstReference) {
      if !isAttempt { records[Int(firstReference.number)].continuation = reference(number) }
      if records[number].isCarriedOn { records[Int(firstReference.number)].carryingLeg = reference(number) }
    }
    // Whoever calls because of a REFER that nobody has accepted yet makes another call.
    if firstReference == nil || isAttempt && records[number].evidence == .refer { count(number) }
    insertLeg(number)
    if message.isBodyCut { noteCut(number, message) }
    learnContact(number, .caller, message, bytes)
    learnRoutes(number, message, bytes)
    update(number, isAttempt ? .started : [], at: input.time)
    return reference(number)
  }

  /// Whether an INVITE goes on with a call that is there, which happens once for a REFER or a Replaces.
  private func isContinuation(_ evidence: LegEvidence?, of first: Int) -> Bool {
    guard !records[first].isContinued else { return false }
    return evidence == .replaces || evidence == .refer && records[first].state.transfer.progress != .asked
  }

  /// Notes where an exchange carries a call on to, and whether it calls what was called there.
  private mutating func noteExchange(of first: Int, _ input: Input, _ record: inout CallRecord) {
    guard record.evidence != .refer, record.evidence != .replaces, comesFromExchange(records[first], input)
    else { return }
    if input.origin.destination != records[first].origin.source {
      records[first].carriedTo = UInt32(truncatingIfNeeded: addressKey(input.origin.destination))
    }
    // Packets of another tunnel, or of none, may be made by anybody who reaches the sensor.
    record.isCarriedOn =
      record.legs <= Self.carriedLegs
      && input.time.nanoseconds(since: records[first].state.start) <= Self.carryingTime
      && input.origin.tunnelDepth == records[first].origin.tunnelDepth
      && callsNumber(of: records[first], record)
  }

  /// The same for the same packets in every run, whatever the seed of the tables.
  private func identity(_ input: Input) -> UInt64 {
    var hash = SeededHash(seed: 0x6361_6c6c)
    hash.combine(UInt64(bitPattern: input.time.nanoseconds))
    hash.combine(input.origin.number)
    hash.combine(input.origin.source.low ^ input.origin.destination.low &* 31)
    return hash.value
  }

  private func setText(_ message: borrowing SIPMessage, _ bytes: Bytes, _ record: inout CallRecord) {
    let size =
      min(message.callID.count, Self.callIDLimit) + min(message.from.uri.user.count, Self.userLimit)
      + min(message.from.uri.host.count, Self.userLimit) + 1
      + min(message.to.uri.user.count, Self.userLimit)
      + min(message.startLine.uri.user.count, Self.userLimit)
    record.text.removeAll(keepingCapacity: true)
    // Rounded up, so that the next call's text fits in as well.
    record.text.reserveCapacity((size + CallRecord.reasonLimit + CallRecord.codecLimit) | 63)
    record.callID = Self.append(bytes, message.callID, Self.callIDLimit, &record.text)
    record.callerUser = Self.append(bytes, user: message.from.uri.user, Self.userLimit, &record.text)
    record.text.append(UInt8(ascii: "@"))
    record.callerHost = Self.append(bytes, message.from.uri.host, Self.userLimit, &record.text)
    record.calleeUser = Self.append(bytes, user: message.to.uri.user, Self.userLimit, &record.text)
    if !bytes.isEqual(message.startLine.uri.user, message.to.uri.user) {
      let dialled = Self.append(bytes, user: message.startLine.uri.user, Self.userLimit, &record.text)
      let isOther = record.text[dialled.range] != record.text[record.calleeUser.range]
      record.dialledUser = isOther ? dialled : ByteRange()
    }
    // Places that later messages fill without another allocation.
    let start = record.text.count
    record.text.append(contentsOf: repeatElement(0, count: CallRecord.reasonLimit + CallRecord.codecLimit))
    record.reason = ByteRange(start, start)
    record.codec = ByteRange(start + CallRecord.reasonLimit, start + CallRecord.reasonLimit)
  }

  private static func append(
    _ bytes: Bytes, _ range: ByteRange, _ limit: Int, _ text: inout [UInt8]
  ) -> ByteRange {
    let start = text.count
    text.append(bytes.extracting(range.start..<min(range.end, range.start + limit)))
    return ByteRange(start, text.count)
  }

  /// Copies the user part of a URI as all its forms are equal.
  private static func append(
    _ bytes: Bytes, user range: ByteRange, _ limit: Int, _ text: inout [UInt8]
  ) -> ByteRange {
    guard PlainUser.isEscaped(bytes, range) else { return append(bytes, range, limit, &text) }
    let start = text.count
    var reader = PlainUser(range)
    while text.count - start < limit, let byte = reader.next(in: bytes) { text.append(byte) }
    return ByteRange(start, text.count)
  }

  /// Keeps the reason phrase of the last final response.
  mutating func keepReason(_ number: Int, _ message: borrowing SIPMessage, _ bytes: Bytes) {
    let start = records[number].reason.start
    var end = start
    for index in message.startLine.reason.range.prefix(CallRecord.reasonLimit) {
      records[number].text[end] = bytes[index]
      end += 1
    }
    records[number].reason = ByteRange(start, end)
  }

  /// Keeps the codec of an answer.
  mutating func keepCodec(_ number: Int, _ codec: MediaFormat) {
    let start = records[number].codec.start
    let count = min(Int(codec.nameCount), CallRecord.codecLimit)
    for index in 0..<count { records[number].text[start + index] = codec.nameBytes[index] }
    records[number].codec = ByteRange(start, start + count)
  }
}

// MARK: - Legs

extension CallTable {
  /// Finds the leg that an INVITE continues, by the best evidence there is, and notes its own evidence.
  private mutating func findFirstLeg(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ input: Input, _ record: inout CallRecord
  ) -> Int? {
    noteEvidence(message, bytes, input, &record)
    for kind in LegEvidence.allCases {
      guard let first = leg(by: kind, message, bytes, input, record) else { continue }
      record.evidence = kind
      return first
    }
    return nil
  }

  private func noteEvidence(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ input: Input, _ record: inout CallRecord
  ) {
    if let session = message.sessionID(in: bytes) {
      record.evidenceKeys[.sessionID] = evidenceKey(.sessionID, bytes, session.local)
    }
    if let value = message.value(of: legHeader, in: bytes) {
      record.evidenceKeys[.header] = evidenceKey(.header, bytes, value)
    }
    if let identity = message.chargingIdentity(in: bytes) {
      record.evidenceKeys[.chargingID] = evidenceKey(.chargingID, bytes, identity)
    }
    if let session = input.session { record.evidenceKeys[.origin] = session.origin }
    record.evidenceKeys[.numbers] = numbersKey(message, bytes)
    record.evidenceKeys[.callee] = calleeKey(record)
  }

  private func leg(
    by kind: LegEvidence, _ message: borrowing SIPMessage, _ bytes: Bytes, _ input: Input,
    _ record: borrowing CallRecord
  ) -> Int? {
    switch kind {
    case .callID:
      indexedCall(with: record.key).flatMap {
        records[$0].state.phase != .ended && comesFromBeyond(records[$0], input)
          && input.time.nanoseconds(since: records[$0].state.start) <= Self.forwardingTime ? $0 : nil
      }
    case .replaces: message.replaces(in: bytes).flatMap { call(of: $0, bytes) }
    case .refer: transferringCall(message, bytes, input)
    case .header:
      leg(with: record.evidenceKeys[kind], kind)
        ?? call(namedBy: message.value(of: legHeader, in: bytes), bytes)
    case .numbers:
      leg(with: record.evidenceKeys[kind], kind).flatMap {
        comesFromExchange(records[$0], input)
          && input.time.nanoseconds(since: records[$0].state.start) <= Self.forwardingTime ? $0 : nil
      }
    case .callee:
      leg(with: record.evidenceKeys[kind], kind).flatMap {
        isOpen($0, input) && callsNumber(of: records[$0], record) ? $0 : nil
      }
    case .origin:
      // A phone may write the same o= line in all of its calls.
      leg(with: record.evidenceKeys[kind], kind).flatMap { comesFromBeyond(records[$0], input) ? $0 : nil }
    case .sessionID, .chargingID: leg(with: record.evidenceKeys[kind], kind)
    }
  }

  /// The last first leg with a piece of evidence, while it lives.
  private func leg(with key: UInt64, _ kind: LegEvidence) -> Int? {
    indexedLeg(with: key, kind).flatMap { records[$0].state.phase == .ended ? nil : $0 }
  }

  /// A header such as X-Call-ID may name the first leg's Call-ID.
  private func call(namedBy value: ByteRange?, _ bytes: Bytes) -> Int? {
    guard let value else { return nil }
    return indexedCall(with: MessageKeys.wide(bytes, value, seed: seed))
      .flatMap { records[$0].state.phase == .ended ? nil : $0 }
  }

  private func indexedLeg(with key: UInt64, _ kind: LegEvidence) -> Int? {
    key == 0 ? nil : legIndex.find(key) { records[$0].evidenceKeys[kind] == key }
  }

  /// The last call with a Call-ID.
  func indexedCall(with callID: WideKey) -> Int? {
    legIndex.find(callID.high) { records[$0].key == callID }
  }

  /// Lets other legs find a call, in the place of an earlier one with the same evidence.
  ///
  /// The last one is meant, since legs follow each other at once; and what all calls of a sender have in common
  /// makes no search long.
  private mutating func insertLeg(_ number: Int) {
    let callID = records[number].key
    if let earlier = indexedCall(with: callID) { legIndex.remove(callID.high, record: earlier) }
    legIndex.insert(callID.high, record: number)
    guard records[number].evidence == nil else { return }
    for kind in LegEvidence.allCases {
      let key = records[number].evidenceKeys[kind]
      guard key != 0 else { continue }
      if let earlier = indexedLeg(with: key, kind) {
        if kind == .callee, contests(earlier, number) { records[number].isContested = true }
        legIndex.remove(key, record: earlier)
      }
      legIndex.insert(key, record: number)
    }
  }

  /// Takes a call out of where other legs find it, unless a later one is there.
  mutating func removeLeg(_ number: Int) {
    legIndex.remove(records[number].key.high, record: number)
    for kind in records[number].evidenceKeys.indices where records[number].evidenceKeys[kind] != 0 {
      legIndex.remove(records[number].evidenceKeys[kind], record: number)
    }
  }

  /// Whether an INVITE comes from the host that the first leg went to; where both ends are one host, from that port.
  private func comesFromServer(of first: borrowing CallRecord, _ input: Input) -> Bool {
    guard input.origin.source == first.origin.destination else { return false }
    return first.origin.source != first.origin.destination
      || input.origin.sourcePort == first.origin.destinationPort
  }

  /// Whether an INVITE comes from where the first leg went to, from where proxies were seen to pass it on to, or from
  /// where an exchange carried the call on to last.
  private func comesFromBeyond(_ first: borrowing CallRecord, _ input: Input) -> Bool {
    guard !comesFromServer(of: first, input) else { return true }
    let source = addressKey(input.origin.source)
    return source == first.forwardedTo || UInt32(truncatingIfNeeded: source) == first.carriedTo
  }

  /// Whether it comes from there and not from the caller's own host, where another telephone may be called that is behind
  /// the same NAT.
  private func comesFromExchange(_ first: borrowing CallRecord, _ input: Input) -> Bool {
    comesFromServer(of: first, input)
      || input.origin.source != first.origin.source && comesFromBeyond(first, input)
  }

  /// Whether an exchange may carry a leg on with an INVITE that shares nothing with it but the number that is called: it
  /// was sent there lately, has no outcome yet, is the only one that it can be and is not carried on already.
  private func isOpen(_ first: Int, _ input: Input) -> Bool {
    let record = records[first]
    let isNext = UInt32(truncatingIfNeeded: addressKey(input.origin.source)) == record.carriedTo
    return record.state.isInSetup && !record.state.awaitsInvite && !record.isContested
      && input.time.nanoseconds(since: record.state.start) <= Self.forwardingTime
      && input.origin.source != record.origin.source && comesFromExchange(record, input)
      && (isNext || !isCarried(record))
  }

  /// Whether an exchange carries a leg on, and has not failed yet.
  private func isCarried(_ record: borrowing CallRecord) -> Bool {
    isLive(record.carryingLeg) && records[Int(record.carryingLeg.number)].state.phase != .ended
  }

  /// Whether a leg to the same number went to the same host so shortly before another one that what comes from there may
  /// be for either.
  private func contests(_ earlier: Int, _ number: Int) -> Bool {
    let (one, other) = (records[earlier], records[number])
    return one.state.isInSetup && one.origin.destination == other.origin.destination
      && other.state.start.nanoseconds(since: one.state.start) <= Self.forwardingTime
      && (one.isContested || !isCarried(one))
  }

  private func evidenceKey(_ kind: LegEvidence, _ bytes: Bytes, _ range: ByteRange) -> UInt64 {
    guard !range.isEmpty else { return 0 }
    return MessageKeys.key(bytes, range, seed: seed &+ UInt64(kind.rawValue) &+ 1)
  }

  private func numbersKey(_ message: borrowing SIPMessage, _ bytes: Bytes) -> UInt64 {
    let (caller, callee) = (message.from.uri.user, message.to.uri.user)
    guard !caller.isEmpty, !callee.isEmpty else { return 0 }
    var hash = SeededHash(seed: seed)
    hash.combine(user: caller, of: bytes)
    hash.combine(user: callee, of: bytes)
    return max(1, hash.value)
  }
}

extension InlineArray where Element == UInt64 {
  /// The hash of one kind of evidence.
  subscript(kind: LegEvidence) -> UInt64 {
    get { self[Int(kind.rawValue)] }
    set { self[Int(kind.rawValue)] = newValue }
  }
}
