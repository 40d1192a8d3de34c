public import Packets
public import Protocols
public import Values

/// Where the parties of a call and their servers are, and who is none of them.
extension CallTable {
  /// A request that somebody else sent within a dialog, without credentials.
  struct ForeignRequest {
    var cseq: UInt32
    var isCallerTagged: Bool
  }

  /// The hash of an address.
  func addressKey(_ address: IPAddress) -> UInt64 {
    MessageKeys.key(address, seed: seed)
  }

  /// Whether an address is one of those where a call's parties, or their servers, were seen, or which they named; any may
  /// be where the capture cut what they named.
  func isParty(_ address: IPAddress, of record: borrowing CallRecord) -> Bool {
    if record.hasHiddenPlaces || address == record.origin.source || address == record.origin.destination {
      return true
    }
    let key = addressKey(address)
    return key == record.callerContact || key == record.calleeContact || key == record.answerSource
      || record.addresses.contains(key) == true
  }

  /// Notes the addresses of a description: those of its media, and those that its packet came from and went to.
  ///
  /// What a stranger sends within a call says nothing of where its parties are.
  public mutating func learnAddresses(
    of description: borrowing SessionDescription, _ packet: borrowing Packet, _ call: CallReference
  ) {
    guard isSenderTrusted, isLive(call) else { return }
    var addresses = records[Int(call.number)].addresses
    addresses.insert(addressKey(packet.source))
    addresses.insert(addressKey(packet.destination))
    for medium in description.media where !medium.isRejected {
      let connection = description.connection(of: medium)
      if let address = connection.address, !connection.isUnspecified { addresses.insert(addressKey(address)) }
      for index in medium.candidates {
        if let address = description.candidates[index].address { addresses.insert(addressKey(address)) }
      }
    }
    records[Int(call.number)].addresses = addresses
  }

  /// Notes an address that was shown to be a party's.
  public mutating func learnAddress(_ address: IPAddress, _ call: CallReference) {
    guard isLive(call) else { return }
    records[Int(call.number)].addresses.insert(addressKey(address))
  }

  /// Who has registered an account of the call with one of its servers, from where no party was, is that party, which has
  /// moved; anybody can be registered somewhere.
  mutating func learnMove(_ number: Int, _ input: Input) {
    let account = input.keys.fromAddress
    guard let registrar = input.registrar,
      account == records[number].caller || account == records[number].callee,
      isParty(registrar, of: records[number])
    else { return }
    records[number].addresses.insert(addressKey(input.origin.source))
  }

  /// Notes the proxies that requests within the dialog will come through (RFC 3261 §12.1).
  mutating func learnRoutes(_ number: Int, _ message: borrowing SIPMessage, _ bytes: Bytes) {
    guard message.recordRouteCount > 0 else { return }
    var addresses = records[number].addresses
    message.forEachAddress(of: .recordRoute, in: bytes) { route in
      if let key = addressKey(of: route, in: bytes) { addresses.insert(key) }
    }
    records[number].addresses = addresses
  }

  /// The hash of the address that a URI has for a host; nil when that is a name.
  private func addressKey(of address: SIPAddress, in bytes: Bytes) -> UInt64? {
    let host = address.uri.host
    return host.isEmpty ? nil : IPAddress(bytes.extracting(host.range)).map { addressKey($0) }
  }

  mutating func learnContact(
    _ number: Int, _ side: CallSide, _ message: borrowing SIPMessage, _ bytes: Bytes
  ) {
    guard let key = addressKey(of: message.contact, in: bytes) else { return }
    if side == .caller { records[number].callerContact = key } else { records[number].calleeContact = key }
  }

  /// Whether a request within a dialog comes from where no party is; it is noted until its answer shows what it did.
  ///
  /// With credentials it is a party's after all, one that has moved.
  @discardableResult
  mutating func noteIfForeign(
    _ number: Int, _ message: borrowing SIPMessage, _ bytes: Bytes, _ input: Input
  ) -> Bool {
    guard !isParty(input.origin.source, of: records[number]), message.credentials(in: bytes) == nil else {
      return false
    }
    if let cseq = message.cseq.number, records[number].state.phase == .talking {
      records[number].foreignRequest = ForeignRequest(
        cseq: cseq, isCallerTagged: input.keys.fromTag == records[number].callerTag)
    }
    return true
  }

  /// Whether a response is that to a foreign request, which is told of when it is accepted: one that is refused does no
  /// harm.
  mutating func settleForeignRequest(
    _ number: Int, _ code: UInt16, _ cseq: UInt32, _ input: Input
  ) -> Bool {
    guard code >= 200, let request = records[number].foreignRequest, request.cseq == cseq,
      request.isCallerTagged == (input.keys.fromTag == records[number].callerTag)
    else { return false }
    records[number].foreignRequest = nil
    if code < 300 { note(.foreignRequest) }
    return true
  }
}
