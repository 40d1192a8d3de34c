internal import Values

/// Names a call for as long as its record lives; a record that is used again has another serial.
public struct CallReference: Sendable, Hashable {
  let number: Int32
  let serial: UInt32
}

/// What ties two legs of a call together, the best evidence first.
public enum LegEvidence: UInt8, CaseIterable, Sendable {
  /// The same Session-ID (RFC 7989).
  case sessionID
  /// The configured header, usually X-Call-ID.
  case header
  /// The same charging identity: `icid-value` of P-Charging-Vector (RFC 7315 §4.6).
  case chargingID
  /// The same o= line of the session description.
  case origin
  /// A Replaces header (RFC 3891), or the target of an accepted REFER (RFC 3515).
  case replaces, refer
  /// The same numbers within seconds, from the host that the first leg went to.
  case numbers

  /// The value of `call.leg_evidence`.
  public var name: StaticString {
    switch self {
    case .sessionID: "session-id"
    case .header: "header"
    case .chargingID: "icid"
    case .origin: "sdp-origin"
    case .replaces: "replaces"
    case .refer: "refer"
    case .numbers: "numbers"
    }
  }
}

/// One leg of a call: the dialogs that one INVITE opened.
struct CallRecord: Sendable {
  /// Dialogs that are told apart; further To tags are taken for the last one.
  static let forkLimit = 8
  /// Streams that are attached.
  static let streamLimit = 8

  var serial: UInt32 = 0
  let key: WideKey
  let callerTag: UInt64
  /// Identity in the log, shared by the legs of one call.
  var id: UInt64
  let origin: PacketOrigin
  var state: CallState
  /// Whether it stands for a call that somebody tries to make; a leg that takes over another call does not.
  var isAttempt = true
  /// Whether a REFER of it was followed, or another call took it over; neither happens twice.
  var isContinued: Bool { continuation != nil }
  /// The leg that did so.
  var continuation: CallReference?
  /// Whether it counts as one of its caller's live calls.
  var isCounted = false

  /// CSeq of the last INVITE that opens the dialog.
  var inviteCSeq: UInt32
  /// The session that it, or a later request to change the session, describes; 0 when that is not known.
  var inviteSession: UInt64
  /// Who was last challenged when it asked for a change of the session.
  var challengedSide: CallSide?
  /// Via values of that INVITE: a response with more was seen beyond a proxy.
  var inviteViaCount: Int
  /// CSeq of a REFER that waits for its response, and the hash of where it wants a call to go.
  var referCSeq: UInt32?
  var referTarget: UInt64 = 0

  /// The addresses of record of the two parties.
  let caller: UInt64
  let callee: UInt64
  var callerContact: IPAddress?
  var calleeContact: IPAddress?
  /// Where the 2xx came from.
  var answerSource: IPAddress?
  /// Hashes of To tags.
  var tags = InlineArray<8, UInt64>(repeating: 0)
  var tagCount = 0

  var messages: UInt32 = 0
  var retransmissions: UInt32 = 0
  /// Legs of the call when this one was joined to it, this one included.
  var legs: UInt32 = 1
  var evidence: LegEvidence?
  /// One hash for each kind of evidence; 0 for none.
  var evidenceKeys = InlineArray<7, UInt64>(repeating: 0)

  var isEncrypted: Bool?
  /// The last description that either side sent.
  var lastDescription: Timestamp?
  var hasEarlyDescription = false
  var streams = InlineArray<8, StreamReference>(repeating: StreamReference())
  var streamCount = 0
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
  var reason = ByteRange()
  var codec = ByteRange()

  /// The number of early dialogs beyond the first.
  var forks: Int { max(0, tagCount - 1) }
}

/// A media stream that was found to belong to a call.
struct StreamReference: Sendable {
  /// Number in the stream table, -1 for none.
  var number: Int32 = -1
  /// The stream's first packet, which tells it from another one in the same place.
  var firstNumber: UInt64 = 0
  /// Whether the caller receives it.
  var isToCaller = false
  /// When its first packet came.
  var start = Timestamp(nanoseconds: 0)
  /// When its last packet came, once it has ended.
  var end: Timestamp?
}
