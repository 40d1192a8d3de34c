internal import Events
internal import Values

/// Makes the events of a prepared test, in the order of time; equal times keep the order of the file.
///
/// What a test leaves out is filled in where an event always has it: `src_*` and `dest_*` from `client.*` and
/// `server.*` (the other way round for a response) and back, `ip_v`, `app_proto`, `pcap_cnt` (from 1), the
/// outcome in `call.event`, `registration.event` and `rtp.event`, and false for truths that are always there.
struct TestEventStream {
  private let test: PreparedTest
  private let headerNames: HeaderNames
  private var order: [Step] = []

  /// One event of a group.
  private struct Step {
    var time: Int64
    var group: Int
    var repetition: Int
  }

  init(_ test: PreparedTest, headerNames: HeaderNames) {
    self.test = test
    self.headerNames = headerNames
    for (index, group) in test.groups.enumerated() {
      var time = group.start
      for repetition in 0..<group.repetitions {
        order.append(Step(time: time, group: index, repetition: repetition))
        time = time.saturatingAdd(group.interval)
      }
    }
    order = order.enumerated().sorted {
      $0.element.time != $1.element.time ? $0.element.time < $1.element.time : $0.offset < $1.offset
    }.map(\.element)
  }

  /// How many there are.
  var count: Int { order.count }

  /// Hands over each event, with the number of its place in time.
  ///
  /// - Parameter shuffle: gives them another order; they keep their times and numbers.
  func forEach(shuffledBy shuffle: TestEventOrder? = nil, _ body: (borrowing Event) -> Void) {
    var event = Event(headerSlots: headerNames.names.count)
    var shuffle = shuffle
    for number in shuffle?.places(of: order.map(\.time)) ?? Array(order.indices) {
      let step = order[number]
      let group = test.groups[step.group]
      event.reset(group.kind, at: Timestamp(nanoseconds: step.time), sequence: UInt64(number))
      for assignment in group.assignments.sorted(by: { $0.isPayload && !$1.isPayload }) {
        fill(&event, assignment, repetition: step.repetition)
      }
      event.fillDefaults(number: number + 1)
      body(event)
    }
  }

  private func fill(
    _ event: inout Event, _ assignment: PreparedTest.Assignment, repetition: Int
  ) {
    let values = assignment.texts.compactMap { TestValue($0.text(repetition + 1), assignment.type) }
    switch assignment.target {
    case .field(.payload):
      if case .text(let bytes) = values.first { event.attach(message: bytes.span) }
    case .field(let field) where assignment.isList:
      let stored = values.map { event.store($0) }
      let start = event.items.count
      for value in stored { event.appendItem(value) }
      event.set(field, itemsFrom: start)
    case .field(let field):
      // An empty text is an absent one, as in events from packets.
      if let value = values.first, value != .text([]) { event.set(field, event.store(value)) }
    case .header(let name):
      guard let slot = headerNames.names.firstIndex(of: name), let value = values.first else { return }
      event.setHeader(slot: slot, event.store(value))
    }
  }
}

extension PreparedTest.Assignment {
  fileprivate var isPayload: Bool { target == .field(.payload) }
}

extension Event {
  /// Puts a value's text into the event.
  fileprivate mutating func store(_ value: TestValue) -> FieldValue {
    switch value {
    case .text(let bytes): .text(append(bytes.span))
    case .integer(let number): .integer(number)
    case .decimal(let number): .decimal(number)
    case .ip(let address): .ip(address)
    case .time(let time): .time(time)
    case .duration(let duration): .duration(duration)
    case .bool(let flag): .bool(flag)
    case .list: .absent
    }
  }

  /// Fills in what a test leaves out.
  fileprivate mutating func fillDefaults(number: Int) {
    let isResponse = kind == .sipResponse
    let ends: [(Field, Field)] =
      isResponse
      ? [(.srcIP, .serverIP), (.destIP, .clientIP), (.srcPort, .serverPort), (.destPort, .clientPort)]
      : [(.srcIP, .clientIP), (.destIP, .serverIP), (.srcPort, .clientPort), (.destPort, .serverPort)]
    for (packet, transaction) in ends {
      if !has(packet) { set(packet, self[transaction]) }
      if !has(transaction) { set(transaction, self[packet]) }
    }
    if !has(.ipV), case .ip(let address) = self[.srcIP] { set(.ipV, integer: address.isIPv6 ? 6 : 4) }
    if !has(.pcapCnt) { set(.pcapCnt, integer: Int64(number)) }
    if kind.type == .sip, !has(.appProto) { set(.appProto, constant: "sip") }
    for row in FieldCatalog.fields(in: kind.set) where row.isAlwaysPresent && !has(row.field) {
      if row.type == .bool { set(row.field, bool: false) }
    }
    fillOutcome()
  }

  private mutating func fillOutcome() {
    let field: Field
    switch kind.type {
    case .call: field = .callEvent
    case .registration: field = .registrationEvent
    case .rtp: field = .rtpEvent
    default: return
    }
    guard !has(field), let name = kind.name.split(separator: ".").last else { return }
    set(field, copying: String(name))
  }
}
