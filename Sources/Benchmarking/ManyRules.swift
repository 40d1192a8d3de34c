/// A rule file with many rules, mixed as a rule pack of that size would be.
///
/// Nothing is told by chance: rule n of a larger set is rule n of a smaller one. What they look for is mostly in
/// nobody's traffic; two of them, in each set, count what is frequent.
public enum ManyRules {
  /// The text of a file with so many rules.
  public static func text(_ count: Int) -> String {
    "rules:\n" + (0..<count).map(rule).joined()
  }

  private struct Shape {
    var event: String
    var condition: String
    var key: String?
  }

  private static func rule(_ number: Int) -> String {
    let shape = number % 50 == 0 && number < 100 ? frequent[number / 50] : rare(number)
    var text = "  - id: many-\(number)\n    sid: \(number + 1)\n    title: Rule \(number)\n"
    text += "    event: \(shape.event)\n    when: '\(shape.condition)'\n"
    guard let key = shape.key else { return text }
    return text + "    threshold: {by: [\(key)], within: 60s, count: {at_least: \(50 + number % 50)}}\n"
  }

  private static let frequent = [
    Shape(event: "sip.request", condition: #"sip.method == "REGISTER""#, key: "client.ip"),
    Shape(event: "sip.response", condition: "sip.code == 401", key: "client.ip"),
  ]

  private static func rare(_ n: Int) -> Shape {
    let (low, high) = (n & 255, n >> 8)
    let digits = String(repeating: "0", count: max(0, 5 - String(n).count)) + String(n)
    switch n % 12 {
    // Programs by a part of their name.
    case 0: return Shape(event: "sip.request", condition: #"sip.user_agent contains "scan-tool-\#(n)x""#)
    case 1: return Shape(event: "sip.request", condition: #"lower(sip.user_agent) contains "voipkit\#(n)/""#)
    // Numbers by their beginning, accounts, domains.
    case 2:
      return Shape(
        event: "sip.request",
        condition: #"sip.method == "INVITE" and sip.uri_user starts_with "00\#(digits)""#)
    case 3:
      return Shape(
        event: "sip.request", condition: #"sip.from.user == "account\#(n)" and sip.method == "REGISTER""#)
    case 4:
      return Shape(
        event: "sip.response",
        condition: #"sip.code in [403, 404] and sip.to.host == "host\#(n).example.com""#)
    // Addresses and networks.
    case 5:
      return Shape(
        event: "sip.request", condition: "client.ip == 172.16.\(high & 255).\(low)", key: "client.ip")
    case 6:
      return Shape(
        event: "sip.request",
        condition: "client.ip in [198.18.\(low).0/24, 100.\(64 + (high & 63)).0.0/20]", key: "client.ip")
    case 7:
      return Shape(
        event: "flow.started", condition: "dest_ip == 203.0.\(high & 255).\(low) and dest_port == \(1024 + n)"
      )
    // Counting by account and by source.
    case 8:
      return Shape(
        event: "registration.failed", condition: #"registration.aor == "user\#(n)@example.com""#,
        key: "client.ip")
    case 9:
      return Shape(
        event: "call.started", condition: #"call.callee starts_with "sip:+99\#(n)""#, key: "client.ip")
    // Patterns.
    case 10:
      let word = String(n, radix: 16)
      return Shape(event: "sip.request", condition: #"sip.call_id matches "^\#(word)-[0-9a-f]+-probe$""#)
    default:
      return Shape(
        event: "rtp.started", condition: "rtp.ssrc == \(n * 7919) and src_port == \(10_000 + n % 40_000)")
    }
  }
}
