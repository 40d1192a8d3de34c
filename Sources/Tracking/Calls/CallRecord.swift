internal import Values

/// Names a call for as long as its record lives; a record that is used again has another serial.
public struct CallReference: Sendable, Hashable {
  let number: Int32
  let serial: UInt32

  /// No call.
  static let none = CallReference(number: -1, serial: 0)
}

/// Whether nothing was heard of a call for so long that it may be over, and whether it counted as a live one until then.
enum CallSilence: UInt8, Sendable { case none, uncounted, counted }

/// How a call is about to take the place of another one, or has lost its own (RFC 3891, RFC 3911).
enum CallTakeover: UInt8, Sendable {
  case none
  /// Its INVITE names a call in Replaces or Join; the stranger's comes from where no party of that call is, nor anybody
  /// who may be asked to.
  case replaces, joins, strangerReplaces, strangerJoins
  /// Another call has replaced it.
  case replaced
}

/// What ties two legs of a call together, the best evidence first.
public enum LegEvidence: UInt8, CaseIterable, Sendable {
  /// The same Session-ID (RFC 7989).
  case sessionID
  /// The configured header, usually X-Call-ID.
  case header
  /// The same charging identity: `icid-value` of P-Charging-Vector (RFC 7315 §4.6).
  case chargingID
  /// The same Call-ID with other tags within seconds, from where the first leg went.
  case callID
  /// The same o= line of the session description.
  case origin
  /// A Replaces header (RFC 3891), or the target of an accepted REFER (RFC 3515).
  case replaces, refer
  /// The same numbers within seconds, from where the first leg went.
  case numbers
  /// The same called number within seconds, from there, of the only open leg that it can carry on: exchanges show another
  /// caller on their trunks.
  case callee

  /// The value of `call.leg_evidence`.
  public var name: StaticString {
    switch self {
    case .sessionID: "session-id"
    case .header: "header"
    case .chargingID: "icid"
    case .callID: "call-id"
    case .origin: "sdp-origin"
    case .replaces: "replaces"
    case .refer: "refer"
    case .numbers: "numbers"
    case .callee: "callee"
    }
  }
}

/// One leg of a call: the dialogs that one INVITE opened. What is small stands together at the end.
struct CallRecord: Sendable {
  /// Streams that are attached.
  static let streamLimit = 8

  let key: WideKey
  let callerTag: UInt64
  /// Identity in the log, shared by the legs of one call.
  var id: UInt64
  let origin: PacketOrigin
  var state: CallState
  /// Whether a REFER of it was followed, or another call took it over; neither happens twice.
  var isContinued: Bool { continuation != .none }

  /// The session that the INVITE, or a later request to change the session, describes.
  var inviteSession: SessionIdentity
  /// The hash of where a REFER wants a call to go.
  var referTarget: UInt64 = 0

  /// The addresses of record of the two parties.
  let caller: UInt64
  let callee: UInt64
  /// Hashes of the addresses in their Contact headers, and of where the 2xx came from; 0 for none.
  var callerContact: UInt64 = 0
  var calleeContact: UInt64 = 0
  var answerSource: UInt64 = 0
  /// Where the answer wants audio; 0 for nowhere.
  var answerPlace: UInt64 = 0
  /// Where its parties and their servers are, as far as descriptions tell.
  var addresses = CallAddresses()

  /// The hash of where proxies passed its INVITE on to last; 0 where none was seen to.
  var forwardedTo: UInt64 = 0

  /// One hash for each kind of evidence; 0 for none.
  var evidenceKeys = InlineArray<9, UInt64>(repeating: 0)

  /// The last description that either side sent; long ago when there was none.
  var lastDescription = Timestamp(nanoseconds: .min)
  /// The last one of another transaction than the first; long ago when there was none.
  var lastChange = Timestamp(nanoseconds: .min)
  /// When a BYE that came again, or a 2xx to one, was seen last.
  var lastBye = Timestamp(nanoseconds: .min)
  var streams = InlineArray<8, StreamReference>(repeating: StreamReference())
  /// How many of them there are.
  var streamCount: Int {
    get { Int(attached) }
    set { attached = UInt8(clamping: newValue) }
  }
  /// Of the streams that have ended.
  var quality = CallQuality()

  /// Bytes of a reason phrase and of a codec name that are kept.
  static let reasonLimit = 48
  static let codecLimit = 15
  /// All text; the ranges lie in it.
  var text: [UInt8]
  var callID = ByteRange()
  var callerUser = ByteRange()
  /// Stands behind the user and `@`.
  var callerHost = ByteRange()
  var calleeUser = ByteRange()
  /// The user part of the Request-URI; empty when it is the callee's.
  var dialledUser = ByteRange()
  var reason = ByteRange()
  var codec = ByteRange()

  var dialogs = CallDialogs()
  /// What its INVITE wants of another call, or another one has done to it.
  var takeover = CallTakeover.none
  /// Whether a party has asked somebody by REFER to replace or join it.
  var isTakeoverAsked = false
  /// Whether it stands for a call that somebody tries to make; a leg that takes over another call does not.
  var isAttempt = true
  var attached: UInt8 = 0
  /// Via values of the last INVITE that opens the dialog: a response with more was seen beyond a proxy, or that has left
  /// its own there.
  var inviteViaCount: UInt16
  var serial: UInt32 = 0
  /// Hash of where the INVITE of that session came from.
  var seenPlace: UInt32 = 0
  /// Hash of where its challenge has told its sender that it was seen (`received`); 0 where it has not.
  var publicPlace: UInt32 = 0
  /// CSeq of the last INVITE that opens the dialog.
  var inviteCSeq: UInt32
  /// The hash of its branch; 0 when it was not captured.
  var inviteBranch: UInt32 = 0
  var messages: UInt32 = 0
  var retransmissions: UInt32 = 0
  /// The hash of where the last leg went that came from beyond this one or beyond such a leg; 0 for none.
  var carriedTo: UInt32 = 0
  /// Legs of the call when this one was joined to it, this one included.
  var legs: UInt32 = 1
  /// The call that its INVITE wants to replace or to join, or that has replaced it.
  var otherCall = CallReference.none
  /// The leg that followed a REFER of it, or took it over.
  var continuation = CallReference.none
  /// The leg with which an exchange carries it on, or tries to.
  var carryingLeg = CallReference.none
  /// The number of the hang-up that waits for its response.
  var hangUp: UInt32?
  /// Whether nothing was heard of it for so long that it may be over.
  var silence = CallSilence.none
  /// The hash of where the last BYE came from that was accepted; 0 for none, and once it was told of what came after it.
  var byeSource: UInt16 = 0
  /// Whether it counts as one of its caller's live calls.
  var isCounted = false
  /// Who was last challenged when it asked for a change of the session.
  var challengedSide: CallSide?
  var evidence: LegEvidence?
  /// Whether an exchange carries an earlier leg on with it, to the number that was called there.
  var isCarriedOn = false
  /// Whether another leg to the same number was open beside it, so that nobody knows which one an exchange carries on.
  var isContested = false
  var isEncrypted: Bool?
  var hasEarlyDescription = false
  /// Further branches of the INVITE, as a proxy makes them, that have not failed yet.
  var otherBranches: UInt8 = 0
  /// Whether the branch of the INVITE itself has failed.
  var hasInviteFailed = false
  /// Whether the INVITE has a description, so that the response answers it; otherwise the ACK does.
  var hasOffer = false
  /// Whether a description asked for media in one direction only, or may have: the capture cut it.
  var hasOneWayMedia = false
  /// Whether the parties may keep silent, or move, without a word: what was agreed on has comfort noise or silence
  /// suppression, or candidates were named (ICE).
  var mayPause = false
  /// Whether the capture cut messages that may name further places of a party, so that nobody is known to be none.
  var hasHiddenPlaces = false
  /// Whether another call described a place of its media: what flows there may be of either.
  var sharesMedia = false
  var foreignRequest: CallTable.ForeignRequest?

  /// The number of early dialogs beyond the first.
  var forks: Int { max(0, Int(dialogs.count) - 1) }
}

/// A media stream that was found to belong to a call.
///
/// A call has room for eight, so that each byte here is eight of it.
struct StreamReference: Sendable {
  /// The stream's first packet, which tells it from another one in the same place.
  var firstNumber: UInt64 = 0
  /// When its first packet came.
  var start = Timestamp(nanoseconds: 0)
  private var lastSeen = Self.never
  /// Number in the stream table, -1 for none.
  var number: Int32 = -1
  /// Whether the caller receives it.
  var isToCaller = false
  /// Whether another stream of the call was there before it, between the same two ends.
  var isInPlace = false
  /// How its sender filled the time, once it has ended.
  var voice = VoiceFlow.unknown

  private static let never = Timestamp(nanoseconds: .min)

  /// No stream.
  init() {}

  /// A stream that goes on.
  init(number: Int32, firstNumber: UInt64, isToCaller: Bool, start: Timestamp) {
    (self.number, self.firstNumber, self.isToCaller) = (number, firstNumber, isToCaller)
    self.start = start
  }

  /// Whether it is a live stream that another one follows between the same two ends.
  func isBefore(_ stream: borrowing RTPStream) -> Bool {
    guard number >= 0, end == nil else { return false }
    return number == stream.predecessor
  }

  /// When its last packet came, once it has ended.
  var end: Timestamp? {
    get { lastSeen == Self.never ? nil : lastSeen }
    set { lastSeen = newValue ?? Self.never }
  }
}
