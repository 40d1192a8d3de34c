extension FieldCatalog {
  static let tls: [FieldDefinition] = [
    FieldDefinition(
      .tlsSNI, "tls.sni", .text, "Server name indication", source: "RFC 6066 §3", in: .tlsKinds,
      senderChosen: true),
    FieldDefinition(
      .tlsVersion, "tls.version", .text, "Negotiated or offered version", source: "RFC 8446 §4.2.1",
      in: .tlsKinds, senderChosen: true),
    FieldDefinition(
      .tlsALPN, "tls.alpn", .textList, "Application protocols offered", source: "RFC 7301", in: .tlsKinds,
      senderChosen: true),
    FieldDefinition(
      .tlsJA3Hash, "tls.ja3.hash", .text, "JA3 of the ClientHello", source: "Suricata EVE", in: .tlsKinds,
      senderChosen: true),
    FieldDefinition(
      .tlsJa3sHash, "tls.ja3s.hash", .text, "JA3S of the ServerHello", source: "Suricata EVE", in: .tlsKinds,
      senderChosen: true),
    FieldDefinition(
      .tlsJA4, "tls.ja4", .text, "JA4 of the ClientHello", source: "Suricata EVE", in: .tlsKinds,
      senderChosen: true),
    FieldDefinition(
      .tlsSubject, "tls.subject", .text, "Subject of the server certificate", source: "Suricata EVE",
      in: .tlsKinds, senderChosen: true),
    FieldDefinition(
      .tlsIssuerdn, "tls.issuerdn", .text, "Issuer of the server certificate", source: "Suricata EVE",
      in: .tlsKinds, senderChosen: true),
    FieldDefinition(
      .tlsCipher, "tls.cipher", .text, "Cipher suite that the server chose, by its registered name or number",
      source: "RFC 8446 §4.1.3", in: .tlsKinds, senderChosen: true),
    FieldDefinition(
      .tlsSessionResumed, "tls.session_resumed", .bool,
      "Whether the server took up an earlier session; then there is no certificate", source: "Suricata EVE",
      in: .tlsKinds, senderChosen: true),
    FieldDefinition(
      .tlsSerial, "tls.serial", .text, "Serial number of the server certificate", source: "Suricata EVE",
      in: .tlsKinds, senderChosen: true),
    FieldDefinition(
      .tlsFingerprint, "tls.fingerprint", .text, "SHA-1 of the server certificate", source: "Suricata EVE",
      in: .tlsKinds, senderChosen: true),
    FieldDefinition(
      .tlsNotbefore, "tls.notbefore", .time, "First instant of the server certificate's validity",
      source: "Suricata EVE", in: .tlsKinds, senderChosen: true),
    FieldDefinition(
      .tlsNotafter, "tls.notafter", .time, "Last instant of the server certificate's validity",
      source: "Suricata EVE", in: .tlsKinds, senderChosen: true),
    FieldDefinition(
      .tlsSubjectaltname, "tls.subjectaltname", .textList,
      "Alternative names in the server certificate, 32 at the most", source: "Suricata EVE", in: .tlsKinds,
      senderChosen: true),
  ]
}

extension EventKindSet {
  static let tlsKinds: EventKindSet = EventKindSet(.tls)
}
