import Packets
import Values

/// Reads the values that nearly every message carries, in the order in which the lines come.
extension SIPMessage {
  /// Reads what a header says and judges it.
  mutating func readValue(_ bytes: Bytes, _ header: SIPHeader) {
    let isFirst = presentHeaders.insert(header.name)
    if !isFirst, header.name.isSingleValued { return report(.repeatedHeader, header.name) }
    let value = header.value
    switch header.name {
    case .via: readVia(bytes, value)
    case .from: readFrom(bytes, value)
    case .to: readTo(bytes, value)
    case .callID: readCallID(bytes, value)
    case .cseq: readCSeq(bytes, value)
    case .contact: readContacts(bytes, value)
    case .maxForwards: readMaxForwards(bytes, value)
    case .contentType: readContentType(bytes, value)
    case .contentLength: readContentLength(bytes, value, isFirst)
    case .userAgent: userAgent = value
    case .server: if userAgent.isEmpty { userAgent = value }
    case .route: routeCount += Self.elementCount(bytes, value)
    case .recordRoute: recordRouteCount += Self.elementCount(bytes, value)
    case .other, .allow, .supported, .accept: break
    default: checkValue(bytes, header)
    }
    if value.count > limits.headerValue { report(.oversizedHeader, header.name) }
  }

  // MARK: Addresses

  private mutating func readFrom(_ bytes: Bytes, _ value: ByteRange) {
    guard !value.isEmpty else { return report(.emptyFrom, .from) }
    if value.count > limits.from { report(.oversizedFrom, .from) }
    var found = SIPFaultSet()
    from.read(bytes, value, malformed: .badFrom, &found)
    if from.tag.isEmpty { found.insert(.missingTag) }
    if !from.uri.headers.isEmpty { found.insert(.uriHeadersInAddress) }
    report(found, .from)
  }

  private mutating func readTo(_ bytes: Bytes, _ value: ByteRange) {
    guard !value.isEmpty else { return report(.emptyTo, .to) }
    if value.count > limits.to { report(.oversizedTo, .to) }
    var found = SIPFaultSet()
    to.read(bytes, value, malformed: .badTo, &found)
    if !to.uri.headers.isEmpty { found.insert(.uriHeadersInAddress) }
    report(found, .to)
  }

  private mutating func readContacts(_ bytes: Bytes, _ value: ByteRange) {
    guard !value.isEmpty else { return report(.emptyContact, .contact) }
    if value.count > limits.contact { report(.oversizedContact, .contact) }
    var elements = SIPElements(value)
    while let element = elements.next(in: bytes) { readContact(bytes, element) }
  }

  private mutating func readContact(_ bytes: Bytes, _ element: ByteRange) {
    contactCount += 1
    if element.count == 1, bytes[element.start] == UInt8(ascii: "*") {
      hasContactWildcard = true
      return
    }
    var found = SIPFaultSet()
    if contactCount == 1 {
      contact.read(bytes, element, malformed: .badContact, &found)
      contactExpires = readContactExpires(bytes, contact, &found)
    } else {
      var further = SIPAddress()
      further.read(bytes, element, malformed: .badContact, &found)
      _ = readContactExpires(bytes, further, &found)
    }
    report(found, .contact)
  }

  private func readContactExpires(
    _ bytes: Bytes, _ address: borrowing SIPAddress, _ found: inout SIPFaultSet
  ) -> UInt32? {
    if !address.uri.headers.isEmpty { found.insert(.uriHeadersInAddress) }
    guard !address.expires.isEmpty else { return nil }
    let seconds = readSeconds(bytes, address.expires)
    if seconds == nil { found.insert(.badContactExpires) }
    return seconds
  }

  // MARK: Routing and transaction

  private mutating func readVia(_ bytes: Bytes, _ value: ByteRange) {
    guard !value.isEmpty else { return report(.emptyVia, .via) }
    if value.count > limits.via { report(.oversizedVia, .via) }
    var elements = SIPElements(value)
    while let element = elements.next(in: bytes) {
      var found = SIPFaultSet()
      viaCount += 1
      if viaCount == 1 {
        via.read(bytes, element, &found)
      } else {
        var further = SIPVia()
        further.read(bytes, element, &found)
      }
      report(found, .via)
    }
  }

  private mutating func readCallID(_ bytes: Bytes, _ value: ByteRange) {
    guard !value.isEmpty else { return report(.emptyCallID, .callID) }
    if value.count > limits.callID { report(.oversizedCallID, .callID) }
    callID = value
    if !bytes.consists(of: .callID, value) { report(.badCallID, .callID) }
  }

  private mutating func readCSeq(_ bytes: Bytes, _ value: ByteRange) {
    var digitsEnd = value.start
    while digitsEnd < value.end, bytes[digitsEnd] &- 0x30 < 10 { digitsEnd += 1 }
    // A number that is none must not take the method along: that is the word behind the white space.
    let hasNumber = digitsEnd > value.start && digitsEnd < value.end && Bytes.isWhitespace(bytes[digitsEnd])
    let wordEnd = hasNumber ? digitsEnd : bytes.skip(.word, digitsEnd, value.end)
    let methodStart = wordEnd < value.end ? bytes.skipWhitespace(wordEnd, value.end) : digitsEnd
    let methodEnd = bytes.skip(.token, methodStart, value.end)
    cseq.methodRange = ByteRange(methodStart, methodEnd)
    cseq.method = SIPMethod.named(bytes, cseq.methodRange)
    if methodEnd - methodStart > limits.method { report(.oversizedCSeqMethod, .cseq) }
    let digits = ByteRange(value.start, digitsEnd)
    if digits.isEmpty || !hasNumber || methodEnd == methodStart || methodEnd < value.end {
      report(.badCSeq, .cseq)
    }
    guard !digits.isEmpty, wordEnd == digitsEnd || wordEnd == value.end else { return }
    cseq.number = bytes.decimal(digits, upTo: 0x7fff_ffff).map { UInt32(truncatingIfNeeded: $0) }
    if cseq.number == nil { report(.cseqOutOfRange, .cseq) }
  }

  private mutating func readMaxForwards(_ bytes: Bytes, _ value: ByteRange) {
    maxForwards = bytes.decimal(value, upTo: 255).map { UInt8(truncatingIfNeeded: $0) }
    if maxForwards == nil { report(.badMaxForwards, .maxForwards) }
    if maxForwards == 0 { report(.maxForwardsExhausted, .maxForwards) }
  }

  // MARK: Body

  private mutating func readContentType(_ bytes: Bytes, _ value: ByteRange) {
    guard !value.isEmpty else { return report(.emptyContentType, .contentType) }
    if value.count > limits.contentType { report(.oversizedContentType, .contentType) }
    contentType = value
    let semicolon = bytes.find(UInt8(ascii: ";"), value.start, value.end)
    mediaType = bytes.trimmed(value.start, semicolon)
    let slash = bytes.skip(.token, mediaType.start, mediaType.end)
    let isPair =
      slash > mediaType.start && slash + 1 < mediaType.end && bytes[slash] == UInt8(ascii: "/")
      && bytes.skip(.token, slash + 1, mediaType.end) == mediaType.end
    if !isPair { report(.badContentType, .contentType) }
  }

  private mutating func readContentLength(_ bytes: Bytes, _ value: ByteRange, _ isFirst: Bool) {
    guard isFirst else { return report(.multipleContentLength, .contentLength) }
    if value.count > 1, bytes[value.start] == UInt8(ascii: "-") {
      return report(.negativeContentLength, .contentLength)
    }
    guard !value.isEmpty, value.range.allSatisfy({ bytes[$0] &- 0x30 < 10 }) else {
      return report(.badContentLength, .contentLength)
    }
    contentLength = bytes.decimal(value, upTo: UInt64(UInt32.max)).map { UInt32(truncatingIfNeeded: $0) }
    if contentLength.map({ Int($0) > limits.contentLength }) ?? true {
      report(.oversizedContentLength, .contentLength)
    }
  }

  // MARK: Small parts

  /// A number of seconds below 2^32 (RFC 3261 §20.19).
  func readSeconds(_ bytes: Bytes, _ value: ByteRange) -> UInt32? {
    bytes.decimal(value, upTo: UInt64(UInt32.max)).map { UInt32(truncatingIfNeeded: $0) }
  }

  private static func elementCount(_ bytes: Bytes, _ value: ByteRange) -> Int {
    var elements = SIPElements(value)
    var count = 0
    while let element = elements.next(in: bytes) { count += element.isEmpty ? 0 : 1 }
    return count
  }
}
