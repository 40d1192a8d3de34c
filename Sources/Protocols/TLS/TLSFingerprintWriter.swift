public import Packets
public import Values

/// Writes the texts that TLS fingerprints are hashes of, into one buffer that is used again.
///
/// JA3 and JA3S are the MD5 of `text`; JA4 is part a, then the first twelve hexadecimal digits of the
/// SHA-256 of part b and of part c. The hashing is left to the caller, so that no cryptography is needed here.
public struct TLSFingerprintWriter: Sendable {
  /// Where the three parts of JA4 are in `text`.
  public struct JA4Parts: Sendable, Equatable {
    /// Ten characters that are used as they are.
    public let a: ByteRange
    /// Sorted cipher suites; when empty the hash is written as twelve zeros.
    public let b: ByteRange
    /// Sorted extensions, then signature schemes; when it has no extension the hash is twelve zeros.
    public let c: ByteRange
    /// Whether part c has an extension.
    public let hasExtensions: Bool
  }

  /// What carried the hello: the first letter of JA4.
  public enum Transport: UInt8, Sendable {
    case tcp = 0x74
    case quic = 0x71
    case dtls = 0x64
  }

  /// The text written last.
  public private(set) var text: [UInt8] = []
  private var codes: [UInt16] = []

  /// A writer with room for an ordinary hello.
  public init() {
    text.reserveCapacity(1024)
    codes.reserveCapacity(256)
  }

  /// Writes the JA3 text of a client: version, ciphers, extensions, groups and point formats in decimal,
  /// GREASE left out.
  public mutating func writeJA3(_ hello: TLSClientHello, in bytes: Bytes) {
    text.removeAll(keepingCapacity: true)
    append(decimal: hello.legacyVersion)
    text.append(UInt8(ascii: ","))
    append(hello.cipherSuites, bytes)
    text.append(UInt8(ascii: ","))
    append(extensions: hello.extensions, bytes)
    text.append(UInt8(ascii: ","))
    append(hello.extensions.supportedGroups, bytes)
    text.append(UInt8(ascii: ","))
    let formats = hello.extensions.pointFormats
    for offset in formats.start..<min(formats.end, bytes.count) {
      if offset > formats.start { text.append(UInt8(ascii: "-")) }
      append(decimal: UInt16(bytes[offset]))
    }
  }

  /// Writes the JA3S text of a server: version, cipher and extensions in decimal.
  public mutating func writeJA3S(_ hello: TLSServerHello, in bytes: Bytes) {
    text.removeAll(keepingCapacity: true)
    append(decimal: hello.legacyVersion)
    text.append(UInt8(ascii: ","))
    append(decimal: hello.cipherSuite)
    text.append(UInt8(ascii: ","))
    append(extensions: hello.extensions, bytes)
  }

  /// Writes the raw JA4 of a client (FoxIO's JA4_r) and tells its parts.
  public mutating func writeJA4(
    _ hello: TLSClientHello, over transport: Transport, in bytes: Bytes
  ) -> JA4Parts {
    text.removeAll(keepingCapacity: true)
    text.append(transport.rawValue)
    appendVersion(hello.newestVersion(in: bytes))
    text.append(hello.extensions.hasServerName ? UInt8(ascii: "d") : UInt8(ascii: "i"))
    collect(hello.cipherSuites, bytes)
    append(twoDigits: codes.count)
    // The count and the list differ by two extensions, so the digits are filled in afterwards.
    let digits = text.count
    append(twoDigits: 0)
    appendProtocol(hello.extensions, bytes)
    let a = ByteRange(0, text.count)
    text.append(UInt8(ascii: "_"))
    let b = appendSorted()
    text.append(UInt8(ascii: "_"))
    let extensionCount = collectExtensions(hello.extensions, bytes)
    text[digits] = 0x30 + UInt8(min(extensionCount, 99) / 10)
    text[digits + 1] = 0x30 + UInt8(min(extensionCount, 99) % 10)
    let extensions = appendSorted()
    appendSchemes(hello.extensions.signatureAlgorithms, bytes)
    return JA4Parts(
      a: a, b: b, c: ByteRange(extensions.start, text.count), hasExtensions: !extensions.isEmpty)
  }
}

// MARK: - JA3

extension TLSFingerprintWriter {
  private mutating func append(_ list: TLSCodeList, _ bytes: Bytes) {
    var isFirst = true
    for index in 0..<list.count {
      guard let code = list.code(index, in: bytes) else { break }
      append(code, &isFirst)
    }
  }

  private mutating func append(extensions: TLSExtensions, _ bytes: Bytes) {
    guard extensions.list.end <= bytes.count else { return }
    var walk = TLSExtensionWalk(extensions.list, layer: .tls)
    var isFirst = true
    while let (type, _) = try? walk.next(in: bytes) { append(type, &isFirst) }
  }

  private mutating func append(_ code: UInt16, _ isFirst: inout Bool) {
    guard !TLSCodeList.isGREASE(code) else { return }
    if !isFirst { text.append(UInt8(ascii: "-")) }
    isFirst = false
    append(decimal: code)
  }

  private mutating func append(decimal number: UInt16) {
    var divisor: UInt16 = 10_000
    while divisor > 1, number < divisor { divisor /= 10 }
    while divisor > 0 {
      text.append(0x30 + UInt8(number / divisor % 10))
      divisor /= 10
    }
  }
}

// MARK: - JA4

extension TLSFingerprintWriter {
  private mutating func appendVersion(_ version: UInt16) {
    let code: (UInt8, UInt8) =
      switch version {
      case 0x0304: (0x31, 0x33)
      case 0x0303: (0x31, 0x32)
      case 0x0302: (0x31, 0x31)
      case 0x0301: (0x31, 0x30)
      case 0x0300: (0x73, 0x33)
      case 0x0002: (0x73, 0x32)
      case 0xfeff: (0x64, 0x31)
      case 0xfefd: (0x64, 0x32)
      case 0xfefc: (0x64, 0x33)
      default: (0x30, 0x30)
      }
    text.append(code.0)
    text.append(code.1)
  }

  private mutating func append(twoDigits number: Int) {
    text.append(0x30 + UInt8(min(number, 99) / 10))
    text.append(0x30 + UInt8(min(number, 99) % 10))
  }

  /// First and last character of the first protocol name; of its hexadecimal form when one of the two is no
  /// letter or digit.
  private mutating func appendProtocol(_ extensions: TLSExtensions, _ bytes: Bytes) {
    var names = TLSApplicationProtocols(extensions)
    guard let name = names.next(in: bytes), !name.isEmpty else {
      text.append(UInt8(ascii: "0"))
      text.append(UInt8(ascii: "0"))
      return
    }
    let first = bytes[name.start]
    let last = bytes[name.end - 1]
    if first.isAlphanumericASCII, last.isAlphanumericASCII {
      text.append(first)
      text.append(last)
    } else {
      text.append(Self.hexadecimal(first >> 4))
      text.append(Self.hexadecimal(last & 0xf))
    }
  }

  private mutating func collect(_ list: TLSCodeList, _ bytes: Bytes) {
    codes.removeAll(keepingCapacity: true)
    for index in 0..<list.count {
      guard let code = list.code(index, in: bytes) else { break }
      if !TLSCodeList.isGREASE(code) { codes.append(code) }
    }
  }

  /// Collects what part c lists and returns how many extensions there are, server name and ALPN included.
  private mutating func collectExtensions(_ extensions: TLSExtensions, _ bytes: Bytes) -> Int {
    codes.removeAll(keepingCapacity: true)
    guard extensions.list.end <= bytes.count else { return 0 }
    var walk = TLSExtensionWalk(extensions.list, layer: .tls)
    var count = 0
    while let (type, _) = try? walk.next(in: bytes) {
      guard !TLSCodeList.isGREASE(type) else { continue }
      count += 1
      if type != 0, type != 16 { codes.append(type) }
    }
    return count
  }

  private mutating func appendSorted() -> ByteRange {
    let start = text.count
    codes.sortInPlaceByHeap()
    for (index, code) in codes.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      append(hexadecimal: code)
    }
    return ByteRange(start, text.count)
  }

  private mutating func appendSchemes(_ list: TLSCodeList, _ bytes: Bytes) {
    var isFirst = true
    for index in 0..<list.count {
      guard let code = list.code(index, in: bytes) else { break }
      guard !TLSCodeList.isGREASE(code) else { continue }
      text.append(isFirst ? UInt8(ascii: "_") : UInt8(ascii: ","))
      isFirst = false
      append(hexadecimal: code)
    }
  }

  private mutating func append(hexadecimal code: UInt16) {
    for shift: UInt16 in [12, 8, 4, 0] {
      text.append(Self.hexadecimal(UInt8(truncatingIfNeeded: code >> shift & 0xf)))
    }
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8 { digit < 10 ? 0x30 + digit : 0x57 + digit }
}

extension [UInt16] {
  /// Heap sort: unlike the library's sort it allocates nothing, and no input makes it slow.
  fileprivate mutating func sortInPlaceByHeap() {
    guard count > 1 else { return }
    for root in stride(from: count / 2 - 1, through: 0, by: -1) { siftDown(root, below: count) }
    for last in stride(from: count - 1, to: 0, by: -1) {
      swapAt(0, last)
      siftDown(0, below: last)
    }
  }

  private mutating func siftDown(_ start: Int, below limit: Int) {
    var root = start
    while 2 * root + 1 < limit {
      Work.count(1)
      var child = 2 * root + 1
      if child + 1 < limit, self[child] < self[child + 1] { child += 1 }
      guard self[root] < self[child] else { return }
      swapAt(root, child)
      root = child
    }
  }
}
