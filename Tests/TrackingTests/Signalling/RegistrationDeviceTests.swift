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

  /// What names the device that logs out in another network, whether it gave a password before and gives it now, and
  /// whether it is taken for a stranger.
  static let leavers = [
    (instance, true, true, "false"), (instance, true, false, "true"), (instance, false, true, "true"),
    (#";+sip.instance="<urn:uuid:other>""#, true, true, "true"), ("", true, true, "true"),
  ]

  @Test(arguments: leavers)
  func `a device that says which one it is may log out anywhere`(
    device: String, hadPassword: Bool, hasPassword: Bool, changed: String
  ) {
    var scene = SignallingScene()
    let first = Registration(
      contact: "<sip:101@10.0.0.1:5060>\(Self.instance)",
      headers: hadPassword ? [Registration.credentials] : [])
    scene.register(first, at: 0)
    let leaver = Registration(
      client: 7, callID: "other", contact: "<sip:101@10.0.0.1:5060>\(device);expires=0",
      headers: hasPassword ? [Registration.credentials] : [])
    scene.ask(leaver, at: 30)
    scene.answer(200, leaver, at: 30.1)
    #expect(scene.story == ["registered", "removed"])
    #expect(scene.last["source_changed"] == changed)
    #expect((scene.last["previous_source"] == nil) == (changed == "false"))
  }

  @Test func `each flow of a device is a binding of its own, also at one address`() {
    var scene = SignallingScene()
    for (round, time) in [0.0, 20, 40].enumerated() {
      for flow in 1...2 {
        let registration = Registration(
          callID: "flow-\(flow)", cseq: round + 1, branch: "z9hG4bK-\(flow)",
          contact: "<sip:101@10.0.0.1:5060>\(Self.instance);reg-id=\(flow)")
        scene.register(registration, at: time + Double(flow))
      }
    }
    #expect(scene.story == ["registered", "registered", "refreshed", "refreshed", "refreshed", "refreshed"])
    #expect(scene.registrations.bindingCount == 2)
    // Without a flow the address is what is bound (RFC 5626 §6).
    var rebooted = SignallingScene()
    rebooted.register(Registration(contact: "<sip:101@10.0.0.1:5060>\(Self.instance)"), at: 0)
    let other = #"<sip:101@10.0.0.1:5060>;+sip.instance="<urn:uuid:new>""#
    rebooted.register(Registration(callID: "new", branch: "z9hG4bK-n", contact: other), at: 10)
    #expect(rebooted.story == ["registered", "refreshed"] && rebooted.registrations.bindingCount == 1)
  }
}
