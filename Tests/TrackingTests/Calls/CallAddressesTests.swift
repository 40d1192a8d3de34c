import Testing

@testable import Tracking

@Suite struct CallAddressesTests {
  @Test func `an address is known once it was seen`() {
    var addresses = CallAddresses()
    #expect(addresses.contains(1) == false)
    addresses.insert(1)
    addresses.insert(0)
    #expect(addresses.contains(1) == true)
    #expect(addresses.contains(0) == true)
    #expect(addresses.contains(2) == false)
  }

  @Test func `of more addresses than there is room for nobody can tell`() {
    var addresses = CallAddresses()
    for _ in 0..<3 { for hash in UInt64(1)...8 { addresses.insert(hash) } }
    #expect(addresses.contains(9) == false)
    addresses.insert(9)
    #expect(addresses.contains(8) == true)
    #expect(addresses.contains(9) == nil)
    #expect(addresses.contains(10) == nil)
    for hash in UInt64(10)...600 { addresses.insert(hash) }
    #expect(addresses.contains(600) == nil)
  }
}
