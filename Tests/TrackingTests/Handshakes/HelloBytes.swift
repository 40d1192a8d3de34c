/// Hellos put together from their parts.
enum HelloBytes {
  static func big(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * (width - 1 - $0))) }
  }

  static func vector(_ width: Int, _ bytes: [UInt8]) -> [UInt8] { big(bytes.count, width) + bytes }

  static func codes(_ codes: [Int]) -> [UInt8] { codes.flatMap { big($0, 2) } }

  static func extensions(_ list: [(Int, [UInt8])]) -> [UInt8] {
    vector(2, list.flatMap { big($0.0, 2) + vector(2, $0.1) })
  }

  static func serverName(_ name: String) -> [UInt8] { vector(2, [0] + vector(2, Array(name.utf8))) }

  static func protocols(_ names: [String]) -> [UInt8] {
    vector(2, names.flatMap { vector(1, Array($0.utf8)) })
  }

  static func client(
    version: Int = 0x0303, isDTLS: Bool = false, ciphers: [Int], extensions list: [(Int, [UInt8])]
  ) -> [UInt8] {
    big(version, 2) + [UInt8](repeating: 7, count: 32) + vector(1, []) + (isDTLS ? vector(1, []) : [])
      + vector(2, codes(ciphers)) + vector(1, [0]) + extensions(list)
  }

  static func server(
    version: Int = 0x0303, cipher: Int, extensions list: [(Int, [UInt8])]
  ) -> [UInt8] {
    big(version, 2) + [UInt8](repeating: 9, count: 32) + vector(1, []) + big(cipher, 2) + [0]
      + extensions(list)
  }

  /// A handshake message in a TLS record.
  static func record(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    [22, 3, 1] + vector(2, [type] + vector(3, body))
  }

  /// A part of a handshake message in a DTLS record.
  static func dtlsRecord(_ type: UInt8, _ body: [UInt8], part: Range<Int>? = nil) -> [UInt8] {
    let part = part ?? 0..<body.count
    let header = [type] + big(body.count, 3) + [0, 0] + big(part.lowerBound, 3)
    return [22, 0xfe, 0xfd] + [UInt8](repeating: 0, count: 8)
      + vector(2, header + vector(3, Array(body[part])))
  }

  /// The client of JA4's own description.
  static let ja4Example = client(
    ciphers: [
      0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d,
      0x002f, 0x0035,
    ],
    extensions: [
      (0x1b, []), (0, serverName("sip.example.com")), (0x33, []), (0x10, protocols(["h2", "http/1.1"])),
      (0x4469, []), (0x17, []), (0x2d, []),
      (
        0x0d,
        vector(
          2,
          codes([
            0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601,
          ]))
      ), (0x05, []), (0x23, []), (0x12, []), (0x2b, vector(1, codes([0x0304, 0x0303]))), (0xff01, []),
      (0x0b, vector(1, [0])), (0x0a, vector(2, codes([0x1d, 0x17]))), (0x15, []),
    ])

  /// The client and the server of JA3's own description.
  static let ja3Client = client(
    version: 0x0301, ciphers: [47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4],
    extensions: [(0, serverName("a.example")), (10, vector(2, codes([23, 24, 25]))), (11, vector(1, [0]))])
  static let ja3Server = server(
    version: 0x0301, cipher: 47,
    extensions: [(65281, [0]), (0, []), (11, vector(1, [0])), (35, []), (5, []), (16, protocols(["sip"]))])
}
