internal import Events
internal import Packets
internal import Values

/// All bindings, bounded, and for a day what was a binding.
///
/// An address of record has 32 at the most. When the table is full, what only was goes first, then what
/// was never refreshed, each in the order of use.
struct BindingTable: Sendable, ~Copyable {
  /// Bindings of one address of record, those that are only remembered included.
  static let perAddress = 32
  /// How long after its end a binding still is one: the refresh may be on its way.
  static let grace: Int64 = 10_000_000_000
  /// How long the device of an ended binding is remembered.
  static let memory: Int64 = 86_400_000_000_000

  var records = Arena<RegistrationBinding>()
  var index = HashIndex()
  var wheel = TimerWheel()
  var queues = PriorityQueues()
  let capacity: Int
  var texts = RecordTexts()

  /// Bindings that hold.
  var activeCount = 0
  /// Bindings that held and were displaced because the table was full.
  var evictions: UInt64 = 0

  init(capacity: Int) {
    self.capacity = max(1, capacity)
  }

  var byteCount: Int { records.byteCount + index.byteCount + queues.byteCount + texts.byteCount }

  subscript(number: Int) -> RegistrationBinding { records[number] }

  /// What is remembered of an address of record.
  struct Survey {
    /// The binding that a contact would renew, and how surely.
    var own: Int?
    var likeness = 0
    /// The one that was granted last.
    var latest: Int?
    /// The one that was granted last of those that hold and came from elsewhere.
    var foreign: Int?
    /// The one to displace when the address of record has too many.
    var least: Int?
    var count = 0
    var knowsSource = false
    var knowsContact = false
    var isActiveSource = false
    /// Whether the address of record has so many that hold that not all are known.
    var isCrowded = false
  }

  /// Looks at all that is remembered of an address of record.
  func survey(
    _ aor: UInt64, _ contact: RegisteredContact?, callID: WideKey?, source: IPAddress
  ) -> Survey {
    var survey = Survey()
    _ = index.find(aor) { number in
      guard records[number].aor == aor else { return false }
      look(at: number, contact, callID: callID, source: source, &survey)
      return false
    }
    if survey.count >= Self.perAddress, let least = survey.least {
      survey.isCrowded = records[least].isActive
    }
    return survey
  }

  /// Whether a registrar has accepted a nonce from a client of an address of record.
  func hasAccepted(_ nonce: UInt64, of aor: UInt64, from client: IPAddress) -> Bool {
    guard nonce != 0 else { return false }
    return index.find(aor) { number in
      let record = records[number]
      return record.aor == aor && record.nonce == nonce && record.origin.source == client
    } != nil
  }

  /// Who has granted an address of record a registration from an address that holds.
  func registrar(of aor: UInt64, at client: IPAddress) -> IPAddress? {
    index.find(aor) { number in
      let record = records[number]
      return record.aor == aor && record.isActive && record.origin.source == client
    }.map { records[$0].origin.destination }
  }

  private func look(
    at number: Int, _ contact: RegisteredContact?, callID: WideKey?, source: IPAddress,
    _ survey: inout Survey
  ) {
    let record = records[number]
    survey.count += 1
    if survey.latest.map({ records[$0].renewed < record.renewed }) ?? true { survey.latest = number }
    if survey.least.map({ isLess(record, records[$0]) }) ?? true { survey.least = number }
    if record.origin.source == source {
      survey.knowsSource = true
      if record.isActive { survey.isActiveSource = true }
    } else if record.isActive, survey.foreign.map({ records[$0].renewed < record.renewed }) ?? true {
      survey.foreign = number
    }
    guard let contact else { return }
    if record.contact.key == contact.key { survey.knowsContact = true }
    let likeness = Self.likeness(record, contact, callID)
    if likeness > survey.likeness {
      survey.likeness = likeness
      survey.own = number
    }
  }

  private func isLess(_ left: borrowing RegistrationBinding, _ right: borrowing RegistrationBinding) -> Bool {
    left.isActive != right.isActive ? right.isActive : left.renewed < right.renewed
  }

  /// How surely a contact belongs to the device of a binding: its instance, its contact, its Call-ID.
  private static func likeness(
    _ record: borrowing RegistrationBinding, _ contact: RegisteredContact, _ callID: WideKey?
  ) -> Int {
    if contact.instance != 0, contact.instance == record.contact.instance { return 3 }
    // What names its flow is bound by device and flow, whatever its address (RFC 5626 §6).
    if contact.hasFlow, record.contact.hasFlow { return 0 }
    if contact.key == record.contact.key { return 2 }
    if contact.instance != 0, record.contact.instance != 0 { return 0 }
    return callID == record.callID ? 1 : 0
  }

  /// Puts in or renews the binding of one contact of an exchange.
  mutating func renew(
    _ exchange: borrowing RegistrationExchange, contact: RegisteredContact, lifetime: UInt32,
    _ exchangeNumber: Int, _ exchangeTexts: RecordTexts, at time: Timestamp
  ) -> (kind: EventKind, signals: BindingSignals) {
    let callID = exchange.contactCount == 1 ? exchange.callID : nil
    let survey = survey(exchange.aor, contact, callID: callID, source: exchange.origin.source)
    let isRefresh = survey.own.map { records[$0].isActive } ?? false
    let signals = compare(exchange, contact, survey, isRefresh: isRefresh)
    let aor = exchange.aor
    let number = survey.own ?? insert(aor, survey)
    var record = RegistrationBinding(origin: exchange.origin)
    record.aor = aor
    record.contact = contact
    record.callID = exchange.callID
    record.nonce = exchange.nonce
    record.isActive = true
    record.isRefreshed = isRefresh
    record.lifetime = lifetime
    record.renewed = time
    record.deadline = time.advanced(byNanoseconds: Int64(lifetime) * 1_000_000_000 + Self.grace)
    texts.clear(number)
    record.contact.text = texts.append(contact.text, of: exchangeNumber, in: exchangeTexts, to: number)
    record.aorText = texts.append(exchange.aorText, of: exchangeNumber, in: exchangeTexts, to: number)
    record.callIDText = texts.append(exchange.callIDText, of: exchangeNumber, in: exchangeTexts, to: number)
    record.userAgent = texts.append(exchange.userAgent, of: exchangeNumber, in: exchangeTexts, to: number)
    if !isRefresh { activeCount += 1 }
    records[number] = record
    queues.use(number, level: record.level)
    wheel.cancel(number)
    wheel.schedule(number, at: record.deadline)
    return (isRefresh ? .registrationRefreshed : .registrationRegistered, signals)
  }

  /// Removes the binding of one contact, or all of an address of record.
  mutating func remove(
    _ exchange: borrowing RegistrationExchange, contact: RegisteredContact?, at time: Timestamp
  ) -> BindingSignals {
    let callID = exchange.contactCount == 1 ? exchange.callID : nil
    let survey = survey(exchange.aor, contact, callID: callID, source: exchange.origin.source)
    let isKnown = survey.own != nil
    var signals = compare(exchange, contact, survey, isRefresh: isKnown)
    if contact == nil {
      signals.contactChanged = nil
      // Who has a contact of his own takes those of others out all the same.
      if let foreign = survey.foreign {
        signals.sourceChanged = true
        signals.previousSource = records[foreign].origin.source
      }
      endAll(of: exchange.aor, at: time)
    } else if let own = survey.own {
      if isDevice(exchange, contact, of: own) {
        signals.sourceChanged = false
        signals.previousSource = nil
      }
      records[own].nonce = exchange.nonce
      end(own, at: time)
    }
    return signals
  }

  /// Whether who takes a binding out, from wherever, is its device: a telephone that has moved takes its old contact out with
  /// the REGISTER that brings the new one, and an application says which device it is when it logs out in another network.
  /// Where the registrar asks for no password anybody might who has seen its Call-ID.
  private func isDevice(
    _ exchange: borrowing RegistrationExchange, _ contact: RegisteredContact?, of number: Int
  ) -> Bool {
    let record = records[number]
    guard record.nonce != 0, exchange.nonce != 0 else { return false }
    if let contact, contact.instance != 0, contact.instance == record.contact.instance { return true }
    guard exchange.bindsContact else { return false }
    return record.callID == exchange.callID
  }

  /// Compares with the device's own last registration, or with all of the address of record; where those are not all
  /// known, nothing can be said of a device that is not among them.
  private func compare(
    _ exchange: borrowing RegistrationExchange, _ contact: RegisteredContact?, _ survey: Survey,
    isRefresh: Bool
  ) -> BindingSignals {
    guard let previous = isRefresh ? survey.own : survey.latest, isRefresh || !survey.isCrowded else {
      return BindingSignals()
    }
    let source = records[previous].origin.source
    let isOwn = isRefresh
    let sourceChanged = isOwn ? source != exchange.origin.source : !survey.knowsSource
    let contactChanged = isOwn ? records[previous].contact.key != contact?.key : !survey.knowsContact
    return BindingSignals(
      sourceChanged: sourceChanged, contactChanged: contactChanged,
      previousSource: sourceChanged ? source : nil)
  }
}
