internal import Values

/// The methods of the IANA registry “SIP Methods”.
enum SIPMethod {
  static let names = [
    "ACK", "BYE", "CANCEL", "INFO", "INVITE", "MESSAGE", "NOTIFY", "OPTIONS", "PRACK", "PUBLISH", "REFER",
    "REGISTER", "SUBSCRIBE", "UPDATE",
  ]
}

extension SourceSpan {
  /// A place for what stands in no file.
  static let nowhere = SourceSpan(file: SourceFileID(index: 0), range: ByteRange())
}
