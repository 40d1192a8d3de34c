import Testing

@testable import Tracking

/// The state machine alone: what follows from what.
@Suite struct RegistrationProgressTests {
  typealias Step = (RegistrationProgress.Input, RegistrationProgress.Action)

  static let anonymous = RegistrationProgress.Input.request([])
  static let withPassword = RegistrationProgress.Input.request(.registrar)
  static let withProxyPassword = RegistrationProgress.Input.request(.proxy)

  static func code(_ code: UInt16, isStale: Bool = false) -> RegistrationProgress.Input {
    .response(code: code, isStale: isStale)
  }

  static let table: [(name: String, steps: [Step])] = [
    ("accepted at once", [(anonymous, .wait), (code(200), .accept)]),
    ("a provisional response is none", [(anonymous, .wait), (code(100), .wait), (code(200), .accept)]),
    (
      "challenged, then accepted",
      [(anonymous, .wait), (code(401), .challenge), (withPassword, .wait), (code(200), .accept)]
    ),
    (
      "a wrong password",
      [
        (anonymous, .wait), (code(401), .challenge), (withPassword, .wait),
        (code(401), .fail(.badCredentials)),
      ]
    ),
    ("403 after credentials", [(withPassword, .wait), (code(403), .fail(.badCredentials))]),
    ("403 without credentials", [(anonymous, .wait), (code(403), .fail(.forbidden))]),
    (
      "an old nonce is no wrong password",
      [
        (withPassword, .wait), (code(401, isStale: true), .challenge), (withPassword, .wait),
        (code(200), .accept),
      ]
    ),
    (
      "a proxy and then the registrar challenge",
      [
        (anonymous, .wait), (code(407), .challenge), (withProxyPassword, .wait), (code(401), .challenge),
        (.request([.registrar, .proxy]), .wait), (code(200), .accept),
      ]
    ),
    (
      "a proxy refuses its password",
      [(withProxyPassword, .wait), (code(407), .fail(.badCredentials))]
    ),
    (
      "nobody answers the challenge",
      [(anonymous, .wait), (code(401), .challenge), (.silence, .fail(.challengeUnanswered))]
    ),
    ("nobody answers the request", [(anonymous, .wait), (.silence, .fail(.timeout))]),
    ("too short an interval is no failure", [(anonymous, .wait), (code(423), .end)]),
    ("elsewhere is no failure", [(anonymous, .wait), (code(302), .end)]),
    ("not found", [(withPassword, .wait), (code(404), .fail(.notFound))]),
    ("timed out elsewhere", [(anonymous, .wait), (code(408), .fail(.timeout))]),
    ("the server fails", [(anonymous, .wait), (code(503), .fail(.serverError))]),
    ("refused by a 4xx", [(anonymous, .wait), (code(480), .fail(.rejected))]),
    ("refused by a 6xx", [(anonymous, .wait), (code(603), .fail(.rejected))]),
    ("a second answer says nothing", [(anonymous, .wait), (code(401), .challenge), (code(200), .wait)]),
    ("an answer to nothing", [(code(200), .wait)]),
    ("silence after nothing", [(.silence, .end)]),
    ("a code outside of all classes", [(anonymous, .wait), (code(799), .wait), (code(0), .wait)]),
  ]

  @Test func `every way through an exchange gives its actions`() {
    for (name, steps) in Self.table {
      var progress = RegistrationProgress()
      for (place, step) in steps.enumerated() {
        #expect(progress.take(step.0) == step.1, "\(name), step \(place)")
      }
    }
  }

  @Test func `no response is a failure without a reason`() {
    for code in UInt16(100)..<700 {
      var progress = RegistrationProgress()
      _ = progress.take(Self.withPassword)
      let action = progress.take(Self.code(code))
      switch code {
      case 100..<200: #expect(action == .wait)
      case 200..<300: #expect(action == .accept)
      case 300..<400, 422, 423, 491: #expect(action == .end)
      case 407: #expect(action == .challenge)
      default:
        guard case .fail(let reason) = action else {
          Issue.record("\(code)")
          continue
        }
        #expect((reason == .badCredentials) == (code == 401 || code == 403))
      }
    }
  }

  @Test func `the reasons have different names`() {
    let names = Set(RegistrationFailure.allCases.map { "\($0.reason)" })
    #expect(names.count == RegistrationFailure.allCases.count)
  }
}
