import Testing

@testable import Tracking

/// Devices that move, have several flows, or lose their server.
@Suite struct RegistrationDeviceTests {
  private static let instance = #";+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>""#

  @Test func `a REGISTER that comes after the time is up does not hide that nobody answered the one before`()
  {
    var scene = SignallingScene()
    scene.ask(Registration(), at: 0)
    scene.wait(until: 31.5)
    scene.register(Registration(registrar: 251, cseq: 2), at: 32.1)
    #expect(scene.story == ["failed", "registered"])
    #expect(scene.outcomes.first?["reason"] == "timeout" && scene.outcomes.first?["at"] == "32.0")
    #expect(scene.outcomes.first?["server.ip"] == "10.0.0.250", "whom it had asked")
    #expect(scene.last["server.ip"] == "10.0.0.251")
  }

  @Test func `before the time is up another REGISTER goes on with the same exchange`() {
    var scene = SignallingScene()
    scene.ask(Registration(), at: 0)
    scene.wait(until: 31)
    scene.register(Registration(registrar: 251, cseq: 2), at: 31.9)
    #expect(scene.story == ["registered"])
    // Nobody says of a capture of one direction that there was no answer.
    var half = SignallingScene()
    half.isOneSided = true
    half.ask(Registration(), at: 0)
    half.wait(until: 31.5)
    half.ask(Registration(cseq: 2, branch: "z9hG4bK-2"), at: 32.1)
    #expect(half.story == [])
  }
}
