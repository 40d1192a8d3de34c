/// What can be wrong, or at least remarkable, in a SIP message or in the way that it is carried.
///
/// The parser never stops at a fault: it names it and goes on. The raw value is a bit index below 128;
/// what each one means is in `catalogue`.
public enum SIPFault: UInt8, CaseIterable, Sendable {
  // Start line.
  case malformedStartLine, badVersion, unknownMethod, badMethod, oversizedMethod, badStatusCode
  case emptyRequestURI, oversizedRequestURI, requestURIInBrackets, requestURIWhitespace
  case requestURIHeaders
  // URIs and addresses.
  case badURI, badHost, badEscape, escapedNull, unknownURIScheme, ipv6WithoutBrackets
  case ipv6PortAmbiguous, ipv6ExtraColon, uriHeadersInAddress, unbracketedURI, whitespaceInBrackets
  case unquotedDisplayName, unbalancedQuotes, unbalancedBrackets
  // Header lines.
  case malformedHeader, missingHeader, repeatedHeader, oversizedHeader, oversizedHeaderName
  case tooManyHeaders, bareLineFeed, bareCarriageReturn, missingBlankLine, controlCharacter
  case controlInTag
  case invalidUTF8
  case leadingLineBreaks
  // Header values.
  case emptyFrom, oversizedFrom, badFrom, emptyTo, oversizedTo, badTo, missingTag, emptyContact
  case oversizedContact, badContact, badContactExpires, emptyVia, oversizedVia, badVia, badBranch
  case oldBranch, unknownTransport, broadcastVia, emptyCallID, oversizedCallID, badCallID, badCSeq
  case cseqOutOfRange, cseqMethodMismatch, cseqUnknownMethod, oversizedCSeqMethod, badMaxForwards
  case maxForwardsExhausted, badExpires, badDate, badRetryAfter, badWarning, badSessionExpires
  case badSessionID, badRSeq, badReplaces, badReferTo, badIdentity, badAuthorization
  case unknownAuthScheme, unknownExtension
  // Body and framing.
  case badContentLength, negativeContentLength, oversizedContentLength, contentLengthMismatch
  case multipleContentLength, missingContentLength, multipleMessages, emptyContentType
  case oversizedContentType, badContentType, unknownContentType, acceptWithoutSDP, badMultipart
  case streamGarbage, streamGap, streamTruncated, oversizedMessage
}

/// How grave a fault is.
public enum SIPFaultClass: UInt8, Sendable {
  /// The message breaks a rule of the protocol.
  case violation
  /// The message is legal, but rare enough to be worth a word.
  case notable
}

/// One line of the fault catalogue.
public struct SIPFaultDescription: Sendable {
  /// The fault.
  public let fault: SIPFault
  /// The stable name that the log and the rules use.
  public let name: String
  /// One sentence.
  public let meaning: String
  /// The section or check that it comes from.
  public let source: String
  /// Whether it breaks the protocol.
  public let faultClass: SIPFaultClass
}

extension SIPFault {
  /// The stable name, such as `sip.missing_header`.
  public var name: String { Self.catalogue[Int(rawValue)].name }

  /// One sentence on what is wrong.
  public var meaning: String { Self.catalogue[Int(rawValue)].meaning }

  /// The section or check that it comes from.
  public var source: String { Self.catalogue[Int(rawValue)].source }

  /// Whether the message breaks a rule of the protocol; legal but remarkable otherwise.
  public var isViolation: Bool { Self.catalogue[Int(rawValue)].faultClass == .violation }
}

/// Where a fault was found.
public struct SIPFaultDetail: Sendable, Equatable {
  /// The fault.
  public var fault: SIPFault
  /// The header that it concerns, `other` when none does or an unknown one.
  public var header: SIPHeaderName
}
