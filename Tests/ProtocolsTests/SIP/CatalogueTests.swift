@testable import Protocols
import Packets
import Testing
import Values

struct CatalogueTests {
  @Test
  func `the fault catalogue describes every fault once and in order`() {
    #expect(SIPFault.catalogue.map(\.fault) == SIPFault.allCases)
    #expect(Set(SIPFault.catalogue.map(\.name)).count == SIPFault.allCases.count)
    #expect(SIPFault.allCases.count <= 128)
    for entry in SIPFault.catalogue {
      #expect(entry.name.hasPrefix("sip."))
      #expect(entry.name.utf8.allSatisfy { $0 == 0x2e || $0 == 0x5f || $0 &- 0x61 < 26 || $0 &- 0x30 < 10 })
      #expect(entry.meaning.hasSuffix("."))
      #expect(!entry.source.isEmpty)
    }
  }

  @Test
  func `the names that the documents promise exist`() {
    let names = Set(SIPFault.catalogue.map(\.name))
    for name in [
      "malformed_start_line", "missing_header", "cseq_method_mismatch", "content_length_mismatch",
      "multiple_content_length", "bad_status_code",
    ] {
      #expect(names.contains("sip." + name))
    }
  }

  @Test
  func `the SDP fault catalogue describes every fault once and in order`() {
    #expect(SDPFault.catalogue.map(\.fault) == SDPFault.allCases)
    #expect(Set(SDPFault.catalogue.map(\.name)).count == SDPFault.allCases.count)
    #expect(SDPFault.allCases.count <= 64)
  }

  @Test
  func `fault sets keep what is put in and iterate in order`() {
    var set: SIPFaultSet = [.badVia, .malformedStartLine]
    set.insert(.oversizedMessage)
    #expect(Array(set) == [.malformedStartLine, .badVia, .oversizedMessage])
    #expect(set.count == 3)
    #expect(!set.contains(.badFrom))
    #expect(set.violations == [.malformedStartLine, .badVia])
  }

  @Test
  func `every known header resolves from its name in any case and from its compact form`() {
    for name in SIPHeaderName.allCases where name != .other {
      #expect(SIPHeaderKey(name.name).known == name)
      #expect(SIPHeaderKey(name.name.uppercased()) == SIPHeaderKey(name.name.lowercased()))
      if let compact = name.compactForm {
        #expect(SIPHeaderKey(String(compact)) == SIPHeaderKey(name.name))
      }
    }
    #expect(SIPHeaderName.allCases.count <= 128)
    #expect(SIPHeaderKey("X-Unknown").known == .other)
    #expect(SIPHeaderKey("Call_ID").known == .other)
    #expect(SIPHeaderKey("call\rid").known == .other)
  }

  @Test
  func `the compact forms are those of the registry`() {
    let forms = SIPHeaderName.allCases.compactMap { name in name.compactForm.map { "\($0)=\(name.name)" } }
    #expect(
      forms.sorted() == [
        "a=Accept-Contact", "b=Referred-By", "c=Content-Type", "d=Request-Disposition",
        "e=Content-Encoding", "f=From", "i=Call-ID", "j=Reject-Contact", "k=Supported",
        "l=Content-Length", "m=Contact", "n=Identity-Info", "o=Event", "r=Refer-To", "s=Subject",
        "t=To", "u=Allow-Events", "v=Via", "x=Session-Expires", "y=Identity",
      ])
  }

  @Test
  func `the words that are kept as numbers spell their names`() {
    let renamed = [
      "fromTag": "from-tag", "toTag": "to-tag", "regID": "reg-id", "tlsSCTP": "tls-sctp",
      "rtcpMux": "rtcp-mux",
      "iceUfrag": "ice-ufra", "bundleOn": "bundle-o",
    ]
    let words =
      SIPWord.allCases.map { (String(describing: $0), $0.rawValue) }
      + SDPWord.allCases.map { (String(describing: $0), $0.rawValue) }
    for (name, value) in words { #expect(spell(value) == renamed[name] ?? name) }
  }

  @Test(arguments: SIPMethod.allCases)
  func `every method is recognised exactly as written`(method: SIPMethod) {
    guard !method.name.isEmpty else { return }
    func named(_ text: String) -> SIPMethod {
      let bytes = Array(text.utf8)
      return SIPMethod.named(bytes.span, ByteRange(0, bytes.count))
    }
    #expect(named(method.name) == method)
    #expect(named(method.name.lowercased()) == .other)
    #expect(named(method.name + "X") == .other)
    #expect(named(String(method.name.dropLast())) == .other)
  }

  @Test
  func `the table of character classes is made of the characters of the grammar`() {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    let unreserved = letters + "-_.!~*'()"
    let token = letters + "-.!%*_+`'~"
    let classes: [(ByteSet, String)] = [
      (.token, token), (.callID, token + "()<>:\\\"/[]?{}@"), (.hostName, letters + "-._"),
      (.userInfo, unreserved + "&=+$,;?/%:"), (.uri, unreserved + "&=+$,;?/%:[]@"),
      (.scheme, letters + "+-."),
      (.word, String(decoding: UInt8(0x21)...0x7e, as: UTF8.self)), (.base64URL, letters + "-_"),
    ]
    for (set, characters) in classes {
      for byte in UInt8.min...UInt8.max {
        #expect(set.contains(byte) == characters.utf8.contains(byte), "\(characters) and \(byte)")
      }
    }
  }

  private func spell(_ value: UInt64) -> String {
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    return String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
  }
}
