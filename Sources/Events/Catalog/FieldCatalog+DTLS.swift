extension FieldCatalog {
  static let dtls: [FieldDefinition] = [
    FieldDefinition(
      .dtlsVersion, "dtls.version", .text, "Negotiated or offered version", source: "RFC 9147 §5.3",
      in: .dtlsKinds, senderChosen: true),
    FieldDefinition(
      .dtlsHandshake, "dtls.handshake", .text, "Handshake message", source: "RFC 9147 §5.3", in: .dtlsKinds),
    FieldDefinition(
      .dtlsSRTPProfile, "dtls.srtp_profile", .text, "SRTP protection profile", source: "RFC 5764 §4.1.2",
      in: .dtlsKinds, senderChosen: true),
    FieldDefinition(
      .dtlsJA3Hash, "dtls.ja3.hash", .text, "JA3 of the ClientHello", source: "Suricata EVE", in: .dtlsKinds,
      senderChosen: true),
    FieldDefinition(
      .dtlsJA4, "dtls.ja4", .text, "JA4 of the ClientHello", source: "JA4", in: .dtlsKinds, senderChosen: true
    ),
  ]
}

extension EventKindSet {
  static let dtlsKinds: EventKindSet = EventKindSet(.dtls)
}
