import Numbering
import Testing
import Values

/// International numbers against what the numbering plans say of them.
@Suite struct NumberTableTests {
  /// A number, its country (`-` for none) and its kind.
  private static let numbers = """
    +12024561414 US unknown|+12125551234 US unknown|+13055550100 US unknown|+19075550100 US unknown
    +18085550100 US unknown|+16505550100 US unknown|+14155550100 US unknown|+17025550100 US unknown
    +14165550100 CA unknown|+16045550100 CA unknown|+15145550100 CA unknown|+18675550100 CA unknown
    +19025550100 CA unknown|+14035550100 CA unknown|+16135550100 CA unknown|+12045550100 CA unknown
    +12425550100 BS unknown|+12465550100 BB unknown|+12645550100 AI unknown|+12685550100 AG unknown
    +12845550100 VG unknown|+13405550100 VI unknown|+13455550100 KY unknown|+14415550100 BM unknown
    +14735550100 GD unknown|+16495550100 TC unknown|+16645550100 MS unknown|+16705550100 MP unknown
    +16715550100 GU unknown|+16845550100 AS unknown|+17215550100 SX unknown|+17585550100 LC unknown
    +17675550100 DM unknown|+17845550100 VC unknown|+17875550100 PR unknown|+19395550100 PR unknown
    +18095550100 DO unknown|+18295550100 DO unknown|+18495550100 DO unknown|+18685550100 TT unknown
    +18695550100 KN unknown|+18765550100 JM unknown|+16585550100 JM unknown
    +18005550100 - toll-free|+18885550100 - toll-free|+18775550100 - toll-free|+18665550100 - toll-free
    +18555550100 - toll-free|+18445550100 - toll-free|+18335550100 - toll-free
    +19005550100 - premium|+12129765550 US premium|+18769765550 JM premium|+15005550100 - unknown
    +442079460000 GB fixed|+441614960000 GB fixed|+447400900123 GB mobile|+447700900123 JE mobile
    +447911123456 GG mobile|+447624123456 IM mobile|+441481555123 GG fixed|+441534555123 JE fixed
    +441624555123 IM fixed|+448001234567 GB toll-free|+448081570000 GB toll-free|+449098790000 GB premium
    +448712345678 GB premium|+448451234567 GB unknown|+447012345678 GB unknown|+443031234567 GB unknown
    +493012345678 DE fixed|+498912345678 DE fixed|+49211123456 DE fixed|+4915112345678 DE mobile
    +4916012345678 DE mobile|+491701234567 DE mobile|+498001234567 DE toll-free|+499001234567 DE premium
    +491371234567 DE premium|+4932123456789 DE unknown|+497001234567 DE unknown|+491801234567 DE unknown
    +33142685300 FR fixed|+33491123456 FR fixed|+33912345678 FR fixed|+33612345678 FR mobile
    +33712345678 FR mobile|+33800123456 FR toll-free|+33899123456 FR premium|+33820123456 FR unknown
    +390612345678 IT fixed|+39021234567 IT fixed|+393331234567 IT mobile|+393471234567 IT mobile
    +39800123456 IT toll-free|+39899123456 IT premium|+390669812345 VA fixed|+390549123456 SM fixed
    +34911234567 ES fixed|+34821234567 ES fixed|+34612345678 ES mobile|+34712345678 ES mobile
    +34900123456 ES toll-free|+34800123456 ES toll-free|+34806123456 ES premium|+34803123456 ES premium
    +34902123456 ES unknown
    +31201234567 NL fixed|+31612345678 NL mobile|+318001234 NL toll-free|+319001234567 NL premium
    +319061234567 NL premium|+31881234567 NL unknown
    +3221234567 BE fixed|+3292345678 BE fixed|+32470123456 BE mobile|+32495123456 BE mobile
    +3280012345 BE toll-free|+3290212345 BE premium|+3242345678 BE fixed|+3278123456 BE unknown
    +41441234567 CH fixed|+41221234567 CH fixed|+41791234567 CH mobile|+41761234567 CH mobile
    +41800123456 CH toll-free|+41900123456 CH premium|+41901123456 CH premium|+41848123456 CH unknown
    +4311234567 AT fixed|+43662123456 AT fixed|+43512123456 AT fixed|+436641234567 AT mobile
    +436761234567 AT mobile|+43800123456 AT toll-free|+43900123456 AT premium|+43720123456 AT unknown
    +48221234567 PL fixed|+48121234567 PL fixed|+48501234567 PL mobile|+48601234567 PL mobile
    +48881234567 PL mobile|+48800123456 PL toll-free|+48701234567 PL premium|+48801123456 PL unknown
    +4681234567 SE fixed|+46311234567 SE fixed|+46701234567 SE mobile|+46761234567 SE mobile
    +4620123456 SE toll-free|+469001234567 SE premium|+46901234567 SE fixed|+46771234567 SE unknown
    +4722123456 NO fixed|+4755123456 NO fixed|+4740612345 NO mobile|+4791234567 NO mobile
    +4780012345 NO toll-free|+4782012345 NO premium|+4779021234 SJ fixed|+4781512345 NO unknown
    +4580123456 DK toll-free|+4590123456 DK premium|+4533123456 DK unknown|+4520123456 DK unknown
    +358912345678 FI fixed|+358401234567 FI mobile|+358501234567 FI mobile|+358800123456 FI toll-free
    +358600123456 FI premium|+35818123456 AX fixed|+358101234567 FI unknown
    +351211234567 PT fixed|+351912345678 PT mobile|+351961234567 PT mobile|+351800123456 PT toll-free
    +351760123456 PT premium|+351808123456 PT unknown
    +35312345678 IE fixed|+353211234567 IE fixed|+353851234567 IE mobile|+353871234567 IE mobile
    +3531800123456 IE toll-free|+3531550123456 IE premium|+35318001234 IE fixed|+353818123456 IE unknown
    +74951234567 RU fixed|+78121234567 RU fixed|+79161234567 RU mobile|+78091234567 RU premium
    +78001234567 - toll-free|+77271234567 KZ fixed|+77011234567 KZ mobile|+77771234567 KZ mobile
    +380441234567 UA fixed|+380671234567 UA mobile|+380501234567 UA mobile|+380800123456 UA toll-free
    +380900123456 UA premium
    +902121234567 TR fixed|+903121234567 TR fixed|+905321234567 TR mobile|+905051234567 TR mobile
    +908001234567 TR toll-free|+909001234567 TR premium|+908501234567 TR unknown
    +911123456789 IN fixed|+912223456789 IN fixed|+919812345678 IN mobile|+917912345678 IN unknown
    +861012345678 CN fixed|+862112345678 CN fixed|+8613812345678 CN mobile|+8618612345678 CN mobile
    +864001234567 CN unknown
    +81312345678 JP fixed|+81612345678 JP fixed|+819012345678 JP mobile|+818012345678 JP mobile
    +817012345678 JP mobile|+81120123456 JP toll-free|+818001234567 JP toll-free|+81990123456 JP premium
    +815012345678 JP unknown
    +61212345678 AU fixed|+61312345678 AU fixed|+61412345678 AU mobile|+611800123456 AU toll-free
    +611900123456 AU premium|+61891641234 CX fixed|+61891621234 CC fixed|+611300123456 AU unknown
    +551131234567 BR fixed|+552123456789 BR fixed|+5511912345678 BR mobile|+558001234567 BR toll-free
    +525512345678 MX unknown|+5215512345678 MX mobile|+528001234567 MX toll-free|+529001234567 MX premium
    +27111234567 ZA fixed|+27211234567 ZA fixed|+27821234567 ZA mobile|+27721234567 ZA mobile
    +27800123456 ZA toll-free|+27901234567 ZA premium|+27861234567 ZA unknown
    +302101234567 GR fixed|+306912345678 GR mobile|+36201234567 HU mobile|+3611234567 HU fixed
    +40211234567 RO fixed|+40721234567 RO mobile|+420221234567 CZ fixed|+420601234567 CZ mobile
    +421221234567 SK fixed|+421901234567 SK mobile|+37121234567 LV mobile|+37061234567 LT mobile
    +97221234567 IL fixed|+972501234567 IL mobile|+6561234567 SG fixed|+6591234567 SG mobile
    +6491234567 NZ fixed|+64211234567 NZ mobile|+5491123456789 AR mobile|+541123456789 AR fixed
    +80012345678 - toll-free|+80812345678 - unknown|+870773123456 - satellite|+881612345678 - satellite
    +881812345678 - satellite|+8821612345678 - satellite|+88213123456 - satellite|+88299123456 - unknown
    +883510012345678 - unknown|+979123456789 - premium
    +23222123456 SL unknown|+22412345678 GN unknown|+25221234567 SO unknown|+96012345678 MV unknown
    +9607712345 MV unknown|+5352123456 CU unknown|+50931234567 HT unknown|+59221234567 GY unknown
    +3725123456 EE unknown|+37060123456 LT mobile|+37125123456 LV mobile|+38349123456 XK unknown
    +37254123456 EE unknown|+21655123456 TN unknown|+212612345678 MA unknown|+213551234567 DZ unknown
    +2348031234567 NG unknown|+254712345678 KE unknown|+255712345678 TZ unknown|+256712345678 UG unknown
    +211912345678 SS unknown|+24762889 SH unknown|+2908123 SH unknown|+262692123456 RE unknown
    +262639123456 YT unknown|+262269123456 YT unknown|+590690123456 GP unknown|+594694123456 GF unknown
    +596696123456 MQ unknown|+59995123456 CW unknown|+59931812345 BQ unknown|+67210123456 AQ unknown
    +672312345 NF unknown|+6757012345 PG unknown|+6777412345 SB unknown|+6854123456 WS unknown
    +992917123456 TJ unknown|+994501234567 AZ unknown|+995551234567 GE unknown|+998901234567 UZ unknown
    +8801712345678 BD unknown|+886912345678 TW unknown|+85251234567 HK unknown|+85366123456 MO unknown
    +850191234567 KP unknown|+821012345678 KR mobile|+84912345678 VN unknown|+66812345678 TH unknown
    +923001234567 PK unknown|+93701234567 AF unknown|+94712345678 LK unknown|+989121234567 IR unknown
    """

  private static var rows: [(number: String, country: String, kind: String)] {
    numbers.split { $0 == "|" || $0 == "\n" }.map { row in
      let parts = row.split(separator: " ").map(String.init)
      return (parts[0], parts[1], parts[2])
    }
  }

  @Test func `there are hundreds of numbers to compare`() {
    #expect(Self.rows.count >= 300)
  }

  @Test(arguments: rows.map { [$0.number, $0.country, $0.kind] })
  func `country and kind are those of the numbering plan`(_ row: [String]) {
    let bytes = Array(row[0].utf8)
    let facts = NumberPlan().facts(of: bytes.span)
    #expect(facts.country?.description ?? "-" == row[1])
    #expect("\(facts.kind.name)" == row[2])
  }
}
