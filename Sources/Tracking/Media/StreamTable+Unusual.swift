internal import Packets
internal import Protocols
internal import Values

/// Packets that open a stream, change it or need their whole header parsed.
extension StreamTable {
  /// Parses the whole header, finds or makes the stream, and decides whether it is one.
  mutating func addUnusual(
    _ payload: Bytes, _ packet: borrowing Packet, _ match: FlowTable.Match, _ flow: FlowTable.MediaState,
    _ flows: inout FlowTable, _ path: RelayPath? = nil
  ) -> Outcome {
    change = nil
    guard flow.appProtocol != .sip,
      let header = try? RTPHeader(parsing: payload, isPaddingReadable: !packet.isTruncated)
    else { return .undecided }
    let count = header.payload.count &+ packet.uncapturedLength
    let arrival = RTPArrival(
      time: packet.timestamp, sequence: header.sequence, timestamp: header.timestamp,
      payloadType: header.payloadType, payloadCount: count,
      content: RecentContents.digest(
        of: payload, payloadAt: header.payload.start, count: count, timestamp: header.timestamp))
    let number: Int
    var isClaimed = false
    if let known = find(packet, header.ssrc, flow, path), !endsHere(known, packet) {
      number = known
      // A flow that was displaced and came back has a new identity.
      streams[number].flowID = flow.id
      isClaimed = claim(number, packet)
      if let path, path.channel != 0 { paths[Int(streams[number].path)].channel = path.channel }
      account(arrival, payload, header, packet, number)
    } else {
      if DatagramClass.isBuildingControl(payload), addresses.media(for: packet) == nil { return .undecided }
      number = insert(packet, arrival, payload, header, flow, toServer: match.toServer, path)
    }
    if flow.hasKeys { streams[number].noteKeys() }
    if flow.recent != Int32(truncatingIfNeeded: number) { flows.setRecentStream(number, match) }
    guard !streams[number].isConfirmed else {
      packets &+= 1
      if change != nil { return .changed(number) }
      return isClaimed ? .claimed(number) : .counted
    }
    return decide(number, header, packet, match, flow, &flows)
  }

  private func find(
    _ packet: borrowing Packet, _ ssrc: UInt32, _ flow: FlowTable.MediaState, _ path: RelayPath?
  ) -> Int? {
    let recent = Int(flow.recent)
    if recent >= 0, streams[recent].ssrc == ssrc, streams[recent].flowID == flow.id,
      isBetweenEnds(of: packet, recent, path)
    {
      return recent
    }
    let key = FlowKey(packet)
    let isForward = FlowKey.isForward(packet)
    return index.find(hash(key, isForward: isForward, ssrc: ssrc)) {
      streams[$0].ssrc == ssrc && streams[$0].isForward == isForward && streams[$0].key == key
        && isRelayed($0, on: path?.flow)
    }
  }

  /// Whether a stream of the flow of a packet has the packet's ends: relayed ones have those of their peers.
  private func isBetweenEnds(of packet: borrowing Packet, _ number: Int, _ path: RelayPath?) -> Bool {
    guard path != nil else { return !streams[number].isRelayed }
    let key = FlowKey(packet)
    return streams[number].isRelayed && streams[number].key == key
  }

  /// Whether a stream is relayed on a flow of a client and its relay, or for nil not relayed at all. Both legs of a call
  /// between two clients of a relay have the same ends.
  private func isRelayed(_ number: Int, on flow: FlowKey?) -> Bool {
    guard let flow else { return !streams[number].isRelayed }
    return streams[number].isRelayed && paths[Int(streams[number].path)].flow == flow
  }

  /// Ends a stream whose call is over when another call announced the receiver: some phones go on with the same
  /// source and ports.
  private mutating func endsHere(_ number: Int, _ packet: borrowing Packet) -> Bool {
    guard streams[number].mayChangeCall(at: packet.timestamp), let former = streams[number].owner,
      let owner = addresses.media(for: packet)?.owner, owner.call != former.call
    else { return false }
    finish(number)
    return true
  }

  /// Looks whether somebody announced the receiver, or a translated address was learned, after a stream began, and whether
  /// its call agreed on other keys since.
  private mutating func claim(_ number: Int, _ packet: borrowing Packet) -> Bool {
    guard streams[number].owner == nil || streams[number].isUnsettled else { return false }
    streams[number].isUnsettled = false
    guard let media = addresses.media(for: packet), let owner = media.owner else { return false }
    if let known = streams[number].owner {
      guard known.call == owner.call else { return false }
      let isSecure = streams[number].isSecure
      streams[number].announce(media)
      return streams[number].isSecure != isSecure
    }
    streams[number].announce(media)
    if streams[number].isConfirmed { addresses.learnSender(packet, receiver: owner, .learned) }
    return true
  }

  private mutating func insert(
    _ packet: borrowing Packet, _ arrival: RTPArrival, _ payload: Bytes, _ header: RTPHeader,
    _ flow: FlowTable.MediaState, toServer: Bool, _ path: RelayPath?
  ) -> Int {
    let predecessor = predecessor(packet, header.ssrc, flow)
    if streams.count >= capacity { evict() }
    let place = path.map { paths.insert($0) } ?? -1
    var stream = RTPStream(packet, arrival, ssrc: header.ssrc, flow: flow, toServer: toServer, path: place)
    if let media = addresses.media(for: packet) {
      stream.announce(media)
      if let format = media.format(of: arrival.payloadType) { stream.change(to: format) }
    }
    if stream.format.isEvent {
      stream.addEvent(payload, header)
    } else {
      stream.jitter.add(
        arrival: arrival.time.nanoseconds, timestamp: arrival.timestamp, sequence: arrival.sequence)
    }
    stream.predecessor = predecessor
    if let reportInterval {
      stream.nextReport = packet.timestamp.advanced(byNanoseconds: reportInterval).nanoseconds
    }
    let number = streams.insert(stream)
    index.insert(hash(stream.key, isForward: stream.isForward, ssrc: stream.ssrc), record: number)
    wheel.schedule(number, at: deadline(of: number))
    return number
  }

  /// Accounts a packet whose header, flow or payload type is not that of the packet before.
  private mutating func account(
    _ arrival: RTPArrival, _ payload: Bytes, _ header: RTPHeader, _ packet: borrowing Packet, _ number: Int
  ) {
    if !streams[number].isConfirmed { streams[number].follow(arrival.sequence) }
    let current = streams[number].format
    var arrival = arrival
    // Events and error correction may have numbers of their own.
    if current.payloadType != arrival.payloadType || current.isEvent {
      arrival.content = RecentContents.unknown
    }
    if current.payloadType == arrival.payloadType, current.clockRate > 0, !current.isEvent {
      return streams[number].addSlowly(arrival, isNoise: current.isNoise)
    }
    let media = addresses.media(for: packet)
    if let media { streams[number].announce(media) }
    let format =
      media?.format(of: arrival.payloadType) ?? MediaFormat(payloadType: arrival.payloadType)
    if format.isEvent || Self.looksLikeEvent(header, payload, format, beside: current) {
      streams[number].addEvent(payload, header)
      streams[number].account(arrival)
      return
    }
    // Comfort noise (RFC 3389) fills the silence of another codec, at the same clock.
    if !format.isNoise || current.isEvent {
      noteChange(of: number, to: format, at: packet.timestamp)
      streams[number].change(to: format, at: packet.timestamp)
    }
    streams[number].addSlowly(arrival, isNoise: format.isNoise)
  }

  /// Without a description: four bytes in a dynamic payload type beside another one, reserved bit clear
  /// (RFC 4733 §2.3).
  private static func looksLikeEvent(
    _ header: RTPHeader, _ payload: Bytes, _ format: MediaFormat, beside current: MediaFormat
  ) -> Bool {
    guard 96...127 ~= header.payloadType, format.clockRate == 0, current.payloadType != header.payloadType,
      header.payload.count == TelephoneEvent.byteCount
    else { return false }
    return payload[header.payload.start + 1] & 0x40 == 0
  }

  /// Asks whether a candidate is a stream now.
  private mutating func decide(
    _ number: Int, _ header: RTPHeader, _ packet: borrowing Packet, _ match: FlowTable.Match,
    _ flow: FlowTable.MediaState, _ flows: inout FlowTable
  ) -> Outcome {
    let mark = streams[number].isRelayed ? paths[Int(streams[number].path)].mark : 0
    let isExpected = flow.appProtocol == .rtp || streams[number].isAnnounced
    let isDecided = isExpected ? streams[number].run >= 2 : flows.probe(header, match, of: mark) == .rtp
    guard isDecided else { return .undecided }
    streams[number].confirm()
    if let owner = streams[number].owner { addresses.learnSender(packet, receiver: owner, .learned) }
    noteArrival(of: number)
    flows.setAppProtocol(.rtp, of: match.number)
    total &+= 1
    packets &+= streams[number].packets
    return .started(number)
  }
}
