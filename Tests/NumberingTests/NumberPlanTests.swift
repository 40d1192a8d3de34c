import Numbering
import Testing
import Values

/// What is dialled, in several places.
@Suite struct NumberPlanTests {
  private static let germany = DialPlan(countryCode: "49", nationalPrefix: "0")
  private static let america = DialPlan(
    countryCode: "1", nationalPrefix: "1", internationalPrefixes: ["011"])
  private static let russia = DialPlan(
    countryCode: "7", nationalPrefix: "8", internationalPrefixes: ["810"])
  private static let spain = DialPlan(countryCode: "34")
  private static let italy = DialPlan(countryCode: "39")

  /// Number, country and kind in one text; `-` for what is absent.
  private func facts(_ text: String, _ plan: DialPlan) -> String {
    let bytes = Array(text.utf8)
    let facts = NumberPlan(plan).facts(of: bytes.span)
    let country = facts.country?.description ?? "-"
    return "\(facts.number?.description ?? "-") \(country) \(facts.kind.name)"
  }

  @Test(arguments: [
    ("03012345678", "493012345678 DE fixed"), ("+493012345678", "493012345678 DE fixed"),
    ("00493012345678", "493012345678 DE fixed"), ("493012345678", "493012345678 DE fixed"),
    ("+49 (0)30 123-456.78", "493012345678 DE fixed"), ("(030)12345678", "493012345678 DE fixed"),
    ("%2B493012345678", "493012345678 DE fixed"), ("tel:+49-30-12345678", "493012345678 DE fixed"),
    ("+493012345678;npdi;rn=+4930", "493012345678 DE fixed"), ("017012345678", "4917012345678 DE mobile"),
    ("0044 20 7946 0000", "442079460000 GB fixed"), ("00882161234567", "882161234567 - satellite"),
    ("0900123456", "49900123456 DE premium"), ("112", "- DE emergency"), ("110", "- DE emergency"),
    ("1120", "- - unknown"), ("0112", "- - unknown"), ("911", "- - unknown"),
    ("1234", "- - unknown"), ("200", "- - unknown"), ("12125551234", "- - unknown"),
    ("alice", "- - unknown"), ("", "- - unknown"), ("+", "- - unknown"), ("+alice", "- - unknown"),
    ("*21*0301234#", "- - unknown"), ("#31#03012345678", "493012345678 DE fixed"),
    ("++493012345678", "- - unknown"),
    ("+0493012345678", "- - unknown"), ("+9991234567", "- - unknown"), ("+2101234567", "- - unknown"),
    ("0000493012345678", "- - unknown"), ("+4930123456789012", "- - unknown"),
    ("0049301234567890123456789012345678901234567890", "- - unknown"), ("+49112", "- - unknown"),
    ("+442079460", "442079460 GB fixed"), ("+44207946", "- GB fixed"), ("%", "- - unknown"),
    ("030%", "- - unknown"), ("030%2", "- - unknown"), ("1234;phone-context=example.com", "- - unknown"),
  ])
  func `numbers dialled in Germany`(_ text: String, _ expected: String) {
    #expect(facts(text, Self.germany) == expected)
  }

  @Test(arguments: [
    ("*31#0088299000001", "88299000001 - unknown"), ("*31%230088299000001", "88299000001 - unknown"),
    ("%2a31%23%2b493012345678", "493012345678 DE fixed"), ("tel:#31#+493012345678", "493012345678 DE fixed"),
    ("*670088299000001", "88299000001 - unknown"), ("*8203012345678", "493012345678 DE fixed"),
    ("#31#112", "- DE emergency"), ("*67112", "- - unknown"), ("*82112", "- - unknown"),
    ("*8203", "- - unknown"),
    ("*31#", "- - unknown"), ("*67", "- - unknown"), ("*31#201", "- - unknown"),
    ("*31#*67201", "- - unknown"),
    ("*31*03012345678", "- - unknown"), ("#31*03012345678", "- - unknown"), ("*6", "- - unknown"),
    ("**31#03012345678", "- - unknown"), ("31#03012345678", "- - unknown"), ("*6803012345678", "- - unknown"),
  ])
  func `a code that hides the caller is no part of the number`(_ text: String, _ expected: String) {
    #expect(facts(text, Self.germany) == expected)
  }

  @Test(arguments: [
    ("*6712125551234", "12125551234 US unknown"), ("*822125551234", "12125551234 US unknown"),
    ("*67011493012345678", "493012345678 DE fixed"), ("*67911", "- - unknown"), ("*671234", "- - unknown"),
  ])
  func `a code that hides the caller in the United States`(_ text: String, _ expected: String) {
    #expect(facts(text, Self.america) == expected)
  }

  @Test(arguments: [
    ("01033008829900000", "8829900000 - unknown"), ("0103303012345678", "493012345678 DE fixed"),
    ("01001303012345678", "493012345678 DE fixed"), ("*31#0103303012345678", "493012345678 DE fixed"),
    ("010333012345678", "- - unknown"), ("01033", "- - unknown"), ("0103", "- - unknown"),
    ("010", "- - unknown"),
    ("010330", "- - unknown"),
  ])
  func `a code that chooses a carrier is no part of the number`(_ text: String, _ expected: String) {
    #expect(facts(text, Self.germany) == expected)
  }

  @Test func `a code that chooses a carrier in the United States, and the same digits elsewhere`() {
    #expect(facts("1010321011493012345678", Self.america) == "493012345678 DE fixed")
    #expect(facts("101032112125551234", Self.america) == "12125551234 US unknown")
    #expect(facts("10103215551234", Self.america) == "- - unknown")
    #expect(facts("0103303012345678", Self.russia) == "- - unknown")
    #expect(facts("1010321011493012345678", DialPlan()) == "- - unknown")
  }

  @Test func `behind a code, a number without any mark is none`() {
    #expect(facts("*67493012345678", DialPlan()) == "- - unknown")
    #expect(facts("*31#493012345678", DialPlan()) == "- - unknown")
    #expect(facts("*31#+493012345678", DialPlan()) == "493012345678 DE fixed")
  }

  @Test(arguments: [
    ("0088299000001,,,1234", "88299000001 - unknown"), ("0088299000001p77", "88299000001 - unknown"),
    ("0088299000001%2C12%23", "88299000001 - unknown"), ("03012345678w12*3#P4", "493012345678 DE fixed"),
    ("3012345678,12;phone-context=+49", "493012345678 DE fixed"), ("+493012345678,", "493012345678 DE fixed"),
    ("03012345678philip", "- - unknown"), ("03012345678,x", "- - unknown"), (",03012345678", "- - unknown"),
    ("p03012345678", "- - unknown"), ("03012345678 west", "- - unknown"), ("200,1", "- - unknown"),
  ])
  func `a pause ends the number, and tones alone may follow it`(_ text: String, _ expected: String) {
    #expect(facts(text, Self.germany) == expected)
  }

  @Test(arguments: [
    ("12125551234", "12125551234 US unknown"), ("2125551234", "12125551234 US unknown"),
    ("+12125551234", "12125551234 US unknown"), ("(212) 555-1234", "12125551234 US unknown"),
    ("011493012345678", "493012345678 DE fixed"), ("18005550100", "18005550100 - toll-free"),
    ("9005550100", "19005550100 - premium"), ("911", "- - emergency"), ("112", "- - unknown"),
    ("5551234", "- - unknown"), ("1234", "- - unknown"), ("0112125551234", "- MA unknown"),
    ("01120", "- - unknown"), ("+1212555123", "- US unknown"),
  ])
  func `numbers dialled in the United States`(_ text: String, _ expected: String) {
    #expect(facts(text, Self.america) == expected)
  }

  @Test(arguments: [
    ("84951234567", "74951234567 RU fixed"), ("89161234567", "79161234567 RU mobile"),
    ("810493012345678", "493012345678 DE fixed"), ("74951234567", "74951234567 RU fixed"),
    ("112", "- - emergency"), ("+77011234567", "77011234567 KZ mobile"),
  ])
  func `numbers dialled in Russia`(_ text: String, _ expected: String) {
    #expect(facts(text, Self.russia) == expected)
  }

  @Test(arguments: [
    ("912345678", "34912345678 ES fixed"), ("612345678", "34612345678 ES mobile"),
    ("34612345678", "34612345678 ES mobile"), ("0034612345678", "34612345678 ES mobile"),
    ("112", "- ES emergency"), ("062", "- ES emergency"), ("1234567", "- - unknown"),
  ])
  func `numbers dialled in Spain, where nothing is dialled before them`(_ text: String, _ expected: String) {
    #expect(facts(text, Self.spain) == expected)
  }

  @Test(arguments: [
    ("0612345678", "390612345678 IT fixed"), ("3331234567", "393331234567 IT mobile"),
    ("00390612345678", "390612345678 IT fixed"), ("+390612345678", "390612345678 IT fixed"),
    ("118", "- IT emergency"), ("+49301234567", "49301234567 DE fixed"), ("+490301234567", "- DE unknown"),
  ])
  func `numbers dialled in Italy, where fixed numbers keep their zero`(_ text: String, _ expected: String) {
    #expect(facts(text, Self.italy) == expected)
  }

  @Test(arguments: [
    ("493012345678", "493012345678 DE fixed"), ("447400900123", "447400900123 GB mobile"),
    ("12125551234", "12125551234 US unknown"), ("2125551234", "- - unknown"), ("112", "- - unknown"),
    ("03012345678", "- - unknown"), ("900441614960000", "- - unknown"), ("1001", "- - unknown"),
    ("00442079460000", "442079460000 GB fixed"),
  ])
  func `numbers without a plan begin with a country code`(_ text: String, _ expected: String) {
    #expect(facts(text, DialPlan()) == expected)
  }

  @Test(arguments: [
    ("03012345678;phone-context=+49", "493012345678 DE fixed"),
    ("2079460000;phone-context=+44", "442079460000 GB fixed"),
    ("5551234;phone-context=+1212", "12125551234 US unknown"),
    ("5551234;isub=1;Phone-Context=+1-212", "12125551234 US unknown"),
    ("1234;phone-context=+44", "- GB unknown"), ("1234;phone-context=+999", "- - unknown"),
    ("1234;phone-context=+", "- - unknown"), ("1234;phone-context", "- - unknown"),
    ("+33612345678;phone-context=+44", "33612345678 FR mobile"),
  ])
  func `a local number belongs to its context`(_ text: String, _ expected: String) {
    #expect(facts(text, DialPlan()) == expected)
  }

  @Test(
    arguments: [
      ("+442079460000", "DE", true), ("+493012345678", "DE", false), ("+493012345678", nil, nil),
      ("+88161234567", "DE", true), ("+88161234567", nil, true), ("200", "DE", nil),
      ("+883510012345", "DE", nil),
      ("+12125551234", "CA", true),
    ] as [(String, String?, Bool?)])
  func `a number leaves home where both countries are known`(
    _ text: String, _ home: String?, _ expected: Bool?
  ) {
    let bytes = Array(text.utf8)
    let facts = NumberPlan().facts(of: bytes.span)
    #expect(facts.isInternational(from: home.flatMap { CountryCode($0) }) == expected)
  }

  @Test func `configured emergency numbers go before those of the country`() {
    var plan = Self.germany
    plan.emergencyNumbers = ["112", "0112", "911"].map { Array($0.utf8) }
    #expect(facts("0112", plan) == "- DE emergency")
    #expect(facts("911", plan) == "- DE emergency")
    #expect(facts("110", plan) == "- - unknown")
    #expect(facts("911", DialPlan(emergencyNumbers: ["911"])) == "- - emergency")
  }

  @Test func `every truncation of a number has an answer`() {
    let text = Array("tel:%2B49-(0)30-12345678;isub=1;phone-context=+49;x".utf8)
    for plan in [Self.germany, Self.america, Self.italy, DialPlan()] {
      for end in 0...text.count {
        _ = NumberPlan(plan).facts(of: text.span.extracting(0..<end))
      }
    }
    #expect(facts("tel:%2B49-(0)30-12345678", Self.germany) == "493012345678 DE fixed")
  }

  @Test func `any bytes have an answer that keeps its promises`() {
    var seed: UInt64 = 0x6e75_6d62_6572_7321
    let alphabet = Array("0123456789+-().;%2B tel:phone-context=*#\u{0}\u{ff}".utf8)
    let plan = NumberPlan(Self.germany)
    for _ in 0..<20_000 {
      var text: [UInt8] = []
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      for _ in 0..<Int(seed >> 60) * 3 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text.append(alphabet[Int(seed >> 33) % alphabet.count])
      }
      let facts = plan.facts(of: text.span)
      #expect(facts.number?.count ?? 7 <= 15, "seed \(seed)")
    }
  }

  @Test func `a number is written with a plus`() {
    let bytes = Array("03012345678".utf8)
    var text: [UInt8] = []
    NumberPlan(Self.germany).facts(of: bytes.span).number?.appendE164(to: &text)
    #expect(String(decoding: text, as: UTF8.self) == "+493012345678")
  }

  @Test func `a country is two capital letters`() {
    #expect(CountryCode("DE")?.description == "DE")
    #expect(CountryCode("DE")?.index == 0x4445)
    for text in ["", "D", "de", "D3", "DEU"] { #expect(CountryCode(text) == nil) }
  }
}
