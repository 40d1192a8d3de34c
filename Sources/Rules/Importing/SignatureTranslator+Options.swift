extension SignatureTranslator {
  /// Options that change nothing of what matches.
  private static let harmless: Set = [
    "fast_pattern", "rawbytes", "gid", "tag", "logto", "target", "service", "rem", "soid", "requires",
    "app-layer-protocol", "prefilter", "file_meta", "bypass", "activates", "session", "http_encode",
  ]

  /// Options that no SIP message can answer, and why.
  private static let reasons: [String: String] = [
    "flowbits": "state that other rules set", "xbits": "state that other rules set",
    "hostbits": "state that other rules set", "flowint": "state that other rules set",
    "byte_test": "numbers inside of bytes", "byte_jump": "numbers inside of bytes",
    "byte_extract": "numbers inside of bytes", "byte_math": "numbers inside of bytes",
    "lua": "a script", "luajit": "a script", "dataset": "a data set", "datarep": "a data set",
    "iprep": "reputations of another program", "app-layer-event": "an event of another decoder",
    "decode-event": "an event of another decoder", "stream-event": "an event of another decoder",
    "file_data": "the content of files", "noalert": "it makes no alert of its own",
  ]

  mutating func translate(_ option: Signature.Option) throws(SignatureFault) {
    if try translateMeaning(option) { return }
    if try translatePayload(option) { return }
    if try translateTraffic(option) { return }
    if Self.harmless.contains(option.name) { return }
    if option.name == "flowbits" || option.name == "xbits", try isStateChange(option) { return }
    let reason = Self.reasons[option.name].map { ": \($0)" } ?? ": this option has no counterpart"
    throw SignatureFault(place: option.place, message: "'\(option.name)'\(reason)")
  }

  func fault(_ option: Signature.Option, _ message: String) -> SignatureFault {
    SignatureFault(place: option.place, message: "'\(option.name)': \(message)")
  }

  /// Setting state for other rules does not change what this one matches.
  private mutating func isStateChange(_ option: Signature.Option) throws(SignatureFault) -> Bool {
    let word = option.text.split(separator: ",").first.map { $0.filter { $0 != " " } } ?? ""
    guard ["set", "unset", "toggle", "setx", "reset"].contains(word) else {
      if word == "noalert" { throw fault(option, "it makes no alert of its own") }
      return false
    }
    remark(.note, option.place, "'\(option.name):\(word)' sets state for other rules, which is left out")
    return true
  }

  // MARK: What the alert says

  /// Whether an option says what the rule is, not what it matches.
  private mutating func translateMeaning(_ option: Signature.Option) throws(SignatureFault) -> Bool {
    switch option.name {
    case "msg": rule.title = Self.unquoted(option.text)
    case "sid": rule.sid = try number(option, 1...Int(UInt32.max))
    case "rev": rule.revision = max(try number(option, 0...Int(UInt32.max)), 1)
    case "priority": rule.severity = ClassTypes.severity(ofPriority: try number(option, 1...255))
    case "classtype":
      guard let (category, severity) = ClassTypes.meaning(of: option.text) else {
        remark(
          .note, option.place, "the class type \(option.text.quoted) is not known and becomes the category")
        rule.category = option.text.isEmpty ? nil : option.text
        return true
      }
      rule.category = category
      if signature.option("priority") == nil { rule.severity = severity }
    case "reference": addReference(option)
    case "metadata": addMetadata(option)
    default: return false
    }
    return true
  }

  private func number(
    _ option: Signature.Option, _ range: ClosedRange<Int>
  ) throws(SignatureFault) -> Int {
    guard let value = Int(option.text), range.contains(value) else {
      throw fault(option, "a number from \(range.lowerBound) to \(range.upperBound) is expected")
    }
    return value
  }

  /// A text without its quotes and escapes.
  private static func unquoted(_ text: String) -> String {
    var inner = text[...]
    if inner.count >= 2, inner.hasPrefix("\""), inner.hasSuffix("\"") { inner = inner.dropFirst().dropLast() }
    var result = ""
    var isEscaped = false
    for character in inner {
      if character == "\\", !isEscaped {
        isEscaped = true
      } else {
        result.append(character)
        isEscaped = false
      }
    }
    return result.split(whereSeparator: { $0 == " " || $0.isNewline || $0 == "\t" }).joined(separator: " ")
  }

  private mutating func addReference(_ option: Signature.Option) {
    let parts = option.text.split(separator: ",", maxSplits: 1).map { $0.filter { $0 != " " } }
    guard parts.count == 2 else {
      return remark(.note, option.place, "a reference without an address is left out")
    }
    switch parts[0].lowercased() {
    case "url": rule.references.append(parts[1].contains("://") ? parts[1] : "http://\(parts[1])")
    case "cve":
      let number = parts[1].lowercased().hasPrefix("cve-") ? String(parts[1].dropFirst(4)) : parts[1]
      rule.references.append("https://www.cve.org/CVERecord?id=CVE-\(number)")
    default: rule.references.append("\(parts[0]):\(parts[1])")
    }
  }

  private mutating func addMetadata(_ option: Signature.Option) {
    for entry in option.text.split(separator: ",") {
      let words = entry.split(whereSeparator: { $0 == " " || $0 == ":" }).map(String.init)
      guard words.count >= 2 else { continue }
      switch words[0].lowercased() {
      case "mitre_technique_id", "mitre_attack":
        let technique = words[1].replacing("_", with: ".")
        guard !rule.techniques.contains(technique) else { continue }
        if NodeDecoder.isTechnique(Array(technique.utf8)) {
          rule.techniques.append(technique)
        } else {
          remark(.note, option.place, "\(technique.quoted) is no ATT&CK technique and is left out")
        }
      case "signature_severity" where signature.option("priority") == nil && rule.severity == nil:
        let severities = ["critical": "high", "major": "high", "minor": "medium", "informational": "info"]
        rule.severity = severities[words[1].lowercased()]
      case "service" where words[1].lowercased() == "sip": isAboutSIP = true
      default: break
      }
    }
  }

  // MARK: Traffic

  private mutating func translateTraffic(_ option: Signature.Option) throws(SignatureFault) -> Bool {
    switch option.name {
    case "flow": try translateFlow(option)
    case "threshold", "event_filter": try translateThreshold(option)
    case "detection_filter": try translateDetectionFilter(option)
    case "sameip": conditions.append(.test("src_ip == dest_ip"))
    default: return false
    }
    return true
  }

  private mutating func translateFlow(_ option: Signature.Option) throws(SignatureFault) {
    for part in option.text.split(separator: ",") {
      switch part.filter({ $0 != " " }) {
      case "to_server", "from_client": flowDirection = (true, option.place)
      case "to_client", "from_server": flowDirection = (false, option.place)
      case "established":
        remark(.note, option.place, "'established' is implied: SIP is read out of streams that are there")
      case "stateless", "no_stream", "only_stream", "no_frag", "only_frag": break
      case let word: throw fault(option, "\(word.quoted) has no counterpart")
      }
    }
  }

  /// The words of `type both, track by_src, count 5, seconds 60`.
  private func words(of option: Signature.Option) -> [String: String] {
    var words: [String: String] = [:]
    for part in option.text.split(separator: ",") {
      let pair = part.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
      guard pair.count == 2 else { continue }
      words[pair[0].lowercased()] = pair[1]
    }
    return words
  }

  private func amount(_ key: String, _ words: [String: String], _ option: Signature.Option)
    throws(SignatureFault) -> Int
  {
    guard let text = words[key], let value = Int(text), (1...1_000_000).contains(value) else {
      throw fault(option, "'\(key)' with a number from 1 to 1000000 is expected")
    }
    return value
  }

  /// Suricata's `threshold`: `limit` silences, `threshold` and `both` count.
  private mutating func translateThreshold(_ option: Signature.Option) throws(SignatureFault) {
    let words = words(of: option)
    let kind = words["type"] ?? ""
    guard ["limit", "threshold", "both"].contains(kind) else {
      throw fault(option, "the type is limit, threshold or both\(kind == "backoff" ? ", not backoff" : "")")
    }
    let count = try amount("count", words, option)
    let seconds = try amount("seconds", words, option)
    guard let track = words["track"] else { throw fault(option, "'track' is missing") }
    if kind == "limit" {
      guard rule.suppression == nil || rule.threshold != nil else { throw fault(option, "a second limit") }
      suppressionTrack = (track, option.place)
      rule.suppression = ImportedRule.Suppression(keys: [], seconds: seconds)
      if count > 1 {
        remark(
          .difference, option.place, "one alert in \(seconds) seconds, where the original makes \(count)")
      }
      return
    }
    guard rule.threshold == nil else { throw fault(option, "a second threshold") }
    thresholdTrack = (track, option.place)
    rule.threshold = ImportedRule.Threshold(keys: [], seconds: seconds, bound: "at_least: \(count)")
    if kind == "threshold" {
      remark(
        .difference, option.place,
        "fires at match \(count) and then at most once in \(seconds) seconds, where the original fires at each "
          + "match that is a multiple of \(count)")
    }
  }

  /// `detection_filter` fires for each match beyond a number of them.
  private mutating func translateDetectionFilter(_ option: Signature.Option) throws(SignatureFault) {
    let words = words(of: option)
    let count = try amount("count", words, option)
    let seconds = try amount("seconds", words, option)
    guard words["unique_on"] == nil else { throw fault(option, "'unique_on' has no counterpart") }
    guard let track = words["track"] else { throw fault(option, "'track' is missing") }
    guard rule.threshold == nil else { throw fault(option, "a second threshold") }
    thresholdTrack = (track, option.place)
    rule.threshold = ImportedRule.Threshold(keys: [], seconds: seconds, bound: "more_than: \(count)")
    if rule.suppression == nil { rule.suppression = ImportedRule.Suppression(keys: nil, seconds: 0) }
  }
}
