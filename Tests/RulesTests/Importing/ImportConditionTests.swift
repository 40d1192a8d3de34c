import Testing

@testable import Rules

/// The rule that one signature becomes, or the reasons why it does not.
func imported(_ options: String, header: String = "sip any any -> any any") -> (
  yaml: String?, refusals: [String]
) {
  let text = "alert \(header) (msg:\"S\"; sid:1; \(options))\n"
  let outcome = RuleImporter().translate(SourceFile("s.rules", text: text))
  let refusals = outcome.report.rules.flatMap(\.findings).filter { $0.weight == .refused }.map(\.message)
  return (outcome.yaml, refusals)
}

/// The lines behind `title` of the rule that a signature becomes, without the severity of who states none.
private func lines(_ options: String, header: String = "sip any any -> any any") -> [String] {
  let (yaml, refusals) = imported(options, header: header)
  guard let yaml else { return refusals }
  return yaml.split(separator: "\n").drop { !$0.hasPrefix("    event") }
    .map { String($0.drop { $0 == " " }) }.filter { $0 != "severity: low" }
}

@Suite struct ImportConditionTests {
  @Test(arguments: [
    ("sip.method; content:\"bye\"; nocase;", "sip.method == \"BYE\"", "sip.request"),
    ("sip.method; content:!\"BYE\";", "sip.method != \"BYE\"", "sip.request"),
    ("sip.method; content:\"VIT\";", "sip.method contains \"VIT\"", "sip.request"),
    ("sip.stat_code; content:\"404\";", "sip.code == 404", "sip.response"),
    ("sip.stat_code; content:\"48\"; startswith;", "sip.code in 480..489", "sip.response"),
    ("sip.stat_msg; content:\"Found\"; endswith;", "sip.reason ends_with \"Found\"", "sip.response"),
    ("sdp.origin; content:\"IN IP4\";", "sip.sdp.origin contains \"IN IP4\"", "sip"),
    ("sdp.time; content:\"0 0\"; startswith; endswith;", "sip.sdp.time == \"0 0\"", "sip"),
    ("sip.protocol; content:\"SIP/2.0\"; startswith; endswith;", "sip.version == \"SIP/2.0\"", "sip"),
    ("sip.to; content:\"@a|22|b\\\\c\"; nocase;", "lower(header[\"To\"]) contains \"@a\\\"b\\\\c\"", "sip"),
    ("sip.via; content:\"x\"; depth:5;", "header[\"Via\"] matches \"^.{0,4}x\"", "sip"),
    ("sip.user_agent; content:\"x\"; offset:2;", "header[\"User-Agent\"] matches \"^.{2,}x\"", "sip"),
    ("sip.user_agent; absent;", "missing(header[\"User-Agent\"])", "sip"),
    ("sip.uri; isdataat:10;", "len(sip.uri) > 10", "sip.request"),
    ("sip.uri; isdataat:!10;", "len(sip.uri) <= 10", "sip.request"),
    ("sip.content_length; pcre:\"/^[0-9]{6}/\";", "header[\"Content-Length\"] matches \"^[0-9]{6}\"", "sip"),
    ("sip.user_agent; pcre:!\"/phone/i\";", "not (header[\"User-Agent\"] matches \"(?i:phone)\")", "sip"),
    ("content:\"SIP/2.0 4\"; depth:9;", "sip.code == 4xx", "sip.response"),
    (
      "content:\"SIP/2.0 486 Busy\"; startswith;", "sip.code == 486 and sip.reason starts_with \"Busy\"",
      "sip.response"
    ),
    (
      "content:\"INVITE sip|3a|1\"; startswith;",
      "sip.method == \"INVITE\" and sip.uri starts_with \"sip:1\"", "sip.request"
    ),
    ("content:\"Subject|3a| x|0d 0a|\"; nocase;", "lower(header[\"Subject\"]) == \"x\"", "sip"),
    (
      "content:!\"Server|3a| x\";",
      "(missing(header[\"Server\"]) or not (header[\"Server\"] starts_with \"x\"))", "sip"
    ),
    ("content:\"a\"; content:\"b\"; distance:2; within:3;", "payload matches \"a.{2,4}b\"", "sip"),
    ("content:\"a\"; isdataat:!1,relative;", "payload matches \"a\\z\"", "sip"),
    (
      "content:\"a\"; content:!\"|0a|\"; within:9;", "payload matches \"a(?:[^\\x0a]{9}|[^\\x0a]{0,8}\\z)\"",
      "sip"
    ),
    (
      "content:\"Call-ID|3a 20|\"; isdataat:99,relative; content:!\"|0d|\"; within:99;",
      "len(header[\"Call-ID\"]) >= 99", "sip"
    ),
    (
      "sip_body; content:\"v=0\"; depth:3;",
      "payload matches \"^[^\\x0a]*\\x0a(?:[^\\x0d\\x0a][^\\x0a]*\\x0a)*\\x0d\\x0av=0\"", "sip"
    ),
    ("sip_method:invite,join;", "(sip.method matches \"^JOIN$\" or sip.method == \"INVITE\")", "sip.request"),
    ("pcre:\"/a [ #] \\# b # c/x\";", "payload matches \"a[ #]\\#b\"", "sip"),
    ("content:\"a\"; pcre:\"/^b.c/Rs\";", "payload matches \"a(?:b.c)\"", "sip"),
    (
      "sip.user_agent; to_lowercase; content:\"x\"; sip.to; content:\"Y\";",
      "lower(header[\"User-Agent\"]) contains \"x\" and header[\"To\"] contains \"Y\"", "sip"
    ),
    ("sameip;", "src_ip == dest_ip", "sip"),
    (
      "flow:to_client; sip.method; content:\"BYE\";", "sip.method == \"BYE\" and direction == \"to_client\"",
      "sip.request"
    ),
  ])
  func `each option is the condition that it says`(_ options: String, _ condition: String, _ event: String) {
    let found = lines(options)
    #expect(found.first == "event: \(event)")
    let line = found.dropFirst().first ?? ""
    let isQuoted = line.hasPrefix("when: '")
    let when = isQuoted ? String(line.dropFirst(7).dropLast()) : String(line.dropFirst(6))
    // The brackets of the only part are not written.
    #expect([when, "(\(when))"].contains(condition), "\(found)")
  }

  @Test(arguments: [
    ("type limit, track by_src, count 1, seconds 60", ["suppress: {by: [src_ip], for: 60s}"]),
    (
      "type both, track by_dst, count 5, seconds 60",
      ["threshold: {by: [dest_ip], within: 60s, count: {at_least: 5}}"]
    ),
    (
      "type threshold, track by_rule, count 5, seconds 60",
      ["threshold: {by: [], within: 60s, count: {at_least: 5}}"]
    ),
    (
      "type both, track by_flow, count 5, seconds 60",
      ["threshold: {by: [flow_id], within: 60s, count: {at_least: 5}}"]
    ),
  ])
  func `each kind of threshold counts and silences as it says`(_ words: String, _ expected: [String]) {
    #expect(Array(lines("threshold:\(words);").dropFirst()) == expected)
  }

  @Test func `a filter fires for each match beyond its count`() {
    #expect(
      lines("sip_stat_code:401; detection_filter:track by_dst, count 5, seconds 60;").dropFirst(2) == [
        "threshold: {by: [client.ip], within: 60s, count: {more_than: 5}}", "suppress: {for: 0s}",
      ])
  }

  @Test(arguments: [
    ("udp 192.0.2.1 any -> any 5060", "proto == \"UDP\" and src_ip == 192.0.2.1 and dest_port == 5060"),
    (
      "udp any any -> ![10.0.0.0/8,::1] 5060:",
      "proto == \"UDP\" and dest_ip not in [10.0.0.0/8, ::1] and dest_port in 5060..65535"
    ),
    ("sip [10.0.0.0/8,!10.1.0.0/16] any -> any any", "src_ip in 10.0.0.0/8 and src_ip not in 10.1.0.0/16"),
    ("sip 10.0.0.1 any <> any any", "src_ip == 10.0.0.1 or dest_ip == 10.0.0.1"),
    ("sip !$EXTERNAL_NET any -> any any", "src_ip in @home_net"),
    ("sip $SIP_SERVERS any -> any any", "src_ip in @home_net"),
  ])
  func `each header is the condition that it says`(_ header: String, _ condition: String) {
    #expect(lines("", header: header).dropFirst().first == "when: \(condition)")
  }

  @Test(arguments: [
    ("threshold:type backoff, track by_flow, count 1, multiplier 10;", "backoff"),
    ("threshold:type both, track by_moon, count 1, seconds 10;", "by_moon"),
    ("threshold:type both, track by_src, count 0, seconds 10;", "'count'"),
    ("content:\"\";", "empty"), ("content:\"a;", "quote"), ("content:\"|zz|\";", "hexadecimal"),
    ("content:\"a\"; depth:0;", "'depth' is too small"), ("nocase;", "no content in front"),
    ("content:\"abc\"; depth:2;", "longer than the place"), ("content:\"a\"; offset:var;", "number"),
    ("content:\"a\"; content:!\"bc\"; within:5;", "single byte"),
    ("pcre:\"/(?=a)b/\";", "cannot be used"), ("pcre:\"/a/U\";", "'U'"), ("pcre:\"abc\";", "two '/'"),
    ("http.uri; content:\"a\";", "'http.uri'"), ("sid:x;", "number"),
    ("flow:not_established;", "not_established"),
    ("lua:a.lua;", "script"), ("noalert;", "no alert"), ("sip_stat_code:42;", "no status code"),
    ("isdataat:n,relative;", "number"), ("bsize:<>;", "number"),
    ("sip.stat_code; content:\"0\";", "no prefix"),
  ])
  func `what cannot be translated is refused with its reason`(_ options: String, _ reason: String) {
    let (yaml, refusals) = imported(options)
    #expect(yaml == nil)
    #expect(refusals.contains { $0.contains(reason) }, "\(refusals)")
  }

  @Test(arguments: [
    ("", "low"), ("priority:2;", "medium"), ("classtype:attempted-user;", "high"),
    ("classtype:own-type;", "low"),
  ])
  func `who states no priority has Suricata's default`(words: String, severity: String) throws {
    let yaml = try #require(imported("sip.method; content:\"BYE\"; \(words)").yaml)
    #expect(yaml.contains("    severity: \(severity)\n"))
  }

  @Test func `a home that is everything leaves nothing outside, and the remedy is named`() {
    let text =
      "alert udp $EXTERNAL_NET any -> $HOME_NET 5060 (msg:\"S\"; sid:1; content:\"BYE \"; depth:4;)\n"
    var importer = RuleImporter()
    importer.variables = ["HOME_NET": "any"]
    let outcome = importer.translate(SourceFile("s.rules", text: text))
    let messages = outcome.report.rules.flatMap(\.findings).map(\.message)
    #expect(
      messages == ["'!any' never matches; give $EXTERNAL_NET, too, with --var EXTERNAL_NET=any"])
  }

  @Test(arguments: [("User-Agent|3a| x", ImportReport.Finding.Weight.note), ("User-Agent|3a|x", .difference)])
  func `a header without the blank that messages have is a difference`(
    content: String, weight: ImportReport.Finding.Weight
  ) {
    let text = "alert udp any any -> any 5060 (msg:\"S\"; sid:1; content:\"\(content)\";)\n"
    let report = RuleImporter().translate(SourceFile("s.rules", text: text)).report
    #expect(report.rules.flatMap(\.findings).map(\.weight) == [weight])
  }
}
