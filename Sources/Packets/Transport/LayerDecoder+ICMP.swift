extension LayerDecoder {
  /// The type and code of an ICMP message (RFC 792, RFC 4443 §2.1), which tell its flows apart as ports do
  /// elsewhere; `start` stays on it, because the whole message is delivered.
  ///
  /// A request and its answer are one flow: each has its own type and that of the other. A message that
  /// has no answer has its type and code.
  mutating func icmp(_ frame: Bytes) -> Layer {
    if packet.transport == .icmp { counters.icmpv4 &+= 1 } else { counters.icmpv6 &+= 1 }
    guard available >= 2 else { return .packet }
    let type = frame[start]
    packet.sourcePort = UInt16(type)
    packet.destinationPort = UInt16(packet.transport.icmpCounterpart(of: type) ?? frame[start + 1])
    return .packet
  }
}

extension TransportProtocol {
  /// The ICMP type that answers a type, or that it answers, as the Community ID specification pairs them;
  /// nil for a type that stands alone and for protocols other than ICMP.
  public func icmpCounterpart(of type: UInt8) -> UInt8? {
    switch (self, type) {
    case (.icmp, 0): 8
    case (.icmp, 8): 0
    case (.icmp, 9), (.icmp, 13), (.icmp, 15), (.icmp, 17): type + 1
    case (.icmp, 10), (.icmp, 14), (.icmp, 16), (.icmp, 18): type - 1
    case (.icmpv6, 128), (.icmpv6, 130), (.icmpv6, 133), (.icmpv6, 135), (.icmpv6, 139), (.icmpv6, 144):
      type + 1
    case (.icmpv6, 129), (.icmpv6, 131), (.icmpv6, 134), (.icmpv6, 136), (.icmpv6, 140), (.icmpv6, 145):
      type - 1
    default: nil
    }
  }
}
