import Foundation
import Testing
import Values

@Suite struct IPAddressTests {
  @Test func `addresses print in canonical form`() {
    let cases = [
      "0.0.0.0", "255.255.255.255", "192.0.2.1", "::", "::1", "2001:db8::1", "2001:db8:0:1:1:1:1:1",
      "1:0:0:2::3", "::ffff:192.0.2.1", "fe80::", "1::", "2001:db8::1:0:0:1",
    ]
    for text in cases { #expect(IPAddress(text)?.description == text, "\(text)") }
    #expect(IPAddress("2001:DB8:0:0:0:0:0:1")?.description == "2001:db8::1")
    #expect(IPAddress("0:0:0:0:0:0:13.1.68.3")?.description == "::d01:4403")
  }

  @Test func `private addresses are those behind a NAT and of a link`() {
    let inside = [
      "10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255",
      "100.64.0.0",
      "100.127.255.255", "169.254.0.0", "169.254.255.255", "fc00::", "fdff:ffff::1", "fe80::1", "febf::1",
    ]
    let outside = [
      "9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
      "100.63.255.255", "100.128.0.0", "169.253.255.255", "169.255.0.0", "192.0.2.1", "::1", "fbff::1",
      "fe00::",
      "fe7f::1", "fec0::1", "2001:db8::1", "::ffff:10.0.0.1",
    ]
    for text in inside { #expect(IPAddress(text)?.isPrivate == true, "\(text)") }
    for text in outside { #expect(IPAddress(text)?.isPrivate == false, "\(text)") }
  }

  @Test func `texts that spell no address are refused`() {
    let cases = [
      "", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "a.b.c.d", "1..2.3", ":", ":::",
      "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "1:2:3:4:5:6:7::8", "::1.2.3",
      "1:2:3:4:5:6:7:8:", ":1:2:3:4:5:6:7:8", "[::1]", "fe80::1%eth0", "1.2.3.4::",
    ]
    for text in cases { #expect(IPAddress(text) == nil, "\(text)") }
  }

  @Test func `it agrees with the system's own reader on random texts`() {
    var state: UInt64 = 77
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let alphabet = Array("0123456789abcdef::::....")
    for _ in 0..<200_000 {
      let text = String((0..<random(20)).map { _ in alphabet[random(alphabet.count)] })
      #expect((IPAddress(text) != nil) == systemAccepts(text), "seed 77: \(text)")
    }
  }

  private func systemAccepts(_ text: String) -> Bool {
    var v4 = in_addr()
    var v6 = in6_addr()
    let isV4 = unsafe inet_pton(AF_INET, text, &v4) == 1
    let isV6 = unsafe inet_pton(AF_INET6, text, &v6) == 1
    return isV4 || isV6
  }

  @Test func `a network holds its addresses and no others`() throws {
    let network = try #require(IPNetwork("10.1.2.3/8"))
    #expect(network.description == "10.0.0.0/8")
    #expect(network.contains(try #require(IPAddress("10.255.0.1"))))
    #expect(!network.contains(try #require(IPAddress("11.0.0.1"))))
    let v6 = try #require(IPNetwork("2001:db8:5::/48"))
    #expect(v6.contains(try #require(IPAddress("2001:db8:5:ffff::1"))))
    #expect(!v6.contains(try #require(IPAddress("2001:db8:6::1"))))
    #expect(IPNetwork("0.0.0.0/0")?.contains(IPAddress(v4: 7)) == true)
    #expect(IPNetwork("::/0")?.contains(IPAddress(v4: 7)) == false)
    for text in ["10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "10.0.0.0/8/8", "/8"] {
      #expect(IPNetwork(text) == nil, "\(text)")
    }
  }
}

@Suite struct TimeTests {
  @Test func `civil time agrees with Foundation over four centuries`() {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(identifier: "UTC") ?? .current
    for day in stride(from: -80_000, through: 80_000, by: 37) {
      let seconds = Int64(day) * 86_400 + 12_345
      let civil = CivilTime(secondsSinceEpoch: seconds)
      let parts = calendar.dateComponents(
        [.year, .month, .day, .hour, .minute, .second, .weekday],
        from: Date(timeIntervalSince1970: Double(seconds)))
      #expect(civil.year == parts.year && civil.month == parts.month && civil.day == parts.day)
      #expect(civil.hour == parts.hour && civil.minute == parts.minute && civil.second == parts.second)
      #expect(CivilTime.daysSinceEpoch(year: civil.year, month: civil.month, day: civil.day) == day)
      #expect(CivilTime.weekday(daysSinceEpoch: day) + 1 == parts.weekday)
    }
  }

  @Test func `timestamps saturate instead of overflowing`() {
    #expect(Timestamp(seconds: .max, nanoseconds: 0).nanoseconds == .max)
    #expect(Timestamp(seconds: .min, nanoseconds: 0).nanoseconds == .min)
    #expect(Timestamp(nanoseconds: .max).advanced(byNanoseconds: 1).nanoseconds == .max)
    #expect(Timestamp(nanoseconds: .min).nanoseconds(since: Timestamp(nanoseconds: 1)) == .min)
  }
}
