internal import Rules
internal import Values

extension NodeDecoder {
  mutating func read(_ key: String, in fields: DecodedFields, into value: inout String) {
    if let node = fields[key], let text = text(node, of: key) { value = text.value }
  }

  mutating func read(
    _ key: String, in fields: DecodedFields, _ range: ClosedRange<Int>, into value: inout Int
  ) {
    if let node = fields[key], let number = number(node, of: key, in: range) { value = number.value }
  }

  mutating func read(_ key: String, in fields: DecodedFields, into value: inout Int64) {
    if let node = fields[key], let time = duration(node, of: key) { value = time.value }
  }

  /// A network that is written as such.
  mutating func network(_ key: String, in fields: DecodedFields) -> String? {
    guard let node = fields[key], let text = text(node, of: key) else { return nil }
    guard IPNetwork(text.value) != nil else {
      sink.error(
        .badAddress, at: text.span, "'\(text.value)' is no network", help: "write, for example, 10.20.0.0/16")
      return nil
    }
    return text.value
  }

  /// One address.
  mutating func address(_ node: YAMLNode, of what: String) -> String? {
    guard let text = text(node, of: what) else { return nil }
    guard IPAddress(text.value) != nil else {
      sink.error(
        .badAddress, at: text.span, "'\(text.value)' is no IP address",
        help: "write, for example, 192.0.2.10 or 2001:db8::10")
      return nil
    }
    return text.value
  }

  mutating func decodeCalendar(_ node: YAMLNode, into calendar: inout Scenario.Calendar) {
    guard let fields = fields(node, of: "calendar", keys: ScenarioKeys.calendar) else { return }
    if let node = fields["days"], let items = items(node, of: "days") {
      calendar.weekdays = 0
      for item in items {
        guard let word = choice(item, of: "day", among: ScenarioKeys.weekdays, code: .unknownWord),
          let day = ScenarioKeys.weekdays.firstIndex(of: word.value)
        else { continue }
        calendar.weekdays |= 1 << UInt8(day)
      }
    }
    if let node = fields["hours"], let hours = hours(node, of: "hours") { calendar.hours = hours }
    if let node = fields["lunch"], let hours = hours(node, of: "lunch") { calendar.lunch = hours }
    read("lunch_percent", in: fields, 0...100, into: &calendar.lunchPercent)
    read("night_percent", in: fields, 0...100, into: &calendar.nightPercent)
    read("weekend_percent", in: fields, 0...100, into: &calendar.weekendPercent)
    read("calls_per_user_and_day", in: fields, 0...10_000, into: &calendar.callsPerUserAndDay)
  }

  /// `08:00-18:00` in minutes of one day.
  private mutating func hours(_ node: YAMLNode, of what: String) -> Range<Int>? {
    guard let text = text(node, of: what) else { return nil }
    let ends = text.value.split(separator: "-", omittingEmptySubsequences: false).map { part -> Int? in
      let digits = part.split(separator: ":").compactMap { Int($0) }
      guard part.utf8.count == 5, digits.count == 2, (0...24).contains(digits[0]),
        (0...59).contains(digits[1])
      else { return nil }
      return digits[0] * 60 + digits[1]
    }
    guard ends.count == 2, let start = ends[0], let end = ends[1], start < end, end <= 1440 else {
      sink.error(
        .badOpeningHours, at: text.span, "'\(text.value)' is no range of hours of one day",
        help: "write \"08:00-18:00\"; the start is included, the end is not")
      return nil
    }
    return start..<end
  }

  mutating func decodeCalls(_ node: YAMLNode, into calls: inout Scenario.Calls) {
    guard let fields = fields(node, of: "calls", keys: ScenarioKeys.calls) else { return }
    read("internal", in: fields, 0...1000, into: &calls.internalCalls)
    read("outgoing", in: fields, 0...1000, into: &calls.outgoing)
    read("incoming", in: fields, 0...1000, into: &calls.incoming)
    read("answered", in: fields, 0...1000, into: &calls.answered)
    read("busy", in: fields, 0...1000, into: &calls.busy)
    read("unanswered", in: fields, 0...1000, into: &calls.unanswered)
    read("cancelled", in: fields, 0...1000, into: &calls.cancelled)
    read("wrong_number", in: fields, 0...1000, into: &calls.wrongNumber)
    read("duration", in: fields, into: &calls.duration)
    read("hold_percent", in: fields, 0...100, into: &calls.holdPercent)
    read("transfer_percent", in: fields, 0...100, into: &calls.transferPercent)
    guard let node = fields["destinations"], let mapping = mapping(node, of: "destinations") else { return }
    var destinations: [(prefix: String, weight: Int)] = []
    for entry in mapping.entries {
      guard let weight = number(entry.value, of: entry.key.text, in: 0...1000) else { continue }
      guard !entry.key.text.isEmpty, entry.key.text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
        sink.error(
          .badTelephoneNumber, at: entry.key.span, "'\(entry.key.text)' is no beginning of a number",
          help: "write it as people dial it: 030 or 0044")
        continue
      }
      destinations.append((entry.key.text, weight.value))
    }
    if !destinations.isEmpty { calls.destinations = destinations }
  }

  mutating func decodeErrors(_ node: YAMLNode, into errors: inout Scenario.Errors) {
    guard let fields = fields(node, of: "errors", keys: ScenarioKeys.errors) else { return }
    read("declined", in: fields, 0...1000, into: &errors.declined)
    read("server_error", in: fields, 0...1000, into: &errors.serverError)
    read("trunk_error", in: fields, 0...1000, into: &errors.trunkError)
    read("one_way_audio", in: fields, 0...1000, into: &errors.oneWayAudio)
    read("lost_bye", in: fields, 0...1000, into: &errors.lostBye)
    read("broken_message", in: fields, 0...1000, into: &errors.brokenMessage)
    read("wrong_password", in: fields, 0...1000, into: &errors.wrongPassword)
  }

  mutating func decodeMedia(_ node: YAMLNode, into media: inout Scenario.Media) {
    guard let fields = fields(node, of: "media", keys: ScenarioKeys.media) else { return }
    var head: Int64 = 3_000_000_000
    read("head", in: fields, into: &head)
    if let node = fields["capture"],
      let word = choice(node, of: "capture", among: ["none", "head", "all"], code: .unknownWord)
    {
      media.capture = word.value == "all" ? .all : word.value == "head" ? .head(head) : .none
    }
    if let node = fields["codecs"], let mapping = mapping(node, of: "codecs") {
      media.codecs = mapping.entries.compactMap { decodeCodec($0) }
      if media.codecs.isEmpty { media.codecs = [(.pcma, 1)] }
    }
    if let node = fields["reports"], let flag = boolean(node, of: "reports") { media.hasReports = flag }
    read("loss_per_1000", in: fields, 0...500, into: &media.loss)
    read("burst", in: fields, 1...100, into: &media.burst)
    read("jitter", in: fields, into: &media.jitter)
  }

  private mutating func decodeCodec(_ entry: YAMLEntry) -> (codec: Codec, weight: Int)? {
    let names = Codec.allCases.map(\.rawValue)
    guard let weight = number(entry.value, of: entry.key.text, in: 0...1000),
      let word = choice(.scalar(entry.key), of: "codec", among: names, code: .unknownWord),
      let codec = Codec(rawValue: word.value)
    else { return nil }
    return (codec, weight.value)
  }
}
