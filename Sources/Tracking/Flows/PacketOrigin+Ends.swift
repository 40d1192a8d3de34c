public import Events
internal import Values

extension PacketOrigin {
  /// Says who asks whom, when the packet carried a SIP request.
  func setEnds(into event: inout Event) {
    event.set(.appProto, constant: "sip")
    setRoles(into: &event)
  }

  /// The client that sent the packet, and the server that it went to.
  func setRoles(into event: inout Event) {
    event.set(.clientIP, ip: source)
    event.set(.serverIP, ip: destination)
    guard sourcePort != 0 || destinationPort != 0 else { return }
    event.set(.clientPort, integer: Int64(sourcePort))
    event.set(.serverPort, integer: Int64(destinationPort))
  }

  /// Says who asks whom, when the packet carried a response.
  public func setAnswerer(into event: inout Event) {
    reversed().setRoles(into: &event)
  }
}
