import Packets
import Testing
import Values

@testable import Protocols

/// The nastiest binary inputs that we know, doubled.
struct BinaryLinearTimeTests {
  struct Input: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable (Int) -> [UInt8]
    let read: @Sendable (Bytes) -> Void
    var testDescription: String { name }

    init(
      _ name: String, _ make: @escaping @Sendable (Int) -> [UInt8],
      _ read: @escaping @Sendable (Bytes) -> Void
    ) {
      (self.name, self.make, self.read) = (name, make, read)
    }
  }

  static func repeated(_ unit: [UInt8], _ count: Int) -> [UInt8] {
    Array(repeatElement(unit, count: count).joined())
  }

  // MARK: DTLS

  private static func part(_ count: Int, _ offset: Int, sequence: UInt16 = 0) -> [UInt8] {
    var fragment: [UInt8] = [1]
    fragment += WireSample.big(UInt32(count)).suffix(3)
    fragment += WireSample.big(sequence)
    fragment += WireSample.big(UInt32(offset)).suffix(3)
    fragment += [0, 0, 1, 7]
    return DTLSSample.record(fragment)
  }

  @Sendable private static func readDTLS(_ bytes: Bytes) {
    var assembler = DTLSHandshakeAssembler()
    var records = DTLSRecords()
    while let record = try? records.next(in: bytes) {
      var fragments = DTLSHandshakeFragments(record)
      while let fragment = try? fragments.next(in: bytes) { _ = assembler.process(fragment, in: bytes) }
    }
  }

  static let dtls: [Input] = [
    Input("DTLS: one byte a fragment") { size in
      Array((0..<size).map { part(16_000, $0) }.joined())
    } _: {
      readDTLS($0)
    },
    Input("DTLS: one byte a fragment, backwards") { size in
      Array((0..<size).reversed().map { part(16_000, $0) }.joined())
    } _: {
      readDTLS($0)
    },
    Input("DTLS: the same byte again") { size in
      repeated(part(16_000, 15_000), size)
    } _: {
      readDTLS($0)
    },
    Input("DTLS: three long messages in turn") { size in
      Array((0..<size).map { part(16_000, 15_999 - $0, sequence: UInt16($0 % 3)) }.joined())
    } _: {
      readDTLS($0)
    },
    Input("DTLS: many fragments in one record") { size in
      repeated(DTLSSample.record(repeated([1, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0], 1000)), size / 1000)
    } _: {
      readDTLS($0)
    },
    Input("DTLS: empty records") { size in
      repeated(DTLSSample.record([]), size)
    } _: {
      readDTLS($0)
    },
  ]

  // MARK: TLS

  @Sendable private static func readTLS(_ bytes: Bytes, chunk: Int) {
    var assembler = TLSHandshakeAssembler()
    for start in stride(from: 0, to: bytes.count, by: chunk) {
      let part = bytes.extracting(start..<min(bytes.count, start + chunk))
      var offset = 0
      reading: while true {
        switch assembler.next(in: part, from: &offset) {
        case .needsMore: break reading
        case .ended: return
        case .message: continue
        }
      }
    }
  }

  @Sendable private static func readHello(_ bytes: Bytes) {
    var writer = TLSFingerprintWriter()
    if let hello = try? TLSClientHello(parsing: bytes, body: ByteRange(0, bytes.count)) {
      writer.writeJA3(hello, in: bytes)
      _ = writer.writeJA4(hello, over: .tcp, in: bytes)
      var names = TLSApplicationProtocols(hello.extensions)
      while names.next(in: bytes) != nil {}
    }
    if let hello = try? TLSServerHello(parsing: bytes, body: ByteRange(0, bytes.count)) {
      writer.writeJA3S(hello, in: bytes)
    }
  }

  private static func client(_ extensions: [(UInt16, [UInt8])], ciphers: [UInt16] = [1]) -> [UInt8] {
    TLSSample.clientHello(ciphers: ciphers, extensions: extensions)
  }

  static let tls: [Input] =
    [1, 7, 1_000_000].flatMap { chunk in
      [
        Input("TLS: one byte a record, chunks of \(chunk)") { size in
          TLSSample.record(22, [1, 0, 255, 255]) + repeated(TLSSample.record(22, [1]), size)
        } _: {
          readTLS($0, chunk: chunk)
        },
        Input("TLS: empty records, chunks of \(chunk)") { size in
          repeated(TLSSample.record(22, []), size)
        } _: {
          readTLS($0, chunk: chunk)
        },
        Input("TLS: empty messages, chunks of \(chunk)") { size in
          repeated(TLSSample.record(22, repeated([0, 0, 0, 0], 500)), size / 500)
        } _: {
          readTLS($0, chunk: chunk)
        },
        Input("TLS: the end of one message and the beginning of the next, chunks of \(chunk)") { size in
          TLSSample.record(22, [2, 0, 0, 41])
            + repeated(TLSSample.record(22, repeated([7], 41) + [2, 0, 0, 41]), size / 20)
        } _: {
          readTLS($0, chunk: chunk)
        },
        Input("TLS: alerts, chunks of \(chunk)") { size in
          repeated(TLSSample.record(21, [1]), size)
        } _: {
          readTLS($0, chunk: chunk)
        },
      ]
    } + [
      Input("hello: extensions") { size in
        client((0..<size).map { (UInt16($0), []) })
      } _: {
        readHello($0)
      },
      Input("hello: extensions backwards") { size in
        client((0..<size).map { (UInt16(9000 - $0), []) })
      } _: {
        readHello($0)
      },
      Input("hello: the same extension") { size in
        client(Array(repeating: (43, [0]), count: size))
      } _: {
        readHello($0)
      },
      Input("hello: cipher suites") { size in
        client([], ciphers: (0..<size).map { UInt16($0 * 7 % 65_521) })
      } _: {
        readHello($0)
      },
      Input("hello: signature schemes") { size in
        client([(13, TLSSample.vector16(repeated([4, 3], size)))])
      } _: {
        readHello($0)
      },
      Input("hello: names of other types") { size in
        client([(0, TLSSample.vector16(repeated([9, 0, 0], size)))])
      } _: {
        readHello($0)
      },
      Input("hello: application protocols") { size in
        client([(16, TLSSample.vector16(repeated([1, 65], size)))])
      } _: {
        readHello($0)
      },
      Input("hello: groups") { size in
        client([(10, TLSSample.vector16(repeated([0, 29], size)))])
      } _: {
        readHello($0)
      },
    ]

  // MARK: Certificates

  @Sendable private static func readCertificate(_ bytes: Bytes) {
    guard let certificate = try? X509Certificate(parsing: bytes, ByteRange(0, bytes.count)) else { return }
    for name in [certificate.issuer, certificate.subject] {
      var attributes = X509NameAttributes(name, in: bytes)
      while attributes.next(in: bytes) != nil {}
    }
    var names = X509AlternativeNames(certificate)
    while names.next(in: bytes) != nil {}
  }

  private static func nested(_ depth: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<depth { bytes = TLSSample.der(0x30, bytes) }
    return bytes
  }

  static let certificates: [Input] = [
    Input("certificate: attributes") { size in
      TLSSample.certificate(subject: TLSSample.name(Array(repeating: (3, "a"), count: size)))
    } _: {
      readCertificate($0)
    },
    Input("certificate: a set of many attributes") { size in
      let attribute = TLSSample.der(0x30, TLSSample.der(6, [0x55, 4, 3]), TLSSample.der(12, []))
      return TLSSample.certificate(
        subject: TLSSample.der(0x30, TLSSample.der(0x31, repeated(attribute, size))))
    } _: {
      readCertificate($0)
    },
    Input("certificate: empty sets") { size in
      TLSSample.certificate(issuer: TLSSample.der(0x30, repeated(TLSSample.der(0x31), size)))
    } _: {
      readCertificate($0)
    },
    Input("list of certificates") { size in
      TLSSample.vector24(repeated([0, 0, 0], size))
    } _: { bytes in
      guard var list = try? TLSCertificateList(parsing: bytes, body: ByteRange(0, bytes.count)) else {
        return
      }
      while let found = try? list.next(in: bytes) { _ = try? X509Certificate(parsing: bytes, found) }
    },
    Input("list of elements, each in the one before") { size in
      nested(size)
    } _: { bytes in
      // Whoever goes down goes one level at a time: nothing here recurses.
      var reader = DERReader(bytes, ByteRange(0, bytes.count))
      while let element = try? reader.next(bytes, "test") { reader = DERReader(bytes, element.content) }
    },
  ]

  @Test(arguments: dtls + tls + certificates)
  func `reading a handshake takes time that is linear in its length`(input: Input) {
    expectLinear(input.name) { size in
      let bytes = input.make(size)
      return Work.steps { input.read(bytes.span) }
    }
  }
}
