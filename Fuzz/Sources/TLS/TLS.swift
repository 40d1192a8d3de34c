import Packets
import Protocols
import Values

/// TLS records and handshakes, their fingerprints, certificates, and the same over DTLS.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = UnsafeBufferPointer(start: start, count: count).span
  _ = TLSHandshakeAssembler.isPlausibleStart(bytes)
  readStream(bytes)
  readDatagram(bytes)
  // Inputs that begin with no record are bodies of handshake messages.
  for type: UInt8 in [1, 2, 11] { readBody(type, bytes, ByteRange(0, count), isDTLS: count & 1 == 0) }
  readCertificate(bytes, ByteRange(0, count))
  return 0
}

private func readStream(_ bytes: Bytes) {
  var assembler = TLSHandshakeAssembler()
  for part in [bytes.extracting(..<(bytes.count / 3)).count, bytes.count] {
    var offset = part == bytes.count ? bytes.count / 3 : 0
    while case .message(let type, let body) = assembler.next(in: bytes.extracting(..<part), from: &offset) {
      let buffer = assembler.buffer
      readBody(type, buffer.span, body, isDTLS: false)
    }
  }
}

private func readDatagram(_ bytes: Bytes) {
  var assembler = DTLSHandshakeAssembler(maximumMessageCount: 4096)
  var records = DTLSRecords()
  while let record = try? records.next(in: bytes) {
    precondition(record.fragment.end <= bytes.count)
    var fragments = DTLSHandshakeFragments(record)
    while let fragment = try? fragments.next(in: bytes) {
      precondition(fragment.data.end <= record.fragment.end)
      if case .assembled(let type, let body) = assembler.process(fragment, in: bytes) {
        let buffer = assembler.buffer
        readBody(type, buffer.span, body, isDTLS: true)
      }
    }
  }
  precondition(assembler.buffer.count <= 4096)
}

private func readBody(_ type: UInt8, _ bytes: Bytes, _ body: ByteRange, isDTLS: Bool) {
  var writer = TLSFingerprintWriter()
  switch type {
  case 1:
    guard let hello = try? TLSClientHello(parsing: bytes, body: body, isDTLS: isDTLS) else { return }
    writer.writeJA3(hello, in: bytes)
    let parts = writer.writeJA4(hello, over: isDTLS ? .dtls : .tcp, in: bytes)
    precondition(parts.a.count == 10 && parts.c.end == writer.text.count)
  case 2:
    guard let hello = try? TLSServerHello(parsing: bytes, body: body) else { return }
    _ = hello.srtpProfile(in: bytes)
    writer.writeJA3S(hello, in: bytes)
  case 11:
    readCertificate(bytes, body)
  default: break
  }
}

private func readCertificate(_ bytes: Bytes, _ range: ByteRange) {
  guard let certificate = try? X509Certificate(parsing: bytes, range) else { return }
  precondition(certificate.alternativeNames.end <= bytes.count)
  var names = X509AlternativeNames(certificate)
  while let name = names.next(in: bytes) { precondition(name.value.end <= bytes.count) }
}
