import Foundation
import Packets
import Protocols
import Testing
import Values

@Suite(.enabled(if: SharedFiles.hasTortureMessages, "the RFC 4475 messages are not beside the package"))
struct TortureTests {
  @Test(arguments: TortureRow.all)
  func `each torture message gives its fields and exactly its faults`(row: TortureRow) throws {
    let parsed = ParsedMessage(try SharedFiles.tortureMessage(row.file))
    #expect(parsed.status == .message)
    let isResponse = parsed.message.kind == .response
    let start =
      isResponse ? String(parsed.message.startLine.statusCode) : parsed.text(parsed.message.methodRange)
    #expect(start == row.start)
    #expect(parsed.message.cseq.number == row.cseq)
    #expect(parsed.text(parsed.message.callID) == row.callID)
    #expect(address(parsed.message.from, parsed) == row.from)
    #expect(address(parsed.message.to, parsed) == row.to)
    #expect(parsed.message.faults == row.faults, "\(parsed.faultNames)")
    let concerned = parsed.headers(with: .missingHeader) + parsed.headers(with: .repeatedHeader)
    #expect(concerned == row.headers)
  }

  private func address(_ address: SIPAddress, _ parsed: ParsedMessage) -> String {
    parsed.text(address.uri.user) + "@" + parsed.text(address.uri.host)
  }

  @Test
  func `the table covers every message and no valid one breaks the protocol`() throws {
    let index = try String(
      contentsOf: SharedFiles.tortureMessages.appendingPathComponent("index.tsv"), encoding: .utf8)
    let expectations = index.split(separator: "\n").dropFirst().map { $0.split(separator: "\t") }
    let rows = Dictionary(uniqueKeysWithValues: TortureRow.all.map { ($0.file, $0) })
    #expect(expectations.count == 49)
    #expect(rows.count == 49)
    for expectation in expectations {
      let file = String(expectation[0].dropLast(4))
      let row = try #require(rows[file])
      let isValid = expectation[1].hasPrefix("3.1.1")
      if isValid {
        #expect(row.faults.violations.isEmpty, "\(file)")
        #expect(row.faults.isEmpty == (TortureRow.justified[file] == nil), "\(file)")
      } else if expectation[1].hasPrefix("3.1.2") {
        #expect(!row.faults.violations.isEmpty, "\(file)")
      }
    }
  }

  @Test
  func `the second request of a datagram is found behind the first`() throws {
    let first = ParsedMessage(try SharedFiles.tortureMessage("dblreq"))
    #expect(!first.message.remainder.isEmpty)
    let second = ParsedMessage(Array(first.bytes[first.message.remainder.range]))
    #expect(second.message.method == .invite)
    #expect(second.text(second.message.callID) == "dblreq.0ha0isnda977644900765@192.0.2.15")
    // The RFC left the Contact out, and its Content-Length of 150 cuts a body of 153 bytes.
    #expect(second.message.faults == [.missingHeader, .contentLengthMismatch])
    #expect(second.headers(with: .missingHeader) == ["Contact"])
  }

  @Test
  func `the short tortuous INVITE gives every part in spite of its layout`() throws {
    let parsed = ParsedMessage(try SharedFiles.tortureMessage("wsinv"))
    #expect(parsed.text(parsed.message.to.tag) == "1918181833n")
    #expect(parsed.text(parsed.message.from.tag) == "98asjd8")
    #expect(parsed.text(parsed.message.from.displayName) == #"J Rosenberg \\\""#)
    #expect(parsed.message.maxForwards == 68)
    #expect(parsed.message.viaCount == 3)
    #expect(parsed.message.via.transport == .udp)
    #expect(parsed.text(parsed.message.via.host) == "192.0.2.2")
    #expect(parsed.text(parsed.message.via.branch) == "390skdjuw")
    #expect(parsed.message.routeCount == 1)
    #expect(parsed.text(parsed.message.contact.displayName) == #"Quoted string \"\""#)
    #expect(parsed.text(parsed.message.contact.uri.range) == "sip:jdrosen@example.com")
    #expect(parsed.header("subject") == "")
    #expect(parsed.header("newfangledheader")?.hasPrefix("newfangled value") == true)
    #expect(parsed.message.contentLength == 150)
    #expect(parsed.message.body.count == 150)
  }
}
