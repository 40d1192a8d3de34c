/// Writes what a signature asks of one buffer as conditions.
struct BufferTranslator {
  private let buffer: SignatureBuffer
  /// Whether the signature is about requests, about responses, or has not said.
  private(set) var direction: SignatureBuffer.Direction?
  private(set) var conditions: [ConditionText] = []
  /// What reads differently from what stands there, with its place.
  private(set) var notes: [SignatureFault] = []
  private(set) var differences: [SignatureFault] = []

  /// The conditions of the parts of a buffer, in their order.
  init(_ buffer: SignatureBuffer, _ parts: [PayloadPart]) throws(SignatureFault) {
    self.buffer = buffer
    direction = buffer.direction
    for chain in Self.chains(parts) { try add(chain) }
  }

  /// Parts that follow each other.
  private static func chains(_ parts: [PayloadPart]) -> [[PayloadPart]] {
    var chains: [[PayloadPart]] = []
    for part in parts {
      if part.followsOther, let last = chains.indices.last, chains[last].contains(where: { !$0.isNegated }) {
        chains[last].append(part)
      } else {
        chains.append([part])
      }
    }
    return chains
  }

  private mutating func add(_ chain: [PayloadPart]) throws(SignatureFault) {
    if chain.count == 1, try addSingle(chain[0]) { return }
    if buffer == .code { throw chain[0].fault("a part of a status code that is no prefix of it") }
    if let overflow = headerOverflow(chain) {
      conditions.append(overflow)
      return
    }
    try addPattern(chain)
  }

  // MARK: One part

  /// Whether a part that stands for itself was written without a regular expression.
  private mutating func addSingle(_ part: PayloadPart) throws(SignatureFault) -> Bool {
    switch part.kind {
    case .absent:
      conditions.append(.test("missing(\(buffer.field))"))
      return true
    case .length(let comparison):
      conditions.append(.test(lengthSubject + comparison))
      return true
    case .dataAt(let count) where !part.isRelative:
      conditions.append(.test("\(lengthSubject) \(part.isNegated ? "<=" : ">") \(count)"))
      return true
    case .content(let bytes): return try addContent(part, bytes)
    case .dataAt, .pattern: return false
    }
  }

  private var lengthSubject: String {
    buffer == .payload ? "sip.size" : "len(\(buffer.field))"
  }

  private mutating func addContent(_ part: PayloadPart, _ bytes: [UInt8]) throws(SignatureFault) -> Bool {
    switch buffer {
    case .code:
      guard let condition = Self.code(part, bytes) else { return false }
      conditions.append(part.isNegated ? .not(condition) : condition)
      return true
    case .method where Self.method(bytes) != nil && !part.followsOther:
      if let method = Self.method(bytes) {
        conditions.append(.test("sip.method \(part.isNegated ? "!=" : "==") \"\(method)\""))
      }
      return true
    case .payload where part.isAtStart && !part.isNegated && addStartLine(bytes): return true
    case .payload, .headers:
      if part.isAnywhere, addHeader(part, bytes) { return true }
      if buffer == .headers { return false }
    default: break
    }
    guard buffer != .body, let condition = comparison(part, bytes) else { return false }
    conditions.append(part.isNegated ? .not(condition) : condition)
    return true
  }

  /// A comparison with a text, or nil when the place of the content needs a pattern.
  private func comparison(_ part: PayloadPart, _ bytes: [UInt8]) -> ConditionText? {
    let isFolded = part.isCaseFolded && bytes.contains(where: \.isLetter)
    let subject = isFolded ? "lower(\(buffer.field))" : buffer.field
    let text = ConditionText.quoted(isFolded ? bytes.map(Self.lowered) : bytes)
    if part.isAtStart { return .test("\(subject) \(part.endsBuffer ? "==" : "starts_with") \(text)") }
    guard part.offset == nil, part.depth == nil, !part.followsOther else { return nil }
    return .test("\(subject) \(part.endsBuffer ? "ends_with" : "contains") \(text)")
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    byte.isLetter ? byte | 0x20 : byte
  }

  private static func method(_ bytes: [UInt8]) -> String? {
    let text = String(decoding: bytes, as: UTF8.self).uppercased()
    return SIPMethod.names.first { $0 == text }
  }

  /// `401`, or the beginning of a status code.
  private static func code(_ part: PayloadPart, _ bytes: [UInt8]) -> ConditionText? {
    guard let text = String(validating: bytes, as: UTF8.self), !part.followsOther else { return nil }
    return bytes.count == 3 || part.isAtStart ? codeTest(text) : nil
  }

  private static func codeTest(_ digits: String) -> ConditionText? {
    guard (1...3).contains(digits.utf8.count), digits.utf8.allSatisfy(\.isDigit), let number = Int(digits),
      !digits.hasPrefix("0")
    else { return nil }
    switch digits.utf8.count {
    case 3: return .test("sip.code == \(number)")
    case 2: return .test("sip.code in \(number)0..\(number)9")
    default: return (1...6).contains(number) ? .test("sip.code == \(number)xx") : nil
    }
  }

  // MARK: Raw bytes that are a part of the message

  /// `INVITE`, `OPTIONS sip:`, `SIP/2.0 401 Unauthorized` at the start of a message.
  private mutating func addStartLine(_ bytes: [UInt8]) -> Bool {
    guard let text = String(validating: bytes, as: UTF8.self) else { return false }
    if text.hasPrefix("SIP/2.0") { return addStatusLine(text.dropFirst(7)) }
    let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    guard SIPMethod.names.contains(String(parts[0])) else { return false }
    let uri = parts.count == 2 ? parts[1] : ""
    guard !uri.contains(" ") else { return false }
    direction = .request
    conditions.append(.test("sip.method == \"\(parts[0])\""))
    if !uri.isEmpty {
      conditions.append(.test("sip.uri starts_with \(ConditionText.quoted(uri.utf8))"))
    }
    return true
  }

  private mutating func addStatusLine(_ rest: Substring) -> Bool {
    let words = rest.split(separator: " ", maxSplits: 1)
    guard rest.isEmpty || rest.hasPrefix(" ") else { return false }
    if let first = words.first {
      guard let code = Self.codeTest(String(first)), words.count == 1 || first.utf8.count == 3 else {
        return false
      }
      conditions.append(code)
    }
    if words.count == 2 {
      conditions.append(.test("sip.reason starts_with \(ConditionText.quoted(words[1].utf8))"))
    }
    direction = .response
    return true
  }

  /// `User-Agent: friendly-scanner`: what is meant is the header field, however it is spaced.
  private mutating func addHeader(_ part: PayloadPart, _ bytes: [UInt8]) -> Bool {
    guard let (name, text, isWhole, hasBlank) = HeaderContent.split(bytes), !text.isEmpty else {
      return false
    }
    let isFolded = part.isCaseFolded && text.contains(where: \.isLetter)
    let field = "header[\"\(name)\"]"
    let subject = isFolded ? "lower(\(field))" : field
    let value = ConditionText.quoted(isFolded ? text.map(Self.lowered) : text)
    let test = ConditionText.test("\(subject) \(isWhole ? "==" : "starts_with") \(value)")
    // A message without the header field does not have the bytes either.
    conditions.append(part.isNegated ? .any([.test("missing(\(field))"), .not(test)]) : test)
    if hasBlank {
      notes.append(part.fault("read as the header field \(name)"))
    } else {
      differences.append(
        part.fault(
          "read as the header field \(name), with or without a blank behind the colon; the original asks for none"
        ))
    }
    return true
  }

  /// `content:"From:"; isdataat:300,relative; content:!"|0a|"; within:300`: a line that is too long.
  private func headerOverflow(_ chain: [PayloadPart]) -> ConditionText? {
    guard buffer == .payload || buffer == .headers, chain.count == 3, chain[0].isAnywhere,
      !chain[0].isNegated, let bytes = chain[0].bytes,
      let (name, text, isWhole, hasBlank) = HeaderContent.split(bytes), text.isEmpty, !isWhole
    else { return nil }
    var length: Int?
    var lineEnd: (byte: UInt8, within: Int)?
    for part in chain.dropFirst() where part.distance ?? 0 == 0 {
      if case .dataAt(let count) = part.kind, !part.isNegated { length = count }
      if part.isNegated, let bytes = part.bytes, bytes.count == 1, let within = part.within {
        lineEnd = (bytes[0], within)
      }
    }
    guard let length, let lineEnd, lineEnd.byte == 0x0a || lineEnd.byte == 0x0d, lineEnd.within >= length
    else { return nil }
    // The blank behind the colon and the CR in front of the LF are no part of the value.
    let around = (hasBlank ? 0 : 1) + (lineEnd.byte == 0x0a ? 1 : 0)
    return .test("len(header[\"\(name)\"]) >= \(max(lineEnd.within - around, 1))")
  }

  // MARK: Patterns

  private mutating func addPattern(_ chain: [PayloadPart]) throws(SignatureFault) {
    var text: String
    if case .pattern(let expression, let flags) = chain[0].kind, chain.count == 1 {
      text = try pattern(expression, flags, chain[0])
    } else {
      var parts = chain
      if parts.count == 1 { parts[0].isNegated = false }
      text = try PartChain.pattern(parts, start: start(for: parts[0]))
    }
    if let fault = PatternDatabase.fault(of: Pattern(text: text, span: .nowhere)) {
      let why = fault.isUnsupported ? " (expressions are matched in linear time)" : ""
      throw chain[0].fault("the expression cannot be used: \(fault.message)\(why)")
    }
    let test = ConditionText.test("\(buffer.field) matches \"\(text)\"")
    conditions.append(chain.count == 1 && chain[0].isNegated ? .not(test) : test)
  }

  private static let startLine = "^[^\\x0a]*\\x0a"
  private static let headerLines = "(?:[^\\x0d\\x0a][^\\x0a]*\\x0a)*"

  /// What precedes the first content of a chain inside of the message.
  private func start(for part: PayloadPart) -> String {
    switch buffer {
    case .body: Self.startLine + Self.headerLines + "\\x0d\\x0a"
    // All header lines before, and the beginning of one more.
    case .headers where part.isAnywhere: Self.startLine + Self.headerLines + "(?:[^\\x0d\\x0a][^\\x0a]*)?"
    case .headers: Self.startLine
    default: ""
    }
  }

  /// An expression that stands alone, with what precedes its buffer.
  private func pattern(
    _ text: String, _ flags: String, _ part: PayloadPart
  ) throws(SignatureFault) -> String {
    let wrapped = flags.isEmpty ? text : "(?\(flags):\(text))"
    guard buffer == .body || buffer == .headers else { return wrapped }
    guard text.hasPrefix("^") else {
      return start(for: part) + (buffer == .body ? ".*" : "") + "(?\(flags):\(text))"
    }
    let rest = try PatternText.unanchored(text, flags, part)
    let isAtLine = flags.contains("m")
    if buffer == .body { return start(for: part) + (isAtLine ? "(?:.*\\x0a)?" : "") + rest }
    return Self.startLine + (isAtLine ? Self.headerLines : "") + rest
  }
}
