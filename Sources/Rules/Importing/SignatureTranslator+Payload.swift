extension SignatureTranslator {
  /// Whether an option asks something of the bytes of the message, or says how.
  mutating func translatePayload(_ option: Signature.Option) throws(SignatureFault) -> Bool {
    if try translateSticky(option) { return true }
    switch option.name {
    case "content": try addContent(option)
    case "nocase", "startswith", "endswith", "depth", "offset", "distance", "within":
      try modify(option, option.name, option.text)
    case "pcre": try addExpression(option)
    case "isdataat": try addDataAt(option)
    case "to_lowercase": isLowered = true
    case "absent":
      guard option.value.isEmpty else { throw fault(option, "'or_else' has no counterpart") }
      append(PayloadPart(.absent, isNegated: false, place: option.place))
    case "bsize": try addLength(option)
    case "dsize":
      remark(.note, option.place, "'dsize' is taken as the size of the SIP message")
      try addLength(option, to: .payload)
    case "urilen":
      remark(.note, option.place, "'urilen' is taken as the length of the Request-URI")
      try addLength(option, to: .uri)
    default: return false
    }
    return true
  }

  private mutating func append(_ part: PayloadPart) {
    buffers[buffers.count - 1].parts.append(part)
  }

  // MARK: Buffers

  private mutating func translateSticky(_ option: Signature.Option) throws(SignatureFault) -> Bool {
    if option.name == "sip_method", !option.value.isEmpty {
      try addMethods(option)
    } else if option.name == "sip_stat_code", !option.value.isEmpty {
      try addCodes(option)
    } else if let buffer = SignatureBuffer.keywords[option.name] {
      buffers.append((buffer, []))
      isLowered = false
    } else {
      return false
    }
    isAboutSIP = true
    return true
  }

  /// Snort's `sip_method:invite,bye` and `sip_method:!invite`.
  private mutating func addMethods(_ option: Signature.Option) throws(SignatureFault) {
    let isNegated = option.text.hasPrefix("!")
    let names = option.text.split(separator: ",").map { word in
      String(word.filter { $0 != " " && $0 != "!" && $0 != "\"" }).uppercased()
    }
    guard !names.isEmpty, names.allSatisfy({ $0.utf8.allSatisfy(\.isLetter) && !$0.isEmpty }) else {
      throw fault(option, "methods are expected")
    }
    try require(.request, at: option.place)
    let known = names.filter { SIPMethod.names.contains($0) }
    var tests = names.filter { !SIPMethod.names.contains($0) }
      .map { ConditionText.test("sip.method matches \"^\($0)$\"") }
    if known.count == 1 {
      tests.append(.test("sip.method == \"\(known[0])\""))
    } else if !known.isEmpty {
      tests.append(.test("sip.method in [\(known.map { "\"\($0)\"" }.joined(separator: ", "))]"))
    }
    if isNegated, known.count == 1, tests.count == 1 {
      conditions.append(.test("sip.method != \"\(known[0])\""))
    } else {
      conditions.append(isNegated ? .not(.any(tests)) : .any(tests))
    }
  }

  /// Snort's `sip_stat_code:200,4`: codes, and classes of them.
  private mutating func addCodes(_ option: Signature.Option) throws(SignatureFault) {
    var items: [String] = []
    for word in option.text.split(separator: ",") {
      guard let number = Int(word.filter { $0 != " " }) else {
        throw fault(option, "status codes are expected")
      }
      switch number {
      case 1...6: items.append("\(number)00..\(number)99")
      case 100...699: items.append("\(number)")
      default: throw fault(option, "\(number) is no status code")
      }
    }
    guard !items.isEmpty else { throw fault(option, "status codes are expected") }
    try require(.response, at: option.place)
    conditions.append(.test("sip.code in [\(items.joined(separator: ", "))]"))
  }

  // MARK: Contents

  private mutating func addContent(_ option: Signature.Option) throws(SignatureFault) {
    let content = try SignatureContent.content(option)
    var part = PayloadPart(.content(content.bytes), isNegated: content.isNegated, place: option.place)
    part.isCaseFolded = isLowered
    append(part)
    for (name, value) in content.modifiers { try modify(option, name, value) }
  }

  /// A modifier belongs to the content before it.
  private mutating func modify(
    _ option: Signature.Option, _ name: String, _ value: String
  ) throws(SignatureFault) {
    let last = buffers.count - 1
    guard let index = buffers[last].parts.indices.last, buffers[last].parts[index].bytes != nil else {
      throw fault(option, "there is no content in front of it")
    }
    func number() throws(SignatureFault) -> Int {
      guard let number = Int(value), abs(number) <= 1 << 20 else {
        throw fault(option, "'\(name)' is a number up to 1048576; variables have no counterpart")
      }
      return number
    }
    switch name {
    case "nocase": buffers[last].parts[index].isCaseFolded = true
    case "startswith": buffers[last].parts[index].startsBuffer = true
    case "endswith": buffers[last].parts[index].endsBuffer = true
    case "offset": buffers[last].parts[index].offset = try number()
    case "depth": buffers[last].parts[index].depth = try number()
    case "distance": buffers[last].parts[index].distance = try number()
    case "within": buffers[last].parts[index].within = try number()
    case "fast_pattern", "rawbytes", "fast_pattern_offset", "fast_pattern_length": break
    default: throw fault(option, "the modifier \(name.quoted) has no counterpart")
    }
    let part = buffers[last].parts[index]
    if (part.offset ?? 0) < 0 || (part.depth ?? 1) < 1 || (part.within ?? 1) < 1 {
      throw fault(option, "'\(name)' is too small")
    }
    if part.startsBuffer, part.followsOther || part.offset != nil || part.depth != nil {
      throw fault(option, "'startswith' goes with no other place")
    }
  }

  private mutating func addExpression(_ option: Signature.Option) throws(SignatureFault) {
    let expression = try SignatureContent.expression(option)
    var flags = isLowered ? "i" : ""
    var text = expression.text
    var part = PayloadPart(.absent, isNegated: expression.isNegated, place: option.place)
    var buffer: SignatureBuffer?
    for modifier in expression.modifiers {
      switch modifier {
      case "i", "m": if !flags.contains(modifier) { flags.append(modifier) }
      case "x": text = PatternText.withoutLayout(text)
      case "s", "G", "B", "O": break
      case "R": part.isRelative = true
      case "A": if !text.hasPrefix("^") { text = "^(?:\(text))" }
      case "H": buffer = .headers
      case "P": buffer = .body
      default: throw fault(option, "the modifier '\(modifier)' has no counterpart")
      }
    }
    // Here a dot matches line ends unless it is told not to.
    if !expression.modifiers.contains("s"), text.contains(".") { flags += "-s" }
    part.kind = .pattern(text, flags: flags)
    guard let buffer, buffer != buffers[buffers.count - 1].buffer else { return append(part) }
    let current = buffers[buffers.count - 1].buffer
    buffers.append((buffer, [part]))
    buffers.append((current, []))
    isAboutSIP = true
  }

  // MARK: Lengths

  private mutating func addDataAt(_ option: Signature.Option) throws(SignatureFault) {
    let words = option.text.split(separator: ",").map { $0.filter { $0 != " " } }
    let isNegated = words.first?.hasPrefix("!") ?? false
    guard let first = words.first, let count = Int(isNegated ? String(first.dropFirst()) : first),
      (0...1 << 20).contains(count)
    else { throw fault(option, "a number is expected; variables have no counterpart") }
    var part = PayloadPart(.dataAt(count), isNegated: isNegated, place: option.place)
    part.isRelative = words.contains("relative")
    append(part)
  }

  /// `10`, `<10`, `>=10`, `!10`, `10<>20`.
  private mutating func addLength(
    _ option: Signature.Option, to buffer: SignatureBuffer? = nil
  ) throws(SignatureFault) {
    let text = option.text.filter { $0 != " " }
    var comparisons: [String] = []
    if let middle = text.firstRange(of: "<>"), middle.lowerBound > text.startIndex {
      let (lower, upper) = (text[..<middle.lowerBound], text[middle.upperBound...])
      guard let low = Int(lower), let high = Int(upper) else {
        throw fault(option, "two numbers are expected")
      }
      comparisons = [" > \(low)", " < \(high)"]
    } else {
      let sign = text.prefix { "<>=!".contains($0) }
      let words = ["": "==", "=": "==", "!": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="]
      guard let word = words[String(sign)], let value = Int(text.dropFirst(sign.count)), value >= 0 else {
        throw fault(option, "a number with or without a comparison is expected")
      }
      comparisons = [" \(word) \(value)"]
    }
    let parts = comparisons.map { PayloadPart(.length($0), isNegated: false, place: option.place) }
    guard let buffer else {
      for part in parts { append(part) }
      return
    }
    buffers.insert((buffer, parts), at: buffers.count - 1)
  }
}
