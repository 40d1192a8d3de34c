import Foundation
import Geography
import TestCaptures
import Testing
import Values

/// The database of `Fixtures/Making/countries.py`.
@Suite struct CountryDatabaseTests {
  private static let path = TestFolders.package.appendingPathComponent("Fixtures").appendingPathComponent(
    "geoip/countries.mmdb"
  ).path

  @Test(arguments: [
    ("192.0.2.1", "DE"), ("192.0.2.255", "DE"), ("198.51.100.7", "US"), ("203.0.113.9", "FR"),
    ("2001:db8::1", "GB"), ("2001:db8:ffff::", "GB"), ("198.18.0.5", "NL"), ("10.1.2.3", "AT"),
    ("198.18.1.1", nil), ("198.18.2.1", nil), ("198.18.3.1", nil), ("198.18.4.1", nil), ("8.8.8.8", nil),
    ("192.0.3.0", nil), ("2001:db9::", nil), ("::", nil), ("255.255.255.255", nil),
  ])
  func `addresses have the countries of their networks`(_ text: String, _ country: String?) throws {
    let database = try CountryDatabase(path: Self.path)
    let address = try #require(IPAddress(text))
    #expect(database.country(of: address)?.description == country)
    var cache = CountryCache(database)
    for _ in 0..<3 { #expect(cache.country(of: address)?.description == country) }
    #expect(cache.lookups == 1)
  }

  @Test func `the cache agrees with the database however many addresses there are`() throws {
    let database = try CountryDatabase(path: Self.path)
    var cache = CountryCache(database)
    let size = cache.byteCount
    for round in 0..<2 {
      for number in 0..<UInt32(20_000) {
        let address = IPAddress(v4: 0xc000_0000 &+ number &* 7)
        #expect(cache.country(of: address) == database.country(of: address), "round \(round)")
      }
    }
    #expect(cache.byteCount == size)
  }

  @Test func `what cannot be read says why and what to do`() throws {
    for (name, cause) in [("no-such-file.mmdb", "No such file"), ("README.md", "invalid")] {
      let path = TestFolders.package.appendingPathComponent("Fixtures").appendingPathComponent(name).path
      let fault = #expect(throws: CountryDatabaseError.self) { _ = try CountryDatabase(path: path) }
      let text = fault?.description ?? ""
      #expect(text.hasPrefix(path) && text.lowercased().contains(cause.lowercased()), "\(text)")
      #expect(text.contains("leave geoip out"))
    }
  }

  @Test func `every truncation and damage of a database is refused or answered`() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: Self.path))
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("ringwatch-countries-\(ProcessInfo.processInfo.processIdentifier).mmdb")
    defer { try? FileManager.default.removeItem(at: file) }
    var seed: UInt64 = 4711
    for step in 0..<600 {
      var data = whole
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      if step < 200 {
        data = whole.prefix(whole.count * step / 200)
      } else {
        for shift in [8, 24, 40] { data[Int(seed >> UInt64(shift)) % data.count] = UInt8(seed >> 56) }
      }
      try data.write(to: file)
      guard let database = try? CountryDatabase(path: file.path) else { continue }
      for text in ["192.0.2.1", "2001:db8::1", "198.18.0.5", "1.1.1.1"] {
        _ = database.country(of: try #require(IPAddress(text)))
      }
    }
  }
}
