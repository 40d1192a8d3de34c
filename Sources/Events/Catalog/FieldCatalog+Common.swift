extension FieldCatalog {
  /// The fields that every event about a packet can have.
  public static let common: [FieldDefinition] = [
    FieldDefinition(
      .srcIP, "src_ip", .ip, "Source address of the packet", source: "Suricata EVE", in: .commonKinds),
    FieldDefinition(
      .srcPort, "src_port", .port, "Source port of the packet", source: "Suricata EVE", in: .commonKinds),
    FieldDefinition(
      .destIP, "dest_ip", .ip, "Destination address of the packet", source: "Suricata EVE", in: .commonKinds),
    FieldDefinition(
      .destPort, "dest_port", .port, "Destination port of the packet", source: "Suricata EVE",
      in: .commonKinds),
    FieldDefinition(
      .proto, "proto", .text, "Transport protocol", source: "Suricata EVE",
      in: .commonKinds),
    FieldDefinition(
      .appProto, "app_proto", .text, "Application protocol, decided by content", source: "Suricata EVE",
      in: .commonKinds),
    FieldDefinition(.ipV, "ip_v", .integer, "IP version, 4 or 6", source: "Suricata EVE", in: .commonKinds),
    FieldDefinition(
      .direction, "direction", .text,
      "to_server or to_client; the server received the first packet of the flow", source: "Suricata EVE",
      in: .commonKinds),
    FieldDefinition(
      .flowID, "flow_id", .integer, "Identity of the flow, the same for both directions",
      source: "Suricata EVE", in: .commonKinds),
    FieldDefinition(
      .communityID, "community_id", .text, "Community ID v1 of the flow",
      source: "Community ID specification", in: .commonKinds),
    FieldDefinition(
      .inIface, "in_iface", .text, "Interface that the packet was captured on", source: "Suricata EVE",
      in: .commonKinds),
    FieldDefinition(
      .pcapCnt, "pcap_cnt", .integer, "Number of the packet in the input, from 1", source: "Suricata EVE",
      in: .commonKinds),
    FieldDefinition(
      .pcapFilename, "pcap_filename", .text, "Capture file that the packet was read from",
      source: "Suricata EVE", in: .commonKinds),
    FieldDefinition(
      .vlan, "vlan", .integerList, "VLAN identifiers, outermost first", source: "Suricata EVE",
      in: .commonKinds),
    FieldDefinition(
      .pktLen, "pkt_len", .integer, "Length of the frame on the wire", in: .commonKinds, unit: "bytes",
      format: .hidden),
    FieldDefinition(
      .tunnelSrcIP, "tunnel.src_ip", .ip, "Source address of the outer packet", source: "Suricata EVE",
      in: .commonKinds),
    FieldDefinition(
      .tunnelDestIP, "tunnel.dest_ip", .ip, "Destination address of the outer packet", source: "Suricata EVE",
      in: .commonKinds),
    FieldDefinition(
      .tunnelProto, "tunnel.proto", .text, "Kind of encapsulation",
      source: "Suricata EVE", in: .commonKinds),
    FieldDefinition(
      .tunnelDepth, "tunnel.depth", .integer, "Number of encapsulations around the packet",
      source: "Suricata EVE", in: .commonKinds),
    FieldDefinition(
      .turnChannel, "turn.channel", .integer,
      "Channel in which a TURN relay and its client exchanged what was read; absent of Send and Data indications",
      source: "RFC 8656 §12", in: .relayedKinds, senderChosen: true),
    FieldDefinition(
      .turnPeerIP, "turn.peer_ip", .ip,
      "Peer with whom the client speaks over the relay; absent of a channel whose binding was not seen",
      source: "RFC 8656 §12", in: .relayedKinds, senderChosen: true),
    FieldDefinition(
      .turnPeerPort, "turn.peer_port", .port, "Port of the peer", source: "RFC 8656 §12", in: .relayedKinds,
      senderChosen: true),
    FieldDefinition(
      .srcCountry, "src_country", .text,
      "Country of the source address, ISO 3166-1 alpha-2; needs a country database",
      source: "MaxMind DB", in: .commonKinds),
    FieldDefinition(
      .destCountry, "dest_country", .text,
      "Country of the destination address, ISO 3166-1 alpha-2; needs a country database",
      source: "MaxMind DB", in: .commonKinds),
    FieldDefinition(
      .clientIP, "client.ip", .ip, "Address that sent the request of the transaction", source: "RFC 3261 §17",
      in: .commonKinds),
    FieldDefinition(
      .clientPort, "client.port", .port, "Port that sent the request of the transaction",
      source: "RFC 3261 §17", in: .commonKinds),
    FieldDefinition(
      .clientCountry, "client.country", .text,
      "Country of the address that sent the request, ISO 3166-1 alpha-2; needs a country database",
      source: "MaxMind DB", in: .commonKinds),
    FieldDefinition(
      .serverIP, "server.ip", .ip, "Address that the request of the transaction went to",
      source: "RFC 3261 §17", in: .commonKinds),
    FieldDefinition(
      .serverPort, "server.port", .port, "Port that the request of the transaction went to",
      source: "RFC 3261 §17", in: .commonKinds),
    FieldDefinition(
      .serverCountry, "server.country", .text,
      "Country of the address that the request went to, ISO 3166-1 alpha-2; needs a country database",
      source: "MaxMind DB", in: .commonKinds),
    FieldDefinition(
      .payload, "payload", .text, "Raw bytes of the message", in: .commonKinds, senderChosen: true,
      format: .hidden),
  ]
}

extension EventKindSet {
  static let commonKinds: EventKindSet = EventKindSet.all.subtracting(EventKind.stats.set)
  /// What is read behind the headers of TURN.
  static let relayedKinds: EventKindSet = [.rtpKinds, .stunKinds, EventKind.rtcp.set, EventKind.dtls.set]
}
