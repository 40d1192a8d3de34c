internal import Values

extension WideKey {
  /// The key of a client and a server, or of an address and itself.
  init(_ client: IPAddress, _ server: IPAddress, seed: UInt64) {
    var hash = SeededHash(seed: seed)
    hash.combine(client.high)
    hash.combine(client.low)
    hash.combine(server.high)
    hash.combine(server.low)
    self.init(high: hash.value, low: client.low &* 0x9e37_79b9_7f4a_7c15 ^ server.low)
  }
}
