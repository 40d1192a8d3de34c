/// The identity of a field: a dense number that indexes an event's values.
///
/// The cases stand in the order of the catalogue, which says everything else about them.
public enum Field: UInt16, CaseIterable, Sendable {
  // Common
  case srcIP, srcPort, destIP, destPort, proto, appProto, ipV, direction, flowID, communityID, inIface
  case pcapCnt, pcapFilename, vlan, pktLen, tunnelSrcIP, tunnelDestIP, tunnelProto, tunnelDepth
  case turnChannel, turnPeerIP, turnPeerPort
  case srcCountry, destCountry, clientIP, clientPort, clientCountry, serverIP, serverPort, serverCountry
  case payload
  // Source
  case sourceCountry, sourceFirstSeen, sourceLastSeen, sourceMessages, sourceRequests, sourceInvites
  case sourceRegisters, sourceOptions, sourceFaults, sourceFailures, sourceCalls, sourceAnsweredCalls
  case sourceFailedCalls, sourceConcurrentCalls, sourceCallees, sourceCountries, sourceRegistrations
  case sourceFailedRegistrations, sourceAuthFailures, sourcePeers, sourceUserAgents, sourceUserAgent
  case sourceReputation, sourceReputationReasons, sourceThreatLevel, sourceScore
  // Account
  case accountName, accountFirstSeen, accountLastSeen, accountMessages, accountRequests, accountInvites
  case accountRegisters, accountOptions, accountFailures, accountCalls, accountAnsweredCalls
  case accountFailedCalls, accountConcurrentCalls, accountCallees, accountCountries
  case accountRegistrations, accountFailedRegistrations, accountAuthFailures, accountSources
  case accountUserAgents, accountUserAgent, accountReputation, accountReputationReasons
  case accountThreatLevel, accountScore
  // Flow
  case flowPktsToserver, flowPktsToclient, flowBytesToserver, flowBytesToclient, flowStart, flowEnd
  case flowAge, flowState, flowReason, flowAlerted, flowEncrypted, flowTraffic, flowTrafficConfidence
  case flowMeanSizeToserver, flowMeanSizeToclient, flowSizeDeviationToserver, flowSizeDeviationToclient
  case flowMeanIntervalToserver, flowMeanIntervalToclient, flowIntervalDeviationToserver
  case flowIntervalDeviationToclient, flowPacedToserver, flowPacedToclient
  // SIP
  case sipMethod, sipURI, sipURIUser, sipURIHost, sipVersion, sipRequestLine, sipCode, sipReason
  case sipResponseLine, sipCallID, sipCseq, sipBranch, sipMaxForwards, sipExpires, sipContentType
  case sipContentLength, sipUserAgent, sipSize, sipTransport, sipRetransmission, sipForwarded, sipRelayed
  case sipDuplicate, sipOtherWay, sipInDialog, sipHeaderCount, sipFromURI, sipFromUser, sipFromHost
  case sipFromDisplayName, sipFromTag, sipToURI, sipToUser, sipToHost, sipToDisplayName, sipToTag
  case sipContactURI
  case sipContactUser, sipContactHost, sipContactDisplayName, sipContactTag, sipContactExpires
  case sipViaHost, sipViaPort, sipViaCount, sipViaReceived, sipRouteCount, sipPAssertedIdentity
  case sipDiversion, sipReferredBy, sipSessionID, sipReasonHeaderProtocol, sipReasonHeaderCause
  case sipReasonHeaderText, sipIdentityAttest, sipIdentityOrig, sipIdentityDest, sipIdentityIat
  case sipIdentityX5u, sipAuthScheme, sipAuthUsername, sipAuthRealm, sipAuthAlgorithm, sipAuthQop
  case sipAuthNc, sipAuthNonceReused, sipSDPOrigin, sipSDPSessionName, sipSDPConnectionData, sipSDPTime
  case sipSDPMediaDescriptionsMedia, sipSDPConnectionIP, sipSDPMediaTypes, sipSDPCodecs, sipSDPSecure
  case sipSDPDtls, sipSDPIce
  // Anomaly
  case anomalyType, anomalyEvent, anomalyLayer, anomalyAppProto, anomalyDetail
  // Transaction
  case transactionMethod, transactionCode, transactionTimedOut, transactionDuration
  case transactionRetransmissions, transactionProvisional, transactionCallID
  // Call
  case callEvent, callID, callCallID, callCaller, callCallee, callCallerNumber, callCalleeNumber
  case callCallerCountry, callCalleeCountry, callCalleeType, callInternational, callDialled
  case callDialledNumber, callDialledCountry, callDialledType, callState, callCode, callReason, callCause
  case callPDD, callPDDAfterAuth, callSetup, callRing, callDuration, callEarlyMedia, callHolds
  case callTransfers, callTransferCode, callReplacedBy, callForks, callLegs, callLegEvidence
  case callCarriedOn
  case callMessages, callRetransmissions
  case callCodec, callEncrypted, callConcurrent, callMOS, callMOSSource, callMOSScale, callLoss, callJitter
  case callOneWay, callSilentParty, callNoMedia, callCallerSilenceAtEnd, callCalleeSilenceAtEnd
  case callMediaBeforeAnswer, callMediaAfterEnd, callMediaAfterEndTime, callEndedBy, callAccount
  case callSourceConcurrent
  // Registration
  case registrationEvent, registrationAOR, registrationContact, registrationExpires
  case registrationUserAgent, registrationSourceChanged, registrationContactChanged
  case registrationPreviousSource, registrationAttempts, registrationRefusals, registrationReason,
    registrationCode
  case registrationCallID, registrationAuthUser, registrationThirdParty
  // RTP
  case rtpEvent, rtpSSRC, rtpPayloadType, rtpCodec, rtpClockRate, rtpPackets, rtpBytes, rtpExpected
  case rtpLost, rtpLoss, rtpBurstRatio, rtpDuplicates, rtpReordered, rtpConflicting, rtpAfterGoodbye
  case rtpJitter, rtpMaxJitter
  case rtpMaxDelta, rtpDuration, rtpMOS, rtpMOSSource, rtpMOSScale, rtpDelaySource, rtpCallID
  case rtpCorrelatedBy, rtpSenderKnown, rtpSourceChanged, rtpSSRCChanged, rtpPayloadTypeChanged
  case rtpPreviousSource
  case rtpPreviousSSRC, rtpPreviousPayloadType, rtpSRTP, rtpDTMFEvents, rtpSilence, rtpRoundTrip
  case rtpRemoteLoss, rtpRemoteJitter, rtpRemoteMOS
  // RTCP
  case rtcpTypes, rtcpSSRC, rtcpCname, rtcpFractionLost, rtcpCumulativeLost, rtcpJitter, rtcpRoundTrip
  case rtcpMOSLq, rtcpMOSCq, rtcpRFactor
  // TLS
  case tlsSNI, tlsVersion, tlsALPN, tlsJA3Hash, tlsJa3sHash, tlsJA4, tlsSubject, tlsIssuerdn
  case tlsCipher, tlsSessionResumed, tlsSerial, tlsFingerprint, tlsNotbefore, tlsNotafter
  case tlsSubjectaltname
  // DTLS
  case dtlsVersion, dtlsHandshake, dtlsSRTPProfile, dtlsJA3Hash, dtlsJA4
  case dtlsCipher, dtlsCookie, dtlsSNI, dtlsJa3sHash, dtlsSubject, dtlsIssuerdn, dtlsSerial
  case dtlsFingerprint, dtlsNotbefore, dtlsNotafter, dtlsSubjectaltname, dtlsMatchesSDP
  // STUN
  case stunMethod, stunClass, stunUsername, stunMappedIP, stunMappedPort, stunErrorCode, stunSoftware
  case stunRealm, stunRelayedIP, stunRelayedPort, stunPeerIP, stunPeerPort, stunLifetime, stunICERole
  case stunNominates
  // Score
  case scoreEntityType, scoreEntity, scoreWindow, scoreValue, scoreModel, scoreSamples, scoreWarmingUp
  case scoreFamily, scoreFalseAlarms, scoreReasons
  // Alert
  case alertAction, alertGid, alertSignatureID, alertRev, alertSignature, alertCategory, alertSeverity
  case alertMetadataTechnique, alertMetadataReference, alertMetadataSpoofable, alertMetadataTag
  case alertMetadataChainedFrom
  case alertContextRule, alertContextRuleFile, alertContextClause, alertContextGroup, alertContextKey
  case alertContextCount, alertContextDistinct, alertContextMeasured, alertContextSuppressed
  case alertContextWindowStart, alertContextWindowEnd, alertContextEvidence
}

extension Field {
  /// The raw value as an index, which the optimiser knows of a field that it knows.
  @inlinable @inline(__always)
  public var index: Int {
    // Safety: an enumeration without payloads is stored as the number of its case, and the raw values count
    // the cases; a test holds both for every field.
    Int(unsafe unsafeBitCast(self, to: UInt16.self))
  }
}
