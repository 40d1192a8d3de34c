import Events
import Testing
import Values

@testable import Tracking

/// A full table gives up what is worth least.
struct CallFloodTests {
  @Test func `a flood of INVITEs stays in the limit and pushes no established call out`() {
    var options = CallTable.Options()
    options.capacity = 1000
    var script = CallScript(options: options)
    for call in 0..<200 {
      script.request("INVITE", at: 0, callID: "real-\(call)", fromTag: "real-\(call)")
      script.response(200, at: 0, callID: "real-\(call)", fromTag: "real-\(call)")
    }
    for call in 0..<50 {
      script.request("INVITE", at: 0, callID: "rings-\(call)", fromTag: "rings-\(call)")
      script.response(180, at: 0, callID: "rings-\(call)", fromTag: "rings-\(call)")
    }
    for call in 0..<20_000 {
      script.request("INVITE", at: 1, from: UInt32(call), callID: "flood-\(call)", fromTag: "f\(call)")
    }
    #expect(script.table.count == 1000)
    #expect(script.table.evictions == 250 + 20_000 - 1000)
    #expect(script.table.answeredEvictions == 0)
    for call in 0..<50 { script.response(200, at: 2, callID: "rings-\(call)", fromTag: "rings-\(call)") }
    for call in 0..<200 {
      script.request("BYE", at: 3, callID: "real-\(call)", cseq: 2, fromTag: "real-\(call)", toTag: "bob")
    }
    script.wait(until: 4)
    #expect(script.log.filter { $0 == "answered" }.count == 250)
    #expect(script.log.filter { $0 == "ended" }.count == 200)
  }

  @Test func `a record of a call stays small`() {
    #expect(MemoryLayout<CallRecord>.stride <= 1056)
  }

  #if DEBUG
    @Test(arguments: ["a Call-ID", "numbers and a description", "a header"])
    func `calls that have much in common are found in the same time`(_ common: String) {
      var script = CallScript()
      let sdp = CallScript.sdp()
      let parts = (0..<3).map { part in
        Work.steps {
          for call in 1000 * part..<1000 * part + 1000 {
            script.request(
              "INVITE", at: 0, callID: common == "a Call-ID" ? "same" : "call-\(1_000_000 + call)",
              fromTag: "tag-\(1_000_000 + call)", headers: common == "a header" ? ["X-Call-ID: same"] : [],
              sdp: common == "numbers and a description" ? sdp : nil)
          }
        }
      }
      #expect(script.table.count == 3000)
      #expect(parts[2] < parts[0] * 5 / 4, "the third thousand takes as long as the first: \(parts)")
    }
  #endif

  @Test func `everything is given back when calls are over`() {
    var script = CallScript()
    for call in 0..<500 {
      script.request("INVITE", at: 0, callID: "call-\(call)", fromTag: "t\(call)", sdp: CallScript.sdp())
      script.response(404, at: 1, callID: "call-\(call)", fromTag: "t\(call)")
    }
    script.wait(until: 100)
    #expect(script.table.count == 0)
    #expect(script.table.index.count == 0)
    #expect(script.table.legIndex.count == 0)
    #expect(script.table.textBytes == 0)
    #expect(script.table.callers.count(1) == 0)
  }
}
