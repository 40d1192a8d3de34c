@testable import Protocols

/// Hellos, certificates and records built from their parts.
enum TLSSample {
  static func vector8(_ bytes: [UInt8]) -> [UInt8] { [UInt8(bytes.count)] + bytes }
  static func vector16(_ bytes: [UInt8]) -> [UInt8] { WireSample.big(UInt16(bytes.count)) + bytes }
  static func vector24(_ bytes: [UInt8]) -> [UInt8] {
    WireSample.big(UInt32(bytes.count)).suffix(3) + bytes
  }
  static func codes(_ codes: [UInt16]) -> [UInt8] { codes.flatMap { WireSample.big($0) } }
  static func codes(_ text: String) -> [UInt16] {
    text.split(separator: ",").compactMap { UInt16($0, radix: 16) }
  }

  static func serverName(_ name: String) -> [UInt8] { vector16([0] + vector16(Array(name.utf8))) }
  static func protocols(_ names: [String]) -> [UInt8] {
    vector16(names.flatMap { vector8(Array($0.utf8)) })
  }

  static func extensions(_ list: [(UInt16, [UInt8])]) -> [UInt8] {
    vector16(list.flatMap { WireSample.big($0.0) + vector16($0.1) })
  }

  static func clientHello(
    version: UInt16 = 0x0303, cookie: [UInt8]? = nil, ciphers: [UInt16], extensions: [(UInt16, [UInt8])]
  ) -> [UInt8] {
    WireSample.big(version) + [UInt8](repeating: 0x11, count: 32) + vector8([1, 2, 3, 4])
      + (cookie.map(vector8) ?? []) + vector16(codes(ciphers)) + vector8([0])
      + Self.extensions(extensions)
  }

  static func serverHello(
    version: UInt16 = 0x0303, random: [UInt8] = [UInt8](repeating: 0x22, count: 32), cipher: UInt16,
    extensions: [(UInt16, [UInt8])]
  ) -> [UInt8] {
    WireSample.big(version) + random + vector8([]) + WireSample.big(cipher) + [0]
      + Self.extensions(extensions)
  }

  static func handshake(_ type: UInt8, _ body: [UInt8]) -> [UInt8] { [type] + vector24(body) }
  static func record(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
    [type, 3, 3] + vector16(content)
  }

  /// The hello that FoxIO's description of JA4 uses, with GREASE put in where browsers put it.
  static let browser = clientHello(
    ciphers: [0x1a1a]
      + codes("1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035"),
    extensions: [
      (0x2a2a, []), (0x001b, [0]), (0x0000, serverName("example.com")), (0x0033, [0, 0]),
      (0x0010, protocols(["h2", "http/1.1"])), (0x4469, []), (0x0017, []), (0x002d, [1, 1]),
      (0x000d, vector16(codes(codes("0403,0804,0401,0503,0805,0501,0806,0601")))),
      (0x0005, [1, 0, 0, 0, 0]), (0x0023, []), (0x0012, []),
      (0x002b, vector8(codes([0x3a3a, 0x0304, 0x0303]))), (0xff01, [0]), (0x000b, vector8([0])),
      (0x000a, vector16(codes([0x4a4a, 29, 23, 24]))), (0x0015, [0, 0, 0]), (0x5a5a, [0]),
    ])

  static let server = serverHello(
    cipher: 0x1301, extensions: [(0x002b, [3, 4]), (0x0033, [0, 29, 0, 0]), (0x0000, [])])

  static func der(_ tag: UInt8, _ parts: [UInt8]...) -> [UInt8] {
    let content = Array(parts.joined())
    switch content.count {
    case 0..<128: return [tag, UInt8(content.count)] + content
    case 128..<256: return [tag, 0x81, UInt8(content.count)] + content
    default: return [tag, 0x82] + WireSample.big(UInt16(content.count)) + content
    }
  }

  static func name(_ attributes: [(UInt8, String)]) -> [UInt8] {
    der(
      0x30,
      Array(
        attributes.map { der(0x31, der(0x30, der(6, [0x55, 4, $0.0]), der(12, Array($0.1.utf8)))) }.joined()
      ))
  }

  static func certificate(
    issuer: [UInt8] = name([(6, "DE"), (10, "Example CA"), (3, "Root")]),
    subject: [UInt8] = name([(10, "Example"), (3, "sip.example.com"), (3, "second")]),
    dates: [UInt8] = der(23, Array("260102030405Z".utf8)) + der(24, Array("20510102030405Z".utf8))
  ) -> [UInt8] {
    let names =
      der(0x82, Array("sip.example.com".utf8)) + der(0x86, Array("sip:example.com".utf8))
      + der(0xa0, [1, 2]) + der(0x87, [192, 0, 2, 1])
    let alternative = der(0x30, der(6, [0x55, 0x1d, 0x11]), der(4, der(0x30, names)))
    let critical = der(0x30, der(6, [0x55, 0x1d, 0x13]), der(1, [0xff]), der(4, der(0x30, [])))
    let body = der(
      0x30, der(0xa0, der(2, [2])), der(2, [0x12, 0x34]), der(0x30, der(6, [0x2a, 3])), issuer,
      der(0x30, dates), subject, der(0x30, [UInt8](repeating: 7, count: 200)),
      der(0xa3, der(0x30, critical, alternative)))
    return der(0x30, body, der(0x30, der(6, [0x2a, 3])), der(3, [0, 1]))
  }
}
