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
    FieldDefinition(
      .dtlsCipher, "dtls.cipher", .text,
      "Cipher suite that the server chose, by its registered name or number", source: "RFC 9147 §5.3",
      in: .dtlsKinds, senderChosen: true),
    FieldDefinition(
      .dtlsCookie, "dtls.cookie", .bool, "Whether the client sends back the cookie of a request to verify",
      source: "RFC 9147 §5.1", in: .dtlsKinds, senderChosen: true),
    FieldDefinition(
      .dtlsSNI, "dtls.sni", .text, "Server name indication", source: "RFC 6066 §3", in: .dtlsKinds,
      senderChosen: true),
    FieldDefinition(
      .dtlsJa3sHash, "dtls.ja3s.hash", .text, "JA3S of the ServerHello", source: "Suricata EVE",
      in: .dtlsKinds, senderChosen: true),
    FieldDefinition(
      .dtlsSubject, "dtls.subject", .text, "Subject of the sender's certificate", source: "RFC 5280 §4.1.2.6",
      in: .dtlsKinds, senderChosen: true),
    FieldDefinition(
      .dtlsIssuerdn, "dtls.issuerdn", .text, "Issuer of the sender's certificate",
      source: "RFC 5280 §4.1.2.4", in: .dtlsKinds, senderChosen: true),
    FieldDefinition(
      .dtlsSerial, "dtls.serial", .text, "Serial number of the sender's certificate",
      source: "RFC 5280 §4.1.2.2", in: .dtlsKinds, senderChosen: true),
    FieldDefinition(
      .dtlsFingerprint, "dtls.fingerprint", .text, "SHA-1 of the sender's certificate",
      source: "RFC 6347 §4.2", in: .dtlsKinds, senderChosen: true),
    FieldDefinition(
      .dtlsNotbefore, "dtls.notbefore", .time, "First instant of the certificate's validity",
      source: "RFC 5280 §4.1.2.5", in: .dtlsKinds, senderChosen: true),
    FieldDefinition(
      .dtlsNotafter, "dtls.notafter", .time, "Last instant of the certificate's validity",
      source: "RFC 5280 §4.1.2.5", in: .dtlsKinds, senderChosen: true),
    FieldDefinition(
      .dtlsSubjectaltname, "dtls.subjectaltname", .textList,
      "Alternative names in the certificate, 32 at the most", source: "RFC 5280 §4.2.1.6", in: .dtlsKinds,
      senderChosen: true),
    FieldDefinition(
      .dtlsMatchesSDP, "dtls.matches_sdp", .bool,
      "Whether the certificate is the one that the session description of the sender's address announces",
      source: "RFC 5763 §5", in: .dtlsKinds),
  ]
}

extension EventKindSet {
  static let dtlsKinds: EventKindSet = EventKindSet(.dtls)
}
